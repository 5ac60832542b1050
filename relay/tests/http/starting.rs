//! A relay starts whole, or says in one line why not and leaves nothing behind.

use crate::asking::{Relay, settings};
use relay::start::{StartError, admin_token_path, start};
use tokio::net::TcpListener;

#[tokio::test]
async fn the_first_start_leaves_an_organization_an_admin_and_two_private_files() {
    let relay = Relay::start().await;
    let organizations = relay.admin().get("/v2/organizations").await;
    assert_eq!(organizations.body[0]["name"], "Demo");
    #[cfg(unix)]
    for file in ["secret", "admin-token"] {
        use std::os::unix::fs::PermissionsExt;
        let mode = relay.directory.path().join(file).metadata().unwrap().permissions().mode();
        assert_eq!(mode & 0o777, 0o600, "{file}");
    }
}

#[tokio::test]
async fn the_second_start_finds_what_the_first_one_made() {
    let Relay { app, directory, .. } = Relay::start().await;
    let token = std::fs::read_to_string(admin_token_path(directory.path())).unwrap();
    app.store.close().await;
    drop(app);

    let (app, _) = start(settings(directory.path())).await.unwrap();

    assert_eq!(std::fs::read_to_string(admin_token_path(directory.path())).unwrap(), token);
    assert!(app.tokens.user(&app.store, token.trim(), app.now()).await.is_ok());
}

#[tokio::test]
async fn a_port_in_use_is_named_and_nothing_is_created() {
    let directory = tempfile::tempdir().unwrap();
    let taken = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let mut settings = settings(&directory.path().join("data"));
    settings.general.listen = taken.local_addr().unwrap();

    let error = start(settings).await.unwrap_err();

    assert!(matches!(error, StartError::PortInUse { .. }), "{error}");
    assert!(error.to_string().contains(&taken.local_addr().unwrap().to_string()));
    assert_eq!(std::fs::read_dir(directory.path()).unwrap().count(), 0);
}

#[tokio::test]
async fn a_directory_that_cannot_be_used_is_named() {
    let directory = tempfile::tempdir().unwrap();
    // A file is in the way: read-only modes do not stop root, whom tests in a container may run as.
    let file = directory.path().join("file");
    std::fs::write(&file, "").unwrap();

    let error = start(settings(&file)).await.unwrap_err();

    assert!(matches!(error, StartError::DataDir { .. }), "{error}");
    assert!(error.to_string().contains(file.to_str().unwrap()), "{error}");
    assert_eq!(error.to_string().lines().count(), 1);
}

#[tokio::test]
async fn two_relays_do_not_share_a_directory() {
    let first = Relay::start().await;
    let error = start(settings(first.directory.path())).await.unwrap_err();
    assert!(error.to_string().contains("in use by another relay"), "{error}");
}
