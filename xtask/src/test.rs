//! The rings of tests, and how long each took. One that fails hides no other.

use std::path::PathBuf;
use std::process::Command;
use std::time::{Duration, Instant};

use anyhow::{Context, Result, bail};

use crate::tools::{self, BuildTools, Chromium, Node, Schemathesis, TRUNK};
use crate::workspace::Workspace;
use crate::{api, bench, dist, lint, relay, steps};

#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) enum Ring {
    SetUp,
    Lint,
    /// The widget's development page builds. Its installation prints much: what fails in a later ring stays in sight.
    Trunk,
    /// Unit and property tests, beside the code they test.
    Unit,
    /// A real relay on a free port, clients on sockets.
    Protocol,
    /// A real relay, and programs of others against its API: web1on1's SDK from npm, the documentation's examples.
    Clients,
    /// A real relay, asked all that its `/openapi.json` allows and much that it does not.
    Api,
    /// The bytes that a visitor loads.
    Budget,
    /// A real relay, real pages, Chromium.
    Browser,
}

const ALL: [Ring; 9] = [
    Ring::SetUp,
    Ring::Lint,
    Ring::Trunk,
    Ring::Unit,
    Ring::Protocol,
    Ring::Clients,
    Ring::Api,
    Ring::Budget,
    Ring::Browser,
];

impl Ring {
    pub(crate) fn named(name: &str) -> Result<Self> {
        let names = ALL.map(Self::name).join(", ");
        ALL.into_iter()
            .find(|ring| ring.name() == name)
            .with_context(|| format!("`{name}` is not a ring of tests; these are: {names}"))
    }

    fn name(self) -> &'static str {
        match self {
            Self::SetUp => "set-up",
            Self::Lint => "lint",
            Self::Unit => "unit",
            Self::Protocol => "protocol",
            Self::Clients => "clients",
            Self::Api => "api",
            Self::Browser => "browser",
            Self::Budget => "budget",
            Self::Trunk => "trunk",
        }
    }

    fn run(self, workspace: &Workspace) -> Result<()> {
        match self {
            Self::SetUp => set_up(workspace),
            Self::Lint => lint::run(workspace),
            Self::Unit => unit(workspace),
            Self::Protocol => protocol(workspace),
            Self::Clients => clients(workspace),
            Self::Api => api(workspace),
            Self::Browser => browser(workspace),
            Self::Budget => bench::weight(workspace),
            Self::Trunk => trunk(workspace),
        }
    }
}

/// Runs the rings named, or all; Trunk's only where `CI=true`, because it takes minutes to install.
pub(crate) fn run(workspace: &Workspace, named: &[Ring]) -> Result<()> {
    let on_ci = std::env::var("CI").is_ok_and(|value| value == "true");
    let rings = match named {
        [] => ALL.into_iter().filter(|ring| on_ci || *ring != Ring::Trunk).collect(),
        _ => named.to_vec(),
    };
    let outcomes: Vec<_> = rings
        .into_iter()
        .map(|ring| {
            steps::say(format!("\n==== {} ====", ring.name()));
            let start = Instant::now();
            let result = ring.run(workspace);
            if let Err(error) = &result {
                steps::complain(error);
            }
            Outcome { ring, passed: result.is_ok(), time: start.elapsed() }
        })
        .collect();
    summarize(&outcomes)
}

struct Outcome {
    ring: Ring,
    passed: bool,
    time: Duration,
}

fn summarize(outcomes: &[Outcome]) -> Result<()> {
    steps::say(format!("\n{:<10}{:<8}{:>10}", "ring", "result", "time"));
    for Outcome { ring, passed, time } in outcomes {
        let result = if *passed { "ok" } else { "FAILED" };
        steps::say(format!("{:<10}{result:<8}{:>10}", ring.name(), steps::seconds(*time)));
    }
    let failed: Vec<_> =
        outcomes.iter().filter(|outcome| !outcome.passed).map(|outcome| outcome.ring.name()).collect();
    if !failed.is_empty() {
        bail!("failed: {}", failed.join(", "));
    }
    Ok(())
}

/// What the later rings need and this machine lacks, first: a missing tool is known at once.
fn set_up(workspace: &Workspace) -> Result<()> {
    tools::wasm_target(workspace)?;
    tools::wasm_bindgen(workspace)?.ensure(workspace)?;
    let node = Node::find().context("the tests of clients and browsers need Node")?;
    BuildTools::ensure(&node)?;
    node.ensure_client_packages(workspace)?;
    node.ensure_test_packages(workspace)?;
    Schemathesis::ensure()?;
    Chromium::ensure(workspace).map(drop)
}

fn unit(workspace: &Workspace) -> Result<()> {
    host_tests(workspace, Packages::AllButTests)?;
    steps::step("examples in the documentation", || {
        steps::run(workspace.cargo().args(["test", "--quiet", "--workspace", "--doc"]))
    })
}

fn protocol(workspace: &Workspace) -> Result<()> {
    dist::build(workspace)?;
    compile_relay(workspace)?;
    host_tests(workspace, Packages::Tests)
}

fn clients(workspace: &Workspace) -> Result<()> {
    let node = Node::find().context("the tests of clients need Node")?;
    node.ensure_client_packages(workspace)?;
    let schemathesis = Schemathesis::ensure()?;
    dist::build(workspace)?;
    compile_relay(workspace)?;
    steps::step("programs that use the API", || {
        let mut tests = tools::node_tests(&workspace.client_tests());
        tests.env("PYTHON", schemathesis.python());
        steps::run(tests.env("RELAY_BIN", relay::program(workspace, "debug")))
    })
}

fn api(workspace: &Workspace) -> Result<()> {
    compile_relay(workspace)?;
    api::test(workspace)
}

fn browser(workspace: &Workspace) -> Result<()> {
    playwright(workspace, &["test"])
}

/// Draws what a visitor can see, with the means of the browser tests.
pub(crate) fn draw(workspace: &Workspace, arguments: &[String]) -> Result<()> {
    let arguments = arguments.iter().map(String::as_str);
    let all: Vec<&str> = ["test", "--config", "screens.config.js"].into_iter().chain(arguments).collect();
    playwright(workspace, &all)
}

fn playwright(workspace: &Workspace, arguments: &[&str]) -> Result<()> {
    let node = Node::find().context("the browser tests need Node")?;
    node.ensure_client_packages(workspace)?;
    node.ensure_test_packages(workspace)?;
    let chromium = Chromium::ensure(workspace)?;
    dist::build(workspace)?;
    compile_relay(workspace)?;
    steps::step("Playwright", || {
        let mut playwright = tools::playwright(workspace);
        playwright.args(arguments).env("RELAY_BIN", relay::program(workspace, "debug"));
        if let Chromium::Installed(path) = chromium {
            playwright.env("CHROMIUM", path);
        }
        steps::run(&mut playwright)
    })
}

fn trunk(workspace: &Workspace) -> Result<()> {
    tools::wasm_target(workspace)?;
    let trunk = TRUNK.ensure(workspace)?;
    let wasm_bindgen = tools::wasm_bindgen(workspace)?.ensure(workspace)?;
    let directories = wasm_bindgen.parent().map(PathBuf::from).into_iter();
    let inherited = std::env::var_os("PATH").unwrap_or_default();
    let path = std::env::join_paths(directories.chain(std::env::split_paths(&inherited)))?;
    steps::step("trunk build", || {
        let mut command = Command::new(trunk);
        command.current_dir(&workspace.root).args(["build", "--offline", "true"]);
        // Trunk refuses the `NO_COLOR=1` that others understand.
        command.env("PATH", path).env("TRUNK_SKIP_VERSION_CHECK", "true").env_remove("NO_COLOR");
        steps::run(&mut command)
    })
}

/// The package `tests` against the ones it tests.
#[derive(Clone, Copy)]
enum Packages {
    Tests,
    AllButTests,
}

const NEXTEST: [&str; 6] = ["nextest", "run", "--workspace", "--no-fail-fast", "--no-tests", "pass"];

/// By nextest where it is at hand: it compiles every package with one set of features and then picks, so that
/// the rings share what they compile.
fn host_tests(workspace: &Workspace, packages: Packages) -> Result<()> {
    let mut cargo = workspace.cargo();
    cargo.env("RELAY_BIN", relay::program(workspace, "debug"));
    match (packages, tools::has_nextest()) {
        (Packages::Tests, true) => cargo.args(NEXTEST).args(["--filterset", "package(tests)"]),
        (Packages::AllButTests, true) => cargo.args(NEXTEST).args(["--filterset", "not package(tests)"]),
        (Packages::Tests, false) => {
            cargo.args(["test", "--package", "tests", "--all-targets", "--no-fail-fast"])
        }
        (Packages::AllButTests, false) => {
            cargo.args(["test", "--workspace", "--exclude", "tests", "--all-targets", "--no-fail-fast"])
        }
    };
    steps::step("tests on this machine, without a browser", || steps::run(&mut cargo))
}

/// The relay that the tests start. `--examples`, of which there are none, makes cargo choose the features that it
/// chooses for tests: dependencies are compiled once for both.
fn compile_relay(workspace: &Workspace) -> Result<()> {
    steps::step("compiling the relay for the tests", || {
        steps::run(workspace.cargo().args(["build", "--workspace", "--bin", "relay", "--examples"]))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_ring_is_found_by_its_name() {
        for ring in ALL {
            assert_eq!(Ring::named(ring.name()).unwrap(), ring);
        }
        assert!(Ring::named("units").unwrap_err().to_string().contains("set-up, lint, trunk"));
    }

    #[test]
    fn one_failure_fails_the_run_and_is_named() {
        let outcome = |ring, passed| Outcome { ring, passed, time: Duration::ZERO };
        assert!(summarize(&[outcome(Ring::Lint, true), outcome(Ring::Unit, true)]).is_ok());
        let error = summarize(&[outcome(Ring::Lint, false), outcome(Ring::Unit, true)]).unwrap_err();
        assert_eq!(error.to_string(), "failed: lint");
    }
}
