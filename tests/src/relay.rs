//! A real relay: the program itself, on a free port, with a data directory of its own.

use crate::{clock::patiently, process::Process, rest::Rest};
use shared::OrganizationId;
use std::{
    env, fs,
    net::{IpAddr, Ipv4Addr, SocketAddr, TcpListener},
    path::{Path, PathBuf},
    process::{ExitStatus, Output, Stdio},
    time::Duration,
};
use tempfile::TempDir;
use tokio::process::Command;

/// Between two looks whether the relay is ready. It starts in some ten milliseconds.
const POLL: Duration = Duration::from_millis(2);

/// For tests and loads that are about something else than the limits on what visitors may do.
pub const UNLIMITED: [(&str, &str); 2] = [("RELAY_VISITOR_MESSAGES", "0"), ("RELAY_NEW_CONVERSATIONS", "0")];

#[derive(Debug)]
pub struct Relay {
    program: PathBuf,
    environment: Vec<(String, String)>,
    address: SocketAddr,
    directory: TempDir,
    process: Process,
    organization: OrganizationId,
    rest: Rest,
}

impl Relay {
    /// A relay with its defaults.
    pub async fn start() -> Self {
        Self::start_with(&[]).await
    }

    /// A relay with these variables in its environment, ready to serve.
    ///
    /// # Panics
    /// When it does not start; with what it said.
    pub async fn start_with(environment: &[(&str, &str)]) -> Self {
        let directory = TempDir::with_prefix("relay-").expect("temporary directories can be made");
        let environment: Vec<_> =
            environment.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect();
        let program = program();
        let address = free_address();
        let mut process = spawn(&program, address, directory.path(), &environment);
        let rest = Rest::new(address);
        wait_until_ready(&mut process, &rest, directory.path()).await;

        let token =
            fs::read_to_string(directory.path().join("data/admin-token")).expect("a first start makes it");
        let rest = rest.with_token(token.trim());
        let organizations = rest.get("/v2/organizations").await.ok();
        let organization = organizations[0]["id"].as_str().and_then(|id| id.parse().ok());
        let organization = organization.expect("a first start makes an organization");
        Self { program, environment, address, directory, process, organization, rest }
    }

    #[must_use]
    pub fn address(&self) -> SocketAddr {
        self.address
    }

    /// Where it keeps everything.
    #[must_use]
    pub fn data_dir(&self) -> PathBuf {
        self.directory.path().join("data")
    }

    /// The organization of the first start.
    #[must_use]
    pub fn organization(&self) -> OrganizationId {
        self.organization
    }

    /// The API, as the first admin.
    #[must_use]
    pub fn rest(&self) -> &Rest {
        &self.rest
    }

    #[must_use]
    pub fn process(&self) -> &Process {
        &self.process
    }

    /// SIGKILL: the machine's power cut, as far as the relay can tell (the page cache survives).
    pub async fn kill(&mut self) {
        self.process.kill().await;
    }

    /// SIGTERM.
    pub fn terminate(&self) {
        self.process.terminate();
    }

    /// Waits for the end of the relay.
    pub async fn exited(&mut self) -> ExitStatus {
        patiently("the relay's exit", self.process.exited()).await
    }

    /// Starts a relay that has ended again: same address, same data.
    pub async fn restart(&mut self) {
        self.process = spawn(&self.program, self.address, self.directory.path(), &self.environment);
        wait_until_ready(&mut self.process, &self.rest, self.directory.path()).await;
    }

    /// Everything that the relay has written so far.
    #[must_use]
    pub fn output(&self) -> String {
        output(self.directory.path())
    }
}

/// What comes of starting a relay that will end by itself. Listens on a free port unless told otherwise.
pub async fn try_start(arguments: &[&str], environment: &[(&str, &str)]) -> Output {
    let mut command = Command::new(program());
    command.env("RELAY_LISTEN", free_address().to_string());
    command.arg("serve").args(arguments).envs(environment.iter().copied());
    finished(command).await
}

/// What one of the relay's other commands says, on this data directory.
pub async fn run(arguments: &[&str], data: &Path) -> Output {
    run_with(arguments, data, &[]).await
}

/// The same with these variables in its environment.
pub async fn run_with(arguments: &[&str], data: &Path, environment: &[(&str, &str)]) -> Output {
    let mut command = Command::new(program());
    command.args(arguments).arg("--data-dir").arg(data).envs(environment.iter().copied());
    finished(command).await
}

/// Runs lines of a shell that knows the relay and its data directory; the first one that fails ends them.
pub async fn script(lines: &str, data: &Path) -> Output {
    let directory = program().parent().map(Path::to_owned).expect("a program is in a directory");
    let path = env::var("PATH").unwrap_or_default();
    let mut command = Command::new("sh");
    command.args(["-ec", lines]).env("PATH", format!("{}:{path}", directory.display()));
    command.env("RELAY_DATA_DIR", data);
    finished(command).await
}

async fn finished(mut command: Command) -> Output {
    let output = patiently("the command to end", command.kill_on_drop(true).output()).await;
    output.expect("the relay is a program")
}

/// What `RELAY_BIN` names, else the relay that cargo has put beside this program.
fn program() -> PathBuf {
    if let Some(path) = env::var_os("RELAY_BIN") {
        return path.into();
    }
    let own = env::current_exe().expect("this program has a path");
    let directory = own.parent().expect("a program is in a directory");
    let directory =
        if directory.ends_with("deps") { directory.parent().unwrap_or(directory) } else { directory };
    let path = directory.join("relay");
    assert!(path.exists(), "{} is not built; `cargo build -p relay` or set RELAY_BIN", path.display());
    path
}

/// An address of this machine that no other socket gets: an ephemeral port of 127.0.0.1 could go to a client
/// while the relay is down.
///
/// # Panics
/// Where 127.0.0.0/8 is not this machine.
#[must_use]
pub fn free_address() -> SocketAddr {
    let ip = Ipv4Addr::new(127, fastrand::u8(1..=254), fastrand::u8(1..=254), fastrand::u8(1..=254));
    let listener = TcpListener::bind((IpAddr::V4(ip), 0)).expect("127.0.0.0/8 is this machine");
    listener.local_addr().expect("a bound socket has an address")
}

fn spawn(program: &Path, address: SocketAddr, directory: &Path, environment: &[(String, String)]) -> Process {
    let log = fs::File::options().create(true).append(true).open(directory.join("output"));
    let log = log.expect("the directory is writable");
    let mut command = Command::new(program);
    command
        .args(["serve", "--listen", &address.to_string(), "--data-dir"])
        .arg(directory.join("data"))
        .envs(environment.iter().map(|(name, value)| (name, value)))
        .stdin(Stdio::null())
        .stdout(log.try_clone().expect("a file can be shared"))
        .stderr(log);
    Process::start(&mut command).unwrap_or_else(|error| panic!("{}: {error}", program.display()))
}

async fn wait_until_ready(process: &mut Process, rest: &Rest, directory: &Path) {
    let ready = async {
        loop {
            if rest.try_get("/readyz").await.is_some_and(|answer| answer.status == 200) {
                return;
            }
            if let Some(status) = process.try_exited() {
                panic!("the relay ended with {status}:\n{}", output(directory));
            }
            tokio::time::sleep(POLL).await;
        }
    };
    patiently("the relay to be ready", ready).await;
}

fn output(directory: &Path) -> String {
    fs::read_to_string(directory.join("output")).unwrap_or_default()
}
