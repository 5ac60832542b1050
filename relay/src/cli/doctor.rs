//! `relay doctor`: looks at everything that a relay needs, changes nothing, and says of each thing what it found
//! and what to do. Exit code 1 where something would stop a relay or lose what it is told.

use super::{effective, say};
use anyhow::{Result, bail};
use relay::{
    app::now,
    auth::SigningKey,
    config::{Flags, Settings},
    files::Files,
    start,
    store::{self, Inspection},
};
use shared::Millis;
use std::{fs, path::Path};

/// Below this, messages of the next days may not fit.
const LITTLE_SPACE: u64 = 1 << 30;
/// Below this, SQLite soon refuses to write.
const NO_SPACE: u64 = 64 << 20;
/// Messages from further ahead than this were written by another clock, or this one has been turned back.
const AHEAD: Millis = Millis(60_000);

enum Finding {
    Well(String),
    /// It works, and somebody should know.
    Odd(String),
    Wrong(String),
}
use Finding::{Odd, Well, Wrong};

pub(super) fn run(flags: &Flags) -> Result<()> {
    let settings = match effective(flags).and_then(|effective| Ok(Settings::read(&effective)?)) {
        Ok(settings) => settings,
        // Nothing else can be looked at without knowing where it is.
        Err(error) => return report(vec![("configuration", Wrong(error.to_string()))]),
    };
    let data_dir = &settings.general.data_dir;
    let database = inspect(data_dir);
    report(vec![
        ("configuration", Well("every setting can be read; `relay config` prints them".to_owned())),
        ("data directory", directory(data_dir)),
        ("signing key", key(&settings)),
        ("schema version", version(&database)),
        ("database", soundness(&database)),
        ("files", files(&settings)),
        ("free space", space(data_dir)),
        ("clock", clock(&database)),
    ])
}

fn report(findings: Vec<(&str, Finding)>) -> Result<()> {
    let mut wrong = 0;
    let lines = findings.into_iter().map(|(thing, finding)| {
        let (sign, text) = match finding {
            Well(text) => ("ok", text),
            Odd(text) => ("note", text),
            Wrong(text) => {
                wrong += 1;
                ("WRONG", text)
            }
        };
        format!("{sign:<6} {thing:<15} {}", text.replace('\n', " "))
    });
    say(lines.collect::<Vec<_>>().join("\n"))?;
    match wrong {
        0 => Ok(()),
        1 => bail!("one thing is wrong"),
        count => bail!("{count} things are wrong"),
    }
}

/// None where there is no database yet.
fn inspect(data_dir: &Path) -> Option<Result<Inspection, String>> {
    let path = start::database_path(data_dir);
    path.exists().then(|| store::inspect(&path).map_err(|error| error.to_string()))
}

fn directory(path: &Path) -> Finding {
    let shown = path.display();
    if !path.exists() {
        return Odd(format!("{shown} is not there; the first start makes it"));
    }
    if let Err(error) = start::probe(path) {
        return Wrong(format!("{shown} cannot be written to: {error}; change its owner or mode"));
    }
    readable_by_others(path).unwrap_or_else(|| Well(format!("{shown} can be written to")))
}

/// Whether the conversations and keys in there are everybody's.
#[cfg(unix)]
fn readable_by_others(path: &Path) -> Option<Finding> {
    use std::os::unix::fs::PermissionsExt;
    let is_open = |path: &Path| fs::metadata(path).is_ok_and(|found| found.permissions().mode() & 0o077 != 0);
    if !is_open(path) {
        return None;
    }
    let keys = ["secret", "admin-token"].map(|name| path.join(name));
    Some(match keys.iter().find(|key| is_open(key)) {
        Some(key) => Wrong(format!("{} can be read by others; chmod 600 {0}", key.display())),
        None => Odd(format!("{} can be entered by others; chmod 700 {0}", path.display())),
    })
}

#[cfg(not(unix))]
fn readable_by_others(_: &Path) -> Option<Finding> {
    None
}

fn key(settings: &Settings) -> Finding {
    let data_dir = &settings.general.data_dir;
    match (&settings.general.secret, data_dir.join("secret").exists()) {
        (Some(_), _) => Well("it is the operator's".to_owned()),
        (None, false) => Odd("there is none yet; the first start makes it".to_owned()),
        (None, true) => match SigningKey::kept_in(data_dir) {
            Ok(_) => {
                Well(format!("it is in {}; keep a copy with the backups", data_dir.join("secret").display()))
            }
            Err(error) => Wrong(error.to_string()),
        },
    }
}

fn version(database: &Option<Result<Inspection, String>>) -> Finding {
    match database {
        None => Odd("there is no database yet; the first start makes it".to_owned()),
        Some(Err(error)) => Wrong(error.clone()),
        Some(Ok(Inspection { version, known, .. })) if version > known => Wrong(format!(
            "the database has version {version}, this relay knows up to {known}; start the relay that wrote it, or a newer one"
        )),
        Some(Ok(Inspection { version, known, .. })) if version < known => Odd(format!(
            "the database has version {version}, this relay {known}; its next start, or `relay migrate`, brings it there"
        )),
        Some(Ok(Inspection { version, .. })) => Well(format!("{version}, as this relay's")),
    }
}

fn soundness(database: &Option<Result<Inspection, String>>) -> Finding {
    match database {
        None => Odd("there is none yet".to_owned()),
        Some(Err(error)) => Wrong(error.clone()),
        Some(Ok(Inspection { fault: Some(fault), .. })) => {
            Wrong(format!("it is damaged: {fault}; stop the relay and `relay restore` the latest backup"))
        }
        Some(Ok(_)) => Well("every page and every reference is sound".to_owned()),
    }
}

fn files(settings: &Settings) -> Finding {
    let Some(bucket) = &settings.general.files_url else {
        let path = settings.general.data_dir.join("files");
        return match path.exists().then(|| start::probe(&path)) {
            None => Odd(format!("{} is not there; the first start makes it", path.display())),
            Some(Err(error)) => Wrong(format!("{}: {error}; change its owner or mode", path.display())),
            Some(Ok(())) => Well(format!("they are in {}", path.display())),
        };
    };
    let asked = Files::in_bucket(bucket).and_then(|files| {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build();
        runtime.expect("the system has a poll").block_on(files.probe())
    });
    match asked {
        Ok(()) => Well(format!("the bucket {bucket} answers")),
        Err(error) => Wrong(format!(
            "the bucket {bucket} does not answer: {error}; check --files-url and the AWS_ variables"
        )),
    }
}

#[cfg(unix)]
fn space(data_dir: &Path) -> Finding {
    let there = data_dir.ancestors().find(|path| path.exists()).unwrap_or(Path::new("."));
    let free = match rustix::fs::statvfs(there) {
        Ok(found) => found.f_bavail.saturating_mul(found.f_frsize),
        Err(error) => return Odd(format!("it cannot be told: {error}")),
    };
    let text = format!("{} MiB where {} is", free >> 20, data_dir.display());
    match free {
        0..NO_SPACE => Wrong(format!("{text}; make room, or no message can be stored")),
        NO_SPACE..LITTLE_SPACE => Odd(format!("{text}; make room soon")),
        _ => Well(text),
    }
}

#[cfg(not(unix))]
fn space(_: &Path) -> Finding {
    Odd("it cannot be told on this system".to_owned())
}

fn clock(database: &Option<Result<Inspection, String>>) -> Finding {
    let newest = database.as_ref().and_then(|found| found.as_ref().ok()?.newest);
    match newest.map(|newest| newest.since(now())) {
        Some(ahead) if ahead > AHEAD => Wrong(format!(
            "it is {} s behind the newest message; set it (timedatectl), for times and the expiry of tokens rest on it",
            ahead.as_secs()
        )),
        _ => Well(format!("{}, and no message is from the future", now())),
    }
}
