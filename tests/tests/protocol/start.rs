//! What stops a relay from starting is one line that names it, and exit code 1.

use std::{fs, net::TcpListener, path::Path};
use tempfile::TempDir;
use tests::relay::{Relay, try_start};

#[tokio::test]
async fn a_port_in_use_is_named() {
    let taken = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = taken.local_addr().unwrap().to_string();
    let directory = TempDir::new().unwrap();

    let complaint = complaint(&["--listen", &address], directory.path(), &[]).await;

    assert!(complaint.contains(&address), "{complaint}");
}

#[tokio::test]
async fn a_data_directory_that_cannot_be_is_named() {
    let directory = TempDir::new().unwrap();
    let file = directory.path().join("file");
    fs::write(&file, "not a directory").unwrap();

    let complaint = complaint(&[], &file.join("data"), &[]).await;

    assert!(complaint.contains(file.to_str().unwrap()), "{complaint}");
}

#[tokio::test]
async fn a_secret_that_is_too_short_is_refused_and_not_shown() {
    let directory = TempDir::new().unwrap();

    let complaint = complaint(&[], directory.path(), &[("RELAY_SECRET", "hunter2")]).await;

    assert!(complaint.contains("32") && !complaint.contains("hunter2"), "{complaint}");
}

#[tokio::test]
async fn a_broken_configuration_is_named_with_its_place() {
    let directory = TempDir::new().unwrap();
    let file = directory.path().join("relay.toml");
    fs::write(&file, "colour = \"red\"\n").unwrap();

    let unknown = complaint(&["--config", file.to_str().unwrap()], directory.path(), &[]).await;
    let wrong = complaint(&[], directory.path(), &[("RELAY_VISITOR_MESSAGES", "many")]).await;

    assert!(unknown.contains("colour") && unknown.contains("relay.toml"), "{unknown}");
    assert!(wrong.contains("RELAY_VISITOR_MESSAGES") && wrong.contains("many"), "{wrong}");
}

#[tokio::test]
async fn a_second_start_finds_what_the_first_one_made() {
    let mut relay = Relay::start().await;
    let before = relay.rest().get("/v2/organizations").await.ok();

    relay.kill().await;
    relay.restart().await;

    assert_eq!(relay.rest().get("/v2/organizations").await.ok(), before, "and the token is still good");
}

/// What a relay says that does not start.
async fn complaint(arguments: &[&str], data: &Path, environment: &[(&str, &str)]) -> String {
    let data = ["--data-dir", data.to_str().unwrap()];
    let output = try_start(&[arguments, &data].concat(), environment).await;
    assert_eq!(output.status.code(), Some(1));
    let complaint = String::from_utf8(output.stderr).unwrap();
    assert_eq!(complaint.trim_end().lines().count(), 1, "{complaint}");
    complaint
}
