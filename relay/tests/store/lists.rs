//! Lists over what is filed and what is not filed yet.

use crate::desk::{Backend, Desk, NOW, as_agent, found_organization, text};
use relay::store::{
    Append, Scope,
    lists::{CONVERSATIONS, Filter, Query, Sort, Test, Value},
};
use shared::{
    ConversationId, Millis,
    message::{Draft, Role},
};

/// More than are filed together.
const ENOUGH: usize = 4_200;

pub(crate) async fn what_is_filed_and_what_is_not_are_one_list<B: Backend>(backend: B) {
    let desk = Desk::new(backend).await;
    let mut clock = NOW;
    let mut opened = Vec::new();
    for token in 0..4 {
        opened.push(desk.open_conversation(token).await);
    }
    let [one, two, three, noise] = opened[..] else { panic!("four were opened") };
    say(&desk, &mut clock, one, text("Der rote Käse")).await;
    say(&desk, &mut clock, two, text("the red cheese")).await;
    fill(&desk, &mut clock, noise).await;
    // From here on nothing is filed.
    say(&desk, &mut clock, three, text("KÄSE, bitte!")).await;
    say(&desk, &mut clock, one, as_agent(text("Which cheese?"))).await;

    let by_update = |name| sorted("updatedAt", name);
    for (query, expected) in [
        (by_update(true), vec![one, three, noise, two]),
        (by_update(false), vec![two, noise, three, one]),
        (Query { limit: 2, offset: 1, ..by_update(true) }, vec![three, noise]),
        (with(by_update(true), "status", "active"), vec![one]),
        (with(by_update(true), "status", "queued"), vec![three, noise, two]),
        (searched("kase"), vec![three, one]),
        (searched("Cheese"), vec![two, one]),
        (searched("which CHEESE"), vec![one]),
        (searched("red bitte"), vec![]),
        (searched("hello"), vec![noise, three, two, one]),
        (with(searched("cheese"), "status", "active"), vec![one]),
    ] {
        assert_eq!(listed(&desk, query.clone()).await, expected, "{query:?}");
    }

    let desk = desk.restart();
    fill(&desk, &mut clock, noise).await;
    assert_eq!(listed(&desk, by_update(true)).await, vec![noise, one, three, two]);
    assert_eq!(listed(&desk, searched("bitte")).await, vec![three]);
    assert_eq!(listed(&desk, with(by_update(true), "status", "active")).await, vec![one]);
    let (other, _) = found_organization(&desk.store, "Other").await;
    let stranger = Query { scope: other.into(), ..searched("cheese") };
    assert_eq!(desk.store.read(move |read| read.conversations(&stranger)).await.unwrap().total, 0);
}

pub(crate) async fn a_list_goes_on_where_it_ended_across_both<B: Backend>(backend: B) {
    let desk = Desk::new(backend).await;
    let mut clock = NOW;
    let mut opened = Vec::new();
    for token in 0..9 {
        opened.push(desk.open_conversation(token).await);
    }
    fill(&desk, &mut clock, opened[8]).await;
    for at in [3, 6, 0] {
        say(&desk, &mut clock, opened[at], text("Hello again")).await;
    }
    for first in
        [sorted("updatedAt", true), sorted("updatedAt", false), searched("hello"), sorted("createdAt", false)]
    {
        let whole = listed(&desk, first.clone()).await;
        assert_eq!(whole.len(), 9);
        let (mut parts, mut after) = (Vec::new(), None);
        loop {
            let query = Query { limit: 2, after, scope: desk.organization.into(), ..first.clone() };
            let part = desk.store.read(move |read| read.conversations(&query)).await.unwrap();
            assert_eq!(part.total, 9);
            parts.extend(part.items.into_iter().map(|item| item.id));
            after = part.next;
            if after.is_none() {
                break;
            }
        }
        assert_eq!(parts, whole, "{first:?}");
    }
}

async fn listed<B: Backend>(desk: &Desk<B>, query: Query) -> Vec<ConversationId> {
    let query = Query { scope: desk.organization.into(), ..query };
    let found = desk.store.read(move |read| read.conversations(&query)).await.unwrap();
    found.items.into_iter().map(|item| item.id).collect()
}

fn sorted(name: &str, is_descending: bool) -> Query {
    let (field, _) = CONVERSATIONS.find(name).unwrap();
    let all = Query::all(&CONVERSATIONS, Scope::All, 100);
    Query { sort: Sort { field, is_descending }, ..all }
}

fn searched(words: &str) -> Query {
    Query { words: Some(words.to_owned()), ..sorted("createdAt", true) }
}

fn with(query: Query, name: &str, value: &str) -> Query {
    let (field, _) = CONVERSATIONS.find(name).unwrap();
    let test = Test::Is(vec![Value::Text(value.to_owned())]);
    Query { filters: vec![Filter { field, below: None, test }], ..query }
}

/// So many messages that all are filed.
async fn fill<B: Backend>(desk: &Desk<B>, clock: &mut Millis, conversation: ConversationId) {
    clock.0 += 1;
    let now = *clock;
    let filling: Vec<_> =
        (0..ENOUGH).map(|_| Append { now, ..desk.contact_says(conversation, text("and so on")) }).collect();
    desk.store.write(move |write| write.append_all(filling)).await.unwrap();
    // Filing comes after a group, before the next.
    desk.store.write(|_| Ok(())).await.unwrap();
}

async fn say<B: Backend>(desk: &Desk<B>, clock: &mut Millis, conversation: ConversationId, draft: Draft) {
    clock.0 += 1;
    let append = if draft.role == Role::Agent {
        desk.agent_says(conversation, draft)
    } else {
        desk.contact_says(conversation, draft)
    };
    desk.store.append(Append { now: *clock, ..append }).await.unwrap();
}
