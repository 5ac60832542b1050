//! What may stand on the command line.

const USAGE: &str = "\
usage: data [--many 100000] [--few 1000] [--requests 500] [--check]

  --many      conversations of ten messages in one relay, as many as targets are set for
  --few       in the other
  --requests  of each kind to each relay, after a tenth of them as a warm-up
  --check     the exit code says whether every target is reached

The relay is the one that RELAY_BIN names, else the one beside this program.";

#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Arguments {
    pub(crate) many: usize,
    pub(crate) few: usize,
    pub(crate) requests: usize,
    pub(crate) check: bool,
}

pub(crate) fn parse(mut words: impl Iterator<Item = String>) -> Result<Arguments, String> {
    let mut arguments = Arguments { many: 100_000, few: 1_000, requests: 500, check: false };
    while let Some(word) = words.next() {
        let mut number = || {
            let value = words.next().and_then(|value| value.parse().ok()).filter(|number| *number > 0);
            value.ok_or_else(|| format!("{word} needs a number\n\n{USAGE}"))
        };
        match word.as_str() {
            "--many" => arguments.many = number()?,
            "--few" => arguments.few = number()?,
            "--requests" => arguments.requests = number()?,
            "--check" => arguments.check = true,
            _ => return Err(format!("`{word}` is not known here\n\n{USAGE}")),
        }
    }
    Ok(arguments)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_number_can_be_set_and_what_is_wrong_is_named() {
        let parsed = |line: &str| parse(line.split_whitespace().map(str::to_owned));
        let expected = Arguments { many: 5, few: 2, requests: 3, check: true };
        assert_eq!(parsed("--many 5 --few 2 --requests 3 --check"), Ok(expected));
        for (line, word) in [("--many 0", "--many"), ("--few x", "--few"), ("fast", "`fast`")] {
            assert!(parsed(line).unwrap_err().contains(word), "{line}");
        }
    }
}
