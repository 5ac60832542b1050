//! Loads the relay, and beside it in the same run the bare loop that it is measured against: durable
//! messages per second, latencies, processor time per message, memory per idle socket.

mod arguments;
mod bare_loop;
mod conversation;
mod idle;
mod report;
mod run;
mod server;

use arguments::{Arguments, Command};
use report::{Figures, Report};
use run::Way;
use rustix::process::{Resource, Rlimit, getrlimit, setrlimit};
use server::Kind;
use std::process::ExitCode;
use tokio::{runtime, task::LocalSet};

fn main() -> ExitCode {
    let command = match arguments::parse(std::env::args().skip(1)) {
        Ok(command) => command,
        Err(complaint) => {
            report::complain(&complaint);
            return ExitCode::FAILURE;
        }
    };
    allow_many_sockets();
    match command {
        Command::BareLoop { listen, database } => bare_loop::serve(listen, &database),
        Command::Load(arguments) => load(&arguments),
    }
}

/// One thread: it leaves the other core to the server, and switches between sockets without the kernel.
fn load(arguments: &Arguments) -> ExitCode {
    let runtime = runtime::Builder::new_current_thread().enable_all().build().expect("a runtime can be made");
    let report = LocalSet::new().block_on(&runtime, measure(arguments));
    report.print();
    if arguments.check && !report.reaches_all() { ExitCode::FAILURE } else { ExitCode::SUCCESS }
}

/// The two servers take turns, so that what else happens on the machine meets both.
async fn measure(arguments: &Arguments) -> Report {
    let mut report = Report::default();
    for round in 1..=arguments.rounds {
        for &window in &arguments.windows {
            let posted = (window == 1).then_some((Kind::Relay, Way::Posted));
            for (kind, way) in Figures::COMPARED.into_iter().chain(posted) {
                report::say(format_args!("round {round}: {kind}, {window} in flight, {way}"));
                let outcome = run::run(arguments, kind, way, window).await;
                report.add(kind, way, window, outcome);
            }
        }
    }
    let idle_kinds = if arguments.idle == 0 { &[][..] } else { &[Kind::BareLoop, Kind::Relay] };
    for &kind in idle_kinds {
        report::say(format_args!("{} idle sockets: {kind}", arguments.idle));
        report.add_idle(kind, idle::measure(arguments.idle, kind).await);
    }
    report
}

/// As many open files as the system lets us have; the servers inherit it.
fn allow_many_sockets() {
    let limit = getrlimit(Resource::Nofile);
    if let Err(error) = setrlimit(Resource::Nofile, Rlimit { current: limit.maximum, maximum: limit.maximum })
    {
        report::complain(&format!("the limit on open files stays: {error}"));
    }
}
