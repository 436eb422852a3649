// SPDX-License-Identifier: MIT OR Apache-2.0
//! A good frame of every bulk stream.

use super::described::{
    buffer_json, hexadecimal, log_json, registers_json, ring_json, sample_json, trace_json, vectors_json,
};
use super::{Golden, frame, good};
use ringscope_wire::Stream;
use ringscope_wire::control::{RingKind, TraceEvent};
use ringscope_wire::layouts::*;
use serde_json::{Value, json};

pub const DEVICE: &str = "0000:01:00.0";
const TIMES: [u64; 2] = [9_007_199_254_740_993, 9_007_199_254_741_999];

fn golden(file: &'static str, title: &'static str, stream: Stream, payload: &[u8], content: Value) -> Golden {
    Golden { file, title, sender: "server", bytes: frame(stream, 0, payload), expected: vec![good(stream, 0, content)] }
}

pub fn log_batch() -> LogBatch {
    let first = LogRecord {
        sequence: 700,
        time_us: 4_200_001,
        level: 6,
        facility: 0,
        is_continuation: false,
        text: "rigb 0000:01:00.0 eth0: Link is Up — 1 Gbps".into(),
        device: "+pci:0000:01:00.0".into(),
        subsystem: "pci".into(),
    };
    let second = LogRecord {
        sequence: u64::MAX,
        time_us: 4_200_002,
        level: 3,
        facility: 1,
        is_continuation: true,
        ..LogRecord::default()
    };
    LogBatch { lost_records: 3, records: vec![first, second] }
}

pub fn log_payload(batch: &LogBatch) -> Vec<u8> {
    let mut writer = LogBatchWriter::default();
    batch.records.iter().for_each(|record| writer.push(record));
    writer.take(batch.lost_records)
}

pub fn sample() -> Sample {
    let header = SampleHeader {
        time_ns: TIMES[0],
        table_id: 7,
        cpu_count: 2,
        vector_count: 3,
        softirq_count: 1,
        counter_count: 2,
        duration_ns: 81_000,
    };
    Sample { header, vectors: vec![1, 2, 3, 4, 5, u64::MAX], softirqs: vec![10, 20], counters: vec![1_000, 64_000] }
}

pub fn sample_payload(sample: &Sample) -> Vec<u8> {
    let mut payload = Vec::new();
    begin_sample(&mut payload, &sample.header);
    for value in [&sample.vectors, &sample.softirqs, &sample.counters].into_iter().flatten() {
        payload.extend_from_slice(&value.to_le_bytes());
    }
    payload
}

fn ring(kind: RingKind, index: u16, descriptor_count: u32) -> RingSnapshot {
    RingSnapshot {
        kind,
        index,
        is_running: descriptor_count > 0,
        is_from_card: kind == RingKind::Rx,
        descriptor_count,
        descriptor_bytes: 16,
        dma_address: 0xffff_d000,
        before: Positions { head: 1, tail: 2, next_to_use: 3, next_to_clean: 0 },
        after: Positions { head: 2, tail: 3, next_to_use: 0, next_to_clean: 1 },
        generation: 5,
        descriptors: (0..16 * descriptor_count).map(|byte| byte as u8).collect(),
    }
}

/// A record of every event, with numbers that need all of their bits.
pub fn trace_batch() -> TraceBatch {
    let header = TraceHeader {
        device: DEVICE.into(),
        lost_events: 17,
        from_ns: TIMES[0],
        to_ns: TIMES[1],
        paused_ns: u64::from(u32::MAX) + 1,
    };
    let record = |event: TraceEvent| TraceRecord {
        time_ns: TIMES[0] + 100 * u64::from(event.number()),
        event,
        cpu: 1,
        queue: event.number(),
        flags: if event == TraceEvent::RxDone { 0x23 } else { u16::from(event == TraceEvent::Poll) },
        dma_address: if matches!(event, TraceEvent::RxPost | TraceEvent::RxDone) { 0xffff_ffff_0000_1000 } else { 0 },
        words: [255, u32::MAX, 64 + u32::from(event.number())],
    };
    TraceBatch { header, records: TraceEvent::ALL.map(record).to_vec() }
}

/// A frame over several descriptors that is on its way, and a received one with what was kept of the one before.
pub fn buffers() -> [BufferSnapshot; 2] {
    let sending = BufferSnapshot {
        kind: RingKind::Tx,
        queue: 1,
        index: 254,
        holding: Holding::Sending,
        descriptors: [253, 1],
        generation: 5,
        whole: 9014,
        bytes: (0..96u8).collect(),
        kept: None,
    };
    let kept = KeptBytes { time_ns: TIMES[0], whole: 1514, bytes: vec![0xff; 6] };
    let received = BufferSnapshot {
        kind: RingKind::Rx,
        queue: 0,
        index: 17,
        holding: Holding::Received,
        descriptors: [17, 17],
        generation: u64::MAX,
        whole: 60,
        bytes: (0..60u8).collect(),
        kept: Some(kept),
    };
    [sending, received]
}

pub fn frames() -> Vec<Golden> {
    let batch = log_batch();
    let trace = trace_batch();
    let quiet = TraceBatch { header: TraceHeader { lost_events: 0, ..trace.header.clone() }, records: vec![] };
    let tick = sample();
    let [sending, received] = buffers();
    let (rx, tx) = (ring(RingKind::Rx, 0, 4), ring(RingKind::Tx, 1, 0));
    let registers = [Register { offset: 0, value: 0x0018_0241 }, Register { offset: 0x0001_0004, value: u32::MAX }];
    let vector = VectorCounts {
        irq: 29,
        vector: 0,
        role: 3,
        queue: Some(0),
        handled: 12,
        spurious: 1,
        polls: 13,
        last_ns: TIMES[0],
        exhausted: Some(2),
    };
    let vectors = [vector, VectorCounts { irq: 30, vector: 1, role: 4, queue: None, ..vector }];
    let uncounted = VectorCounts { exhausted: None, ..vector };
    let console = b"ringscope-lab: ready\r\n";
    let terminal = b"\x03\0\0\0\x01\0\0\0$ uname\r\nLinux\r\n";
    vec![
        golden("log.bin", "a log batch", Stream::Log, &log_payload(&batch), log_json(&batch)),
        golden("sample.bin", "a sample", Stream::Sample, &sample_payload(&tick), sample_json(&tick)),
        golden(
            "ring-rx.bin",
            "a receive ring",
            Stream::Ring,
            &write_ring(DEVICE, TIMES, &rx),
            ring_json(DEVICE, TIMES, &rx),
        ),
        golden(
            "ring-tx-down.bin",
            "a transmit ring whose interface is down",
            Stream::Ring,
            &write_ring(DEVICE, TIMES, &tx),
            ring_json(DEVICE, TIMES, &tx),
        ),
        golden(
            "registers.bin",
            "registers",
            Stream::Registers,
            &write_registers(DEVICE, TIMES, &registers),
            registers_json(DEVICE, TIMES, &registers),
        ),
        golden(
            "vectors.bin",
            "counts per vector",
            Stream::Vectors,
            &write_vectors(DEVICE, TIMES, &vectors),
            vectors_json(DEVICE, TIMES, &vectors),
        ),
        golden(
            "vectors-short.bin",
            "vectors of a driver that does not count exhausted polls",
            Stream::Vectors,
            &write_vectors(DEVICE, TIMES, &[uncounted]),
            vectors_json(DEVICE, TIMES, &[uncounted]),
        ),
        golden("console.bin", "console bytes", Stream::Console, console, json!(hexadecimal(console))),
        golden("terminal.bin", "what a shell printed", Stream::Terminal, terminal, json!(hexadecimal(terminal))),
        golden(
            "trace.bin",
            "a trace batch with every event",
            Stream::Trace,
            &write_trace(&trace.header, &trace.records),
            trace_json(&trace),
        ),
        golden(
            "trace-quiet.bin",
            "a trace batch without an event",
            Stream::Trace,
            &write_trace(&quiet.header, &[]),
            trace_json(&quiet),
        ),
        golden(
            "buffer-tx.bin",
            "a frame that is on its way",
            Stream::Buffer,
            &write_buffer(DEVICE, TIMES, &sending),
            buffer_json(DEVICE, TIMES, &sending),
        ),
        golden(
            "buffer-rx.bin",
            "a received frame, and what was kept of the one before",
            Stream::Buffer,
            &write_buffer(DEVICE, TIMES, &received),
            buffer_json(DEVICE, TIMES, &received),
        ),
    ]
}
