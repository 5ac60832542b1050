//! Names of files: as they are kept, in an address, and in `Content-Disposition`.

use crate::{files::Pixels, model::File};
use axum::http::HeaderValue;
use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};
use shared::FileId;

/// Characters of a name. With four bytes each, most file systems still take it in the end.
const CHARACTERS: usize = 60;
/// Characters of its ending that a shortened name keeps.
const ENDING: usize = 10;
/// What neither a path (RFC 3986) nor `filename*` (RFC 8187) needs to escape.
const PLAIN: &AsciiSet = &NON_ALPHANUMERIC.remove(b'-').remove(b'.').remove(b'_').remove(b'~');

/// The name without the directories of the sender's machine, and without what is not seen: control characters and
/// those that turn the direction of writing, by which `gpj.exe` reads `exe.jpg`.
pub(super) fn clean(given: &str) -> String {
    let last = given.rsplit(['/', '\\']).next().unwrap_or_default();
    let seen: String = last.chars().filter(|c| !c.is_control() && !turns(*c)).collect();
    match seen.trim() {
        "" | "." | ".." => "file".to_owned(),
        name => shorten(name),
    }
}

fn turns(character: char) -> bool {
    matches!(character, '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
}

fn shorten(name: &str) -> String {
    let count = name.chars().count();
    if count <= CHARACTERS {
        return name.to_owned();
    }
    let ending = name.rsplit_once('.').map(|(_, ending)| ending).filter(|e| e.chars().count() <= ENDING);
    let ending = ending.map(|ending| format!(".{ending}")).unwrap_or_default();
    let stem = name.chars().take(CHARACTERS - ending.chars().count());
    stem.chain(ending.chars()).collect()
}

/// Where the file is read. Of a picture the fragment says how large it is: whoever gets the address can keep a place for
/// it, wherever it is named.
pub(crate) fn address(origin: &str, file: FileId, name: &str, pixels: Option<Pixels>) -> String {
    let size = pixels.map(|Pixels { width, height }| format!("#{width}x{height}")).unwrap_or_default();
    format!("{origin}{}{file}/{}{size}", File::PATH, utf8_percent_encode(name, PLAIN))
}

/// The file whose [`address`] at this origin a text is, if the name in it is right.
pub(crate) fn named_by(text: &str, origin: &str) -> Option<FileId> {
    text.strip_prefix(origin)?.strip_prefix(File::PATH)?.split_once('/')?.0.parse().ok()
}

/// `Content-Disposition` as of RFC 6266: the name in ASCII for those who know no better, and as it is.
pub(super) fn disposition(kind: &str, name: &str) -> HeaderValue {
    let plain = |c: char| (c.is_ascii_graphic() || c == ' ') && !matches!(c, '"' | '\\' | '%');
    let ascii: String = name.chars().map(|c| if plain(c) { c } else { '_' }).collect();
    let text = if ascii == name {
        format!("{kind}; filename=\"{name}\"")
    } else {
        format!("{kind}; filename=\"{ascii}\"; filename*=UTF-8''{}", utf8_percent_encode(name, PLAIN))
    };
    HeaderValue::from_str(&text).expect("only visible ASCII and spaces")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn directories_and_what_is_not_seen_are_left_out() {
        for (given, kept) in [
            ("photo.jpg", "photo.jpg"),
            ("C:\\Users\\anna\\photo.jpg", "photo.jpg"),
            ("../../etc/passwd", "passwd"),
            (" Grüße aus 東京.txt ", "Grüße aus 東京.txt"),
            ("a\r\nSet-Cookie: b\0.txt", "aSet-Cookie: b.txt"),
            ("photo\u{202e}gpj.exe", "photogpj.exe"),
            ("", "file"),
            ("..", "file"),
            ("a/", "file"),
            ("\u{7}", "file"),
        ] {
            assert_eq!(clean(given), kept, "{given:?}");
        }
    }

    #[test]
    fn a_long_name_keeps_its_ending() {
        let kept = clean(&format!("{}.jpeg", "é".repeat(300)));
        assert_eq!((kept.chars().count(), kept.ends_with("éé.jpeg")), (60, true));
        assert_eq!(clean(&"x".repeat(300)).len(), 60);
        assert_eq!(clean(&format!("a.{}", "x".repeat(300))).len(), 60);
    }

    #[test]
    fn a_name_gets_through_headers_and_addresses() {
        assert_eq!(disposition("inline", "a b.txt"), "inline; filename=\"a b.txt\"");
        assert_eq!(
            disposition("attachment", "5% \"é\".txt"),
            "attachment; filename=\"5_ ___.txt\"; filename*=UTF-8''5%25%20%22%C3%A9%22.txt"
        );
        let id = FileId::from_bytes([7; 12]);
        assert_eq!(
            address("https://chat.example", id, "a b/é?#.txt", None),
            format!("https://chat.example/files/{id}/a%20b%2F%C3%A9%3F%23.txt")
        );
        assert_eq!(named_by(&format!("https://chat.example/files/{id}/a"), "https://chat.example"), Some(id));
        for other in
            ["https://evil.example/files/{id}/a", "see https://chat.example/files/{id}/a", "/files/{id}"]
        {
            let other = other.replace("{id}", &id.to_string());
            assert_eq!(named_by(&other, "https://chat.example"), None, "{other}");
        }
        let size = Some(Pixels { width: 640, height: 480 });
        assert_eq!(address("", id, "a.png", size), format!("/files/{id}/a.png#640x480"));
    }
}
