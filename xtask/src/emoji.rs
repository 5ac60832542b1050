//! The lists of the emoji picker, `static/emoji/*.json`: names and keywords are those of Unicode's CLDR. Which emoji there
//! are, and in which groups, says the English list; each list has its own titles of groups.

use std::collections::HashMap;
use std::path::Path;

use anyhow::{Context, Result};
use serde::Deserialize;
use serde_json::Value;

use crate::steps;
use crate::tools::Node;
use crate::workspace::Workspace;

/// Names and keywords in all languages (licence: Unicode-3.0).
const CLDR: &str = "cldr-annotations-full@48.2.0";

/// A title, then `[emoji, …]`.
type Group = (String, Vec<String>);

/// CLDR's of one language.
#[derive(Deserialize)]
struct File {
    annotations: Annotations,
}

#[derive(Deserialize)]
struct Annotations {
    annotations: HashMap<String, Annotation>,
}

#[derive(Deserialize)]
struct Annotation {
    #[serde(default)]
    default: Vec<String>,
    tts: Vec<String>,
}

pub(crate) fn update(workspace: &Workspace) -> Result<()> {
    let lists = workspace.root.join("static/emoji");
    let work = workspace.target.join("emoji");
    std::fs::create_dir_all(&work).with_context(|| work.display().to_string())?;
    steps::step(&format!("fetching {CLDR}"), || Node::find()?.fetch(CLDR, &work))?;
    let offered = read(&lists.join("en.json"))?;
    for entry in std::fs::read_dir(&lists)? {
        let path = entry?.path();
        let Some(language) = path.file_stem().and_then(|stem| stem.to_str()) else { continue };
        let titles = read(&path)?.into_iter().map(|(title, _)| title);
        let annotations = work.join("package/annotations").join(language).join("annotations.json");
        let json = std::fs::read(&annotations).with_context(|| format!("{CLDR} has no {language}"))?;
        let known: File = serde_json::from_slice(&json).with_context(|| format!("{CLDR}: {language}"))?;
        let groups = titles.zip(offered.iter().map(|(_, signs)| signs));
        let list =
            list(groups, &known.annotations.annotations).with_context(|| path.display().to_string())?;
        std::fs::write(&path, list)?;
    }
    Ok(())
}

fn read(path: &Path) -> Result<Vec<Group>> {
    let name = || path.display().to_string();
    let groups: Vec<Vec<Value>> =
        serde_json::from_slice(&std::fs::read(path).with_context(name)?).with_context(name)?;
    let text = |value: &Value| {
        value.as_str().map(str::to_owned).with_context(|| format!("{}: {value} is no text", name()))
    };
    let group = |group: &Vec<Value>| {
        let (title, emoji) = group.split_first().with_context(|| format!("{}: a group is empty", name()))?;
        Ok((text(title)?, emoji.iter().map(|emoji| text(&emoji[0])).collect::<Result<_>>()?))
    };
    groups.iter().map(group).collect()
}

/// A line for each emoji: itself, its name, and the words besides by which it is found.
fn list<'a>(
    groups: impl Iterator<Item = (String, &'a Vec<String>)>,
    known: &HashMap<String, Annotation>,
) -> Result<String> {
    let mut written = Vec::new();
    for (title, signs) in groups {
        let mut lines = vec![format!("  [\n    {}", Value::from(title))];
        for sign in signs {
            // CLDR writes emoji without the mark that asks for a picture.
            let annotation = known.get(sign.trim_end_matches('\u{fe0f}')).or_else(|| known.get(sign));
            let Annotation { default, tts } =
                annotation.with_context(|| format!("{CLDR} does not know {sign}"))?;
            let name = tts.first().with_context(|| format!("{CLDR} has no name for {sign}"))?;
            let more = default.iter().filter(|word| !name.to_lowercase().contains(&word.to_lowercase()));
            let words = more.map(String::as_str).collect::<Vec<_>>().join(" ");
            lines.push(format!("    {}", Value::from_iter([sign.as_str(), name, &words])));
        }
        written.push(lines.join(",\n") + "\n  ]");
    }
    Ok(format!("[\n{}\n]\n", written.join(",\n")))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_list_has_the_names_of_its_language() {
        let json = r#"{"annotations": {"annotations": {"❤": {"default": ["liefde", "rood hart"], "tts": ["rood hart"]}}}}"#;
        let known: File = serde_json::from_str(json).unwrap();
        let signs = vec!["❤\u{fe0f}".to_owned()];
        let list =
            list([("Symbolen".to_owned(), &signs)].into_iter(), &known.annotations.annotations).unwrap();
        let read: Value = serde_json::from_str(&list).unwrap();
        assert_eq!(read, serde_json::json!([["Symbolen", ["❤\u{fe0f}", "rood hart", "liefde"]]]));
    }

    #[test]
    fn an_emoji_that_has_no_name_is_told() {
        let signs = vec!["🫥".to_owned()];
        let error = list([("Smileys".to_owned(), &signs)].into_iter(), &HashMap::new()).unwrap_err();
        assert!(error.to_string().contains("🫥"));
    }

    #[test]
    fn every_language_of_the_widget_has_the_same_emoji() {
        let directory = Path::new(env!("CARGO_MANIFEST_DIR")).join("../static");
        let signs = |path: &Path| read(path).unwrap().into_iter().map(|(_, signs)| signs).collect::<Vec<_>>();
        let english = signs(&directory.join("emoji/en.json"));
        for entry in std::fs::read_dir(directory.join("words")).unwrap() {
            let name = entry.unwrap().file_name();
            assert_eq!(signs(&directory.join("emoji").join(&name)), english, "{}", name.display());
        }
    }
}
