//! What was changed or taken back reaches those who look on, those who come back, and those who read it first later.

use serde_json::{Value, json};
use shared::{
    Seq,
    wire::{Entry, RelayFrame, VisitorFrame},
};
use tests::{
    greeting::greet,
    relay::Relay,
    visitor::{VisitorClient, random_token},
};

/// What stands in each place: a text, an edited text, what is left of one, or nothing for the visitor.
fn places<'a>(entries: impl IntoIterator<Item = &'a Entry>) -> Vec<String> {
    let place = |entry: &Entry| match (&entry.message, &entry.gone) {
        (Some(message), None) if message.edited => format!("{} (edited)", message.text),
        (Some(message), None) => message.text.clone(),
        (None, Some(gone)) => format!("gone, said by {}", gone.role.as_str()),
        (None, None) => "-".to_owned(),
        (Some(_), Some(_)) => panic!("both there and gone"),
    };
    entries.into_iter().map(place).collect()
}

struct Scene {
    relay: Relay,
    messages: String,
    answers: Vec<String>,
}

/// A question, two answers, and a note among agents.
async fn scene(visitor: &mut VisitorClient, relay: Relay) -> Scene {
    let conversation = visitor.tell("Hello").await.conversation;
    let messages = format!("/v2/conversations/{conversation}/messages");
    let mut answers = Vec::new();
    for note in [false, false, true] {
        let text = format!("Answer {}", answers.len() + 1);
        let said = json!({"role": "agent", "text": text, "isBackchannel": note});
        let said = relay.rest().post(&messages, &said).await.created();
        answers.push(format!("/v2/messages/{}", said["id"].as_str().unwrap()));
    }
    Scene { relay, messages, answers }
}

impl Scene {
    async fn change(&self, answer: usize, members: Value) {
        self.relay.rest().patch(&self.answers[answer], &members).await.ok();
    }

    async fn take_back(&self, answer: usize) {
        assert_eq!(self.relay.rest().delete(&self.answers[answer]).await.status, 204);
    }
}

#[tokio::test]
async fn who_looks_on_who_was_away_and_who_comes_first_see_the_same() {
    let relay = Relay::start().await;
    let token = random_token();
    let mut looking = VisitorClient::with_token(&relay, token.clone());
    let mut away = VisitorClient::with_token(&relay, token.clone());
    let scene = scene(&mut looking, relay).await;
    away.come_online();
    away.seen(Seq(4)).await;
    away.lose_connection();

    scene.change(0, json!({"text": "A better answer"})).await;
    scene.take_back(1).await;
    // The agents' own.
    scene.change(2, json!({"text": "Another note"})).await;
    scene.take_back(2).await;

    looking.seen(Seq(8)).await;
    away.come_online();
    away.seen(Seq(8)).await;
    let mut new = VisitorClient::with_token(&scene.relay, token);
    new.seen(Seq(8)).await;
    let expected = ["Hello", "A better answer (edited)", "gone, said by agent", "-", "-", "-", "-", "-"];
    for visitor in [&looking, &away, &new] {
        assert_eq!(places(visitor.peer().log().entries()), expected);
    }
}

#[tokio::test]
async fn an_entry_says_what_the_message_is_now_and_of_notes_nothing() {
    let relay = Relay::start().await;
    let token = random_token();
    let mut visitor = VisitorClient::with_token(&relay, token.clone());
    let scene = scene(&mut visitor, relay).await;
    for text in ["Better", "Best"] {
        scene.change(0, json!({"text": text})).await;
    }
    scene.change(2, json!({"text": "Another note"})).await;

    let (mut socket, welcome) = greet(&scene.relay, &token, Seq(4)).await;
    let revised: Vec<_> = welcome.entries.iter().map(|entry| entry.revised.as_deref()).collect();
    let texts: Vec<Vec<String>> = revised.iter().map(|entry| places(*entry)).collect();
    assert_eq!(texts, [vec!["Best (edited)".to_owned()], vec!["Best (edited)".to_owned()], vec![]]);
    // A page of history has what stands there now, like any other.
    socket.send(&VisitorFrame::Before { before: Seq(3) }).await.unwrap();
    let RelayFrame::History { entries, .. } = socket.frame().await else { panic!("a page was expected") };
    assert_eq!(places(&entries), ["Hello", "Best (edited)"]);
}

#[tokio::test]
async fn what_programs_note_on_a_message_is_no_edit() {
    let relay = Relay::start().await;
    let mut visitor = VisitorClient::new(&relay);
    let scene = scene(&mut visitor, relay).await;
    scene.change(0, json!({"meta": {"mood": "good"}})).await;
    visitor.seen(Seq(5)).await;
    assert_eq!(places(visitor.peer().log().entries())[1], "Answer 1");
    let shown = scene.relay.rest().get(&scene.answers[0]).await.ok();
    assert_eq!(shown.get("editedAt"), None);
    scene.change(0, json!({"text": "Better"})).await;
    let shown = scene.relay.rest().get(&scene.answers[0]).await.ok();
    assert_eq!(shown["editedAt"], shown["updatedAt"]);
}

#[tokio::test]
async fn who_joins_leaves_and_closes_is_a_notice() {
    let relay = Relay::start().await;
    let token = random_token();
    let mut visitor = VisitorClient::with_token(&relay, token.clone());
    let scene = scene(&mut visitor, relay).await;
    for text in ["/join", "/notify", "/close"] {
        let command = json!({"type": "command", "text": text});
        scene.relay.rest().post(&scene.messages, &command).await.created();
    }
    visitor.seen(Seq(7)).await;
    let notices = visitor
        .peer()
        .log()
        .entries()
        .skip(4)
        .map(|entry| entry.notice.as_ref().map(|notice| (notice.what.as_str(), notice.name.as_deref())));
    let by = Some("Front desk");
    assert_eq!(notices.collect::<Vec<_>>(), [Some(("joined", by)), None, Some(("closed", by))]);
}
