//! The settings that are not limits.

use super::{ConfigError, Effective, Limits, Secret};
use crate::{
    files::Bucket,
    http::{origin::Origin, proxy::Proxies},
};
use std::{net::SocketAddr, path::PathBuf, str::FromStr};
use tracing_subscriber::filter::Targets;

super::declare! {
    pub struct General {
        /// TOML file with settings.
        config: Option<PathBuf> = "config" "FILE" None;
        /// Address and port to listen on.
        listen: SocketAddr = "listen" "ADDRESS" Some("127.0.0.1:8080");
        /// Directory of the database, the signing key and the first admin's token.
        data_dir: PathBuf = "data-dir" "DIRECTORY" Some("./data");
        /// Address under which browsers reach the relay, such as `https://chat.example`; where absent, the Host of each request.
        public_url: Option<Origin> = "public-url" "URL" None;
        /// Proxies in front, as networks by comma such as `127.0.0.1,10.0.0.0/8`: what they say in `Forwarded` or `X-Forwarded-For` is believed.
        trusted_proxies: Option<Proxies> = "trusted-proxies" "NETWORKS" None;
        /// Where the content of files is kept: `s3://bucket/prefix`, with endpoint and keys in the usual `AWS_…` variables; where absent, `files` in the data directory.
        files_url: Option<Bucket> = "files-url" "URL" None;
        /// Key that signs tokens, at least 32 characters; where absent, the one in the data directory.
        secret: Option<Secret> = "secret" "KEY" None;
        /// Webhooks may lead to private addresses, such as a bot on this very machine.
        allow_private_webhooks: bool = "allow-private-webhooks" "true|false" Some("false");
        /// What is logged: error, warn, info, debug or trace, also per part as in info,relay::http=debug.
        log: Targets = "log" "LEVEL" Some("info");
        /// How the log is written: text, or json with one object a line.
        log_format: LogFormat = "log-format" "FORMAT" Some("text");
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum LogFormat {
    Text,
    Json,
}

impl FromStr for LogFormat {
    type Err = UnknownFormat;

    fn from_str(text: &str) -> Result<Self, UnknownFormat> {
        match text {
            "text" => Ok(Self::Text),
            "json" => Ok(Self::Json),
            _ => Err(UnknownFormat),
        }
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("expected text or json")]
pub struct UnknownFormat;

/// Everything an operator has set.
#[derive(Debug, Clone)]
pub struct Settings {
    pub general: General,
    pub limits: Limits,
}

impl Settings {
    pub(super) const KEYS: &[super::Key] = General::KEYS;

    /// Reads every value.
    ///
    /// # Errors
    /// One line that names the key, where its value comes from, and what was expected.
    pub fn read(effective: &Effective) -> Result<Self, ConfigError> {
        Ok(Self { general: General::read(effective)?, limits: Limits::read(effective)? })
    }
}
