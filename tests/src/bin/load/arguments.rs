//! What may stand on the command line.

use std::{net::SocketAddr, path::PathBuf, str::FromStr, time::Duration};

const USAGE: &str = "\
usage: load [--conversations 50] [--seconds 5] [--window 1,8,32] [--rounds 3] [--idle 5000] [--check]

  --conversations  visitors that send, each with a second socket that reads
  --seconds        of each measurement, after one of warm-up
  --window         messages of each visitor that wait for their acknowledgement
  --rounds         of which the medians are shown
  --idle           sockets of the memory measurement; 0 leaves it out
  --check          the exit code says whether every target is reached

The relay is the one that RELAY_BIN names, else the one beside this program.";

#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Command {
    Load(Arguments),
    /// What `load` starts to compare with.
    BareLoop {
        listen: SocketAddr,
        database: PathBuf,
    },
}

#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Arguments {
    pub(crate) conversations: usize,
    pub(crate) duration: Duration,
    pub(crate) windows: Vec<usize>,
    pub(crate) rounds: usize,
    pub(crate) idle: usize,
    pub(crate) check: bool,
}

impl Default for Arguments {
    fn default() -> Self {
        Self {
            conversations: 50,
            duration: Duration::from_secs(5),
            windows: vec![1, 8, 32],
            rounds: 3,
            idle: 5_000,
            check: false,
        }
    }
}

pub(crate) fn parse(mut words: impl Iterator<Item = String>) -> Result<Command, String> {
    let mut arguments = Arguments::default();
    while let Some(word) = words.next() {
        let mut value = || words.next().ok_or_else(|| format!("{word} needs a value\n\n{USAGE}"));
        match word.as_str() {
            "bare-loop" => {
                let listen = one(&word, &value()?)?;
                return Ok(Command::BareLoop { listen, database: value()?.into() });
            }
            "--conversations" => arguments.conversations = positive(&word, &value()?)?,
            "--seconds" => arguments.duration = Duration::from_secs(positive(&word, &value()?)? as u64),
            "--window" => {
                let windows = value()?;
                arguments.windows =
                    windows.split(',').map(|window| positive(&word, window)).collect::<Result<_, _>>()?;
            }
            "--rounds" => arguments.rounds = positive(&word, &value()?)?,
            "--idle" => arguments.idle = one(&word, &value()?)?,
            "--check" => arguments.check = true,
            _ => return Err(format!("`{word}` is not known here\n\n{USAGE}")),
        }
    }
    Ok(Command::Load(arguments))
}

fn one<T: FromStr>(name: &str, value: &str) -> Result<T, String> {
    value.parse().map_err(|_| format!("`{value}` is no value of {name}\n\n{USAGE}"))
}

fn positive(name: &str, value: &str) -> Result<usize, String> {
    match one(name, value)? {
        0 => Err(format!("{name} cannot be 0")),
        number => Ok(number),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parsed(line: &str) -> Result<Command, String> {
        parse(line.split_whitespace().map(str::to_owned))
    }

    #[test]
    fn every_figure_can_be_set() {
        let command = parsed("--conversations 2 --seconds 3 --window 4,5 --rounds 6 --idle 0 --check");
        let expected = Arguments {
            conversations: 2,
            duration: Duration::from_secs(3),
            windows: vec![4, 5],
            rounds: 6,
            idle: 0,
            check: true,
        };
        assert_eq!(command, Ok(Command::Load(expected)));
        assert_eq!(parsed(""), Ok(Command::Load(Arguments::default())));
    }

    #[test]
    fn what_is_wrong_is_named() {
        for (line, word) in
            [("--seconds", "--seconds"), ("--window 1,x", "`x`"), ("fast", "`fast`"), ("--rounds 0", "0")]
        {
            assert!(parsed(line).unwrap_err().contains(word), "{line}");
        }
    }
}
