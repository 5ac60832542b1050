//! `relay backup`, `relay restore`, `relay migrate`: the database as a whole.

use super::{say, settings};
use anyhow::Result;
use clap::Args;
use relay::{config::Flags, start, store};
use std::path::PathBuf;

#[derive(Debug, Args)]
pub(super) struct Backup {
    /// The new file. One that exists is not replaced.
    file: PathBuf,
    #[command(flatten)]
    flags: Flags,
}

#[derive(Debug, Args)]
pub(super) struct Restore {
    /// What `relay backup` has written.
    file: PathBuf,
    /// Puts aside the database that is there.
    #[arg(long)]
    force: bool,
    #[command(flatten)]
    flags: Flags,
}

impl Backup {
    pub(super) fn run(self) -> Result<()> {
        let settings = settings(&self.flags)?;
        store::back_up(&start::database_path(&settings.general.data_dir), &self.file)?;
        say(format!("{} has what was stored until now", self.file.display()))
    }
}

impl Restore {
    pub(super) fn run(self) -> Result<()> {
        let data_dir = settings(&self.flags)?.general.data_dir;
        start::create_data_dir(&data_dir)?;
        store::restore(&self.file, &start::database_path(&data_dir), self.force)?;
        say(format!("{} is restored; `relay serve` starts with it", data_dir.display()))
    }
}

/// Brings the database to this version, as `relay serve` does when it starts.
pub(super) fn migrate(flags: &Flags) -> Result<()> {
    let settings = settings(flags)?;
    let path = start::database_path(&settings.general.data_dir);
    let before = store::version(&path)?;
    let (store, _) = start::open_store(&settings, false)?;
    let after = store::version(&path)?;
    tokio::runtime::Builder::new_current_thread().build()?.block_on(store.close());
    say(match before == after {
        true => format!("{} has version {after} already", path.display()),
        false => format!("{} had version {before} and has version {after}", path.display()),
    })
}
