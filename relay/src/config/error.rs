//! What is wrong with a setting, in one line.

use super::Source;

#[derive(Debug, thiserror::Error)]
pub enum ConfigError {
    #[error("{path}: cannot be read: {reason}")]
    Unreadable { path: String, reason: String },
    #[error("{path}:{line}: not TOML: {reason}")]
    NotToml { path: String, line: usize, reason: String },
    #[error("{path}: unknown key '{key}'; `relay config` prints those that exist")]
    UnknownKey { path: String, key: String },
    #[error("{path}: '{key}' must be a text, a number, true or false")]
    WrongType { path: String, key: String },
    #[error("{} is '{value}'; expected {expected}", place(.from, .key))]
    Invalid { from: Source, key: &'static str, value: String, expected: &'static str },
    #[error("{} is no signing key; expected {expected}", place(.from, .key))]
    InvalidSecret { from: Source, key: &'static str, expected: &'static str },
}

/// How the operator wrote the setting.
fn place(source: &Source, key: &str) -> String {
    match source {
        Source::Flag => format!("--{key}"),
        Source::Environment(variable) => variable.clone(),
        Source::File(path) => format!("{}: '{key}'", path.display()),
        Source::Default => key.to_owned(),
    }
}
