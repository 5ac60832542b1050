//! What an operator can set: every key as a flag, as `RELAY_…` in the environment and in a TOML file.
//! One table of keys (`settings`, `limits`); `sources` decides whose value counts; `value` reads it.

mod error;
mod limits;
mod settings;
mod sources;
mod value;

pub use error::ConfigError;
pub use limits::Limits;
pub use settings::{General, LogFormat, Settings};
pub use sources::{Effective, Flags, Source};
pub use value::Secret;

/// One setting as it is named to people.
#[derive(Debug)]
pub(crate) struct Key {
    /// As a flag and in the file: `data-dir`.
    name: &'static str,
    /// What stands for its value in `--help`.
    placeholder: &'static str,
    default: Option<&'static str>,
    help: &'static str,
}

impl Key {
    /// The environment variable: `RELAY_DATA_DIR`.
    fn variable(&self) -> String {
        format!("RELAY_{}", self.name.to_uppercase().replace('-', "_"))
    }

    /// Shown to nobody, and no flag: other users of the machine can read a command line.
    fn is_secret(&self) -> bool {
        self.name == "secret"
    }

    /// On or off.
    fn is_switch(&self) -> bool {
        matches!(self.default, Some("true" | "false"))
    }

    /// Only says where the others are.
    fn is_config(&self) -> bool {
        self.name == "config"
    }
}

/// Declares a group of settings once: the struct, its keys, and how it is read.
macro_rules! declare {
    (
        $(#[$attribute:meta])*
        pub struct $group:ident {
            $($(#[doc = $doc:literal])+ $field:ident: $type:ty = $name:literal $placeholder:literal $default:expr;)*
        }
    ) => {
        $(#[$attribute])*
        #[derive(Debug, Clone)]
        pub struct $group {
            $($(#[doc = $doc])+ pub $field: $type,)*
        }

        impl $group {
            pub(super) const KEYS: &[super::Key] = &[$(super::Key {
                name: $name,
                placeholder: $placeholder,
                default: $default,
                help: concat!($($doc),+),
            }),*];

            pub(super) fn read(effective: &super::Effective) -> Result<Self, super::ConfigError> {
                Ok(Self { $($field: effective.read($name)?,)* })
            }
        }
    };
}
use declare;

/// Every key, in the order in which `relay config` prints them.
fn keys() -> impl Iterator<Item = &'static Key> {
    Settings::KEYS.iter().chain(Limits::KEYS)
}
