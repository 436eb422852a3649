// SPDX-License-Identifier: MIT OR Apache-2.0
//! The golden frames: bytes beside what they must be read as. The example `golden` writes them, the tests of both languages read them.

mod bulk;
mod control;
mod described;
mod faulty;

pub use described::describe;

use ringscope_wire::{Stream, encode_frame};
use serde_json::{Value, json};

/// One file.
pub struct Golden {
    /// Its name in `tests/fixtures/wire`.
    pub file: &'static str,
    /// What it shows.
    pub title: &'static str,
    /// Who sends it: `client` or `server`.
    pub sender: &'static str,
    /// Its bytes.
    pub bytes: Vec<u8>,
    /// What a reader must make of it, in order.
    pub expected: Vec<Value>,
}

/// Every file.
pub fn all() -> Vec<Golden> {
    [control::frames(), bulk::frames(), faulty::frames()].into_iter().flatten().collect()
}

/// `golden.json`.
pub fn index(all: &[Golden]) -> String {
    let cases: Vec<Value> = all
        .iter()
        .map(|golden| {
            json!({"file": golden.file, "title": golden.title, "sender": golden.sender, "expected": golden.expected})
        })
        .collect();
    format!("{}\n", serde_json::to_string_pretty(&cases).expect("JSON values are printable"))
}

fn frame(stream: Stream, sequence: u32, payload: &[u8]) -> Vec<u8> {
    let mut bytes = Vec::new();
    encode_frame(&mut bytes, stream, sequence, payload).expect("a golden payload is short");
    bytes
}

fn good(stream: Stream, sequence: u32, content: Value) -> Value {
    let kind = if stream == Stream::Control { "control" } else { "bulk" };
    json!({"type": "frame", "kind": kind, "stream": stream.number(), "sequence": sequence, "content": content})
}

fn error(name: &str) -> Value {
    json!({"type": "error", "error": name})
}

fn bad_payload(stream: Stream, sequence: u32, name: &str) -> Value {
    json!({"type": "bad-payload", "stream": stream.number(), "sequence": sequence, "error": name})
}

fn gap(stream: Stream, expected: u32, actual: u32) -> Value {
    json!({"type": "sequence-gap", "stream": stream.number(), "expected": expected, "actual": actual})
}
