//! SQLite in a directory of its own, and what only SQLite can do wrong.

use crate::desk::{Backend, Desk, text};
use relay::{
    bus::Bus,
    store::{
        OpenError, Store, StoreOptions,
        lists::{CONVERSATIONS, Filter, Query, Sort, Test, Value},
    },
};
use tempfile::TempDir;

pub(crate) struct Sqlite(TempDir);

impl Default for Sqlite {
    fn default() -> Self {
        Self(TempDir::new().unwrap())
    }
}

impl Sqlite {
    fn options(&self) -> StoreOptions {
        StoreOptions { path: self.0.path().join("relay.db"), exclusive: false }
    }
}

impl Backend for Sqlite {
    fn open(&self, bus: Bus) -> Store {
        Store::open(&self.options(), bus).unwrap()
    }
}

fn open_error(options: &StoreOptions) -> OpenError {
    Store::open(options, Bus::default()).unwrap_err()
}

#[test]
fn a_database_from_a_newer_version_is_refused_and_left_alone() {
    let sqlite = Sqlite::default();
    let path = sqlite.options().path;
    rusqlite::Connection::open(&path).unwrap().pragma_update(None, "user_version", 7_000).unwrap();
    let before = std::fs::read(&path).unwrap();
    let error = open_error(&sqlite.options());
    assert!(matches!(error, OpenError::Newer { found: 7_000, .. }), "{error}");
    assert!(error.to_string().contains("version 7000"), "{error}");
    assert_eq!(std::fs::read(&path).unwrap(), before);
}

#[test]
fn a_directory_that_does_not_exist_is_named() {
    let sqlite = Sqlite::default();
    let path = sqlite.0.path().join("nowhere").join("relay.db");
    for exclusive in [false, true] {
        let error = open_error(&StoreOptions { path: path.clone(), exclusive });
        assert!(error.to_string().contains("nowhere"), "{error}");
    }
}

#[test]
fn a_file_that_is_no_database_is_named() {
    let sqlite = Sqlite::default();
    std::fs::write(sqlite.options().path, "Dear diary, today I was no database. ".repeat(100)).unwrap();
    assert!(matches!(open_error(&sqlite.options()), OpenError::Unusable { .. }));
}

#[tokio::test]
async fn one_relay_at_a_time_and_the_command_line_beside_it() {
    let sqlite = Sqlite::default();
    let serving = StoreOptions { exclusive: true, ..sqlite.options() };
    let relay = Store::open(&serving, Bus::default()).unwrap();
    assert!(matches!(open_error(&serving), OpenError::InUse { .. }));
    drop(Store::open(&sqlite.options(), Bus::default()).unwrap());
    drop(relay);
    drop(Store::open(&serving, Bus::default()).unwrap());
}

#[tokio::test]
async fn a_place_in_the_stream_is_never_given_again() {
    let desk = Desk::new(Sqlite::default()).await;
    let conversation = desk.open_conversation(1).await;
    let last = desk.store.append(desk.contact_says(conversation, text("erase me"))).await.unwrap();
    let Desk { backend, store, .. } = desk;
    drop(store);
    let other = rusqlite::Connection::open(backend.options().path).unwrap();
    other.execute("DELETE FROM messages", ()).unwrap();
    let store = backend.open(Bus::default());
    assert_eq!(store.read(|read| read.cursor()).await.unwrap(), last.cursor);
}

#[test]
fn the_questions_that_a_message_asks_use_indexes() {
    let sqlite = Sqlite::default();
    drop(Store::open(&sqlite.options(), Bus::default()).unwrap());
    let connection = rusqlite::Connection::open(sqlite.options().path).unwrap();
    for question in [
        "SELECT * FROM message_places WHERE conversation = 1 AND seq > 2 ORDER BY seq LIMIT 3",
        "SELECT * FROM message_places WHERE conversation = 1 AND seq < 2 ORDER BY seq DESC LIMIT 3",
        "SELECT * FROM message_keys WHERE conversation = 1 AND client_key = 'a'",
        "SELECT * FROM messages WHERE pos > (SELECT up_to FROM filing) AND conversation = 1 AND seq > 2 ORDER BY pos",
        "SELECT * FROM messages WHERE organization = 1 AND pos > 2 ORDER BY pos LIMIT 3",
        "SELECT * FROM contacts WHERE organization = x'00' AND visitor_token = x'00'",
        "SELECT * FROM moved_visitors WHERE organization = x'00' AND visitor_token = x'00'",
        "SELECT * FROM conversations WHERE contact = ifnull(NULL, (SELECT id FROM contacts WHERE organization = x'00'))",
        "SELECT * FROM contacts WHERE organization = x'00' AND json_extract(data, '$.profile.email') = 'a'",
        "SELECT l.key FROM conversations l LEFT JOIN conversations c ON c.key = l.key
         WHERE l.organization = x'00' AND l.status = 'closed' AND l.key < 9 ORDER BY l.key DESC LIMIT 3",
        "SELECT l.key FROM conversations l LEFT JOIN conversations c ON c.key = l.key
         WHERE l.organization = x'00' AND l.assignee = x'00' ORDER BY l.key DESC LIMIT 3",
        "SELECT l.key FROM conversations l LEFT JOIN conversations c ON c.key = l.key
         WHERE l.organization = x'00' AND l.category = 'a' ORDER BY l.key DESC LIMIT 3",
        "SELECT l.key FROM conversations l LEFT JOIN conversations c ON c.key = l.key
         WHERE l.organization = x'00' ORDER BY l.key DESC LIMIT 3",
        "SELECT l.key FROM conversation_channels n CROSS JOIN conversations l ON l.key = n.conversation
         LEFT JOIN conversations c ON c.key = l.key
         WHERE l.organization = x'00' AND n.channel = x'00' ORDER BY n.conversation DESC LIMIT 3",
        "SELECT l.key FROM conversation_lists l LEFT JOIN conversations c ON c.key = l.key
         WHERE l.organization = x'00' AND l.updated_at <= 5 AND (l.updated_at < 5 OR l.key < 7)
         ORDER BY l.updated_at DESC, l.key DESC LIMIT 3",
        "SELECT l.key FROM conversation_lists l LEFT JOIN conversations c ON c.key = l.key
         WHERE l.organization = x'00' AND l.status = 'closed' ORDER BY l.updated_at DESC, l.key DESC LIMIT 3",
        "SELECT l.key FROM conversation_lists l LEFT JOIN conversations c ON c.key = l.key
         WHERE l.organization = x'00' AND l.assignee = x'00' AND l.updated_at > 1
         ORDER BY l.updated_at DESC, l.key DESC LIMIT 3",
        "SELECT r.key FROM contacts r WHERE r.organization = x'00'
         ORDER BY json_extract(r.data, '$.updatedAt') DESC, r.key DESC LIMIT 3",
        "SELECT m.pos FROM messages m LEFT JOIN conversations c ON c.key = m.conversation
         WHERE m.organization = (SELECT key FROM organizations WHERE id = x'00')
           AND m.pos < 9 ORDER BY m.pos DESC LIMIT 3",
    ] {
        let mut statement = connection.prepare(&format!("EXPLAIN QUERY PLAN {question}")).unwrap();
        let plan: Vec<String> =
            statement.query_map((), |row| row.get(3)).unwrap().map(Result::unwrap).collect();
        let plan = plan.join("; ");
        assert!(plan.starts_with("SEARCH") && !plan.contains("TEMP B-TREE"), "{question}: {plan}");
    }
}

#[tokio::test]
async fn what_an_older_version_stored_is_listed_found_and_forgotten() {
    let sqlite = Sqlite::default();
    let path = sqlite.options().path;
    let older = rusqlite::Connection::open(&path).unwrap();
    older.execute_batch(include_str!("../../migrations/sqlite/0001_initial.sql")).unwrap();
    older.execute_batch(include_str!("../../migrations/sqlite/0002_identity.sql")).unwrap();
    older
        .execute_batch(
            r#"PRAGMA user_version = 2;
            INSERT INTO organizations VALUES (1, x'010101010101010101010101', x'010101010101010101010101', '{}');
            INSERT INTO conversations VALUES
                (1, x'0a0a0a0a0a0a0a0a0a0a0a0a', x'010101010101010101010101', 'agent', NULL, 'web', 'active', NULL, 'Boats',
                 '{"status":"active","notifications":[{"channel":"060606060606060606060606","seq":1,"at":"2026-01-01T00:00:00Z"},
                   {"channel":null,"seq":2,"at":"2026-01-01T00:00:00Z"}]}', NULL, 5),
                (2, x'0b0b0b0b0b0b0b0b0b0b0b0b', x'010101010101010101010101', 'agent', NULL, 'web', 'queued', NULL, NULL, '{}', NULL, 6);
            INSERT INTO conversation_heads VALUES (1, 2, 9), (2, 0, 6);
            INSERT INTO messages (pos, organization, conversation, seq, type, role, text, created_at)
                VALUES (1, 1, 1, 1, 'chat', 'agent', 'The Café opens', 7), (2, 1, 1, 2, 'chat', 'agent', 'at nine', 9);"#,
        )
        .unwrap();
    drop(older);
    let store = sqlite.open(Bus::default());
    let scope = shared::OrganizationId::from_bytes([1; 12]).into();
    let found = async |store: &Store, words: Option<&str>, channel: Option<u8>, name: &str| {
        let (field, _) = CONVERSATIONS.find("channel").unwrap();
        let filter = |id| Filter { field, below: None, test: Test::Is(vec![Value::Id([id; 12])]) };
        let (sorted, _) = CONVERSATIONS.find(name).unwrap();
        let query = Query {
            words: words.map(str::to_owned),
            filters: channel.map(filter).into_iter().collect(),
            sort: Sort { field: sorted, is_descending: true },
            ..Query::all(&CONVERSATIONS, scope, 10)
        };
        let found = store.read(move |read| read.conversations(&query)).await.unwrap();
        assert_eq!(found.total, found.items.len() as u64);
        found.items.iter().map(|item| item.id.as_bytes()[0]).collect::<Vec<_>>()
    };

    assert_eq!(found(&store, None, None, "updatedAt").await, [10, 11]);
    assert_eq!(found(&store, None, None, "createdAt").await, [11, 10]);
    assert_eq!(found(&store, Some("cafe"), None, "createdAt").await, [10]);
    assert_eq!(found(&store, None, Some(6), "createdAt").await, [10]);

    store.close().await;
    drop(store);
    let other = rusqlite::Connection::open(&path).unwrap();
    other
        .execute_batch(
            "UPDATE messages SET text = 'The bar opens' WHERE pos = 1; DELETE FROM messages WHERE pos = 2",
        )
        .unwrap();
    drop(other);
    let store = sqlite.open(Bus::default());
    for (words, expected) in [("cafe", vec![]), ("bar", vec![10]), ("nine", vec![])] {
        assert_eq!(found(&store, Some(words), None, "createdAt").await, expected, "{words}");
    }
}
