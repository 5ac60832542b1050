//! What can be asked of the relay from a shell.

mod serve;
mod store;

use anyhow::Result;
use clap::{Parser, Subcommand};
use relay::config::{Effective, Flags, Settings};
use std::io::{self, Write};

/// A live chat between the visitors of web sites and the people who answer them.
#[derive(Debug, Parser)]
#[command(name = "relay", version, max_term_width = 110)]
pub(crate) struct Cli {
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Serves the widget, the API and the sockets.
    Serve(Flags),
    /// Prints the settings that count, and where each comes from.
    Config(Flags),
    /// Creates and revokes API tokens.
    #[command(subcommand)]
    Token(store::Token),
    /// Creates users.
    #[command(subcommand)]
    User(store::User),
    /// Creates organizations.
    #[command(subcommand)]
    Organization(store::Organization),
}

impl Cli {
    pub(crate) fn run(self) -> Result<()> {
        match self.command {
            Command::Serve(flags) => serve::run(settings(&flags)?),
            Command::Config(flags) => {
                let effective = effective(&flags)?;
                Settings::read(&effective)?;
                say(effective)
            }
            Command::Token(command) => command.run(),
            Command::User(command) => command.run(),
            Command::Organization(command) => command.run(),
        }
    }
}

fn effective(flags: &Flags) -> Result<Effective> {
    Ok(Effective::resolve(flags, |name| std::env::var(name).ok())?)
}

fn settings(flags: &Flags) -> Result<Settings> {
    Ok(Settings::read(&effective(flags)?)?)
}

/// Writes to stdout, where a closed pipe is an error and no panic.
fn say(text: impl std::fmt::Display) -> Result<()> {
    let mut stdout = io::stdout().lock();
    writeln!(stdout, "{}", text.to_string().trim_end())?;
    Ok(stdout.flush()?)
}
