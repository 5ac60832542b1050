//! The API as schemathesis asks it: a relay of its own, and thousands of requests made of its `/openapi.json`.

use std::io::{BufRead, BufReader};
use std::net::TcpListener;
use std::path::Path;
use std::process::{Child, Command, Stdio};

use anyhow::{Context, Result, bail};

use crate::tools::Schemathesis;
use crate::workspace::Workspace;
use crate::{relay, steps};

/// The relay must have been compiled.
pub(crate) fn test(workspace: &Workspace) -> Result<()> {
    let schemathesis = Schemathesis::ensure()?;
    let work = workspace.target.join("api");
    if work.exists() {
        std::fs::remove_dir_all(&work).with_context(|| work.display().to_string())?;
    }
    std::fs::create_dir_all(&work).with_context(|| work.display().to_string())?;
    let program = relay::program(workspace, "debug");
    let relay = Relay::start(&program, &work)?;
    let token = admin(&program, &work)?;
    let result = steps::step("schemathesis", || {
        let mut command = schemathesis.command();
        command.current_dir(&work).env("RELAY_TOKEN", token);
        command.arg("--config-file").arg(workspace.root.join("tests/api/schemathesis.toml"));
        steps::run(command.args(["run", &format!("http://{}/openapi.json", relay.address)]))
    });
    drop(relay);
    result
}

/// An organization and its admin, who may do everything there and nothing elsewhere. Returns the token.
fn admin(program: &Path, work: &Path) -> Result<String> {
    let made = |arguments: &[&str]| -> Result<String> {
        let output = steps::output(Command::new(program).current_dir(work).args(arguments))?;
        let first = output.split_whitespace().next();
        first.map(str::to_owned).with_context(|| format!("`relay {}` printed nothing", arguments.join(" ")))
    };
    let organization = made(&["organization", "create", "--name", "Tried"])?;
    let user =
        made(&["user", "create", "--name", "Ada", "--role", "admin", "--organization", &organization])?;
    made(&["token", "create", "--user", &user])
}

/// Killed when dropped.
struct Relay {
    process: Child,
    address: String,
}

impl Relay {
    fn start(program: &Path, work: &Path) -> Result<Self> {
        let free = TcpListener::bind("127.0.0.1:0")?.local_addr()?;
        let mut command = Command::new(program);
        command.current_dir(work).args(["serve", "--listen", &free.to_string()]);
        let process = command.stdout(Stdio::piped()).spawn().context("the relay could not be started")?;
        let mut relay = Self { process, address: free.to_string() };
        let output = relay.process.stdout.as_mut().context("its output was asked for")?;
        // Four more lines follow, which a pipe holds.
        for line in BufReader::new(output).lines() {
            if line?.ends_with("is ready") {
                return Ok(relay);
            }
        }
        bail!("the relay ended before it was ready")
    }
}

impl Drop for Relay {
    fn drop(&mut self) {
        // It may have ended by itself; then there is nothing to kill.
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}
