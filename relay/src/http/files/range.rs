//! Which bytes of a file are asked for (RFC 9110, section 14).

use std::ops::Range;

/// Parts of one answer. Players ask for one; nobody needs more than these.
const MOST: usize = 16;

#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Wanted {
    /// Everything, also where what was asked for cannot be read or would cost more than everything.
    Whole,
    Parts(Vec<Range<u64>>),
    /// Nothing that the file has.
    Nothing,
}

/// What a `Range` header asks for, of a file of `size` bytes.
pub(super) fn wanted(header: &str, size: u64) -> Wanted {
    let Some((unit, specs)) = header.split_once('=') else { return Wanted::Whole };
    if !unit.trim().eq_ignore_ascii_case("bytes") {
        return Wanted::Whole;
    }
    let specs = specs.split(',').map(str::trim).filter(|spec| !spec.is_empty());
    let Some(asked) = specs.map(|spec| part(spec, size)).collect::<Option<Vec<_>>>() else {
        return Wanted::Whole;
    };
    let parts: Vec<_> = asked.iter().filter(|part| !part.is_empty()).cloned().collect();
    // Those that overlap could ask for the same gigabyte a thousand times.
    let total = parts.iter().map(|part| part.end - part.start).fold(0, u64::saturating_add);
    match parts.len() {
        0 if asked.is_empty() => Wanted::Whole,
        0 => Wanted::Nothing,
        1..=MOST if total <= size => Wanted::Parts(parts),
        _ => Wanted::Whole,
    }
}

/// One range; an empty one where the file has none of it, none where it is no range.
fn part(spec: &str, size: u64) -> Option<Range<u64>> {
    let (first, last) = spec.split_once('-')?;
    let (first, last) = (number(first)?, number(last)?);
    match (first, last) {
        (Some(first), Some(last)) if last < first => None,
        (Some(first), last) => {
            let end = last.map_or(size, |last| last.saturating_add(1).min(size));
            Some(first.min(end)..end)
        }
        (None, Some(count)) => Some(size.saturating_sub(count)..size),
        (None, None) => None,
    }
}

/// None for what is no number, `Some(None)` for nothing at all. A number too large is larger than every file.
fn number(text: &str) -> Option<Option<u64>> {
    match text {
        "" => Some(None),
        digits if digits.bytes().all(|byte| byte.is_ascii_digit()) => {
            Some(Some(digits.parse().unwrap_or(u64::MAX)))
        }
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ranges_are_cut_to_the_file() {
        for (header, parts) in [
            ("bytes=0-0", &[(0, 1)][..]),
            ("bytes=2-5", &[(2, 6)]),
            ("bytes=7-", &[(7, 10)]),
            ("bytes=-3", &[(7, 10)]),
            ("bytes=-99", &[(0, 10)]),
            ("bytes=5-99999999999999999999999", &[(5, 10)]),
            ("Bytes=0-1, ,-1", &[(0, 2), (9, 10)]),
            ("bytes=0-1,40-50", &[(0, 2)]),
        ] {
            let parts = parts.iter().map(|(start, end)| *start..*end).collect();
            assert_eq!(wanted(header, 10), Wanted::Parts(parts), "{header}");
        }
    }

    #[test]
    fn what_the_file_does_not_have_is_nothing() {
        for header in
            ["bytes=10-", "bytes=10-20", "bytes=-0", "bytes=99999999999999999999999-", "bytes=10-,11-"]
        {
            assert_eq!(wanted(header, 10), Wanted::Nothing, "{header}");
        }
    }

    #[test]
    fn what_is_no_range_or_too_much_is_everything() {
        let many = format!("bytes={}", vec!["0-0"; 17].join(","));
        for header in [
            "",
            "bytes",
            "bytes=",
            "bytes=a-b",
            "bytes=5-2",
            "bytes=-",
            "bytes=1",
            "lines=1-2",
            "bytes=0-,0-",
            &many,
        ] {
            assert_eq!(wanted(header, 1000), Wanted::Whole, "{header}");
        }
    }
}
