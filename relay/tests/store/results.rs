//! What a contact fills in is checked, written the one way it is written, and completes its form.

use crate::desk::{Backend, Desk, NOW, organization_named, refusal, text};
use relay::model::{Form, FormField};
use serde_json::{Map, Value, json};
use shared::{
    ConversationId, ErrorCode, FormId,
    message::{Draft, MessageType, Role},
};

const LEAD: FormId = FormId::from_bytes([5; 12]);

pub(crate) async fn answers_complete_the_form_and_set_its_fields<B: Backend>(backend: B) {
    let desk = Desk::new(backend).await;
    let conversation = with_form(&desk).await;
    let values = json!({"email": " ada@shop.example ", "terms": true, "note": ""});
    let draft = filled_in(json!({"form": LEAD, "values": values}));

    let said = desk.store.append(desk.contact_says(conversation, draft)).await.unwrap().message;

    assert_eq!(said.text, "Your email: ada@shop.example\nterms: ✓");
    assert_eq!((said.kind, said.role), (MessageType::Results, Role::Contact));
    assert_eq!(said.payload, Some(json!({ "form": LEAD })));
    let stored = json!([{"name": "Lead", "values": {"email": "ada@shop.example", "terms": true}}]);
    assert_eq!(json!(said.results), stored);
    assert_eq!(said.meta.get("title"), Some(&json!("Lead")));
    let state = desk.restart().conversation(conversation).await.state;
    assert!(state.forms.is_empty(), "it is filled in");
    assert_eq!(json!(state.results), json!([{"form": LEAD, "values": stored[0]["values"]}]));
    assert_eq!(json!(state.fields), json!({"email": "ada@shop.example", "terms": "true"}));
}

pub(crate) async fn answers_that_do_not_fit_are_refused<B: Backend>(backend: B) {
    let desk = Desk::new(backend).await;
    let conversation = with_form(&desk).await;
    let other = FormId::from_bytes([6; 12]);
    let good = json!({"email": "ada@shop.example", "terms": true});

    for (payload, field) in [
        (json!({}), "payload.values"),
        (json!({"form": LEAD, "values": []}), "payload.values"),
        (json!({"form": LEAD, "values": {"terms": true}}), "payload.values.email"),
        (json!({"form": LEAD, "values": {"email": "ada", "terms": true}}), "payload.values.email"),
        (json!({"form": LEAD, "values": {"email": "a@b", "terms": false}}), "payload.values.terms"),
        (json!({"form": LEAD, "values": {"email": "a@b", "terms": true, "x": "y"}}), "payload.values.x"),
        (json!({"form": other, "values": good}), "payload.form"),
        (json!({"form": "lead", "values": good}), "payload.form"),
    ] {
        let append = desk.contact_says(conversation, filled_in(payload.clone()));
        let refused = refusal(desk.store.append(append).await.unwrap_err());
        assert_eq!((refused.code, refused.field.as_deref()), (ErrorCode::Invalid, Some(field)), "{payload}");
    }
    assert_eq!(desk.log(conversation).await.len(), 2, "a refusal takes no place in the log");

    let append = || desk.contact_says(conversation, filled_in(json!({"form": LEAD, "values": good})));
    desk.store.append(append()).await.unwrap();
    let again = refusal(desk.store.append(append()).await.unwrap_err());
    assert_eq!(again.field.as_deref(), Some("payload.form"), "in another tab it was filled in before");
}

pub(crate) async fn a_rating_is_taken_where_it_is_asked_for<B: Backend>(backend: B) {
    let desk = Desk::new(backend).await;
    let conversation = desk.open_conversation(1).await;
    let rating = |values: Value| desk.contact_says(conversation, filled_in(json!({ "values": values })));

    let unasked = refusal(desk.store.append(rating(json!({"rating": "4"}))).await.unwrap_err());
    assert_eq!(unasked.code, ErrorCode::Forbidden);

    let mut organization = organization_named(desk.organization, "Cyclo");
    organization.settings = Map::from_iter([("rating".to_owned(), json!(true))]);
    desk.store.write(move |write| write.update(&organization)).await.unwrap();
    for (values, field) in [
        (json!({}), "rating"),
        (json!({"rating": "0"}), "rating"),
        (json!({"rating": "6"}), "rating"),
        (json!({"rating": "good"}), "rating"),
        (json!({"rating": "4", "mood": "good"}), "mood"),
        (json!({"rating": "4", "comment": "x".repeat(2_001)}), "comment"),
    ] {
        let refused = refusal(desk.store.append(rating(values)).await.unwrap_err());
        assert_eq!(refused.field, Some(format!("payload.values.{field}")));
    }
    let said =
        desk.store.append(rating(json!({"rating": "4", "comment": " Quick. "}))).await.unwrap().message;
    assert_eq!(said.text, "★★★★☆\nQuick.");
    assert_eq!(
        json!(said.results),
        json!([{"name": "rating", "values": {"rating": 4, "comment": "Quick."}}])
    );
}

/// A conversation in which the form is active.
async fn with_form<B: Backend>(desk: &Desk<B>) -> ConversationId {
    desk.insert(lead(desk)).await;
    let conversation = desk.open_conversation(1).await;
    let asked = Draft {
        kind: MessageType::Form,
        meta: Map::from_iter([("form".to_owned(), json!(LEAD))]),
        ..text("")
    };
    let asked = desk.store.append(desk.agent_says(conversation, asked)).await.unwrap().message;
    assert_eq!(asked.text, format!("+{LEAD}"), "as web1on1's SDK asks for one");
    assert!(asked.is_visible(), "also of a bot");
    conversation
}

fn filled_in(payload: Value) -> Draft {
    Draft { kind: MessageType::Results, payload: Some(payload), ..text("what the sender says it says") }
}

fn lead<B>(desk: &Desk<B>) -> Form {
    let field = |key: &str, label: &str, kind: &str, required| FormField {
        key: key.to_owned(),
        label: label.to_owned(),
        kind: kind.to_owned(),
        required,
        options: vec![],
    };
    Form {
        id: LEAD,
        organization: desk.organization,
        name: "Lead".into(),
        fields: vec![
            field("email", "Your email", "email", true),
            field("note", "", "textarea", false),
            field("terms", "", "checkbox", true),
        ],
        meta: Map::new(),
        created_at: NOW,
        updated_at: NOW,
    }
}
