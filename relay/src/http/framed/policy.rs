//! The Content-Security-Policy (CSP Level 3) of the framed pages. Its `frame-ancestors` is what keeps pages out that the
//! organization does not allow: a socket opened inside the frame has the relay's own origin and says nothing of them.

use crate::{app::App, http::origin::Origin, model::Organization};
use axum::http::{HeaderMap, HeaderValue, header};

/// Pages on this very machine, in the words of a policy.
const LOOPBACK: &str = "http://localhost:* https://localhost:* http://*.localhost:* https://*.localhost:* \
                        http://127.0.0.1:* https://127.0.0.1:*";

pub(super) fn of(organization: &Organization, app: &App, headers: &HeaderMap) -> HeaderValue {
    let sockets = sockets(app, headers);
    let ancestors = ancestors(&organization.allowed_origins);
    let policy = format!(
        "default-src 'none'; script-src 'self' 'wasm-unsafe-eval'; style-src 'self'; connect-src 'self'{sockets}; \
         img-src https: http: data:; media-src https: http: data:; frame-src https: http:; base-uri 'none'; \
         form-action 'none'; frame-ancestors {ancestors}"
    );
    HeaderValue::from_str(&policy).expect("origins have been checked: they are ASCII without spaces")
}

/// The relay's own sockets by name: not every browser takes `'self'` for them.
fn sockets(app: &App, headers: &HeaderMap) -> String {
    let host = headers.get(header::HOST).and_then(|host| host.to_str().ok());
    let asked = host.and_then(|host| format!("http://{host}").parse::<Origin>().ok());
    let names = [app.settings.general.public_url.clone(), asked].into_iter().flatten();
    names.map(|own| format!(" ws://{0} wss://{0}", own.authority())).collect()
}

/// The rule of `origin::check`, for pages around this one.
fn ancestors(allowed: &[String]) -> String {
    if allowed.is_empty() {
        return format!("'self' {LOOPBACK}");
    }
    allowed.iter().fold("'self'".to_owned(), |sources, entry| format!("{sources} {}", source(entry)))
}

/// One entry of `allowedOrigins` as a source. `*` in a policy is every address of the web, and not a file's.
fn source(entry: &str) -> String {
    if entry == "*" {
        return "* file: data: blob:".to_owned();
    }
    match entry.strip_prefix("*.") {
        Some(domain) => format!("http://*.{domain}:* https://*.{domain}:*"),
        None => entry.parse::<Origin>().map(|origin| origin.to_string()).unwrap_or_default(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn whom_the_organization_allows_may_frame() {
        let ancestors =
            |entries: &[&str]| ancestors(&entries.iter().map(|&entry| entry.to_owned()).collect::<Vec<_>>());
        assert_eq!(
            ancestors(&["HTTPS://Shop.example:443/", "http://localhost:3000"]),
            "'self' https://shop.example http://localhost:3000"
        );
        assert_eq!(ancestors(&["*.shop.example"]), "'self' http://*.shop.example:* https://*.shop.example:*");
        assert_eq!(ancestors(&["*"]), "'self' * file: data: blob:");
        assert!(ancestors(&[]).starts_with("'self' http://localhost:* "));
    }
}
