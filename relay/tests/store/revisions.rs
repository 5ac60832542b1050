//! What is changed or taken back is so for everybody who reads it from then on.

use crate::desk::{Backend, Desk, NOW, as_agent, text};
use shared::{
    MessageId, Millis, Seq, UserId,
    message::{Message, Shown},
    wire::{self, RelayFrame, StreamFrame},
};

async fn change<B: Backend>(desk: &Desk<B>, id: MessageId, user: UserId, text: Option<&'static str>) {
    let scope = desk.organization.into();
    let changed = desk.store.write(move |write| {
        let before = write.message(scope, id)?;
        match text {
            Some(text) => {
                let after = Message { text: text.to_owned(), ..before.clone() };
                write.change_message(&before, after, user, NOW + Millis(1)).map(drop)
            }
            None => write.delete_message(&before, user, NOW + Millis(1)),
        }
    });
    changed.await.unwrap();
}

pub(crate) async fn a_listener_that_lags_gets_what_stands_there_now<B: Backend>(backend: B) {
    let desk = Desk::new(backend).await;
    let conversation = desk.open_conversation(1).await;
    let _listeners = (
        desk.bus.subscribe_conversation(desk.organization, conversation),
        desk.bus.subscribe_organization(desk.organization),
    );
    let mut ids = Vec::new();
    for said in ["first", "second", "third"] {
        ids.push(
            desk.store.append(desk.agent_says(conversation, as_agent(text(said)))).await.unwrap().message.id,
        );
    }

    change(&desk, ids[0], desk.agent, Some("changed")).await;
    change(&desk, ids[1], desk.agent, None).await;
    desk.store.append(desk.agent_says(conversation, as_agent(text("last")))).await.unwrap();

    let entries = desk.store.visitor_entries(conversation, Seq(1), 10).await.unwrap();
    let shown = |frame: &str| {
        let RelayFrame::Entry(entry) = wire::decode(frame).unwrap() else { panic!("no entry: {frame}") };
        entry.message.map(|message: Box<Shown>| message.text)
    };
    let shown: Vec<Option<String>> = entries.iter().map(|(_, frame)| shown(frame)).collect();
    let some = |text: &str| Some(text.to_owned());
    assert_eq!(shown, [some("changed"), None, some("third"), None, None, some("last")], "no place is empty");
    let events = desk.store.organization_events(desk.organization, 1, 10).await.unwrap();
    let told = |frame: &str| {
        let StreamFrame::Event(event) = wire::decode(frame).unwrap() else { panic!("no event: {frame}") };
        serde_json::from_str::<Message>(event.data.get()).unwrap().text
    };
    let told: Vec<String> = events.iter().map(|(_, frame)| told(frame)).collect();
    assert_eq!(told, ["changed", "", "third", "", "", "last"]);
}

pub(crate) async fn a_change_that_fails_leaves_everything_as_it_was<B: Backend>(backend: B) {
    let desk = Desk::new(backend).await;
    let conversation = desk.open_conversation(1).await;
    let before = desk.log(conversation).await;
    let (scope, id, user) = (desk.organization.into(), before[0].id, desk.agent);
    let changed = desk.store.write(move |write| {
        let message = write.message(scope, id)?;
        write.delete_message(&message, user, NOW)?;
        Err::<(), _>(shared::Error::not_found("reason", id).into())
    });
    assert!(changed.await.is_err());

    assert_eq!(desk.log(conversation).await, before);
    desk.store.append(desk.contact_says(conversation, text("Still there?"))).await.unwrap();
    assert_eq!(desk.log(conversation).await.len(), 2);
}
