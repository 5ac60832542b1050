//! What only the inside can provoke: a disk that is full in the middle of a group.

use super::*;
use crate::model::Organization;
use rusqlite::Connection;
use shared::{Millis, VisitorToken, message::Draft};

const NOW: Millis = Millis(1_600_000_000_000);
const ORGANIZATION: OrganizationId = OrganizationId::from_bytes([1; 12]);

#[tokio::test]
async fn a_full_disk_loses_nothing_that_was_acknowledged_and_heals() {
    let directory = tempfile::TempDir::new().unwrap();
    let store = open(&directory).await;
    store.write(|write| limit_pages(write.connection, 110)).await.unwrap();

    let mut acknowledged = Vec::new();
    let mut failures = 0;
    while failures < 3 {
        let group = (0..8).map(|_| store.append(says(&"x".repeat(7_000))));
        for answer in futures_util::future::join_all(group).await {
            match answer {
                Ok(appended) => acknowledged.push(appended.message),
                Err(StoreError::Failed(_)) => failures += 1,
                Err(StoreError::Refused(error)) => panic!("nothing is wrong with the message: {error}"),
            }
        }
    }
    store.write(|write| limit_pages(write.connection, 1_000_000)).await.unwrap();
    acknowledged.push(store.append(says("There is room again")).await.unwrap().message);

    let conversation = acknowledged[0].conversation;
    let window = Window::After(Seq::ZERO);
    let log = store
        .read(move |read| read.messages(ORGANIZATION.into(), conversation, window, 1_000))
        .await
        .unwrap();
    assert!(log.len() > 8, "something was stored before the disk was full");
    assert_eq!(log, acknowledged);
    assert!(log.iter().zip(1..).all(|(message, seq)| message.seq == Seq(seq)));
}

async fn open(directory: &tempfile::TempDir) -> Store {
    let options = StoreOptions { path: directory.path().join("relay.db"), exclusive: true };
    let store = Store::open(&options, Bus::default()).unwrap();
    let organization = Organization::new(ORGANIZATION, "Cyclo", NOW);
    store.write(move |write| write.insert(&organization)).await.unwrap();
    store
}

fn says(text: &str) -> Append {
    let token = TokenHash::of(&VisitorToken::from_bytes([7; 32]));
    let target = Target::Visitor { organization: ORGANIZATION, token };
    Append { target, author: Author::Contact, draft: Draft::from_contact(text), now: NOW }
}

/// Pages that the file may have.
fn limit_pages(connection: &Connection, pages: i64) -> Result<(), StoreError> {
    Ok(connection.query_row(&format!("PRAGMA max_page_count = {pages}"), (), |_| Ok(()))?)
}
