//! A message's text as a small tree: paragraphs, lists, code, bold, italic, links. It is shown as text
//! nodes and a few elements; there is no markup that a message could bring in.

mod inline;
mod link;

pub(crate) use inline::Inline;
pub(crate) use link::{safe_href, web_address};

#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Block {
    /// Keeps its line breaks.
    Paragraph(Vec<Inline>),
    List {
        /// Number of the first item; absent for bullets.
        start: Option<u32>,
        items: Vec<Vec<Inline>>,
    },
    Code(String),
}

const FENCE: &str = "```";

/// Parses a message's text. What is not recognized stays as it was written.
pub(crate) fn parse(text: &str) -> Vec<Block> {
    let mut blocks = Vec::new();
    let mut paragraph = Vec::new();
    let mut lines = text.lines();
    while let Some(line) = lines.next() {
        if let Some((code, rest)) = fenced(line, &lines) {
            flush(&mut paragraph, &mut blocks);
            blocks.push(Block::Code(code));
            lines = rest;
        } else if let Some((number, item)) = list_item(line) {
            flush(&mut paragraph, &mut blocks);
            push_item(&mut blocks, number, item);
        } else {
            paragraph.push(line);
        }
    }
    flush(&mut paragraph, &mut blocks);
    blocks
}

/// Characters of a text that is shown large: a family is one emoji, and seven of them.
const EMOJI: usize = 16;

/// Whether a text is a few emoji, and nothing else.
pub(crate) fn is_emoji(text: &str) -> bool {
    let is =
        |c| matches!(c, ' ' | '\u{200d}' | '\u{fe0f}' | '\u{2600}'..='\u{27bf}' | '\u{1f000}'..='\u{1faff}');
    text.chars().all(is) && (1..=EMOJI).contains(&text.trim().chars().count())
}

/// Whether a character is part of a word. All beyond ASCII are taken for letters: the tables that know better
/// are 4 KB.
fn is_word(character: char) -> bool {
    character.is_ascii_alphanumeric() || !character.is_ascii()
}

/// Code from an opening fence up to the closing one, and the lines behind it.
fn fenced<'a>(line: &str, after: &std::str::Lines<'a>) -> Option<(String, std::str::Lines<'a>)> {
    line.trim_start().strip_prefix(FENCE)?;
    let mut rest = after.clone();
    let mut code = Vec::new();
    loop {
        let line = rest.next()?;
        if line.trim() == FENCE {
            return Some((code.join("\n"), rest));
        }
        code.push(line);
    }
}

fn list_item(line: &str) -> Option<(Option<u32>, &str)> {
    let line = line.trim_start();
    if let Some(item) = ["- ", "* ", "• "].iter().find_map(|bullet| line.strip_prefix(bullet)) {
        return Some((None, item));
    }
    let (number, rest) = line.split_once('.')?;
    let item = rest.strip_prefix(' ')?;
    let is_number = (1..=3).contains(&number.len()) && number.bytes().all(|digit| digit.is_ascii_digit());
    is_number.then(|| (number.parse().ok(), item))
}

/// Adds to the list right before, if that is of the same kind.
fn push_item(blocks: &mut Vec<Block>, number: Option<u32>, item: &str) {
    let item = inline::parse(item.trim());
    match blocks.last_mut() {
        Some(Block::List { start, items }) if start.is_some() == number.is_some() => items.push(item),
        _ => blocks.push(Block::List { start: number, items: vec![item] }),
    }
}

fn flush(paragraph: &mut Vec<&str>, blocks: &mut Vec<Block>) {
    let text = std::mem::take(paragraph).join("\n");
    let text = text.trim_matches('\n').trim_end();
    if !text.is_empty() {
        blocks.push(Block::Paragraph(inline::parse(text)));
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn text(text: &str) -> Vec<Inline> {
        vec![Inline::Text(text.to_owned())]
    }

    #[test]
    fn lines_of_a_paragraph_stay_lines() {
        assert_eq!(parse("one\ntwo\n\nthree\n"), [Block::Paragraph(text("one\ntwo\n\nthree"))]);
        assert_eq!(parse(" \n"), []);
    }

    #[test]
    fn bullets_and_numbers_make_lists() {
        assert_eq!(
            parse("Bring:\n- a lamp\n* a lock\n3. ride\n4. rest"),
            [
                Block::Paragraph(text("Bring:")),
                Block::List { start: None, items: vec![text("a lamp"), text("a lock")] },
                Block::List { start: Some(3), items: vec![text("ride"), text("rest")] },
            ]
        );
    }

    #[test]
    fn a_price_or_a_dash_is_no_list() {
        for line in ["-5 degrees", "1.50 please", "2026.11 x", "*"] {
            assert_eq!(parse(line), [Block::Paragraph(text(line))]);
        }
    }

    #[test]
    fn fences_hold_code_and_an_open_one_is_text() {
        assert_eq!(
            parse("see\n```sh\nls *\n```\nok"),
            [Block::Paragraph(text("see")), Block::Code("ls *".to_owned()), Block::Paragraph(text("ok"))]
        );
        assert_eq!(parse("```\nls"), [Block::Paragraph(text("```\nls"))]);
    }

    #[test]
    fn a_few_emoji_alone_are_large() {
        for large in ["👍", "👍🏽 🎉", "👩‍👩‍👧‍👦", "❤️", "🇳🇱"] {
            assert!(is_emoji(large), "{large}");
        }
        for plain in ["", " ", "ok 👍", "1️⃣2", "🎉".repeat(17).as_str(), "…"] {
            assert!(!is_emoji(plain), "{plain}");
        }
    }

    proptest! {
        #[test]
        fn nothing_that_is_said_gets_lost(said in "[a-c \\n*_`.:/@\\[\\]()-]{0,60}") {
            let letters = |text: &str| text.chars().filter(char::is_ascii_alphabetic).collect::<String>();
            let shown = parse(&said).iter().map(shown_text).collect::<String>();
            // A fence may name its language, and a link its address; neither is part of what is shown.
            if !said.contains(FENCE) && !said.contains("](") {
                prop_assert_eq!(letters(&shown), letters(&said));
            }
        }

        #[test]
        fn any_text_parses_and_links_are_safe(said: String) {
            for block in parse(&said) {
                check_links(&block);
            }
        }
    }

    fn shown_text(block: &Block) -> String {
        match block {
            Block::Paragraph(inlines) => inline_text(inlines),
            Block::List { items, .. } => items.iter().map(|item| inline_text(item)).collect(),
            Block::Code(code) => code.clone(),
        }
    }

    fn inline_text(inlines: &[Inline]) -> String {
        inlines
            .iter()
            .map(|inline| match inline {
                Inline::Text(text) | Inline::Code(text) | Inline::Link { text, .. } => text.clone(),
                Inline::Bold(inner) | Inline::Italic(inner) => inline_text(inner),
            })
            .collect()
    }

    fn check_links(block: &Block) {
        let Block::Paragraph(inlines) = block else { return };
        for inline in inlines {
            if let Inline::Link { href, .. } = inline {
                assert!(safe_href(href).is_some(), "{href}");
            }
        }
    }
}
