//! From settings to a relay that can serve, or one line that says why not. The port comes first: a relay that
//! cannot listen leaves nothing behind.

use crate::{
    app::App,
    auth::{Issued, KeyError, SigningKey, TokenKind, Tokens, write_private},
    bus::Bus,
    config::Settings,
    files::{Files, FilesError},
    http::first_organization,
    model::{Organization, User, UserRole},
    store::{
        OpenError, Scope, Store, StoreError, StoreOptions,
        lists::{ORGANIZATIONS, Query, USERS},
    },
};
use shared::{Millis, OrganizationId, UserId};
use std::{
    fs, io,
    net::SocketAddr,
    path::{Path, PathBuf},
};
use tokio::net::TcpListener;

/// Why the relay does not start: what is in the way, and what to do.
#[derive(Debug, thiserror::Error)]
pub enum StartError {
    #[error("{address} is in use; stop what listens there, or choose another with --listen")]
    PortInUse { address: SocketAddr },
    #[error("cannot listen on {address}: {reason}; choose another with --listen")]
    Listen { address: SocketAddr, reason: String },
    #[error(
        "the data directory {path} cannot be used: {reason}; change its owner or mode, or choose another with --data-dir"
    )]
    DataDir { path: PathBuf, reason: String },
    #[error(transparent)]
    Store(#[from] OpenError),
    #[error(transparent)]
    Key(#[from] KeyError),
    #[error(transparent)]
    Files(#[from] FilesError),
    #[error("the first start failed: {0}")]
    FirstStart(#[from] StoreError),
}

/// Opens what the settings name.
///
/// # Errors
/// One line that names the thing and what to do.
pub async fn start(settings: Settings) -> Result<(App, TcpListener), StartError> {
    let listener = listen(settings.general.listen).await?;
    let (store, bus) = open_store(&settings, true)?;
    let tokens = open_tokens(&settings)?;
    let files = open_files(&settings)?;
    let app = App::new(settings, store, bus, tokens, files);
    first_start(&app).await?;
    Ok((app, listener))
}

/// The store of these settings. `exclusive` for whoever serves; the command line works beside a relay.
///
/// # Errors
/// One line that names the directory or the database.
pub fn open_store(settings: &Settings, exclusive: bool) -> Result<(Store, Bus), StartError> {
    let path = &settings.general.data_dir;
    create_data_dir(path)?;
    let bus = Bus::default();
    let options = StoreOptions { path: database_path(path), exclusive };
    Ok((Store::open(&options, bus.clone())?, bus))
}

/// Makes the data directory where it is not there.
///
/// # Errors
/// One line that names it, also where it cannot be written to.
pub fn create_data_dir(path: &Path) -> Result<(), StartError> {
    create_private(path)
        .and_then(|()| probe(path))
        .map_err(|error: io::Error| StartError::DataDir { path: path.to_owned(), reason: error.to_string() })
}

/// Where the database is.
#[must_use]
pub fn database_path(data_dir: &Path) -> PathBuf {
    data_dir.join("relay.db")
}

/// The signing key of these settings.
///
/// # Errors
/// One line that names its file.
pub fn open_tokens(settings: &Settings) -> Result<Tokens, StartError> {
    let key = match &settings.general.secret {
        Some(secret) => SigningKey::new(secret),
        None => SigningKey::kept_in(&settings.general.data_dir)?,
    };
    Ok(Tokens::new(key))
}

/// Where these settings keep the content of files. Only for whoever serves.
fn open_files(settings: &Settings) -> Result<Files, StartError> {
    if let Some(bucket) = &settings.general.files_url {
        return Ok(Files::in_bucket(bucket)?);
    }
    let path = settings.general.data_dir.join("files");
    create_private(&path)
        .map_err(|error| StartError::DataDir { path: path.clone(), reason: error.to_string() })?;
    Ok(Files::in_directory(&path)?)
}

/// Where the first admin's token is.
#[must_use]
pub fn admin_token_path(data_dir: &Path) -> PathBuf {
    data_dir.join("admin-token")
}

/// The organization of the demo page.
///
/// # Errors
/// A failure of the store.
pub async fn demo_organization(app: &App) -> Result<Option<Organization>, StoreError> {
    app.store.read(first_organization).await
}

async fn listen(address: SocketAddr) -> Result<TcpListener, StartError> {
    TcpListener::bind(address).await.map_err(|error| {
        if error.kind() == io::ErrorKind::AddrInUse {
            StartError::PortInUse { address }
        } else {
            StartError::Listen { address, reason: error.to_string() }
        }
    })
}

/// Conversations are nobody else's business: a directory that the relay makes is its owner's alone.
#[cfg(unix)]
fn create_private(directory: &Path) -> io::Result<()> {
    use std::os::unix::fs::DirBuilderExt;
    fs::DirBuilder::new().recursive(true).mode(0o700).create(directory)
}

#[cfg(not(unix))]
fn create_private(directory: &Path) -> io::Result<()> {
    fs::create_dir_all(directory)
}

/// Says now what SQLite would say later and in its own words.
///
/// # Errors
/// What the system says.
pub fn probe(directory: &Path) -> io::Result<()> {
    let probe = directory.join(".writable");
    fs::write(&probe, [])?;
    fs::remove_file(probe)
}

/// In an empty store: an organization to try things in, and an admin of all. The token's file is written before the
/// rows that make it valid, so that no store has an admin whose token nobody ever saw.
async fn first_start(app: &App) -> Result<(), StartError> {
    let count = app.store.read(move |read| {
        let organizations = read.list::<Organization>(&Query::all(&ORGANIZATIONS, Scope::All, 1))?.total;
        Ok((organizations, read.list::<User>(&Query::all(&USERS, Scope::All, 1))?.total))
    });
    let (organizations, users) = count.await?;
    let now = app.now();
    // Where there are users, somebody has deleted the last organization.
    let demo = (organizations == 0 && users == 0).then(|| demo(now));
    let admin = (users == 0).then(|| admin(now));
    let issued = admin.as_ref().map(|admin| Issued::new(admin, TokenKind::Admin, now, None));
    if let Some(Issued { claims, .. }) = &issued {
        let path = &app.settings.general.data_dir;
        write_private(&admin_token_path(path), &app.tokens.sign(claims))
            .map_err(|error| StartError::DataDir { path: path.clone(), reason: error.to_string() })?;
    }
    let stored = app.store.write(move |write| {
        demo.map_or(Ok(()), |demo| write.insert(&demo))?;
        admin.map_or(Ok(()), |admin| write.insert(&admin))?;
        issued.map_or(Ok(()), |issued| write.issue_token(&issued.record))
    });
    Ok(stored.await?)
}

/// The shop of the demo page.
fn demo(now: Millis) -> Organization {
    let settings = [
        ("greeting", "Good to see you. Ask us anything about bikes."),
        ("replyTime", "Usually answers within minutes"),
    ];
    Organization {
        display_name: "Rook Lane Cycles".to_owned(),
        settings: settings.map(|(key, value)| (key.to_owned(), value.into())).into_iter().collect(),
        ..Organization::new(OrganizationId::new(now.as_secs(), random()), "Demo", now)
    }
}

fn admin(now: Millis) -> User {
    User {
        id: UserId::new(now.as_secs(), random()),
        organization: None,
        // What a contact reads above the answer of somebody who has no user of their own yet.
        name: "Front desk".to_owned(),
        email: None,
        role: UserRole::Admin,
        avatar: None,
        created_at: now,
        updated_at: now,
    }
}

fn random() -> [u8; 8] {
    getrandom::u64().expect("the operating system has randomness once it has started").to_be_bytes()
}
