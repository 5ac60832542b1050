//! What every file store must do: in a directory and in memory, as a bucket is used.

use super::*;
use futures_util::TryStreamExt;
use object_store::memory::InMemory;

const ORGANIZATION: OrganizationId = OrganizationId::from_bytes([1; 12]);
const FILE: FileId = FileId::from_bytes([2; 12]);
/// More than one part, and not a whole number of them.
const CONTENT: &[u8] = b"0123456789abcdefghij!";

async fn on_every_store(test: impl AsyncFn(Files)) {
    let directory = tempfile::tempdir().unwrap();
    let local = LocalFileSystem::new_with_prefix(directory.path()).unwrap();
    test(Files::new(Arc::new(local), 8)).await;
    test(Files::new(Arc::new(PrefixStore::new(InMemory::new(), "prefix")), 8)).await;
    test(Files::new(Arc::new(InMemory::new()), 1024)).await;
}

async fn fill(arrival: &mut Arrival<'_>) {
    for part in CONTENT.chunks(5) {
        arrival.write(Bytes::copy_from_slice(part)).await.unwrap();
    }
}

async fn content(files: &Files, range: Range<u64>) -> Option<Vec<u8>> {
    let parts = files.read(ORGANIZATION, FILE, range).await.ok()?;
    Some(parts.try_collect::<Vec<_>>().await.unwrap().concat())
}

#[tokio::test]
async fn what_has_arrived_is_read_whole_or_in_part_until_it_is_removed() {
    on_every_store(async |files| {
        let mut arrival = files.receive(ORGANIZATION, FILE, CONTENT.len() as u64).await;
        fill(&mut arrival).await;
        let arrived = arrival.finish().await.unwrap();

        assert_eq!((arrived.size, arrived.content_type), (21, "text/plain"));
        assert_eq!(arrived.hash[..4], [0xe4, 0xb5, 0x6c, 0x2d]);
        assert_eq!(content(&files, 0..21).await.unwrap(), CONTENT);
        assert_eq!(content(&files, 7..12).await.unwrap(), b"789ab");
        assert_eq!(content(&files, 0..0).await.unwrap(), b"");
        files.remove(ORGANIZATION, FILE).await.unwrap();
        files.remove(ORGANIZATION, FILE).await.unwrap();
        assert_eq!(content(&files, 0..21).await, None);
    })
    .await;
}

#[tokio::test]
async fn what_does_not_arrive_whole_is_not_there() {
    on_every_store(async |files| {
        let mut arrival = files.receive(ORGANIZATION, FILE, CONTENT.len() as u64 - 1).await;
        let mut written = Ok(());
        for part in CONTENT.chunks(5) {
            written = arrival.write(Bytes::copy_from_slice(part)).await;
        }
        assert!(matches!(written, Err(FilesError::Refused(error)) if error.code == ErrorCode::TooLarge));
        arrival.abandon().await.unwrap();
        assert_eq!(content(&files, 0..1).await, None);

        let empty = files.receive(ORGANIZATION, FILE, 1).await.finish().await;
        assert!(matches!(empty, Err(FilesError::Refused(error)) if error.code == ErrorCode::Invalid));
        assert_eq!(content(&files, 0..1).await, None);
    })
    .await;
}

#[tokio::test]
async fn halves_that_a_killed_relay_left_are_removed_at_the_next_start() {
    let directory = tempfile::tempdir().unwrap();
    let organization = directory.path().join(ORGANIZATION.to_string());
    fs::create_dir(&organization).unwrap();
    fs::write(organization.join(FILE.to_string()), "whole").unwrap();
    fs::write(organization.join(format!("{FILE}#1")), "half").unwrap();

    let files = Files::in_directory(directory.path()).unwrap();

    assert_eq!(content(&files, 0..5).await.unwrap(), b"whole");
    assert_eq!(fs::read_dir(organization).unwrap().count(), 1);
}
