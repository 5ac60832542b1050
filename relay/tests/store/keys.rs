//! Sending is idempotent: a key stores once, whenever it comes again.

use crate::desk::{Backend, Desk, NOW, command_draft, keyed, text};
use relay::store::Answer;
use shared::Millis;

pub(crate) async fn a_key_stores_once_in_one_group<B: Backend>(backend: B) {
    let desk = Desk::new(backend).await;
    let conversation = desk.open_conversation(1).await;
    let said = || desk.contact_says(conversation, keyed("k1", text("once")));
    let array = vec![said(), said()];
    let stored = desk.store.write(move |write| write.append_all(array)).await.unwrap();
    assert_eq!(stored[0].receipt(), stored[1].receipt());
    assert!(!stored[0].repeated && stored[1].repeated);
    assert_eq!(desk.log(conversation).await.len(), 2);
}

pub(crate) async fn a_key_stores_once_later_and_after_a_restart<B: Backend>(backend: B) {
    let desk = Desk::new(backend).await;
    let conversation = desk.open_conversation(1).await;
    let said = |desk: &Desk<B>| desk.contact_says(conversation, keyed("k1", text("once")));
    let first = desk.store.append(said(&desk)).await.unwrap();
    let again = desk.store.append(said(&desk)).await.unwrap();
    let desk = desk.restart();
    let much_later = desk.store.append(said(&desk)).await.unwrap();
    for repeated in [again, much_later] {
        assert!(repeated.repeated);
        assert_eq!((repeated.message, repeated.cursor), (first.message.clone(), first.cursor));
    }
    let next = desk.store.append(desk.contact_says(conversation, keyed("k2", text("twice")))).await.unwrap();
    assert_eq!(next.message.seq.0, 3);
}

pub(crate) async fn a_key_belongs_to_its_conversation<B: Backend>(backend: B) {
    let desk = Desk::new(backend).await;
    for token in [1, 2] {
        let stored = desk.store.append(desk.visitor_says(token, keyed("k1", text("mine")))).await.unwrap();
        assert!(!stored.repeated);
    }
}

pub(crate) async fn a_repeated_command_is_applied_once<B: Backend>(backend: B) {
    let desk = Desk::new(backend).await;
    let conversation = desk.open_conversation(1).await;
    for _ in 0..3 {
        let append = desk.contact_says(conversation, keyed("k1", command_draft("/notify")));
        desk.store.append(append).await.unwrap();
    }
    assert_eq!(desk.conversation(conversation).await.state.notifications.len(), 1);
}

pub(crate) async fn an_answer_is_kept_for_a_day<B: Backend>(backend: B) {
    const DAY: u64 = 24 * 3_600_000;
    let desk = Desk::new(backend).await;
    let answer = Answer { body_hash: [7; 32], status: 201, response: "{}".into() };
    let kept = answer.clone();
    desk.store.write(move |write| write.put_answer("user/op", "k1", &kept, NOW)).await.unwrap();

    let desk = desk.restart();

    let answers = desk.store.read(|read| {
        let at = |scope, key, later| read.answer(scope, key, Millis(NOW.0 + later));
        Ok([
            at("user/op", "k1", DAY - 1)?,
            at("user/op", "k1", DAY)?,
            at("other/op", "k1", 0)?,
            at("user/op", "k2", 0)?,
        ])
    });
    assert_eq!(answers.await.unwrap(), [Some(answer.clone()), None, None, None]);
    let again =
        desk.store.write(move |write| write.put_answer("user/op", "k1", &answer, Millis(NOW.0 + DAY)));
    assert!(again.await.is_ok(), "the old answer has made place");
}
