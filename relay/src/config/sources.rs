//! Where a setting's value comes from: flag, then environment, then file, then default.

use super::{ConfigError, Key, keys, value::Value};
use clap::{Arg, ArgMatches, Command};
use std::{
    collections::BTreeMap,
    fmt,
    path::{Path, PathBuf},
};

/// The settings that were given on the command line.
#[derive(Debug, Clone, Default)]
pub struct Flags(BTreeMap<&'static str, String>);

#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Source {
    Flag,
    /// The variable's name.
    Environment(String),
    File(PathBuf),
    Default,
}

/// The text of every setting, and who gave it.
#[derive(Debug)]
pub struct Effective(Vec<Entry>);

#[derive(Debug)]
struct Entry {
    key: &'static Key,
    text: Option<String>,
    source: Source,
}

impl Effective {
    /// `environment` is `std::env::var(…).ok()` of the process.
    ///
    /// # Errors
    /// One line about the file: it cannot be read, is not TOML, or has a key that does not exist.
    pub fn resolve(flags: &Flags, environment: impl Fn(&str) -> Option<String>) -> Result<Self, ConfigError> {
        let given = |key: &Key| {
            let variable = key.variable();
            let flag = flags.0.get(key.name).map(|text| (text.clone(), Source::Flag));
            flag.or_else(|| environment(&variable).map(|text| (text, Source::Environment(variable))))
        };
        let path = keys().find(|key| key.is_config()).and_then(given).map(|(path, _)| PathBuf::from(path));
        let mut file = match &path {
            Some(path) => read_file(path)?,
            None => BTreeMap::new(),
        };
        let entries = keys().map(|key| {
            let in_file =
                file.remove(key.name).zip(path.clone()).map(|(text, path)| (text, Source::File(path)));
            match given(key).or(in_file) {
                Some((text, source)) => Entry { key, text: Some(text), source },
                None => Entry { key, text: key.default.map(str::to_owned), source: Source::Default },
            }
        });
        Ok(Self(entries.collect()))
    }

    pub(super) fn read<T: Value>(&self, name: &'static str) -> Result<T, ConfigError> {
        let entry = self.0.iter().find(|entry| entry.key.name == name).expect("every key has an entry");
        T::from_setting(entry.text.as_deref()).ok_or_else(|| {
            let (from, key, expected) = (entry.source.clone(), name, T::EXPECTED);
            let value = entry.text.clone().unwrap_or_default();
            match entry.key.is_secret() {
                true => ConfigError::InvalidSecret { from, key, expected },
                false => ConfigError::Invalid { from, key, value, expected },
            }
        })
    }
}

/// As a TOML file that gives the same settings.
impl fmt::Display for Effective {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for Entry { key, text, source } in &self.0 {
            let line = match text {
                Some(_) if key.is_secret() => format!("# {} = (hidden)", key.name),
                Some(text) if key.is_config() => format!("# {} = {text:?}", key.name),
                Some(text) if text.parse::<u64>().is_ok() || text.parse::<bool>().is_ok() => {
                    format!("{} = {text}", key.name)
                }
                Some(text) => format!("{} = {text:?}", key.name),
                None => format!("# {} is not set", key.name),
            };
            writeln!(f, "{line:<44} # {source}")?;
        }
        Ok(())
    }
}

impl fmt::Display for Source {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Flag => f.write_str("flag"),
            Self::Environment(variable) => f.write_str(variable),
            Self::File(path) => path.display().fmt(f),
            Self::Default => f.write_str("default"),
        }
    }
}

impl clap::Args for Flags {
    fn augment_args(command: Command) -> Command {
        keys().filter(|key| !key.is_secret()).fold(command, |command, key| command.arg(argument(key)))
    }

    fn augment_args_for_update(command: Command) -> Command {
        Self::augment_args(command)
    }
}

impl clap::FromArgMatches for Flags {
    fn from_arg_matches(matches: &ArgMatches) -> Result<Self, clap::Error> {
        let given = keys().filter(|key| !key.is_secret());
        let given = given.filter_map(|key| Some((key.name, matches.get_one::<String>(key.name)?.clone())));
        Ok(Self(given.collect()))
    }

    fn update_from_arg_matches(&mut self, matches: &ArgMatches) -> Result<(), clap::Error> {
        *self = Self::from_arg_matches(matches)?;
        Ok(())
    }
}

fn argument(key: &'static Key) -> Arg {
    let default = key.default.map(|default| format!(" [default: {default}]")).unwrap_or_default();
    let is_limit = super::Limits::KEYS.iter().any(|limit| limit.name == key.name);
    let argument = Arg::new(key.name)
        .long(key.name)
        .value_name(key.placeholder)
        .help(format!("{} [env: {}]{default}", key.help.trim().replace('`', ""), key.variable()))
        .help_heading(if is_limit { "Limits" } else { "Settings" });
    if key.is_switch() {
        // `--name` alone switches it on.
        return argument.num_args(0..=1).require_equals(true).default_missing_value("true");
    }
    argument
}

fn read_file(path: &Path) -> Result<BTreeMap<String, String>, ConfigError> {
    let shown = path.display().to_string();
    let text = std::fs::read_to_string(path)
        .map_err(|error| ConfigError::Unreadable { path: shown.clone(), reason: error.to_string() })?;
    let table: toml::Table = text.parse().map_err(|error: toml::de::Error| {
        let offset = error.span().map_or(0, |span| span.start);
        let line = text.bytes().take(offset).filter(|byte| *byte == b'\n').count() + 1;
        ConfigError::NotToml { path: shown.clone(), line, reason: error.message().replace('\n', ", ") }
    })?;
    table.into_iter().map(|(key, value)| Ok((known(&shown, &key)?, written(&shown, &key, value)?))).collect()
}

fn known(path: &str, key: &str) -> Result<String, ConfigError> {
    if keys().any(|known| known.name == key && !known.is_config()) {
        return Ok(key.to_owned());
    }
    Err(ConfigError::UnknownKey { path: path.to_owned(), key: key.to_owned() })
}

fn written(path: &str, key: &str, value: toml::Value) -> Result<String, ConfigError> {
    match value {
        toml::Value::String(text) => Ok(text),
        toml::Value::Integer(number) => Ok(number.to_string()),
        toml::Value::Boolean(truth) => Ok(truth.to_string()),
        toml::Value::Float(_) | toml::Value::Datetime(_) | toml::Value::Array(_) | toml::Value::Table(_) => {
            Err(ConfigError::WrongType { path: path.to_owned(), key: key.to_owned() })
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::config::Settings;
    use std::io::Write;

    #[test]
    fn a_flag_wins_over_the_environment_and_that_over_the_file() {
        let file = file("listen = '127.0.0.1:3'\ndata-dir = 'from-file'\nvisitor-messages = 7\n");
        let flags = flags(&[("config", path(&file)), ("listen", "127.0.0.1:1")]);
        let environment = |name: &str| match name {
            "RELAY_LISTEN" => Some("127.0.0.1:2".to_owned()),
            "RELAY_DATA_DIR" => Some("from-environment".to_owned()),
            _ => None,
        };

        let settings = Settings::read(&Effective::resolve(&flags, environment).unwrap()).unwrap();

        assert_eq!(settings.general.listen.port(), 1);
        assert_eq!(settings.general.data_dir, PathBuf::from("from-environment"));
        assert_eq!(settings.limits.visitor_messages, 7);
        assert_eq!(settings.limits.new_conversations, 60);
    }

    #[test]
    fn what_is_wrong_is_said_in_one_line_that_names_key_and_place() {
        let file = file("lisen = '127.0.0.1:3'");
        let path = path(&file).to_owned();
        let unknown = complaint(&flags(&[("config", &path)]), |_| None);
        assert_eq!(unknown, format!("{path}: unknown key 'lisen'; `relay config` prints those that exist"));

        let value = complaint(&flags(&[("listen", "8080")]), |_| None);
        assert_eq!(value, "--listen is '8080'; expected an address and a port such as 127.0.0.1:8080");

        let number = complaint(&Flags::default(), of("RELAY_VISITOR_MESSAGES", "many"));
        assert_eq!(number, "RELAY_VISITOR_MESSAGES is 'many'; expected a whole number from 0 to 4294967295");

        let missing = complaint(&flags(&[("config", "/nowhere/relay.toml")]), |_| None);
        assert!(missing.starts_with("/nowhere/relay.toml: cannot be read: "), "{missing}");
    }

    #[test]
    fn a_switch_is_on_where_it_is_only_named() {
        let command = <Flags as clap::Args>::augment_args(Command::new("relay"));
        let allowed = |arguments: &[&str], environment: &'static str| {
            let matches = command.clone().get_matches_from(["relay"].iter().chain(arguments));
            let flags = <Flags as clap::FromArgMatches>::from_arg_matches(&matches).unwrap();
            let environment = of("RELAY_ALLOW_PRIVATE_WEBHOOKS", environment);
            let effective = Effective::resolve(&flags, environment).unwrap();
            Settings::read(&effective).unwrap().general.allow_private_webhooks
        };
        assert!(allowed(&["--allow-private-webhooks", "--listen", "127.0.0.1:1"], "false"));
        assert!(!allowed(&["--allow-private-webhooks=false"], "true"));
        assert!(allowed(&[], "true"));
        let wrong = complaint(&Flags::default(), of("RELAY_ALLOW_PRIVATE_WEBHOOKS", "yes"));
        assert_eq!(wrong, "RELAY_ALLOW_PRIVATE_WEBHOOKS is 'yes'; expected true or false");
    }

    #[test]
    fn a_broken_file_is_named_with_the_line() {
        let file = file("listen = '127.0.0.1:3'\ndata-dir =\n");
        let broken = complaint(&flags(&[("config", path(&file))]), |_| None);
        assert!(broken.starts_with(&format!("{}:2: not TOML: ", path(&file))), "{broken}");
        assert_eq!(broken.lines().count(), 1);
    }

    #[test]
    fn a_secret_is_never_shown() {
        let short = complaint(&Flags::default(), of("RELAY_SECRET", "hunter2"));
        assert_eq!(short, "RELAY_SECRET is no signing key; expected at least 32 characters");

        let effective =
            Effective::resolve(&Flags::default(), of("RELAY_SECRET", "0123456789abcdef0123456789abcdef"));
        let shown = effective.unwrap().to_string();
        assert!(shown.contains("# secret = (hidden)") && !shown.contains("0123456789abcdef"), "{shown}");
    }

    fn of(name: &'static str, value: &'static str) -> impl Fn(&str) -> Option<String> {
        move |asked| (asked == name).then(|| value.to_owned())
    }

    fn complaint(flags: &Flags, environment: impl Fn(&str) -> Option<String>) -> String {
        match Effective::resolve(flags, environment).and_then(|effective| Settings::read(&effective)) {
            Ok(_) => panic!("these settings are accepted"),
            Err(error) => error.to_string(),
        }
    }

    fn flags(given: &[(&'static str, &str)]) -> Flags {
        Flags(given.iter().map(|(name, text)| (*name, (*text).to_owned())).collect())
    }

    fn file(text: &str) -> tempfile::NamedTempFile {
        let mut file = tempfile::NamedTempFile::new().unwrap();
        file.write_all(text.as_bytes()).unwrap();
        file
    }

    fn path(file: &tempfile::NamedTempFile) -> &str {
        file.path().to_str().unwrap()
    }
}
