//! How the relay answers when there is much in it: the same questions to a relay with many conversations and to one with few,
//! over its own HTTP and sockets, in turns.

#![expect(clippy::print_stdout, reason = "the report is what this program is for")]

mod arguments;
mod contents;
mod questions;

use arguments::Arguments;
use contents::Contents;
use questions::Question;
use std::{
    process::ExitCode,
    time::{Duration, Instant},
};
use tests::{
    latency::Latencies,
    relay::{Relay, UNLIMITED},
};
use tokio::{runtime, task::LocalSet};

/// Milliseconds that 99 of 100 answers may take at most.
const MOST_MS: f64 = 20.0;
/// How much longer they may take with many conversations.
const MOST_TIMES: f64 = 2.0;
/// A full relay is ready after this long.
const MOST_START: Duration = Duration::from_secs(1);

fn main() -> ExitCode {
    let arguments = match arguments::parse(std::env::args().skip(1)) {
        Ok(arguments) => arguments,
        Err(complaint) => {
            println!("{complaint}");
            return ExitCode::FAILURE;
        }
    };
    let runtime = runtime::Builder::new_current_thread().enable_all().build().expect("a runtime can be made");
    let reached = LocalSet::new().block_on(&runtime, measure(&arguments));
    if arguments.check && !reached { ExitCode::FAILURE } else { ExitCode::SUCCESS }
}

/// A relay, and what is in it.
struct Filled {
    relay: Relay,
    contents: Contents,
}

impl Filled {
    async fn with(conversations: usize) -> Self {
        let began = Instant::now();
        let relay = Relay::start_with(&UNLIMITED).await;
        let contents = Contents::put_into(&relay, conversations).await;
        println!(
            "{conversations} conversations, {} messages, made in {:.0} s",
            contents.messages,
            began.elapsed().as_secs_f64()
        );
        Self { relay, contents }
    }
}

/// Returns whether every target is reached.
async fn measure(arguments: &Arguments) -> bool {
    let mut few = Filled::with(arguments.few).await;
    let mut many = Filled::with(arguments.many).await;
    println!(
        "\n{:<34}{:>10}{:>10}{:>10}{:>10}{:>8}",
        "p50 and p99, ms", "few", "few", "many", "many", "times"
    );
    let mut all = true;
    for question in Question::ALL {
        let (page_of_few, page_of_many) = (question.page(&few).await, question.page(&many).await);
        let (mut of_few, mut of_many) = (Latencies::default(), Latencies::default());
        for warm in [false, true] {
            for _ in 0..if warm { arguments.requests } else { arguments.requests.div_ceil(10) } {
                let one = question.ask(&few, page_of_few.as_deref()).await;
                let other = question.ask(&many, page_of_many.as_deref()).await;
                if warm {
                    of_few.add(one);
                    of_many.add(other);
                }
            }
        }
        let ms = |latencies: &mut Latencies, per_cent| f64::from(latencies.percentile(per_cent)) / 1000.0;
        let (few_99, many_99) = (ms(&mut of_few, 99), ms(&mut of_many, 99));
        let times = many_99 / few_99;
        let reached = many_99 <= MOST_MS && times <= MOST_TIMES;
        all &= reached;
        println!(
            "{:<34}{:>10.2}{few_99:>10.2}{:>10.2}{many_99:>10.2}{times:>8.2}  {}",
            question.name(),
            ms(&mut of_few, 50),
            ms(&mut of_many, 50),
            verdict(reached)
        );
    }
    for (name, filled) in [("few", &mut few), ("many", &mut many)] {
        let resident = filled.relay.process().memory().resident;
        filled.relay.terminate();
        filled.relay.exited().await;
        let began = Instant::now();
        filled.relay.restart().await;
        let took = began.elapsed();
        all &= took <= MOST_START;
        println!(
            "{name}: {} MiB resident; ready {:.0} ms after its start  {}",
            resident >> 20,
            took.as_secs_f64() * 1000.0,
            verdict(took <= MOST_START)
        );
    }
    all
}

fn verdict(reached: bool) -> &'static str {
    if reached { "PASS" } else { "FAIL" }
}
