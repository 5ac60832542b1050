//! Addresses: which ones may be opened, and where a text contains one.

use super::is_word;

/// `address` if it may be opened: of the scheme http, https, mailto or tel, and nothing but printable.
pub(crate) fn safe_href(address: &str) -> Option<String> {
    let address = address.trim();
    let (scheme, rest) = address.split_once(':')?;
    let scheme = scheme.to_ascii_lowercase();
    let has_target = match scheme.as_str() {
        "http" | "https" => {
            rest.strip_prefix("//").is_some_and(|host| host.starts_with(is_word) || host.starts_with('['))
        }
        "mailto" | "tel" => !rest.is_empty(),
        _ => false,
    };
    let is_printable = !address.contains(|c: char| c.is_whitespace() || c.is_control());
    (has_target && is_printable).then(|| [&scheme, ":", rest].concat())
}

/// `address` if a browser can fetch it.
pub(crate) fn web_address(address: &str) -> Option<String> {
    safe_href(address).filter(|href| href.starts_with("http"))
}

/// The address that `rest` begins with, and its length there. `before` is the character in front of it.
pub(super) fn bare(rest: &str, before: Option<char>) -> Option<(String, usize)> {
    if before.is_some_and(is_word) {
        return None;
    }
    let starts_with =
        |prefix: &str| rest.get(..prefix.len()).is_some_and(|start| start.eq_ignore_ascii_case(prefix));
    if ["https://", "http://", "mailto:", "tel:"].into_iter().any(starts_with) {
        let address = without_trailing_marks(word(rest));
        return Some((safe_href(address)?, address.len()));
    }
    if starts_with("www.") {
        let address = without_trailing_marks(word(rest));
        return Some((safe_href(&["https://", address].concat())?, address.len()));
    }
    let at_word = before.is_none_or(|c| c.is_whitespace() || "(<[\"'".contains(c));
    let address = if at_word { email(rest)? } else { return None };
    Some((safe_href(&["mailto:", address].concat())?, address.len()))
}

fn word(rest: &str) -> &str {
    let ends = |c: char| c.is_whitespace() || c.is_control() || "<>\"`".contains(c);
    &rest[..rest.find(ends).unwrap_or(rest.len())]
}

/// Punctuation at the end belongs to the sentence; so does a bracket that was opened before the address.
fn without_trailing_marks(mut address: &str) -> &str {
    while let Some(last) = address.chars().next_back() {
        let is_extra = match last {
            ')' => address.matches(')').count() > address.matches('(').count(),
            ']' => address.matches(']').count() > address.matches('[').count(),
            '.' | ',' | ';' | ':' | '!' | '?' | '\'' | '*' | '_' | '~' | '…' | '。' | '，' => true,
            _ => false,
        };
        if !is_extra {
            break;
        }
        address = &address[..address.len() - last.len_utf8()];
    }
    address
}

fn email(rest: &str) -> Option<&str> {
    let is_local = |c: char| c.is_ascii_alphanumeric() || "._%+-".contains(c);
    let (local, after) = rest.split_at(rest.find(|c| !is_local(c))?);
    let is_domain = |c: char| c.is_ascii_alphanumeric() || ".-".contains(c);
    let after = after.strip_prefix('@')?;
    let domain = &after[..after.find(|c| !is_domain(c)).unwrap_or(after.len())];
    let domain = domain.trim_end_matches(['.', '-']);
    let (host, end) = domain.rsplit_once('.')?;
    let fits = local.starts_with(|c: char| c.is_ascii_alphanumeric()) && !host.is_empty() && end.len() > 1;
    fits.then(|| &rest[..local.len() + 1 + domain.len()])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_four_schemes_are_opened() {
        for good in ["https://a.example", "HTTP://a.example/x", "mailto:a@example.org", "tel:+3112345"] {
            assert!(safe_href(good).is_some(), "{good}");
        }
        for bad in [
            "javascript:alert(1)",
            " java\nscript:alert(1)",
            "data:text/html,x",
            "file:///etc/passwd",
            "https:a.example",
            "https://",
            "//a.example",
            "/path",
            "https://a.example/\u{0}",
        ] {
            assert_eq!(safe_href(bad), None, "{bad}");
        }
    }

    #[test]
    fn the_scheme_is_written_in_lower_case() {
        assert_eq!(safe_href(" HTTPS://A.example/X ").as_deref(), Some("https://A.example/X"));
    }

    #[test]
    fn an_address_ends_where_the_sentence_goes_on() {
        let length = |text| bare(text, None).map(|(_, length)| &text[..length]);
        assert_eq!(length("https://a.example/b)."), Some("https://a.example/b"));
        assert_eq!(length("https://a.example/b_(c)"), Some("https://a.example/b_(c)"));
        assert_eq!(length("www.a.example, and"), Some("www.a.example"));
        assert_eq!(length("a@b.example."), Some("a@b.example"));
        assert_eq!(length("a@b"), None);
        assert_eq!(bare("https://a.example", Some('x')), None);
    }
}
