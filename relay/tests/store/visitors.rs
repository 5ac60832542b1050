//! A visitor is whoever holds the token: known from the first stored message on.

use crate::desk::{Backend, Desk, command_draft, found_organization, keyed, refusal, text, token_hash};
use relay::{
    model::ConversationType,
    store::{
        Append, Target,
        lists::{CONVERSATIONS, Query},
    },
};
use serde_json::json;
use shared::{
    ErrorCode, OrganizationId,
    conversation::Status,
    message::{Draft, MessageType, Role},
};

pub(crate) async fn an_unknown_token_opens_one_conversation<B: Backend>(backend: B) {
    let desk = Desk::new(backend).await;
    let said = |key: &str, words: &str| desk.visitor_says(7, keyed(key, text(words)));
    let (one, two, again) = tokio::join!(
        desk.store.append(said("k1", "Hello")),
        desk.store.append(said("k2", "Anybody there?")),
        desk.store.append(said("k1", "Hello")),
    );
    let (one, two, again) = (one.unwrap(), two.unwrap(), again.unwrap());
    assert_eq!(one.message.conversation, two.message.conversation);
    assert_eq!(one.message.id, again.message.id);

    let desk = desk.restart();

    let organization = desk.organization;
    let known =
        desk.store.read(move |read| read.visitor(organization, &token_hash(7))).await.unwrap().unwrap();
    assert_eq!((known.conversation, known.head.0), (one.message.conversation, 2));
    let conversation = desk.conversation(known.conversation).await;
    assert_eq!(conversation.kind, ConversationType::Contact);
    assert_eq!(conversation.contact, Some(known.contact));
    assert_eq!(conversation.state.status, Status::Queued);
    assert!(conversation.state.name.unwrap().starts_with("Visitor "));
    assert_eq!(one.message.contact, Some(known.contact));
}

pub(crate) async fn a_refused_first_message_opens_nothing<B: Backend>(backend: B) {
    let desk = Desk::new(backend).await;
    let refused = desk.store.append(desk.visitor_says(7, command_draft("/fly"))).await.unwrap_err();
    assert_eq!(refusal(refused).code, ErrorCode::BadCommand);
    let nowhere = OrganizationId::from_bytes([9; 12]);
    let target = Target::Visitor { organization: nowhere, token: token_hash(7) };
    let lost = desk.store.append(Append { target, ..desk.visitor_says(7, text("Hello")) }).await.unwrap_err();
    assert_eq!(refusal(lost).code, ErrorCode::NotFound);

    let scope = desk.organization.into();
    let all = Query::all(&CONVERSATIONS, scope, 10);
    let listed = desk.store.read(move |read| read.conversations(&all)).await.unwrap();
    assert_eq!(listed.total, 0);
    let opened = desk.store.append(desk.visitor_says(7, command_draft("/set isLead yes"))).await.unwrap();
    assert_eq!((opened.message.seq.0, opened.cursor), (1, 1));
}

pub(crate) async fn a_token_is_known_in_its_organization_only<B: Backend>(backend: B) {
    let desk = Desk::new(backend).await;
    let conversation = desk.open_conversation(7).await;
    let (other, _) = found_organization(&desk.store, "Other").await;
    assert_eq!(desk.store.read(move |read| read.visitor(other, &token_hash(7))).await.unwrap(), None);

    let target = Target::Conversation { organization: other, conversation };
    let stranger = Append { target, ..desk.contact_says(conversation, text("let me in")) };
    assert_eq!(refusal(desk.store.append(stranger).await.unwrap_err()).code, ErrorCode::NotFound);
    let read = desk.store.read(move |read| read.conversation(other.into(), conversation)).await.unwrap_err();
    assert_eq!(refusal(read).code, ErrorCode::NotFound);
}

pub(crate) async fn a_visitor_cannot_speak_as_somebody_else<B: Backend>(backend: B) {
    let desk = Desk::new(backend).await;
    let conversation = desk.open_conversation(7).await;
    let boast =
        Draft { role: Role::Agent, user: Some(desk.agent), is_backchannel: true, ..text("I work here") };
    let stored = desk.store.append(desk.contact_says(conversation, boast)).await.unwrap().message;
    assert_eq!(
        (stored.role, stored.user, stored.name, stored.is_backchannel),
        (Role::Contact, None, None, false)
    );

    let status =
        Draft { kind: MessageType::Status, payload: Some(json!({"status": "closed"})), ..Draft::default() };
    for append in [desk.contact_says(conversation, status.clone()), desk.agent_says(conversation, status)] {
        assert_eq!(refusal(desk.store.append(append).await.unwrap_err()).code, ErrorCode::Invalid);
    }
}
