//! What a list may be asked, and what it says of the rest.

use super::*;
use crate::{
    auth::Asking,
    model::{User, UserRole},
    store::lists::{CHANNELS, CONTACTS, CONVERSATIONS, FORMS, MESSAGES, ORGANIZATIONS, Test, USERS, Value},
};
use shared::{Millis, UserId};
use std::sync::Arc;

const OWN: OrganizationId = OrganizationId::from_bytes([1; 12]);

#[test]
fn a_filter_says_what_must_be_true_of_a_value() {
    let text = |text: &str| Value::Text(text.to_owned());
    let one = |value| Test::Is(vec![value]);
    let id = "0102030405060708090a0b0c";
    for (resource, asked, expected) in [
        (&CONVERSATIONS, "status=queued", one(text("queued"))),
        (&CONVERSATIONS, "status=[queued,closed]", Test::Is(vec![text("queued"), text("closed")])),
        (&CONVERSATIONS, "assignee=null", one(Value::Null)),
        (
            &CONVERSATIONS,
            &format!("assignee={id}"),
            one(Value::Id(*b"\x01\x02\x03\x04\x05\x06\x07\x08\x09\x0a\x0b\x0c")),
        ),
        (
            &CHANNELS,
            &format!("users={id}"),
            one(Value::Id(*b"\x01\x02\x03\x04\x05\x06\x07\x08\x09\x0a\x0b\x0c")),
        ),
        (&CONVERSATIONS, "updatedAt=>1970-01-01T00:00:01Z", Test::Above(Value::Time(Millis(1000)))),
        (&CONTACTS, "updatedAt=>1970-01-02", Test::Above(Value::Time(Millis(86_400_000)))),
        (&CONTACTS, "updatedAt=<1970-01-01T00:00:01Z", Test::Below(Value::Time(Millis(1000)))),
        (&CONVERSATIONS, "head=>7", Test::Above(Value::Number(7))),
        (&CONTACTS, "profile.name=~Jo", Test::Contains("Jo".to_owned())),
        (&CONTACTS, "profile.age=>30", Test::Above(Value::Real(30.0))),
        (&CONTACTS, "profile.city=<Breda", Test::Below(text("Breda"))),
        (&MESSAGES, "isBackchannel=true", one(Value::Bool(true))),
        (&USERS, "name=", one(text(""))),
    ] {
        assert_eq!(query_of(resource, asked).unwrap().filters[0].test, expected, "{asked}");
    }
}

#[test]
fn what_does_not_fit_is_named() {
    for (resource, asked, field) in [
        (&CONVERSATIONS, "colour=red", "colour"),
        (&CONVERSATIONS, "status.x=red", "status.x"),
        (&CONVERSATIONS, "status=done", "status"),
        (&CONVERSATIONS, "status=[queued,done]", "status"),
        (&CONVERSATIONS, "status=[]", "status"),
        (&CONVERSATIONS, "status=~que", "status"),
        (&CONVERSATIONS, "assignee=me", "assignee"),
        (&CONVERSATIONS, "assignee=>000000000000000000000000", "assignee"),
        (&CONVERSATIONS, "updatedAt=yesterday", "updatedAt"),
        (&CONVERSATIONS, "head=many", "head"),
        (&CONVERSATIONS, "meta=x", "meta"),
        (&CONVERSATIONS, "meta.=x", "meta."),
        (&CONVERSATIONS, "meta.a%22b=x", "meta.a\"b"),
        (&CONVERSATIONS, "participants=x", "participants"),
        (&MESSAGES, "isBackchannel=yes", "isBackchannel"),
        (&FORMS, "q=hello", "q"),
        (&USERS, "limit=0", "limit"),
        (&USERS, "limit=201", "limit"),
        (&USERS, "offset=-1", "offset"),
        (&USERS, "offset=9999999999", "offset"),
        (&USERS, "sort=role", "sort"),
        (&CONVERSATIONS, "q=hello&sort=-updatedAt", "sort"),
        (&USERS, "after=00", "after"),
        (&USERS, "limit=1&limit=2", "limit"),
    ] {
        let error = query_of(resource, asked).unwrap_err();
        assert_eq!((error.code.as_str(), error.field.as_deref()), ("invalid", Some(field)), "{asked}");
    }
}

#[test]
fn a_cursor_is_read_back_where_it_was_written_and_nowhere_else() {
    let sorts = |resource: &'static Resource| {
        let sorted = resource.fields.iter().filter(|field| field.order != Order::Never);
        sorted.flat_map(|field| [true, false].map(|is_descending| Sort { field, is_descending }))
    };
    let value = Some(Value::Text("Zoë".to_owned()));
    let place = crate::store::lists::Place { value, key: -7 };
    let mut written: Vec<(String, &Resource, Sort)> = Vec::new();
    for resource in [&ORGANIZATIONS, &USERS, &CHANNELS, &FORMS, &CONTACTS, &CONVERSATIONS, &MESSAGES] {
        for sort in sorts(resource) {
            let text = cursor::write(resource, sort, &place);
            assert_eq!(cursor::read(resource, sort, &text).unwrap(), place);
            for broken in [&text[1..], &text[2..], &text[..text.len() - 2], "zz", "é", ""] {
                assert!(cursor::read(resource, sort, broken).is_err(), "{broken}");
            }
            assert!(
                written
                    .iter()
                    .all(|(other, of, by)| { *other != text && cursor::read(of, *by, &text).is_err() })
            );
            written.push((text, resource, sort));
        }
    }
}

#[test]
fn what_changed_is_sorted_by_its_change() {
    let sort = |asked: &str| query_of(&CONVERSATIONS, asked).unwrap().sort.field.name;
    assert_eq!(sort(""), "createdAt");
    assert_eq!(sort("updatedAt=>2026-01-01T00:00:00Z"), "updatedAt");
    assert_eq!(sort("updatedAt=>2026-01-01T00:00:00Z&sort=createdAt"), "createdAt");
    assert_eq!(sort("updatedAt=>2026-01-01T00:00:00Z&q=hello"), "createdAt");
}

fn query_of(resource: &'static Resource, asked: &str) -> Result<Query, Error> {
    let user = User {
        id: UserId::from_bytes([2; 12]),
        organization: Some(OWN),
        name: "Ada".into(),
        email: None,
        role: UserRole::Agent,
        avatar: None,
        created_at: Millis(0),
        updated_at: Millis(0),
    };
    // As browsers write it.
    let asked = asked.replace('>', "%3E").replace('<', "%3C");
    let uri = format!("/v2/list?{asked}").parse().unwrap();
    query(&Agent { user: Arc::new(user), asking: Asking::default() }, Params::of(&uri), resource)
}
