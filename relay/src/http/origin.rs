//! Which pages may talk to the relay: origins (RFC 6454) and an organization's list of them.

use crate::{app::App, model::Organization};
use axum::{
    extract::FromRequestParts,
    http::{HeaderMap, HeaderValue, header, request::Parts},
};
use shared::{Error, ErrorCode};
use std::{convert::Infallible, fmt, str::FromStr};

/// Scheme, host and port of a page: `https://shop.example`. Lower case, without the scheme's own port.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Origin {
    scheme: Scheme,
    host: String,
    /// Absent for the scheme's own port.
    port: Option<u16>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
enum Scheme {
    Http,
    Https,
}

/// Refuses a page that may not show the organization's widget. `host` is the `Host` of the request. The relay's own
/// origin always may; a request without an origin is not a page's and may; loopback may where the organization
/// lists nothing.
///
/// # Errors
/// `origin_not_allowed`.
pub fn check(
    organization: &Organization,
    origin: Option<&str>,
    host: Option<&str>,
    app: &App,
) -> Result<(), Error> {
    match origin {
        Some(origin) if !is_allowed(organization, origin, host, app) => {
            let message = format!("{origin} is not in the organization's allowedOrigins");
            Err(Error::new(ErrorCode::OriginNotAllowed, message))
        }
        _ => Ok(()),
    }
}

fn is_allowed(organization: &Organization, origin: &str, host: Option<&str>, app: &App) -> bool {
    let listed = &organization.allowed_origins;
    let Ok(origin) = origin.parse::<Origin>() else { return listed.iter().any(|entry| entry == "*") };
    is_own(&origin, host, app.settings.general.public_url.as_ref())
        || listed.iter().any(|entry| origin.matches(entry))
        || (listed.is_empty() && origin.is_loopback())
}

/// Where browsers reach the relay. A `Host` that is none is left out: this ends up in pages and answers.
pub(crate) fn own(app: &App, headers: &HeaderMap) -> String {
    Host::of(headers).origin(app)
}

/// What a request calls the relay. For handlers that seldom need to know: it is read when they do.
#[derive(Debug)]
pub(super) struct Host(Option<HeaderValue>);

impl Host {
    pub(super) fn of(headers: &HeaderMap) -> Self {
        Self(headers.get(header::HOST).cloned())
    }

    /// As [`own`].
    pub(super) fn origin(&self, app: &App) -> String {
        if let Some(public) = &app.settings.general.public_url {
            return public.to_string();
        }
        let host = self.0.as_ref().and_then(|host| host.to_str().ok()).unwrap_or_default();
        let origin = format!("http://{host}").parse::<Origin>();
        origin.map(|origin| origin.to_string()).unwrap_or_default()
    }
}

impl FromRequestParts<App> for Host {
    type Rejection = Infallible;

    async fn from_request_parts(parts: &mut Parts, _: &App) -> Result<Self, Infallible> {
        Ok(Self::of(&parts.headers))
    }
}

/// Whether this may stand in `allowedOrigins`.
#[must_use]
pub fn is_entry(text: &str) -> bool {
    match text.strip_prefix("*.") {
        Some(domain) => is_host(domain) && domain.contains('.'),
        None => text == "*" || text.parse::<Origin>().is_ok(),
    }
}

/// The pages of `http::framed` have this origin wherever they are shown: their sockets come in here, and what keeps them
/// out of pages that are not allowed is the `frame-ancestors` of their policy, which follows the same list.
///
/// With a public address, that; else whatever host the browser asked for, over either scheme: a proxy
/// in front may have taken the TLS off.
fn is_own(origin: &Origin, host: Option<&str>, public: Option<&Origin>) -> bool {
    let named_by_host = |host: &str| {
        let as_origin = format!("{}://{host}", origin.scheme.as_str()).parse::<Origin>();
        as_origin.is_ok_and(|own| own == *origin)
    };
    public == Some(origin) || host.is_some_and(named_by_host)
}

impl Origin {
    /// Host and port, as in an address.
    pub(super) fn authority(&self) -> String {
        self.port.map_or_else(|| self.host.clone(), |port| format!("{}:{port}", self.host))
    }

    /// `*`, `*.example.com` (any scheme and port, not `example.com` itself) or an exact origin.
    fn matches(&self, entry: &str) -> bool {
        match entry.strip_prefix("*.") {
            Some(domain) => {
                self.host.strip_suffix(&domain.to_ascii_lowercase()).is_some_and(|rest| rest.ends_with('.'))
            }
            None => entry == "*" || entry.parse() == Ok(self.clone()),
        }
    }

    fn is_loopback(&self) -> bool {
        matches!(self.host.as_str(), "localhost" | "127.0.0.1" | "[::1]") || self.host.ends_with(".localhost")
    }
}

impl Scheme {
    const fn as_str(self) -> &'static str {
        match self {
            Self::Http => "http",
            Self::Https => "https",
        }
    }

    const fn port(self) -> u16 {
        match self {
            Self::Http => 80,
            Self::Https => 443,
        }
    }
}

impl fmt::Display for Origin {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}://{}", self.scheme.as_str(), self.authority())
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("expected an origin such as https://shop.example")]
pub struct ParseOriginError;

impl FromStr for Origin {
    type Err = ParseOriginError;

    fn from_str(text: &str) -> Result<Self, ParseOriginError> {
        parse(text).ok_or(ParseOriginError)
    }
}

fn parse(text: &str) -> Option<Origin> {
    let (scheme, rest) = text.split_once("://")?;
    let scheme = match scheme.to_ascii_lowercase().as_str() {
        "http" => Scheme::Http,
        "https" => Scheme::Https,
        _ => return None,
    };
    let authority = rest.strip_suffix('/').unwrap_or(rest).to_ascii_lowercase();
    let after_address = authority.rfind(']').map_or(0, |end| end + 1);
    let (host, port) = match authority[after_address..].rfind(':') {
        Some(colon) => {
            let (host, port) = authority.split_at(after_address + colon);
            (host, Some(port[1..].parse().ok()?))
        }
        None => (authority.as_str(), None),
    };
    let port = port.filter(|port| *port != scheme.port());
    is_host(host).then(|| Origin { scheme, host: host.to_owned(), port })
}

/// A name or an address (IPv6 in brackets): letters, digits and their punctuation. No user, path or query.
fn is_host(host: &str) -> bool {
    match host.strip_prefix('[').and_then(|rest| rest.strip_suffix(']')) {
        Some(address) => address.parse::<std::net::Ipv6Addr>().is_ok(),
        None => {
            let is_part = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'.' | b'_');
            !host.is_empty() && host.bytes().all(is_part)
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn origin(text: &str) -> Origin {
        text.parse().unwrap()
    }

    #[test]
    fn an_origin_is_compared_as_a_browser_would_name_it() {
        assert_eq!(origin("HTTPS://Shop.Example:443/").to_string(), "https://shop.example");
        assert_eq!(origin("http://[::1]:8080").to_string(), "http://[::1]:8080");
        for bad in
            ["", "null", "shop.example", "https://", "ftp://a", "https://a/b", "https://a b", "https://u@a"]
        {
            assert_eq!(bad.parse::<Origin>(), Err(ParseOriginError), "{bad}");
        }
    }

    #[test]
    fn a_wildcard_is_for_hosts_below_a_domain() {
        assert!(origin("https://a.b.example.com").matches("*.example.com"));
        assert!(!origin("https://example.com").matches("*.example.com"));
        assert!(!origin("https://badexample.com").matches("*.example.com"));
        assert!(origin("https://anything.example").matches("*"));
        assert!(origin("https://shop.example").matches("https://SHOP.example:443"));
        assert!(!origin("http://shop.example").matches("https://shop.example"));
    }

    #[test]
    fn only_origins_and_wildcards_may_be_listed() {
        for good in ["*", "*.example.com", "https://shop.example", "http://localhost:3000"] {
            assert!(is_entry(good), "{good}");
        }
        for bad in ["shop.example", "*.com", "https://*.example.com", "https://shop.example/path", ""] {
            assert!(!is_entry(bad), "{bad}");
        }
    }

    #[test]
    fn the_relay_knows_itself_by_its_public_address_and_by_the_host_it_was_asked_for() {
        let public = origin("https://chat.example");
        assert!(is_own(&origin("https://chat.example"), Some("10.0.0.1:8080"), Some(&public)));
        assert!(is_own(&origin("http://127.0.0.1:8080"), Some("127.0.0.1:8080"), None));
        assert!(!is_own(&origin("https://evil.example"), Some("chat.example"), Some(&public)));
    }
}
