//! A server under test as the operating system sees it: signals, processor time, memory.

use rustix::process::{Pid, Signal, kill_process};
use std::{fs, io, process::ExitStatus, time::Duration};
use tokio::process::{Child, Command};

/// Killed when dropped.
#[derive(Debug)]
pub struct Process {
    child: Child,
    pid: u32,
}

/// Resident memory in bytes (proc(5), `/proc/<pid>/status`).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Memory {
    pub resident: u64,
    /// The part that no file backs: heap and stacks.
    pub anonymous: u64,
}

impl Process {
    /// # Errors
    /// When the program cannot be started.
    pub fn start(command: &mut Command) -> io::Result<Self> {
        let child = command.kill_on_drop(true).spawn()?;
        let pid = child.id().expect("a child that was not waited for has an id");
        Ok(Self { child, pid })
    }

    #[must_use]
    pub fn pid(&self) -> u32 {
        self.pid
    }

    /// SIGKILL: nothing of the process runs after this, not even its clean-up.
    pub async fn kill(&mut self) {
        self.child.kill().await.expect("the process is ours");
    }

    /// SIGTERM.
    pub fn terminate(&self) {
        let pid = i32::try_from(self.pid).ok().and_then(Pid::from_raw).expect("an id of a process");
        kill_process(pid, Signal::TERM).expect("the process is ours");
    }

    /// Waits for the end of the process.
    pub async fn exited(&mut self) -> ExitStatus {
        self.child.wait().await.expect("the process is ours")
    }

    /// How the process ended, if it has.
    pub fn try_exited(&mut self) -> Option<ExitStatus> {
        self.child.try_wait().expect("the process is ours")
    }

    /// Processor time used so far, of all threads, in user and in kernel mode. Linux counts it in ticks of 10 ms.
    #[must_use]
    pub fn cpu(&self) -> Duration {
        let stat = self.proc_file("stat");
        // The second field is the program's name in parentheses, with whatever characters it has.
        let (_, fields) = stat.rsplit_once(')').expect("proc(5): the name is in parentheses");
        let ticks: u64 =
            fields.split_whitespace().skip(11).take(2).filter_map(|n| n.parse::<u64>().ok()).sum();
        Duration::from_millis(ticks * 1000 / rustix::param::clock_ticks_per_second())
    }

    #[must_use]
    pub fn memory(&self) -> Memory {
        let status = self.proc_file("status");
        let bytes = |name: &str| {
            let line =
                status.lines().find_map(|line| line.strip_prefix(name)).expect("proc(5): status has it");
            let kibibytes =
                line.trim().trim_end_matches(" kB").parse::<u64>().expect("proc(5): a number of kB");
            kibibytes * 1024
        };
        Memory { resident: bytes("VmRSS:"), anonymous: bytes("RssAnon:") }
    }

    fn proc_file(&self, name: &str) -> String {
        fs::read_to_string(format!("/proc/{}/{name}", self.pid)).expect("the process runs")
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::os::unix::process::ExitStatusExt;

    #[tokio::test]
    async fn a_process_is_measured_and_stopped() {
        let mut process = Process::start(Command::new("sleep").arg("60")).unwrap();
        let memory = process.memory();
        assert!(memory.resident > 0 && memory.anonymous <= memory.resident);
        assert!(process.cpu() < Duration::from_secs(1));
        process.terminate();
        assert_eq!(process.exited().await.signal(), Some(15));
    }
}
