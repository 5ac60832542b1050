//! What a page tells the bot changes the conversation, in order and once.

use crate::desk::{Backend, Desk, keyed, refusal, text};
use serde_json::{Map, Value, json};
use shared::{
    ConversationId, ErrorCode,
    message::{Draft, MessageType, Role},
};

fn event(name: &str, payload: Value) -> Draft {
    Draft { kind: MessageType::Event, payload: Some(payload), ..text(name) }
}

async fn profile<B: Backend>(desk: &Desk<B>, conversation: ConversationId) -> Map<String, Value> {
    let contact = desk.conversation(conversation).await.contact.unwrap();
    let scope = desk.organization.into();
    desk.store.read(move |read| read.get::<relay::model::Contact>(scope, contact)).await.unwrap().profile
}

pub(crate) async fn a_pages_events_are_applied_in_order_and_once<B: Backend>(backend: B) {
    let desk = Desk::new(backend).await;
    let first = event(
        "StartEngagement",
        json!({"formData": {"name": "Ada", "location": "Utrecht#Service", "age": 36}}),
    );
    let opened = desk.store.append(desk.visitor_says(7, keyed("k1", first.clone()))).await.unwrap();
    let conversation = opened.message.conversation;
    for (key, draft) in [
        ("k2", event("UPDATE_SESSION", json!({"step": 1, "cart": ["bike"]}))),
        ("k3", event("UPDATE_SESSION", json!({"step": 2}))),
        ("k2", event("UPDATE_SESSION", json!({"step": 1, "cart": ["bike"]}))),
        ("k4", event("GO_TO_DIALOGSTATE", json!({"dialogState": "checkout"}))),
        ("k1", first),
    ] {
        desk.store.append(desk.visitor_says(7, keyed(key, draft))).await.unwrap();
    }

    let desk = desk.restart();

    let shown = desk.conversation(conversation).await;
    assert_eq!(shown.head.0, 4);
    assert_eq!(Value::Object(shown.state.session), json!({"step": 2, "cart": ["bike"]}));
    assert_eq!(shown.state.dialog_state.as_deref(), Some("checkout"));
    assert_eq!(shown.state.fields["name"], "Ada");
    let expected = json!({"name": "Ada", "location": "Utrecht", "department": "Service", "age": "36"});
    assert_eq!(Value::Object(profile(&desk, conversation).await), expected);
}

pub(crate) async fn an_event_that_does_not_fit_is_not_stored<B: Backend>(backend: B) {
    let desk = Desk::new(backend).await;
    let conversation = desk.open_conversation(7).await;
    let many = |from: usize, to: usize| -> Value {
        (from..to).map(|n| (format!("v{n}"), json!(n))).collect::<Map<_, _>>().into()
    };
    desk.store.append(desk.contact_says(conversation, event("UPDATE_SESSION", many(0, 64)))).await.unwrap();
    for (draft, field) in [
        (event("UPDATE_SESSION", many(63, 65)), "payload"),
        (event("UPDATE_SESSION", json!({"v0": "x".repeat(4_096)})), "payload.v0"),
        (event("GO_TO_DIALOGSTATE", json!({"id": 7})), "payload.dialogState"),
        (event("StartEngagement", json!({"formData": []})), "payload.formData"),
        (event("CL_DISPATCH_EVENT", json!({})), "text"),
        (Draft { payload: None, ..event("UPDATE_SESSION", json!({})) }, "payload"),
    ] {
        let refused = desk.store.append(desk.contact_says(conversation, draft)).await.unwrap_err();
        let refused = refusal(refused);
        assert_eq!((refused.code, refused.field.as_deref()), (ErrorCode::Invalid, Some(field)));
    }
    let shown = desk.conversation(conversation).await;
    assert_eq!((shown.head.0, shown.state.session.len(), shown.state.dialog_state), (2, 64, None));
    assert_eq!(shown.state.session["v63"], 63);
}

pub(crate) async fn a_program_may_speak_for_the_page_and_name_its_own_events<B: Backend>(backend: B) {
    let desk = Desk::new(backend).await;
    let conversation = desk.open_conversation(7).await;
    let for_page = |draft| Draft { role: Role::Contact, ..draft };
    for draft in [
        for_page(event("UPDATE_SESSION", json!({"step": 1}))),
        for_page(event("checkout.done", json!({}))),
        event("UPDATE_SESSION", json!({"step": 2})),
    ] {
        desk.store.append(desk.agent_says(conversation, draft)).await.unwrap();
    }
    let shown = desk.conversation(conversation).await;
    assert_eq!((shown.head.0, &shown.state.session["step"]), (4, &json!(1)));
}
