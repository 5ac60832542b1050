//! The sockets of a conversation under load. They look at frames only as far as they must: the generator
//! shares the machine with the server that it measures.

use crate::run::{Clock, Phase};
use futures_util::{FutureExt, SinkExt, StreamExt};
use serde_json::json;
use shared::{ConversationId, OrganizationId, Seq, VisitorToken, wire::RelayFrame};
use std::{
    cell::{Cell, RefCell},
    net::SocketAddr,
    rc::Rc,
    time::Instant,
};
use tests::{
    greeting::greet_at,
    rest::Rest,
    socket::{Socket, Stream},
};
use tokio_tungstenite::tungstenite::Message;

/// What is said, over and over: as long as people's messages are.
const TEXT: &str = "Hello, is the blue one with the wooden handle in stock in your shop?";

const ACK: &str = r#"{"ack":{"key":""#;
const ENTRY: &str = r#"{"entry":{"seq":"#;
const EVENT: &str = r#"{"event":"#;
const CLIENT_KEY: &str = r#""clientKey":""#;

/// What the sockets of one conversation know together.
#[derive(Debug)]
pub(crate) struct Conversation {
    pub(crate) number: usize,
    pub(crate) id: ConversationId,
    /// Of each message, by its number.
    sent_at: RefCell<Vec<Instant>>,
    pub(crate) acknowledged: Cell<usize>,
    /// Of the other reader, in order.
    pub(crate) delivered: Cell<usize>,
}

impl Conversation {
    /// A message was seen by the other reader: the one that comes next, or the order is broken.
    fn deliver(&self, message: usize, clock: &Clock) {
        assert_eq!(message, self.delivered.get(), "conversation {}: out of order", self.number);
        self.delivered.set(message + 1);
        clock.delivered(self.sent_at.borrow()[message]);
    }
}

/// Opens the conversation with a first message, so that it exists for other readers.
pub(crate) async fn open(
    address: SocketAddr,
    organization: OrganizationId,
    token: &VisitorToken,
    number: usize,
) -> (Socket, Rc<Conversation>) {
    let (mut socket, _) = greet_at(address, organization, token, Seq::ZERO).await;
    let sent_at = Instant::now();
    socket.send_text(frame(number, 0)).await.expect("the server listens");
    // The acknowledgement and the entry, whichever comes first.
    let mut id = None;
    for _ in 0..2 {
        let frame = socket.frame().await;
        if let RelayFrame::Ack(receipt) = frame {
            id = Some(receipt.conversation);
        } else {
            assert!(matches!(frame, RelayFrame::Entry(_)), "{frame:?}");
        }
    }
    let conversation = Conversation {
        number,
        id: id.expect("it was acknowledged"),
        sent_at: RefCell::new(vec![sent_at]),
        acknowledged: Cell::new(1),
        delivered: Cell::new(1),
    };
    (socket, Rc::new(conversation))
}

/// Keeps `window` messages on their way, until the run is over and all are acknowledged.
pub(crate) async fn send(socket: Socket, conversation: Rc<Conversation>, window: usize, clock: Rc<Clock>) {
    let mut stream = socket.into_stream();
    let mut sent = 1;
    loop {
        let acknowledged = conversation.acknowledged.get();
        if clock.phase() == Phase::Over {
            if sent == acknowledged {
                return;
            }
        } else if sent < acknowledged + window {
            while sent < acknowledged + window {
                conversation.sent_at.borrow_mut().push(Instant::now());
                let text = frame(conversation.number, sent);
                stream.feed(Message::Text(text.into())).await.expect("the server listens");
                sent += 1;
            }
            stream.flush().await.expect("the server listens");
        }
        read(&mut stream, |text| {
            if let Some(key) = text.strip_prefix(ACK) {
                let (_, message) = numbers(key);
                conversation.acknowledged.set(conversation.acknowledged.get() + 1);
                clock.acknowledged(conversation.sent_at.borrow()[message]);
            } else {
                assert!(text.starts_with(ENTRY) || is_beside(text), "{text}");
            }
        })
        .await;
    }
}

/// Posts one message after the other, until the run is over.
pub(crate) async fn post(rest: Rest, conversation: Rc<Conversation>, clock: Rc<Clock>) {
    let path = format!("/v2/conversations/{}/messages", conversation.id);
    while clock.phase() != Phase::Over {
        let (message, now) = (conversation.acknowledged.get(), Instant::now());
        conversation.sent_at.borrow_mut().push(now);
        let key = format!("{}-{message}", conversation.number);
        let body = json!({"role": "contact", "text": TEXT, "clientKey": key});
        rest.post(&path, &body).await.created();
        conversation.acknowledged.set(message + 1);
        clock.acknowledged(now);
    }
}

/// A socket that only listens: reads until it is dropped.
pub(crate) async fn see_entries(socket: Socket) {
    let mut stream = socket.into_stream();
    loop {
        read(&mut stream, |text| {
            assert!(text.starts_with(ENTRY) || is_beside(text), "{text}");
        })
        .await;
    }
}

/// The conversation's second socket: reads until it is dropped.
pub(crate) async fn read_entries(socket: Socket, conversation: Rc<Conversation>, clock: Rc<Clock>) {
    let mut stream = socket.into_stream();
    loop {
        read(&mut stream, |text| {
            if text.starts_with(ENTRY) {
                let (_, message) = numbers(client_key(text));
                conversation.deliver(message, &clock);
            } else {
                assert!(is_beside(text), "{text}");
            }
        })
        .await;
    }
}

/// The agents' stream: everything of all conversations.
pub(crate) async fn read_events(socket: Socket, conversations: Vec<Rc<Conversation>>, clock: Rc<Clock>) {
    let mut stream = socket.into_stream();
    loop {
        read(&mut stream, |text| {
            if text.starts_with(EVENT) {
                let (number, message) = numbers(client_key(text));
                conversations[number].deliver(message, &clock);
            } else {
                assert!(is_beside(text), "{text}");
            }
        })
        .await;
    }
}

/// Waits for one frame and takes all that have come with it.
async fn read(stream: &mut Stream, mut take: impl FnMut(&str)) {
    let mut next = stream.next().await;
    loop {
        match &next {
            Some(Ok(Message::Text(text))) => take(text),
            Some(Ok(_)) => {}
            end => panic!("the socket ended: {end:?}"),
        }
        match stream.next().now_or_never() {
            Some(received) => next = received,
            None => return,
        }
    }
}

/// The key says which message of which conversation it is.
fn frame(conversation: usize, message: usize) -> String {
    format!(r#"{{"send":{{"key":"{conversation}-{message}","text":"{TEXT}"}}}}"#)
}

/// What comes beside the log.
fn is_beside(text: &str) -> bool {
    [r#"{"ping""#, r#"{"state""#].into_iter().any(|name| text.starts_with(name))
}

/// The numbers of a key at the start of `text`.
fn numbers(text: &str) -> (usize, usize) {
    let key = text.split('"').next().unwrap_or_default();
    let numbers = key.split_once('-').and_then(|(a, b)| Some((a.parse().ok()?, b.parse().ok()?)));
    numbers.unwrap_or_else(|| panic!("no key of this generator: {text}"))
}

fn client_key(text: &str) -> &str {
    let at = text.find(CLIENT_KEY).unwrap_or_else(|| panic!("no key: {text}"));
    &text[at + CLIENT_KEY.len()..]
}
