//! The figures, side by side, and whether they reach the targets.

use crate::{
    idle::Idle,
    run::Way,
    server::{Kind, Outcome},
};
use std::{
    collections::{BTreeMap, BTreeSet},
    fmt,
};

/// Durable messages per second.
const RATE_TARGET: f64 = 15_000.0;
/// Server CPU per durable message delivered to two sockets, against the bare loop's, at the smallest window: a
/// widget has one message on its way. Larger windows measure how much of the work both share in large groups.
const CPU_RATIO_TARGET: f64 = 1.5;
/// Server CPU per message that is posted through the REST API, against the same over the visitor's socket.
const POSTED_RATIO_TARGET: f64 = 2.0;
/// Resident bytes per idle socket.
const IDLE_TARGET: u64 = 14 * 1024;

/// One measurement, or the medians of several.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct Figures {
    /// Durable messages per second.
    rate: f64,
    /// Microseconds from sending to the acknowledgement: half of all messages, 99 of 100.
    acknowledged: [f64; 2],
    /// The same, to the other reader.
    delivered: [f64; 2],
    /// Microseconds of server CPU per message.
    cpu: f64,
}

/// Of one column: a server, and how messages pass through it.
type Column = (Kind, Way);

impl Figures {
    /// The two that do the same work, and how agents read in earnest.
    pub(crate) const COMPARED: [Column; 3] =
        [(Kind::BareLoop, Way::Sockets), (Kind::Relay, Way::Sockets), (Kind::Relay, Way::Agent)];
    /// One message after the other, since those that are posted side by side have no order.
    pub(crate) const POSTED: usize = Self::COMPARED.len();

    #[expect(clippy::cast_precision_loss, reason = "far below 2^52 messages")]
    fn of(mut outcome: Outcome) -> Self {
        let messages = outcome.messages.max(1) as f64;
        let percentiles = |latencies: &mut ::tests::latency::Latencies| {
            [50, 99].map(|per_cent| f64::from(latencies.percentile(per_cent)))
        };
        Self {
            rate: outcome.messages as f64 / outcome.elapsed.as_secs_f64(),
            acknowledged: percentiles(&mut outcome.acknowledged),
            delivered: percentiles(&mut outcome.delivered),
            cpu: outcome.cpu.as_secs_f64() * 1e6 / messages,
        }
    }

    fn median(of: &[Self]) -> Self {
        let by = |figure: &dyn Fn(&Self) -> f64| median(of.iter().map(figure).collect());
        Self {
            rate: by(&|figures| figures.rate),
            acknowledged: [by(&|figures| figures.acknowledged[0]), by(&|figures| figures.acknowledged[1])],
            delivered: [by(&|figures| figures.delivered[0]), by(&|figures| figures.delivered[1])],
            cpu: by(&|figures| figures.cpu),
        }
    }
}

#[derive(Debug, Default)]
pub(crate) struct Report {
    windows: BTreeSet<usize>,
    /// Of every round.
    runs: BTreeMap<(usize, usize), Vec<Figures>>,
    idle: Vec<(Kind, Idle)>,
}

impl Report {
    pub(crate) fn add(&mut self, kind: Kind, way: Way, window: usize, outcome: Outcome) {
        let column = Figures::COMPARED.iter().position(|compared| *compared == (kind, way));
        let column = column.unwrap_or(Figures::POSTED);
        self.windows.insert(window);
        self.runs.entry((window, column)).or_default().push(Figures::of(outcome));
    }

    pub(crate) fn add_idle(&mut self, kind: Kind, idle: Idle) {
        self.idle.push((kind, idle));
    }

    pub(crate) fn print(&self) {
        say(format_args!(""));
        let columns = Figures::COMPARED.map(|(kind, reader)| format!("{kind}, {reader}"));
        say(format_args!("{:<34}{:>28}{:>28}{:>7}{:>28}", "", columns[0], columns[1], "ratio", columns[2]));
        for &window in &self.windows {
            let [bare, relay, agent] = [0, 1, 2].map(|column| self.median(window, column));
            let row = |name: &str, figure: &dyn Fn(&Figures) -> f64| {
                let [bare, relay, agent] = [figure(&bare), figure(&relay), figure(&agent)];
                let name = format!("{window:>2} in flight  {name}");
                say(format_args!("{name:<34}{bare:>28.1}{relay:>28.1}{:>7.2}{agent:>28.1}", relay / bare));
            };
            row("messages/s", &|figures| figures.rate);
            row("send→ack p50, µs", &|figures| figures.acknowledged[0]);
            row("send→ack p99, µs", &|figures| figures.acknowledged[1]);
            row("send→reader p50, µs", &|figures| figures.delivered[0]);
            row("send→reader p99, µs", &|figures| figures.delivered[1]);
            row("CPU/message, µs", &|figures| figures.cpu);
        }
        if self.runs.contains_key(&(1, Figures::POSTED)) {
            let Figures { rate, acknowledged, cpu, .. } = self.median(1, Figures::POSTED);
            say(format_args!(
                "{}: {rate:.1} messages/s, post→answer p50 {:.1} and p99 {:.1} µs, {cpu:.1} µs of CPU a message",
                Way::Posted,
                acknowledged[0],
                acknowledged[1]
            ));
        }
        for (kind, idle) in &self.idle {
            say(format_args!(
                "idle socket, {kind}: {} bytes resident; {} once its conversation has begun",
                idle.greeted, idle.begun
            ));
        }
        say(format_args!(""));
        for target in self.targets() {
            say(format_args!("{target}"));
        }
    }

    pub(crate) fn reaches_all(&self) -> bool {
        self.targets().iter().all(|target| target.reached)
    }

    fn targets(&self) -> Vec<Target> {
        let best = self.windows.iter().map(|window| self.median(*window, 1).rate).fold(0.0, f64::max);
        let mut targets = vec![Target {
            text: format!("{best:.0} durable messages/s, at least {RATE_TARGET:.0}"),
            reached: best >= RATE_TARGET,
        }];
        if let Some(&window) = self.windows.first() {
            let ratio = self.median(window, 1).cpu / self.median(window, 0).cpu;
            let text = format!(
                "{ratio:.2} × the bare loop's CPU with {window} in flight, at most {CPU_RATIO_TARGET}"
            );
            targets.push(Target { text, reached: ratio <= CPU_RATIO_TARGET });
        }
        if self.runs.contains_key(&(1, Figures::POSTED)) {
            let ratio = self.median(1, Figures::POSTED).cpu / self.median(1, 1).cpu;
            let text = format!("{ratio:.2} × the socket's CPU when posted, at most {POSTED_RATIO_TARGET}");
            targets.push(Target { text, reached: ratio <= POSTED_RATIO_TARGET });
        }
        if let Some((_, idle)) = self.idle.iter().find(|(kind, _)| *kind == Kind::Relay) {
            let bytes = idle.greeted.max(idle.begun);
            let text = format!("{bytes} bytes per idle socket, at most {IDLE_TARGET}");
            targets.push(Target { text, reached: bytes <= IDLE_TARGET });
        }
        targets
    }

    fn median(&self, window: usize, column: usize) -> Figures {
        self.runs.get(&(window, column)).map(|runs| Figures::median(runs)).unwrap_or_default()
    }
}

struct Target {
    text: String,
    reached: bool,
}

impl fmt::Display for Target {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}  {}", if self.reached { "PASS" } else { "FAIL" }, self.text)
    }
}

#[expect(clippy::print_stdout, reason = "the report is what this program is for")]
pub(crate) fn say(line: fmt::Arguments<'_>) {
    println!("{line}");
}

pub(crate) fn complain(line: &str) {
    eprintln!("{line}");
}

fn median(mut figures: Vec<f64>) -> f64 {
    figures.sort_by(f64::total_cmp);
    figures.get(figures.len() / 2).copied().unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::time::Duration;

    fn report(relay_cpu_ms: u64) -> Report {
        let mut report = Report::default();
        report.add(Kind::BareLoop, Way::Sockets, 8, outcome(1_000));
        report.add(Kind::Relay, Way::Sockets, 8, outcome(relay_cpu_ms));
        report
    }

    fn outcome(cpu_ms: u64) -> Outcome {
        let (elapsed, cpu) = (Duration::from_secs(1), Duration::from_millis(cpu_ms));
        Outcome { messages: 20_000, elapsed, cpu, ..Outcome::default() }
    }

    #[test]
    fn a_target_that_is_missed_shows() {
        assert!(report(1_400).reaches_all());
        assert!(!report(1_600).reaches_all());
        for (posted, reaches) in [(1_900, true), (2_100, false)] {
            let mut report = Report::default();
            for (kind, way, cpu) in [
                (Kind::BareLoop, Way::Sockets, 1_000),
                (Kind::Relay, Way::Sockets, 1_000),
                (Kind::Relay, Way::Posted, posted),
            ] {
                report.add(kind, way, 1, outcome(cpu));
            }
            assert_eq!(report.reaches_all(), reaches);
        }
        let mut report = report(1_000);
        report.add_idle(Kind::Relay, Idle { greeted: 9_000, begun: 20_000 });
        assert!(!report.reaches_all());
    }

    #[test]
    fn one_odd_round_does_not_move_the_median() {
        assert!((median(vec![3.0, 100.0, 2.0]) - 3.0).abs() < f64::EPSILON);
        assert!(median(Vec::new()).abs() < f64::EPSILON);
    }
}
