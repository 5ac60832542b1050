use super::*;
use crate::wire::{RelayFrame, VisitorFrame};
use proptest::prelude::*;
use serde_json::Value;

#[test]
fn every_golden_frame_is_read_and_written_as_by_serde_json() {
    for file in std::fs::read_dir(concat!(env!("CARGO_MANIFEST_DIR"), "/golden")).unwrap() {
        let text = std::fs::read_to_string(file.unwrap().path()).unwrap();
        for line in text.lines() {
            same::<RelayFrame>(line);
            same::<VisitorFrame>(line);
            same::<Value>(line);
        }
    }
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
    assert_eq!(write(&f64::NAN).unwrap(), "null");
}

proptest! {
    #[test]
    fn any_text_is_read_without_a_panic(text: String) {
        let _ = read::<Value>(&text);
        let _ = read::<RelayFrame>(&text);
    }

    #[test]
    fn strings_come_back(text: String) {
        let json = write(&text).unwrap();
        prop_assert_eq!(serde_json::from_str::<String>(&json).unwrap(), text.clone());
        prop_assert_eq!(read::<String>(&serde_json::to_string(&text).unwrap()).unwrap(), text);
    }

    #[test]
    fn values_come_back(value in values()) {
        prop_assert_eq!(read::<Value>(&write(&value).unwrap()).unwrap(), value.clone());
        prop_assert_eq!(read::<Value>(&value.to_string()).unwrap(), value);
    }

    #[test]
    fn fifteen_digits_come_back(digits in 0u64..1_000_000_000_000_000, exponent in -30i32..30) {
        let text = format!("{digits}e{exponent}");
        let exact: f64 = text.parse().unwrap();
        let (read, written) = (read::<f64>(&text).unwrap(), read::<f64>(&write(&exact).unwrap()).unwrap());
        prop_assert!((read - exact).abs() <= exact * 1e-15, "{} {}", read, exact);
        prop_assert!((written - exact).abs() <= exact * 1e-15, "{} {}", written, exact);
    }
}

fn same<T: DeserializeOwned + Serialize + PartialEq + fmt::Debug>(text: &str) {
    let expected = serde_json::from_str::<T>(text).ok();
    assert_eq!(read::<T>(text), expected, "{text}");
    if let Some(value) = expected {
        assert_eq!(write(&value), serde_json::to_string(&value).ok(), "{text}");
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
