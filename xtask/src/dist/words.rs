//! The languages of the widget, `static/words/*.json`. One that lacks a text gets the English one, so that a widget has
//! to load one language and no more.

use anyhow::{Context, Result, bail, ensure};
use serde_json::{Map, Value};

const ENGLISH: &str = "words/en.json";

pub(super) fn is(name: &str) -> bool {
    name.starts_with("words/")
}

/// Every language with all texts.
pub(super) fn complete<'a>(
    files: impl Iterator<Item = (&'a str, &'a [u8])>,
) -> Result<Vec<(String, Vec<u8>)>> {
    let read = |(name, content): (&str, &[u8])| -> Result<(String, Map<String, Value>)> {
        Ok((name.to_owned(), serde_json::from_slice(content).with_context(|| format!("static/{name}"))?))
    };
    let languages: Vec<_> = files.filter(|(name, _)| is(name)).map(read).collect::<Result<_>>()?;
    let english = languages.iter().find(|(name, _)| name == ENGLISH);
    let (_, english) = english.with_context(|| format!("static/{ENGLISH} is missing"))?;
    let fill = |(name, texts): &(String, Map<String, Value>)| {
        check(english, texts).with_context(|| format!("static/{name}"))?;
        let mut all = english.clone();
        all.extend(texts.clone());
        Ok((name.clone(), serde_json::to_vec(&all)?))
    };
    languages.iter().map(fill).collect()
}

/// Each text is one of the English ones, takes a value where that does, and has `other` where it has forms.
fn check(english: &Map<String, Value>, texts: &Map<String, Value>) -> Result<()> {
    for (name, text) in texts {
        let Some(original) = english.get(name) else { bail!("`{name}` is no text of static/{ENGLISH}") };
        let takes_value = |text: &Value| text.as_str().is_some_and(|text| text.contains("{}"));
        match (text, original) {
            (Value::String(_), Value::String(_)) => {
                let fits = takes_value(text) == takes_value(original);
                ensure!(fits, "`{name}`: the value `{{}}` must stand in both or in neither");
            }
            (Value::Object(forms), Value::Object(_)) => {
                ensure!(forms.contains_key("other"), "`{name}` has no form `other`");
                ensure!(forms.values().all(Value::is_string), "`{name}` has a form that is no text");
                // Those of one or two may do without the number.
                ensure!(takes_value(&forms["other"]), "`{name}`: its form `other` lacks the value `{{}}`");
            }
            _ => bail!("`{name}` must be what it is in English: a text, or forms of one"),
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_missing_text_is_the_english_one() {
        let languages = [
            ("words/en.json", r#"{"close":"Close","left":{"one":"{} left","other":"{} left"}}"#),
            ("words/nl.json", r#"{"close":"Sluiten"}"#),
        ];
        let files = complete(languages.iter().map(|(name, json)| (*name, json.as_bytes()))).unwrap();
        let dutch: Value = serde_json::from_slice(&files[1].1).unwrap();
        assert_eq!((&dutch["close"], &dutch["left"]["other"]), (&"Sluiten".into(), &"{} left".into()));
    }

    #[test]
    fn what_does_not_fit_the_english_texts_is_named() {
        let english = r#"{"close":"Close","typing":"{} writes","left":{"one":"{} left","other":"{} left"}}"#;
        for (wrong, complaint) in [
            (r#"{"clsoe":"Sluiten"}"#, "`clsoe` is no text"),
            (r#"{"close":"Sluit {}"}"#, "`close`: the value"),
            (r#"{"typing":"schrijft"}"#, "`typing`: the value"),
            (r#"{"left":{"one":"{} over"}}"#, "`left` has no form `other`"),
            (r#"{"left":{"one":"een","other":"meer"}}"#, "lacks the value"),
            (r#"{"left":{"one":1,"other":"{} over"}}"#, "a form that is no text"),
            (r#"{"close":{"other":"{}"}}"#, "`close` must be what it is"),
            (r#"{"close":7}"#, "`close` must be what it is"),
        ] {
            let files = [("words/en.json", english.as_bytes()), ("words/nl.json", wrong.as_bytes())];
            let error = format!("{:#}", complete(files.into_iter()).unwrap_err());
            assert!(error.contains("static/words/nl.json") && error.contains(complaint), "{error}");
        }
    }
}
