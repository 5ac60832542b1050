//! `docs/errors.md` and the table of codes say the same.

use shared::ErrorCode;

const PAGE: &str = include_str!("../../../docs/errors.md");

#[test]
fn every_code_is_explained_as_it_is() {
    let rows: Vec<Vec<&str>> = PAGE
        .lines()
        .filter(|line| line.starts_with("| `"))
        .map(|line| line.trim_matches('|').split('|').map(str::trim).collect())
        .collect();
    let expected: Vec<[String; 4]> = ErrorCode::ALL.iter().map(|code| row(*code)).collect();
    let found: Vec<[String; 4]> =
        rows.iter().map(|row| [row[0], row[1], row[2], row[3]].map(str::to_owned)).collect();
    assert_eq!(found, expected);
    for row in rows {
        assert!(row.len() == 6 && !row[4].is_empty() && !row[5].is_empty(), "{row:?}");
    }
}

/// Code, HTTP status, close code, and whether a retry can help.
fn row(code: ErrorCode) -> [String; 4] {
    let number = |number: u16| if number == 0 { "–".to_owned() } else { number.to_string() };
    let retry = if code.can_retry() { "yes" } else { "no" };
    [format!("`{code}`"), number(code.http_status()), number(code.close_code()), retry.to_owned()]
}
