//! What stands inside a line: bold, italic, code, links. Marks count only at the edge of a word, so that
//! `snake_case` and `2*3*4` stay what they are.

use super::{is_word, link};

#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Inline {
    Text(String),
    Bold(Vec<Inline>),
    Italic(Vec<Inline>),
    Code(String),
    Link { href: String, text: String },
}

/// Bytes between two marks. Keeps the search for the closing one from growing with the square of the text.
const SPAN: usize = 600;

/// Marks inside marks; deeper ones are text.
const DEPTH: u8 = 3;

pub(super) fn parse(text: &str) -> Vec<Inline> {
    parse_at_depth(text, 0)
}

fn parse_at_depth(text: &str, depth: u8) -> Vec<Inline> {
    let mut inlines = Vec::new();
    let mut plain = 0;
    let mut at = 0;
    let mut before = None;
    while let Some(character) = text[at..].chars().next() {
        let rest = &text[at..];
        let found = match character {
            '`' => code(rest),
            '*' | '_' if depth < DEPTH => emphasis(rest, before, depth),
            '[' => labelled_link(rest),
            _ => link::bare(rest, before)
                .map(|(href, length)| (Inline::Link { href, text: rest[..length].to_owned() }, length)),
        };
        let length = if let Some((inline, length)) = found {
            push_text(&mut inlines, &text[plain..at]);
            inlines.push(inline);
            plain = at + length;
            length
        } else {
            character.len_utf8()
        };
        before = text[..at + length].chars().next_back();
        at += length;
    }
    push_text(&mut inlines, &text[plain..]);
    inlines
}

fn push_text(inlines: &mut Vec<Inline>, text: &str) {
    if !text.is_empty() {
        inlines.push(Inline::Text(text.to_owned()));
    }
}

fn code(rest: &str) -> Option<(Inline, usize)> {
    let inner = &rest[1..];
    let length = line(inner).find('`').filter(|length| *length > 0)?;
    Some((Inline::Code(inner[..length].to_owned()), length + 2))
}

fn emphasis(rest: &str, before: Option<char>, depth: u8) -> Option<(Inline, usize)> {
    let mark = ["**", "__", "*", "_"].into_iter().find(|mark| rest.starts_with(mark))?;
    let inner = &rest[mark.len()..];
    let opens = before.is_none_or(|character| !is_word(character))
        && inner.starts_with(|character: char| !character.is_whitespace() && !mark.contains(character));
    if !opens {
        return None;
    }
    let length = closing(inner, mark)?;
    let inlines = parse_at_depth(&inner[..length], depth + 1);
    let inline = if mark.len() == 2 { Inline::Bold(inlines) } else { Inline::Italic(inlines) };
    Some((inline, length + 2 * mark.len()))
}

/// Where the closing mark begins: behind a word, and before the end of one.
fn closing(inner: &str, mark: &str) -> Option<usize> {
    let line = line(inner);
    line.char_indices().map(|(at, _)| at).filter(|at| line[*at..].starts_with(mark)).find(|at| {
        let (inside, outside) = (&inner[..*at], &inner[at + mark.len()..]);
        let ends_word = inside.ends_with(|c: char| !c.is_whitespace() && !mark.contains(c));
        ends_word && !outside.starts_with(|c: char| is_word(c) || mark.contains(c))
    })
}

/// `[label](address)`.
fn labelled_link(rest: &str) -> Option<(Inline, usize)> {
    let (label, after) = line(&rest[1..]).split_once(']')?;
    let after = after.strip_prefix('(')?;
    let address = &after[..after.find(')')?];
    if label.trim().is_empty() || label.contains('[') {
        return None;
    }
    let inline = Inline::Link { href: link::safe_href(address)?, text: label.to_owned() };
    Some((inline, label.len() + address.len() + 4))
}

/// The rest of the line, as far as a mark reaches.
fn line(text: &str) -> &str {
    let line = text.lines().next().unwrap_or_default();
    &line[..line.floor_char_boundary(SPAN)]
}

#[cfg(test)]
mod tests {
    use super::*;

    fn text(text: &str) -> Inline {
        Inline::Text(text.to_owned())
    }

    fn link(href: &str, text: &str) -> Inline {
        Inline::Link { href: href.to_owned(), text: text.to_owned() }
    }

    #[test]
    fn marks_at_the_edge_of_words_format() {
        assert_eq!(
            parse("a **b _c_** *d*, `e*f*`"),
            [
                text("a "),
                Inline::Bold(vec![text("b "), Inline::Italic(vec![text("c")])]),
                text(" "),
                Inline::Italic(vec![text("d")]),
                text(", "),
                Inline::Code("e*f*".to_owned()),
            ]
        );
    }

    #[test]
    fn other_marks_are_text() {
        for said in ["snake_case_name", "2*3*4", "a * b * c", "**", "****", "*a\nb*", "``", "_ _", "a**b**c"]
        {
            assert_eq!(parse(said), [text(said)], "{said}");
        }
    }

    #[test]
    fn addresses_become_links() {
        assert_eq!(
            parse("See https://a.example/x_(y)?q=1, or mail ada@example.org."),
            [
                text("See "),
                link("https://a.example/x_(y)?q=1", "https://a.example/x_(y)?q=1"),
                text(", or mail "),
                link("mailto:ada@example.org", "ada@example.org"),
                text("."),
            ]
        );
        assert_eq!(
            parse("([shop](https://a.example))"),
            [text("("), link("https://a.example", "shop"), text(")")]
        );
    }

    #[test]
    fn addresses_of_other_schemes_are_text() {
        for said in
            ["javascript:alert(1)", "[x](javascript:alert%281%29)", "data:text/html,x", "[x](//a.example)"]
        {
            assert!(parse(said).iter().all(|inline| matches!(inline, Inline::Text(_))), "{said}");
        }
    }
}
