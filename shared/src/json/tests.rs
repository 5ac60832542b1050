use super::*;
use crate::{
    message::{Action, MessageType, Shown},
    peer::Unsent,
    wire::{RelayFrame, VisitorFrame},
};
use proptest::prelude::*;
use serde_json::Value;

#[test]
fn every_golden_frame_is_read_and_written_as_by_serde_json() {
    for file in std::fs::read_dir(concat!(env!("CARGO_MANIFEST_DIR"), "/golden")).unwrap() {
        let text = std::fs::read_to_string(file.unwrap().path()).unwrap();
        for line in text.lines() {
            assert_eq!(read::<RelayFrame>(line), serde_json::from_str(line).ok(), "{line}");
            if let Ok(frame) = serde_json::from_str::<VisitorFrame>(line) {
                assert_eq!(Some(write(&frame)), serde_json::to_string(&frame).ok());
            }
            if let Ok(RelayFrame::Welcome(welcome)) = serde_json::from_str(line) {
                assert_eq!([r#"{"welcome":"#, &write(&welcome), "}"].concat(), line);
            }
            if let Ok(RelayFrame::Entry(entry)) = serde_json::from_str(line) {
                assert_eq!([r#"{"entry":"#, &write(&entry), "}"].concat(), line);
            }
            let value: Value = serde_json::from_str(line).unwrap();
            assert_eq!(read::<Value>(line), Some(value.clone()), "{line}");
            assert_eq!(write(&value), value.to_string());
        }
    }
}

#[test]
fn what_the_browser_keeps_is_read_again() {
    let states =
        [r#""waiting""#, r#"{"sent":{"seq":3}}"#, r#"{"failed":{"code":"too_large","message":"too long"}}"#];
    for state in states {
        let text = format!(
            r#"{{"key":"k-1","text":"Hi","payload":[1],"at":"2018-09-30T00:47:19.872Z","state":{state}}}"#
        );
        let unsent = read::<Unsent>(&text).unwrap();
        assert_eq!(write(&unsent), text);
        assert_eq!(Some(unsent), serde_json::from_str(&text).ok());
    }
}

#[test]
fn a_member_of_a_newer_version_is_no_obstacle() {
    let action = r#"{"type":"link","text":"Map","uri":"https://example.org","mood":"good"}"#;
    assert_eq!(read::<Action>(action).unwrap().text, "Map");
    assert_eq!(read::<RelayFrame>(r#"{"confetti":{}}"#), None);
    assert_eq!(read::<RelayFrame>(r#"{"ping":{"head":1},"pong":{"head":1}}"#), None);
}

#[test]
fn a_message_of_a_newer_version_says_what_can_be_read() {
    let shown = read::<Shown>(
        r#"{"id":"5bb01d0dd99faf11a3f4a36e","type":"hologram","role":"agent","text":"Look","contentType":7,"iframe":"x","meta":[],
            "actions":[{"type":"teleport","text":"Go"},{"type":"link","text":"Map","uri":{}},7],"items":[{"title":1},{"title":"One"}],
            "createdAt":"2018-09-30T00:47:19.872Z"}"#,
    )
    .unwrap();
    assert_eq!(
        (shown.kind, &*shown.text, shown.content_type, shown.iframe),
        (MessageType::Chat, "Look", None, None)
    );
    assert_eq!(shown.actions.iter().map(|action| &*action.text).collect::<Vec<_>>(), ["Map"]);
    assert_eq!(shown.items.iter().map(|item| &*item.title).collect::<Vec<_>>(), ["One"]);
}

#[test]
fn a_message_that_cannot_be_read_keeps_its_place_and_costs_no_other() {
    let text =
        r#"{"history":{"before":9,"entries":[{"seq":7,"message":{"role":"oracle"}},{"seq":8,"message":7}]}}"#;
    let Some(RelayFrame::History { entries, .. }) = read(text) else { panic!("a page") };
    assert_eq!(entries.iter().map(|entry| entry.seq.0).collect::<Vec<_>>(), [7, 8]);
    assert!(entries.iter().all(|entry| entry.message.is_none()));
}

#[test]
fn what_is_no_json_is_nothing() {
    for bad in [
        "",
        "{",
        "[1,]",
        "[1 2]",
        r#"{"a"}"#,
        r#""\ud800""#,
        r#""\ud800\u0041""#,
        "1 2",
        "nul",
        "-",
        "1.",
        "1e",
    ] {
        assert_eq!(read::<Value>(bad), None, "{bad}");
    }
    assert_eq!(read::<Value>(&"[".repeat(200_000)), None);
    assert_eq!(read::<u32>("4294967296"), None);
}

#[test]
fn numbers_keep_their_kind() {
    for text in ["0", "-1", "18446744073709551615", "-9223372036854775808"] {
        assert_eq!(read::<Value>(text), serde_json::from_str(text).ok(), "{text}");
    }
    for (text, expected) in
        [("1.5", 1.5), ("-2e3", -2e3), ("18446744073709551616", 18_446_744_073_709_551_616.0)]
    {
        assert_eq!(read::<Value>(text).unwrap().as_f64(), Some(expected), "{text}");
    }
}

#[test]
fn a_large_number_is_scaled_at_once() {
    let value = Value::from(986_280_522_282_897e21);
    assert_eq!(read::<Value>(&write(&value)).unwrap(), value);
}

proptest! {
    #[test]
    fn any_text_is_read_without_a_panic(text: String) {
        let _ = read::<Value>(&text);
        let _ = read::<RelayFrame>(&text);
    }

    #[test]
    fn whatever_a_member_is_the_next_message_is_read(changes in prop::collection::vec((any::<prop::sample::Index>(), values()), 1..4)) {
        let golden = include_str!("../../golden/relay-entry-rich.json");
        let mut frame = read::<Value>(golden).unwrap();
        for (at, value) in changes {
            let message = frame["entry"]["message"].as_object_mut().unwrap();
            let name = at.get(&message.keys().cloned().collect::<Vec<_>>()).clone();
            message.insert(name, value);
        }
        let next = serde_json::from_str::<Value>(golden).unwrap()["entry"].clone();
        let page = serde_json::json!({"history": {"before": 9, "entries": [frame["entry"], next]}});
        let Some(RelayFrame::History { entries, .. }) = read(&page.to_string()) else { panic!("a page") };
        prop_assert_eq!(entries.len(), 2);
        prop_assert!(entries[1].message.as_ref().is_some_and(|message| message.text == "Favorite food?"));
    }

    #[test]
    fn strings_come_back(text: String) {
        let json = write(&text);
        prop_assert_eq!(serde_json::from_str::<String>(&json).unwrap(), text.clone());
        prop_assert_eq!(read::<String>(&serde_json::to_string(&text).unwrap()).unwrap(), text);
    }

    #[test]
    fn values_come_back(value in values()) {
        prop_assert_eq!(read::<Value>(&write(&value)).unwrap(), value.clone());
        prop_assert_eq!(read::<Value>(&value.to_string()).unwrap(), value);
    }

    #[test]
    fn fifteen_digits_come_back(digits in 0u64..1_000_000_000_000_000, exponent in -30i32..30) {
        let text = format!("{digits}e{exponent}");
        let exact: f64 = text.parse().unwrap();
        let number = |text: &str| read::<Value>(text).unwrap().as_f64().unwrap();
        let (read, written) = (number(&text), number(&write(&Value::from(exact))));
        prop_assert!((read - exact).abs() <= exact * 1e-15, "{} {}", read, exact);
        prop_assert!((written - exact).abs() <= exact * 1e-15, "{} {}", written, exact);
    }
}

fn values() -> impl Strategy<Value = Value> {
    let leaf = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::from),
        any::<u64>().prop_map(Value::from),
        any::<i64>().prop_map(Value::from),
        (-1_000_000i32..1_000_000).prop_map(|cents| Value::from(f64::from(cents) / 100.0)),
        any::<String>().prop_map(Value::from),
    ];
    leaf.prop_recursive(3, 20, 4, |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..4).prop_map(Value::from),
            prop::collection::btree_map(any::<String>(), inner, 0..4)
                .prop_map(|map| Value::Object(map.into_iter().collect())),
        ]
    })
}
