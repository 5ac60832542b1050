//! What can be asked of the relay from a shell.

mod backup;
mod doctor;
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
    /// Writes the database to a new file, also while a relay serves.
    Backup(backup::Backup),
    /// Puts a backup in the place of the database.
    Restore(backup::Restore),
    /// Brings the database to the version of this relay.
    Migrate(Flags),
    /// Looks whether everything is as a relay needs it, and says what to do where it is not.
    Doctor(Flags),
    /// Creates, lists and revokes API tokens.
    #[command(subcommand)]
    Token(store::Token),
    /// Creates and lists users.
    #[command(subcommand)]
    User(store::User),
    /// Creates and lists organizations.
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
            Command::Backup(command) => command.run(),
            Command::Restore(command) => command.run(),
            Command::Migrate(flags) => backup::migrate(&flags),
            Command::Doctor(flags) => doctor::run(&flags),
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
