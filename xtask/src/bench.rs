//! Figures: what a visitor loads, and what the relay bears.

use anyhow::{Context, Result, bail, ensure};

use crate::budget::Budget;
use crate::tools::{self, Chromium, Node};
use crate::workspace::Workspace;
use crate::{dist, relay, steps};

/// Runs the load generator with these arguments; it starts the relay that it measures.
pub(crate) fn relay(workspace: &Workspace, arguments: &[String]) -> Result<()> {
    measure(workspace, "load", arguments)
}

/// Fills relays, and measures how they answer.
pub(crate) fn data(workspace: &Workspace, arguments: &[String]) -> Result<()> {
    measure(workspace, "data", arguments)
}

fn measure(workspace: &Workspace, program: &str, arguments: &[String]) -> Result<()> {
    let relay = relay::release(workspace)?;
    let mut command = workspace.cargo();
    command.args(["run", "--release", "--package", "tests", "--bin", program, "--"]).args(arguments);
    steps::run(command.env("RELAY_BIN", relay))
}

/// What a visitor loads, and how long it takes beside the peers: these arguments go to the measuring program.
/// Too many bytes do not hide how fast they are.
pub(crate) fn widget(workspace: &Workspace, arguments: &[String]) -> Result<()> {
    steps::all([weight(workspace), speed(workspace, arguments)])
}

fn speed(workspace: &Workspace, arguments: &[String]) -> Result<()> {
    node()?.ensure_bench_packages(workspace)?;
    in_browser(workspace, "widget.js", arguments)
}

/// What a long conversation costs the page that shows it.
pub(crate) fn thread(workspace: &Workspace, arguments: &[String]) -> Result<()> {
    in_browser(workspace, "thread.js", arguments)
}

fn node() -> Result<Node> {
    Node::find().context("the bench needs Node")
}

fn in_browser(workspace: &Workspace, program: &str, arguments: &[String]) -> Result<()> {
    node()?.ensure_test_packages(workspace)?;
    let chromium = Chromium::ensure(workspace)?;
    let relay = relay::release(workspace)?;
    let mut bench = tools::browser_bench(workspace, program);
    bench.args(arguments).env("RELAY_BIN", relay);
    if let Chromium::Installed(path) = chromium {
        bench.env("CHROMIUM", path);
    }
    steps::run(&mut bench)
}

/// Prints what was built in bytes and fails when it is over the budget.
pub(crate) fn weight(workspace: &Workspace) -> Result<()> {
    let budget = Budget::read(&workspace.root.join("budget.toml"))?;
    let manifest = dist::build(workspace)?;
    ensure!(manifest.optimized(), "the budget is for the optimized build, which needs Node");
    let weight = manifest.weight()?;

    steps::say(format!("{:<10}{:>10}{:>10}{:>10}{:>10}", "bytes", "raw", "gzip", "brotli", "budget"));
    let row = |name: &str, raw: u64, gz: u64, br: u64, limit: Option<u64>| {
        let limit = limit.map(|limit| limit.to_string()).unwrap_or_default();
        steps::say(format!("{name:<10}{raw:>10}{gz:>10}{br:>10}{limit:>10}"));
    };
    let (mut raw, mut gz) = (0, 0);
    for (name, size) in manifest.loaded()? {
        let (gzipped, brotli) = (size.gz.unwrap_or(size.raw), size.br.unwrap_or(size.raw));
        let is_loader = name == "loader";
        row(name, size.raw, gzipped, brotli, is_loader.then_some(budget.loader));
        if !is_loader {
            raw += size.raw;
            gz += gzipped;
        }
    }
    row("the rest", raw, gz, weight.rest, Some(budget.rest));

    let complaints = budget.complaints(weight);
    if !complaints.is_empty() {
        bail!("over budget: {}", complaints.join("; "));
    }
    Ok(())
}
