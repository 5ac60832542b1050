//! The yardstick: the least that can be done for the same promise. axum's WebSocket, one insert a message at
//! `synchronous=FULL`, one writer with group commit, the acknowledgement after the commit, delivery to every
//! socket of the conversation in commit order from one place. No authorization, no validation beyond JSON.

use axum::{
    Router,
    extract::{
        State, WebSocketUpgrade,
        ws::{Message, Utf8Bytes, WebSocket},
    },
    response::Response,
    routing::get,
    serve::ListenerExt,
};
use futures_util::SinkExt;
use rusqlite::{Connection, TransactionBehavior, params};
use shared::{
    ClientKey, ConversationId, MessageId, Seq, VisitorToken,
    message::{MessageType, Role, Shown},
    wire::{self, Entry, Receipt, RelayFrame, VisitorFrame, Welcome},
};
use std::{
    collections::HashMap,
    net::SocketAddr,
    path::Path,
    process::ExitCode,
    sync::{Arc, Mutex},
    thread,
};
use tests::clock::now;
use tokio::{net::TcpListener, sync::mpsc};

/// Inserts of one transaction, at most.
const GROUP: usize = 512;
/// Frames that wait for one socket.
const SOCKET_QUEUE: usize = 1_024;
const READ_BUFFER: usize = 4 * 1024;

struct Conversation {
    id: ConversationId,
    seq: u64,
    sockets: Vec<mpsc::Sender<Utf8Bytes>>,
}

type SharedConversation = Arc<Mutex<Conversation>>;

struct Insert {
    conversation: SharedConversation,
    sender: mpsc::Sender<Utf8Bytes>,
    key: ClientKey,
    text: String,
}

#[derive(Clone)]
struct Loop {
    conversations: Arc<Mutex<HashMap<[u8; 32], SharedConversation>>>,
    inserts: mpsc::Sender<Insert>,
}

#[tokio::main]
pub(crate) async fn serve(listen: SocketAddr, database: &Path) -> ExitCode {
    let connection = open(database).expect("the database can be made");
    let (inserts, queue) = mpsc::channel(2 * GROUP);
    thread::spawn(move || write(connection, queue).expect("the database takes inserts"));
    let state = Loop { conversations: Arc::default(), inserts };
    let router = Router::new().route("/v2/widget", get(upgrade)).with_state(state);
    let listener = TcpListener::bind(listen).await.expect("the address is free");
    // Without it an acknowledgement waits up to 40 ms for the reader's own (RFC 896 against RFC 1122, 4.2.3.2).
    let listener = listener.tap_io(|socket| socket.set_nodelay(true).expect("a fresh socket takes options"));
    axum::serve(listener, router).await.expect("serving does not end");
    ExitCode::SUCCESS
}

async fn upgrade(State(state): State<Loop>, upgrade: WebSocketUpgrade) -> Response {
    upgrade.read_buffer_size(READ_BUFFER).on_upgrade(|socket| carry(state, socket))
}

async fn carry(state: Loop, mut socket: WebSocket) {
    let (sender, mut queue) = mpsc::channel(SOCKET_QUEUE);
    let mut conversation = None;
    let mut waiting = Vec::new();
    loop {
        tokio::select! {
            received = socket.recv() => {
                let Some(Ok(message)) = received else { return };
                let Message::Text(text) = message else { continue };
                match (serde_json::from_str(&text), &conversation) {
                    (Ok(VisitorFrame::Hello(hello)), _) => {
                        conversation = Some(state.join(&hello.token, sender.clone()));
                        if socket.send(Message::Text(welcome().into())).await.is_err() {
                            return;
                        }
                    }
                    (Ok(VisitorFrame::Send { key, text, .. }), Some(conversation)) => {
                        let (conversation, sender) = (conversation.clone(), sender.clone());
                        if state.inserts.send(Insert { conversation, sender, key, text }).await.is_err() {
                            return;
                        }
                    }
                    _ => return,
                }
            }
            _ = queue.recv_many(&mut waiting, SOCKET_QUEUE) => {
                for text in waiting.drain(..) {
                    if socket.feed(Message::Text(text)).await.is_err() {
                        return;
                    }
                }
                if socket.flush().await.is_err() {
                    return;
                }
            }
        }
    }
}

impl Loop {
    fn join(&self, token: &VisitorToken, socket: mpsc::Sender<Utf8Bytes>) -> SharedConversation {
        let mut conversations = self.conversations.lock().expect("no thread panics with it");
        let conversation = conversations.entry(*token.as_bytes()).or_insert_with(|| {
            let id = ConversationId::new(now().as_secs(), fastrand::u64(..).to_be_bytes());
            Arc::new(Mutex::new(Conversation { id, seq: 0, sockets: Vec::new() }))
        });
        let mut joined = conversation.lock().expect("no thread panics with it");
        // Those of sockets that are gone.
        joined.sockets.retain(|socket| !socket.is_closed());
        joined.sockets.push(socket);
        conversation.clone()
    }
}

fn welcome() -> String {
    wire::encode(&RelayFrame::Welcome(Welcome {
        conversation: None,
        head: Seq::ZERO,
        reload: false,
        entries: Vec::new(),
        organization: wire::OrganizationView::default(),
        state: None,
        claim: None,
        now: now(),
    }))
}

fn open(database: &Path) -> rusqlite::Result<Connection> {
    let connection = Connection::open(database)?;
    connection.pragma_update(None, "journal_mode", "WAL")?;
    connection.pragma_update(None, "synchronous", "FULL")?;
    connection.execute_batch(
        "CREATE TABLE messages (
            pos INTEGER PRIMARY KEY, conversation BLOB NOT NULL, seq INTEGER NOT NULL, id BLOB NOT NULL,
            client_key TEXT NOT NULL, text TEXT NOT NULL, created_at INTEGER NOT NULL
        ) STRICT",
    )?;
    Ok(connection)
}

/// The one writer: takes what waits, commits once, then tells everybody.
fn write(mut connection: Connection, mut queue: mpsc::Receiver<Insert>) -> rusqlite::Result<()> {
    let mut group = Vec::with_capacity(GROUP);
    let mut stored = Vec::with_capacity(GROUP);
    while queue.blocking_recv_many(&mut group, GROUP) > 0 {
        let transaction = connection.transaction_with_behavior(TransactionBehavior::Immediate)?;
        for insert in group.drain(..) {
            let receipt = store(&transaction, &insert)?;
            stored.push((insert, receipt));
        }
        transaction.commit()?;
        for (insert, receipt) in stored.drain(..) {
            tell(insert, receipt);
        }
    }
    Ok(())
}

fn store(connection: &Connection, insert: &Insert) -> rusqlite::Result<Receipt> {
    let mut conversation = insert.conversation.lock().expect("no thread panics with it");
    let at = now();
    conversation.seq += 1;
    let receipt = Receipt {
        key: insert.key.clone(),
        id: MessageId::new(at.as_secs(), fastrand::u64(..).to_be_bytes()),
        seq: Seq(conversation.seq),
        conversation: conversation.id,
        at,
    };
    connection
        .prepare_cached(
            "INSERT INTO messages (conversation, seq, id, client_key, text, created_at) VALUES (?, ?, ?, ?, ?, ?)",
        )?
        .execute(params![
            conversation.id.as_bytes(),
            conversation.seq.cast_signed(),
            receipt.id.as_bytes(),
            receipt.key.as_str(),
            insert.text,
            at.0.cast_signed(),
        ])?;
    Ok(receipt)
}

fn tell(insert: Insert, receipt: Receipt) {
    let entry = entry(&receipt, insert.text);
    // A reader whose queue is full loses a frame and with it the run: the generator counts.
    let _ = insert.sender.try_send(wire::encode(&RelayFrame::Ack(receipt)).into());
    for socket in &insert.conversation.lock().expect("no thread panics with it").sockets {
        let _ = socket.try_send(entry.clone());
    }
}

fn entry(receipt: &Receipt, text: String) -> Utf8Bytes {
    let shown = Shown {
        id: receipt.id,
        kind: MessageType::Chat,
        role: Role::Contact,
        text,
        content_type: None,
        name: None,
        actions: Vec::new(),
        items: Vec::new(),
        results: Vec::new(),
        iframe: None,
        payload: None,
        meta: serde_json::Map::new(),
        client_key: Some(receipt.key.clone()),
        created_at: receipt.at,
        edited: false,
    };
    wire::encode(&RelayFrame::Entry(Entry {
        seq: receipt.seq,
        message: Some(Box::new(shown)),
        ..Entry::default()
    }))
    .into()
}
