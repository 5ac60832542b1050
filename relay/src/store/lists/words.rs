//! Texts as they are compared: without case and accents, and word by word.

use unicode_normalization::{UnicodeNormalization, char::is_combining_mark};

/// The text in small letters without accents, as the tokenizer of the full-text index sees it.
pub(in crate::store) fn folded(text: &str) -> String {
    if text.is_ascii() {
        return text.to_ascii_lowercase();
    }
    text.nfd().filter(|character| !is_combining_mark(*character)).flat_map(char::to_lowercase).collect()
}

/// The words of a text.
pub(in crate::store) fn words(text: &str) -> impl Iterator<Item = &str> {
    text.split(|character: char| !character.is_alphanumeric()).filter(|word| !word.is_empty())
}

/// Words that must all stand in a text.
#[derive(Debug)]
pub(in crate::store) struct Wanted(Vec<String>);

impl Wanted {
    /// None where the text has no words.
    pub(in crate::store) fn of(text: &str) -> Option<Self> {
        let mut wanted: Vec<String> = words(&folded(text)).map(str::to_owned).collect();
        wanted.sort_unstable();
        wanted.dedup();
        (!wanted.is_empty()).then_some(Self(wanted))
    }

    pub(in crate::store) fn are_in(&self, text: &str) -> bool {
        // Nearly all texts, and thousands are looked through for one question.
        if text.is_ascii() {
            return self.all(|wanted| words(text).any(|word| word.eq_ignore_ascii_case(wanted)));
        }
        let text = folded(text);
        self.all(|wanted| words(&text).any(|word| word == wanted))
    }

    fn all(&self, is_there: impl Fn(&str) -> bool) -> bool {
        self.0.iter().all(|wanted| is_there(wanted))
    }

    /// As FTS5 is asked for them; quoted, no word is an operator.
    pub(in crate::store) fn expression(&self) -> String {
        self.0.iter().map(|word| format!("\"{word}\"")).collect::<Vec<_>>().join(" AND ")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_are_found_whatever_their_case_and_accents() {
        for (asked, text, expected) in [
            ("cafe", "The CAFÉ, please", true),
            ("Straße ΣΟΦΙΑ", "σοφια: straße 7", true),
            ("seven cafe", "The café", false),
            ("caf", "The café", false),
            ("blue-bike", "a bike that is blue", true),
            ("naïve", "nai\u{308}ve", true),
        ] {
            assert_eq!(Wanted::of(asked).unwrap().are_in(text), expected, "{asked} in {text}");
        }
        assert!(Wanted::of(" \" * -- ").is_none());
        assert_eq!(Wanted::of("red OR red* \"x").unwrap().expression(), "\"or\" AND \"red\" AND \"x\"");
    }
}
