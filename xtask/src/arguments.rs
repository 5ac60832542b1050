//! What may stand after `cargo xtask`.

use anyhow::{Result, bail};

use crate::test::Ring;

pub(crate) const USAGE: &str = "\
usage: cargo xtask COMMAND

  run [-- ARGUMENTS]            build everything and start the relay; ARGUMENTS go to `relay serve`
  build                         build what ships to browsers, into dist/
  test [RING…]                  all rings, or some of: set-up lint trunk unit protocol clients api budget browser
  lint                          the lint ring alone
  bench relay [-- ARGUMENTS]    load the relay; ARGUMENTS go to the load generator
  bench data [-- ARGUMENTS]     fill two relays, and compare how they answer; ARGUMENTS go to the measuring program
  bench widget [-- ARGUMENTS]   bytes that a visitor loads, and the time they take beside others; `--rounds N`
  bench thread [-- ARGUMENTS]   what a thread of 10,000 messages costs the page that shows it; `--messages N`
  screens [-- ARGUMENTS]        draw all that a visitor can see into docs/screens/; ARGUMENTS go to Playwright
  emoji                         write static/emoji/ anew, with the names that Unicode has for them
  audit                         licences, advisories and unused dependencies

Tools that are missing are installed into the user's cache directory, never into the checkout.";

#[derive(Debug, PartialEq)]
pub(crate) enum Command {
    Help,
    Run(Vec<String>),
    Build,
    /// No ring named: all that this machine is asked to run.
    Test(Vec<Ring>),
    Lint,
    Bench(Bench),
    Screens(Vec<String>),
    Emoji,
    Audit,
}

#[derive(Debug, PartialEq)]
pub(crate) enum Bench {
    Relay(Vec<String>),
    Data(Vec<String>),
    Widget(Vec<String>),
    Thread(Vec<String>),
}

pub(crate) fn parse(arguments: impl Iterator<Item = String>) -> Result<Command> {
    let mut own: Vec<String> = arguments.collect();
    let passed_on = match own.iter().position(|argument| argument == "--") {
        Some(dashes) => own.split_off(dashes).split_off(1),
        None => Vec::new(),
    };
    let words: Vec<&str> = own.iter().map(String::as_str).collect();
    let command = match words.as_slice() {
        ["run"] => return Ok(Command::Run(passed_on)),
        ["bench", "relay"] => return Ok(Command::Bench(Bench::Relay(passed_on))),
        ["bench", "data"] => return Ok(Command::Bench(Bench::Data(passed_on))),
        ["bench", "widget"] => return Ok(Command::Bench(Bench::Widget(passed_on))),
        ["bench", "thread"] => return Ok(Command::Bench(Bench::Thread(passed_on))),
        ["screens"] => return Ok(Command::Screens(passed_on)),
        [] | ["help" | "-h" | "--help"] => Command::Help,
        ["build"] => Command::Build,
        ["test", rings @ ..] => {
            Command::Test(rings.iter().map(|name| Ring::named(name)).collect::<Result<_>>()?)
        }
        ["lint"] => Command::Lint,
        ["emoji"] => Command::Emoji,
        ["audit"] => Command::Audit,
        unknown => bail!("`{}` is not a command\n\n{USAGE}", unknown.join(" ")),
    };
    if !passed_on.is_empty() {
        bail!("`{}` takes no arguments after `--`", words.join(" "));
    }
    Ok(command)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_follows_the_dashes_goes_to_the_relay_untouched() {
        let command = parse_line("run -- --listen 127.0.0.1:9000 -- x").unwrap();
        assert_eq!(command, Command::Run(words("--listen 127.0.0.1:9000 -- x")));
    }

    #[test]
    fn rings_are_named() {
        assert_eq!(parse_line("test lint unit").unwrap(), Command::Test(vec![Ring::Lint, Ring::Unit]));
        assert_eq!(parse_line("test").unwrap(), Command::Test(vec![]));
        assert!(parse_line("test units").unwrap_err().to_string().contains("`units`"));
    }

    #[test]
    fn a_mistake_is_named() {
        assert!(parse_line("bench").unwrap_err().to_string().starts_with("`bench` is not a command"));
        assert!(parse_line("build -- x").is_err());
    }

    fn parse_line(line: &str) -> Result<Command> {
        parse(words(line).into_iter())
    }

    fn words(line: &str) -> Vec<String> {
        line.split(' ').map(str::to_owned).collect()
    }
}
