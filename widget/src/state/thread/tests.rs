use super::*;
use proptest::prelude::*;
use shared::{
    message::{MessageType, Shown},
    wire::Notice,
};

#[test]
fn a_message_keeps_its_row_from_waiting_to_stored() {
    let mut thread = thread();
    take_outbox(&mut thread, &[unsent("k1", UnsentState::Waiting)]);
    let row = thread.lines.get(0).unwrap().row.clone();
    take_outbox(&mut thread, &[unsent("k1", UnsentState::Sent { seq: Seq(1) })]);
    thread.append(&mine(1, "k1"));
    assert!(Rc::ptr_eq(&thread.lines.get(0).unwrap().row.said, &row.said));
    assert_eq!(looks(&mut thread)[0].delivery, Delivery::Sent);
    assert_eq!(keys(&thread), ["k1"]);
}

#[test]
fn what_waits_stays_behind_what_is_stored() {
    let mut thread = thread();
    take_outbox(&mut thread, &[unsent("k1", UnsentState::Waiting), unsent("k2", UnsentState::Waiting)]);
    thread.append(&agent(1, "Ada"));
    assert_eq!(keys(&thread), [&id(1), "k1", "k2"]);
    thread.append(&mine(2, "k1"));
    thread.append(&agent(3, "Ada"));
    assert_eq!(keys(&thread), [&id(1), "k1", &id(3), "k2"]);
}

#[test]
fn a_failed_message_stays_where_it_was_said_until_it_is_retried() {
    let mut thread = thread();
    take_outbox(&mut thread, &[unsent("k1", failed())]);
    thread.append(&agent(1, "Ada"));
    assert_eq!(keys(&thread), ["k1", &id(1)]);
    take_outbox(&mut thread, &[unsent("k1", UnsentState::Waiting)]);
    assert_eq!(keys(&thread), [&id(1), "k1"]);
    thread.discard(&"k1".parse().unwrap());
    assert_eq!(keys(&thread), [id(1)]);
}

#[test]
fn a_message_that_was_stored_later_than_it_stands_moves_down() {
    let mut thread = thread();
    take_outbox(&mut thread, &[unsent("k1", UnsentState::Waiting)]);
    thread.push_local("fake", said("Welcome"), Millis(0));
    thread.append(&agent(1, "Ada"));
    thread.append(&mine(2, "k1"));
    assert_eq!(keys(&thread), ["fake", &id(1), "k1"]);
}

#[test]
fn nothing_of_the_last_visitor_stays() {
    let mut thread = thread();
    thread.append(&agent(1, "Ada"));
    thread.push_local("fake", said("Welcome"), Millis(0));
    take_outbox(&mut thread, &[unsent("k1", UnsentState::Waiting)]);
    thread.clear();
    assert!(keys(&thread).is_empty() && thread.replies().is_empty());
}

#[test]
fn events_are_for_programs_and_not_for_the_thread() {
    let mut thread = thread();
    take_outbox(&mut thread, &[Unsent { kind: MessageType::Event, ..unsent("k1", UnsentState::Waiting) }]);
    let mut event = agent(1, "Ada");
    event.message.as_mut().unwrap().kind = MessageType::Event;
    thread.append(&event);
    assert!(keys(&thread).is_empty());
}

#[test]
fn history_comes_in_front_and_a_reset_keeps_what_is_only_here() {
    let mut thread = thread();
    thread.push_local("fake", said("Welcome"), Millis(0));
    take_outbox(&mut thread, &[unsent("k9", UnsentState::Waiting)]);
    thread.reset(&[mine(5, "k1"), Entry { seq: Seq(6), ..Entry::default() }, agent(7, "Ada")]);
    assert_eq!(keys(&thread), ["k1", &id(7), "fake", "k9"]);
    thread.prepend(&[agent(3, "Ada"), agent(4, "Ada")]);
    assert_eq!(keys(&thread), [&id(3), &id(4), "k1", &id(7), "fake", "k9"]);
    thread.reset(&[agent(90, "Ada"), mine(91, "k9")]);
    assert_eq!(keys(&thread), [&id(90), "k9", "fake"]);
}

#[test]
fn groups_end_with_the_speaker_the_day_and_a_pause() {
    let mut thread = thread();
    let minute = 60_000;
    for (seq, name, at) in [
        (1, "Ada", 0),
        (2, "Ada", minute),
        (3, "Bob", 2 * minute),
        (4, "Bob", 20 * minute),
        (5, "Bob", 1500 * minute),
    ] {
        thread.append(&agent_at(seq, name, at));
    }
    let looks: Vec<(bool, bool, bool)> =
        looks(&mut thread).into_iter().map(|look| (look.day, look.first, look.last)).collect();
    assert_eq!(
        looks,
        [
            (true, true, false),
            (false, false, true),
            (false, true, true),
            (false, true, true),
            (true, true, true),
        ]
    );
}

#[test]
fn what_was_changed_is_another_row_in_the_same_place() {
    let mut thread = thread();
    thread.reset(&[mine(1, "k1"), agent(2, "Ada"), agent(3, "Ada")]);
    let before = rows_for(&mut thread, View::default());
    thread.append(&Entry { seq: Seq(4), revised: Some(Box::new(edited(2))), ..Entry::default() });
    thread.append(&Entry { seq: Seq(5), revised: Some(Box::new(gone(3))), ..Entry::default() });
    let rows = rows_for(&mut thread, View::default());
    assert_eq!(keys(&thread), ["k1", &id(2), &id(3)]);
    assert!(rows[0] == before[0] && rows[1] != before[1] && rows[2] != before[2]);
    assert!(rows[1].said.edited && rows[1].said.quiet.is_none());
    assert!(rows[2].said.quiet.is_some() && !rows[2].said.is_notice());
    // Who comes later gets them so.
    thread.reset(&[mine(1, "k1"), edited(2), gone(3)]);
    assert_eq!(keys(&thread), ["k1", &id(2), &id(3)]);
}

#[test]
fn what_quotes_is_another_row_when_what_it_quotes_comes_or_changes() {
    let mut thread = thread();
    let mut answer = agent(9, "Ada");
    answer.message.as_mut().unwrap().meta.insert("quotedMessage".to_owned(), id(2).into());
    thread.append(&answer);
    let last = |thread: &mut Thread| rows_for(thread, View::default()).pop().unwrap();
    let unknown = last(&mut thread);
    thread.prepend(&[agent(3, "Ada"), agent(4, "Ada")]);
    assert!(last(&mut thread) == unknown);
    thread.prepend(&[agent(1, "Ada"), agent(2, "Ada")]);
    let known = last(&mut thread);
    assert!(known != unknown);
    thread.append(&Entry { seq: Seq(10), revised: Some(Box::new(gone(2))), ..Entry::default() });
    assert!(last(&mut thread) != known);
}

#[test]
fn what_was_read_stays_read_and_an_answer_is_a_mark() {
    let mut thread = thread();
    thread.append(&mine(1, "k1"));
    thread.append(&mine(2, "k2"));
    thread.read_up_to(Seq(1));
    let deliveries =
        |thread: &mut Thread| looks(thread).into_iter().map(|look| look.delivery).collect::<Vec<_>>();
    assert_eq!(deliveries(&mut thread), [Delivery::Read, Delivery::Sent]);
    thread.append(&agent(3, "Ada"));
    thread.append(&mine(4, "k4"));
    thread.read_up_to(Seq(1));
    assert_eq!(deliveries(&mut thread), [Delivery::Read, Delivery::Read, Delivery::Read, Delivery::Sent]);
}

#[test]
fn a_notice_stands_between_groups() {
    let mut thread = thread();
    thread.append(&agent(1, "Ada"));
    thread.append(&notice(2, "left"));
    thread.append(&notice(3, "danced"));
    thread.append(&agent(4, "Ada"));
    assert_eq!(keys(&thread), [&id(1), "2", &id(4)]);
    assert!(rows_for(&mut thread, View::default())[1].said.is_notice());
    assert_eq!(looks(&mut thread).iter().filter(|look| look.first).count(), 3);
}

#[test]
fn quick_replies_are_the_last_messages_until_the_visitor_answers() {
    let mut thread = thread();
    let mut question = agent(1, "Ada");
    let reply = r#"[{"type":"reply","text":"Yes"},{"type":"link","text":"Read","uri":"https://a.example"}]"#;
    question.message.as_mut().unwrap().actions = serde_json::from_str(reply).unwrap();
    thread.append(&question);
    assert_eq!(thread.replies().len(), 1);
    take_outbox(&mut thread, &[unsent("k1", UnsentState::Waiting)]);
    assert_eq!(thread.replies(), []);
}

#[test]
fn commands_and_events_are_not_shown() {
    let mut thread = thread();
    let mut event = agent(1, "Ada");
    event.message.as_mut().unwrap().kind = shared::message::MessageType::Event;
    thread.append(&event);
    let mut command = unsent("k1", UnsentState::Waiting);
    command.kind = shared::message::MessageType::Command;
    take_outbox(&mut thread, &[command]);
    assert_eq!(keys(&thread), Vec::<String>::new());
}

proptest! {
    /// The oracle has all rows on the page.
    #[test]
    fn rows_look_alike_whatever_part_of_the_thread_is_on_the_page(
        steps in prop::collection::vec((0..7u8, 0..600u64, 0..40_000u32), 1..150),
    ) {
        let everything = View { bottom: 0.0, height: 1e9 };
        let (mut all, mut part) = (thread(), thread());
        let (mut first, mut last, mut minute) = (10_000, 10_000, 10_000);
        let mut outbox: Vec<String> = Vec::new();
        for (step, minutes, bottom) in steps {
            minute += minutes.saturating_sub(300);
            for thread in [&mut all, &mut part] {
                let key = last.to_string();
                match (step, outbox.first()) {
                    (0, _) => thread.append(&agent_at(last, if minutes % 2 == 0 { "Ada" } else { "Bob" }, minute * 60_000)),
                    (1, _) => take_outbox(thread, &[unsent(&key, UnsentState::Waiting)]),
                    (2, Some(key)) => thread.append(&mine(last, key)),
                    (3, Some(key)) => take_outbox(thread, &[unsent(key, failed())]),
                    (4, Some(key)) => take_outbox(thread, &[unsent(key, UnsentState::Waiting)]),
                    (5, _) => thread.prepend(&[agent(first - 2, "Ada"), mine(first - 1, &(first - 1).to_string())]),
                    (6, _) => {
                        thread.push_local(&[&key, "fake"].concat(), said("Welcome"), Millis(minute));
                        thread.begin_new(&key);
                    }
                    _ => {}
                }
            }
            match step {
                1 => outbox.push(last.to_string()),
                2 => drop(outbox.drain(..outbox.len().min(1))),
                5 => first -= 2,
                _ => {}
            }
            last += 1;
            let rows = rows_for(&mut all, everything);
            let shown = rows_for(&mut part, View { bottom: f64::from(bottom), height: 560.0 });
            let (above, below) = part.spacing();
            let lines = |height: f64| (height / Row::new("", said("")).height.get()) as usize;
            prop_assert_eq!(lines(above) + shown.len() + lines(below), rows.len());
            for (row, other) in shown.iter().zip(&rows[lines(above)..]) {
                prop_assert_eq!((&row.key, row.look.peek()), (&other.key, other.look.peek()));
            }
            prop_assert_eq!(part.replies(), all.replies());
            prop_assert_eq!(part.top_of(NEW), all.top_of(NEW));
        }
    }
}

#[test]
fn what_is_new_begins_a_group_below_its_line() {
    let mut thread = thread();
    thread.append(&agent(1, "Ada"));
    thread.append(&agent(2, "Ada"));
    thread.begin_new(&id(2));
    thread.append(&agent(3, "Ada"));
    thread.begin_new(&id(3));
    let marks: Vec<(bool, bool, bool)> =
        looks(&mut thread).into_iter().map(|look| (look.new, look.first, look.last)).collect();
    assert_eq!(marks, [(false, true, true), (true, true, false), (false, false, true)]);
    let height = Row::new("", said("")).height.get();
    assert_eq!(thread.top_of(NEW), Some(2.0 * height));
}

fn thread() -> Thread {
    Thread::new(|at| i64::try_from(at.0 / 86_400_000).unwrap())
}

fn take_outbox(thread: &mut Thread, outbox: &[Unsent]) {
    for unsent in outbox {
        thread.take_unsent(unsent);
    }
}

fn keys(thread: &Thread) -> Vec<&str> {
    thread.lines.iter().map(|line| &*line.row.key).collect()
}

/// Once they are all there.
fn rows_for(thread: &mut Thread, view: View) -> Vec<Row> {
    loop {
        let rows = thread.rows(view);
        if thread.is_whole() {
            return rows;
        }
    }
}

fn looks(thread: &mut Thread) -> Vec<Look> {
    rows_for(thread, View::default()).iter().map(|row| row.look.peek()).collect()
}

fn id(seq: u64) -> String {
    shared::MessageId::new(seq, [0; 8]).to_string()
}

fn agent(seq: u64, name: &str) -> Entry {
    agent_at(seq, name, 0)
}

fn agent_at(seq: u64, name: &str, at: u64) -> Entry {
    let json = serde_json::json!({
        "id": id(seq), "role": "agent", "text": "Hello", "name": name, "createdAt": Millis(at),
    });
    entry(seq, &json)
}

fn edited(seq: u64) -> Entry {
    let mut entry = agent(seq, "Ada");
    entry.message.as_mut().unwrap().edited = true;
    entry
}

fn gone(seq: u64) -> Entry {
    let mut entry = agent(seq, "Ada");
    entry.gone = entry.message.take();
    entry
}

fn notice(seq: u64, what: &str) -> Entry {
    let notice = Notice { what: what.to_owned(), name: Some("Ada".to_owned()), at: Some(Millis(0)) };
    Entry { seq: Seq(seq), notice: Some(notice), ..Entry::default() }
}

fn mine(seq: u64, key: &str) -> Entry {
    let json = serde_json::json!({
        "id": id(seq), "role": "contact", "text": "Hello", "clientKey": key, "createdAt": Millis(0),
    });
    entry(seq, &json)
}

fn entry(seq: u64, json: &serde_json::Value) -> Entry {
    let message: Shown = serde_json::from_str(&json.to_string()).unwrap();
    Entry { seq: Seq(seq), message: Some(Box::new(message)), ..Entry::default() }
}

fn said(text: &str) -> Said {
    let mut said = Said::from_unsent(&unsent("k", UnsentState::Waiting)).unwrap();
    said.mine = false;
    text.clone_into(&mut said.text);
    said
}

fn unsent(key: &str, state: UnsentState) -> Unsent {
    Unsent {
        key: key.parse().unwrap(),
        kind: shared::message::MessageType::Chat,
        text: "Hello".to_owned(),
        content_type: None,
        payload: None,
        meta: serde_json::Map::new(),
        at: Millis(0),
        state,
    }
}

fn failed() -> UnsentState {
    UnsentState::Failed(shared::Error::new(shared::ErrorCode::Invalid, "no"))
}
