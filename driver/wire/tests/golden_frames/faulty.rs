// SPDX-License-Identifier: MIT OR Apache-2.0
//! A faulty file for every named error.

use super::bulk::{DEVICE, log_batch, log_payload, sample, sample_payload, trace_batch};
use super::{Golden, bad_payload, error, frame, gap, good};
use ringscope_wire::Stream;
use ringscope_wire::layouts::{Register, write_registers, write_trace};
use serde_json::{Value, json};

fn golden(file: &'static str, title: &'static str, bytes: Vec<u8>, expected: Vec<Value>) -> Golden {
    Golden { file, title, sender: "client", bytes, expected }
}

const COST: &[u8] = br#"{"type":"request","id":9,"verb":"cost","arguments":{}}"#;

fn cost(sequence: u32) -> Value {
    let content = json!({"type": "request", "id": 9, "verb": "cost", "arguments": {}});
    good(Stream::Control, sequence, content)
}

/// A good frame, then one whose header was changed at an offset: the first comes out, then the fault, then nothing.
fn spoiled(file: &'static str, title: &'static str, at: usize, value: u8, name: &str) -> Golden {
    let mut second = frame(Stream::Control, 1, COST);
    second[at] = value;
    let bytes = [frame(Stream::Control, 0, COST), second, frame(Stream::Control, 2, COST)].concat();
    golden(file, title, bytes, vec![cost(0), error(name)])
}

/// A frame with a bad payload, then a good one that is still read.
fn survived(file: &'static str, title: &'static str, stream: Stream, payload: &[u8], name: &str) -> Golden {
    let next = u32::from(stream == Stream::Control);
    let bytes = [frame(stream, 0, payload), frame(Stream::Control, next, COST)].concat();
    golden(file, title, bytes, vec![bad_payload(stream, 0, name), cost(next)])
}

pub fn frames() -> Vec<Golden> {
    let whole = frame(Stream::Control, 0, COST);
    let oversized = [&1_048_577_u32.to_le_bytes()[..], &[0; 8]].concat();
    let gapped = [frame(Stream::Control, 0, COST), frame(Stream::Control, 5, COST), frame(Stream::Control, 6, COST)];
    let wrapped = [frame(Stream::Control, u32::MAX, COST), frame(Stream::Control, 0, COST)];
    let mut long_record = log_payload(&log_batch());
    long_record[16..20].copy_from_slice(&4096_u32.to_le_bytes());
    let mut short_sample = sample_payload(&sample());
    short_sample.truncate(short_sample.len() - 8);
    let mut extra_register = write_registers(DEVICE, [1, 2], &[Register { offset: 0, value: 1 }]);
    extra_register[16 + 32] = 2;
    let mut unknown_event = write_trace(&trace_batch().header, &trace_batch().records);
    unknown_event[56 + 8] = 99;
    let record = "bad-record";
    vec![
        golden(
            "truncated-header.bin",
            "a pipe that ends inside a header",
            whole[..7].to_vec(),
            vec![error("truncated")],
        ),
        golden(
            "truncated-payload.bin",
            "a pipe that ends inside a payload",
            whole[..whole.len() - 1].to_vec(),
            vec![error("truncated")],
        ),
        golden("oversized.bin", "a frame one byte longer than allowed", oversized, vec![error("oversized")]),
        spoiled("unknown-kind.bin", "a kind that does not exist", 4, 2, "unknown-kind"),
        spoiled("unknown-flags.bin", "a flag", 5, 1, "unknown-flags"),
        spoiled("unknown-stream.bin", "a stream that does not exist", 6, 0xff, "unknown-stream"),
        spoiled("kind-mismatch.bin", "control on a bulk stream", 6, 1, "kind-mismatch"),
        survived("bad-json.bin", "a control payload that is no JSON", Stream::Control, b"{\"type\":", "bad-json"),
        survived("bad-utf8.bin", "a control payload that is no UTF-8", Stream::Control, b"\"\xff\"", "bad-json"),
        survived(
            "bad-message.bin",
            "JSON that is no request",
            Stream::Control,
            br#"{"type":"request","id":-1,"verb":"cost","arguments":{}}"#,
            "bad-message",
        ),
        survived(
            "bad-message-unknown-field.bin",
            "a request with a field that nobody has defined",
            Stream::Control,
            br#"{"type":"request","id":1,"verb":"cost","arguments":{},"more":1}"#,
            "bad-message",
        ),
        survived("bad-record-log.bin", "a log record longer than its batch", Stream::Log, &long_record, record),
        survived("bad-record-sample.bin", "a sample without its last counter", Stream::Sample, &short_sample, record),
        survived("bad-record-ring.bin", "an empty ring snapshot", Stream::Ring, &[], record),
        survived(
            "bad-record-registers.bin",
            "registers that announce one more than they bring",
            Stream::Registers,
            &extra_register,
            record,
        ),
        survived(
            "bad-record-trace.bin",
            "a trace event of a number that nobody has",
            Stream::Trace,
            &unknown_event,
            record,
        ),
        survived("bad-record-vectors.bin", "vectors that do not begin with RIGB", Stream::Vectors, &[0; 56], record),
        golden(
            "sequence-gap.bin",
            "a stream with four frames missing",
            gapped.concat(),
            vec![cost(0), gap(Stream::Control, 1, 5), cost(5), cost(6)],
        ),
        golden(
            "sequence-wrap.bin",
            "a sequence that wraps, after a gap",
            wrapped.concat(),
            vec![gap(Stream::Control, 0, u32::MAX), cost(u32::MAX), cost(0)],
        ),
    ]
}
