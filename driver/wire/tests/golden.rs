// SPDX-License-Identifier: MIT OR Apache-2.0
//! The golden frames in `tests/fixtures/wire`, which the application's tests read too.

mod golden_frames;

use serde_json::Value;
use std::{fs, path::PathBuf};

fn fixtures() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../../tests/fixtures/wire")
}

#[test]
fn the_encoder_writes_the_golden_files_byte_for_byte() {
    let all = golden_frames::all();
    for golden in &all {
        let kept = fs::read(fixtures().join(golden.file)).expect(golden.file);
        assert_eq!(kept, golden.bytes, "{}", golden.file);
    }
    let kept = fs::read_to_string(fixtures().join("golden.json")).expect("golden.json");
    assert_eq!(kept, golden_frames::index(&all));
}

#[test]
fn every_golden_file_is_read_as_golden_json_says_however_it_is_split() {
    let text = fs::read_to_string(fixtures().join("golden.json")).expect("golden.json");
    let cases: Vec<Value> = serde_json::from_str(&text).expect("golden.json is JSON");
    assert!(!cases.is_empty());
    for case in &cases {
        let file = case["file"].as_str().expect("a case names its file");
        let sender = case["sender"].as_str().expect("a case names its sender");
        let bytes = fs::read(fixtures().join(file)).expect(file);
        for chunk in [1, 7, 4096] {
            let read = golden_frames::describe(sender, &bytes, chunk);
            assert_eq!(Value::Array(read), case["expected"], "{file} in chunks of {chunk}");
        }
    }
}

#[test]
fn every_named_error_has_a_golden_file() {
    let all = golden_frames::all();
    let named = |name: &str| {
        let holds = |value: &Value| value["error"] == name || value["type"] == name;
        all.iter().any(|golden| golden.expected.iter().any(holds))
    };
    for name in [
        "truncated",
        "oversized",
        "unknown-kind",
        "unknown-flags",
        "unknown-stream",
        "kind-mismatch",
        "bad-json",
        "bad-message",
        "bad-record",
        "sequence-gap",
    ] {
        assert!(named(name), "{name}");
    }
}
