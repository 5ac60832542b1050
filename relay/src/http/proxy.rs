//! From whom a request comes, where a proxy stands in front: `Forwarded` (RFC 7239) or `X-Forwarded-For`, as far as those who
//! have written them are trusted.

use axum::http::{HeaderMap, header};
use std::{
    net::{IpAddr, SocketAddr},
    str::FromStr,
};

const X_FORWARDED_FOR: &str = "x-forwarded-for";

/// Networks whose word is taken for whom they forward: `10.0.0.0/8,::1`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Proxies(Vec<Network>);

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Network {
    address: IpAddr,
    /// Bits that are the network's.
    prefix: u32,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("expected networks such as 10.0.0.0/8,127.0.0.1")]
pub struct ParseProxiesError;

impl Proxies {
    /// The address behind the proxies that are trusted. Whoever is not could have written anything, so the way is followed
    /// from the relay back, up to the first such one.
    pub(super) fn client(&self, peer: IpAddr, headers: &HeaderMap) -> IpAddr {
        let mut client = peer.to_canonical();
        let mut way = way(headers);
        while self.includes(client) {
            match way.pop() {
                Some(Some(before)) => client = before.to_canonical(),
                Some(None) | None => break,
            }
        }
        client
    }

    fn includes(&self, address: IpAddr) -> bool {
        self.0.iter().any(|network| network.includes(address))
    }
}

/// Who forwarded to whom, the last one last; none for one that does not say its address. A proxy writes one of the headers and
/// lets the other one pass: where both say different things, neither is believed.
fn way(headers: &HeaderMap) -> Vec<Option<IpAddr>> {
    let forwarded: Vec<_> = values(headers, header::FORWARDED.as_str()).map(forwarded_for).collect();
    let x_forwarded: Vec<_> = values(headers, X_FORWARDED_FOR).map(node).collect();
    match (forwarded.is_empty(), x_forwarded.is_empty()) {
        (false, false) if forwarded != x_forwarded => vec![],
        (true, _) => x_forwarded,
        (false, _) => forwarded,
    }
}

/// The elements of a list, also over several headers of the name.
fn values<'a>(headers: &'a HeaderMap, name: &str) -> impl Iterator<Item = &'a str> {
    let texts = headers.get_all(name).into_iter().map(|value| value.to_str().unwrap_or_default());
    texts.flat_map(|text| text.split(',')).map(str::trim)
}

/// `for=192.0.2.60;proto=http;by=203.0.113.43`
fn forwarded_for(element: &str) -> Option<IpAddr> {
    element
        .split(';')
        .find_map(|pair| {
            let (name, value) = pair.trim().split_once('=')?;
            name.eq_ignore_ascii_case("for").then_some(value)
        })
        .and_then(node)
}

/// An address, perhaps with a port, in quotes and brackets as its kind demands; none for a name or `unknown`.
fn node(text: &str) -> Option<IpAddr> {
    let text = text.trim().trim_matches('"');
    let socket = || text.parse().ok().map(|address: SocketAddr| address.ip());
    let bracketed = || text.strip_prefix('[')?.strip_suffix(']')?.parse().ok();
    text.parse().ok().or_else(socket).or_else(bracketed)
}

impl Network {
    fn includes(self, address: IpAddr) -> bool {
        let (own, other, width) = match (self.address, address) {
            (IpAddr::V4(own), IpAddr::V4(other)) => {
                (u128::from(own.to_bits()), u128::from(other.to_bits()), 32)
            }
            (IpAddr::V6(own), IpAddr::V6(other)) => (own.to_bits(), other.to_bits(), 128),
            (IpAddr::V4(_), IpAddr::V6(_)) | (IpAddr::V6(_), IpAddr::V4(_)) => return false,
        };
        (own ^ other).checked_shr(width - self.prefix).unwrap_or(0) == 0
    }
}

impl FromStr for Network {
    type Err = ParseProxiesError;

    fn from_str(text: &str) -> Result<Self, ParseProxiesError> {
        let (address, prefix) =
            text.split_once('/').map_or((text, None), |(address, prefix)| (address, Some(prefix)));
        let address: IpAddr = address.parse().map_err(|_| ParseProxiesError)?;
        let width = if address.is_ipv4() { 32 } else { 128 };
        let prefix = prefix.map_or(Ok(width), str::parse).map_err(|_| ParseProxiesError)?;
        if prefix > width { Err(ParseProxiesError) } else { Ok(Self { address, prefix }) }
    }
}

impl FromStr for Proxies {
    type Err = ParseProxiesError;

    fn from_str(text: &str) -> Result<Self, ParseProxiesError> {
        text.split(',').map(|network| network.trim().parse()).collect::<Result<_, _>>().map(Self)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use axum::http::{HeaderName, HeaderValue};

    fn client(proxies: &str, peer: &str, headers: &[(&str, &str)]) -> String {
        let headers = headers.iter().map(|(name, value)| {
            (HeaderName::from_str(name).unwrap(), HeaderValue::from_str(value).unwrap())
        });
        let proxies: Proxies = proxies.parse().unwrap();
        proxies.client(peer.parse().unwrap(), &headers.collect()).to_string()
    }

    #[test]
    fn the_client_is_the_first_whom_nobody_has_to_believe() {
        let xff = |value| [("x-forwarded-for", value)];
        for (proxies, peer, headers, expected) in [
            ("127.0.0.1", "127.0.0.1", &xff("203.0.113.7")[..], "203.0.113.7"),
            ("127.0.0.1", "203.0.113.9", &xff("203.0.113.7"), "203.0.113.9"),
            ("127.0.0.1", "127.0.0.1", &xff("6.6.6.6, 203.0.113.7"), "203.0.113.7"),
            ("127.0.0.1,10.0.0.0/8", "127.0.0.1", &xff("6.6.6.6, 203.0.113.7, 10.1.2.3"), "203.0.113.7"),
            ("127.0.0.1", "127.0.0.1", &[], "127.0.0.1"),
            ("127.0.0.1", "127.0.0.1", &xff("unknown"), "127.0.0.1"),
            ("127.0.0.1", "::ffff:127.0.0.1", &xff("203.0.113.7:4711"), "203.0.113.7"),
            (
                "127.0.0.1",
                "127.0.0.1",
                &[("forwarded", "for=6.6.6.6, For=\"[2001:db8::7]:80\";proto=https")],
                "2001:db8::7",
            ),
            (
                "2001:db8::/32",
                "2001:db8::1",
                &[("forwarded", "proto=http;for=192.0.2.60;by=203.0.113.43")],
                "192.0.2.60",
            ),
            ("127.0.0.1", "127.0.0.1", &[("forwarded", "for=_hidden")], "127.0.0.1"),
            (
                "127.0.0.1",
                "127.0.0.1",
                &[("forwarded", "for=6.6.6.6"), ("x-forwarded-for", "203.0.113.7")],
                "127.0.0.1",
            ),
            (
                "127.0.0.1",
                "127.0.0.1",
                &[("x-forwarded-for", "6.6.6.6"), ("x-forwarded-for", "203.0.113.7")],
                "203.0.113.7",
            ),
        ] {
            assert_eq!(client(proxies, peer, headers), expected, "{proxies} {peer} {headers:?}");
        }
    }

    #[test]
    fn networks_are_addresses_with_a_width() {
        for good in ["127.0.0.1", "10.0.0.0/8, 192.168.0.0/16", "::1", "2001:db8::/32", "0.0.0.0/0"] {
            assert!(good.parse::<Proxies>().is_ok(), "{good}");
        }
        for bad in ["", "localhost", "10.0.0.0/33", "10.0.0.0/", "::1/129", "10.0.0.0/8,", "10.0.0.0/-1"] {
            assert_eq!(bad.parse::<Proxies>(), Err(ParseProxiesError), "{bad}");
        }
        assert_eq!(client("0.0.0.0/0", "9.9.9.9", &[("x-forwarded-for", "1.2.3.4")]), "1.2.3.4");
        assert_eq!(client("10.0.0.0/9", "10.128.0.1", &[("x-forwarded-for", "1.2.3.4")]), "10.128.0.1");
    }
}
