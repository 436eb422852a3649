// SPDX-License-Identifier: MIT OR Apache-2.0
//! Values as the JSON of `golden.json`: 64-bit integers as decimal text, bytes as hexadecimal text.

use super::{bad_payload, error, gap, good};
use ringscope_wire::control::read_request;
use ringscope_wire::layouts::*;
use ringscope_wire::{Decoded, Decoder, Fault, Frame, Stream};
use serde_json::{Value, json};

pub fn hexadecimal(bytes: &[u8]) -> String {
    bytes.iter().fold(String::new(), |text, byte| text + &format!("{byte:02x}"))
}

fn decimals(values: &[u64]) -> Vec<String> {
    values.iter().map(u64::to_string).collect()
}

pub fn log_json(batch: &LogBatch) -> Value {
    let record = |record: &LogRecord| {
        json!({
            "sequence": record.sequence.to_string(), "timeUs": record.time_us.to_string(), "level": record.level,
            "facility": record.facility, "isContinuation": record.is_continuation, "text": record.text,
            "device": record.device, "subsystem": record.subsystem,
        })
    };
    json!({"lostRecords": batch.lost_records.to_string(), "records": batch.records.iter().map(record).collect::<Vec<_>>()})
}

pub fn sample_json(sample: &Sample) -> Value {
    json!({
        "timeNs": sample.header.time_ns.to_string(), "tableId": sample.header.table_id,
        "cpuCount": sample.header.cpu_count, "durationNs": sample.header.duration_ns,
        "vectors": decimals(&sample.vectors), "softirqs": decimals(&sample.softirqs),
        "counters": decimals(&sample.counters),
    })
}

fn positions_json(at: &Positions) -> Value {
    json!({"head": at.head, "tail": at.tail, "nextToUse": at.next_to_use, "nextToClean": at.next_to_clean})
}

fn with_times(device: &str, times: [u64; 2], mut content: Value) -> Value {
    content["device"] = json!(device);
    content["timeBeforeNs"] = json!(times[0].to_string());
    content["timeAfterNs"] = json!(times[1].to_string());
    content
}

pub fn ring_json(device: &str, times: [u64; 2], ring: &RingSnapshot) -> Value {
    let content = json!({
        "kind": ring.kind.name(), "index": ring.index, "isRunning": ring.is_running, "isFromCard": ring.is_from_card,
        "descriptorCount": ring.descriptor_count, "descriptorBytes": ring.descriptor_bytes,
        "dmaAddress": ring.dma_address.to_string(), "before": positions_json(&ring.before),
        "after": positions_json(&ring.after), "generation": ring.generation.to_string(),
        "descriptors": hexadecimal(&ring.descriptors),
    });
    with_times(device, times, content)
}

pub fn registers_json(device: &str, times: [u64; 2], registers: &[Register]) -> Value {
    let one = |register: &Register| json!({"offset": register.offset, "value": register.value});
    with_times(device, times, json!({"registers": registers.iter().map(one).collect::<Vec<_>>()}))
}

pub fn vectors_json(device: &str, times: [u64; 2], vectors: &[VectorCounts]) -> Value {
    let one = |counts: &VectorCounts| {
        let named = ["rx", "tx", "link"].into_iter().enumerate();
        let roles: Vec<_> = named.filter(|(bit, _)| (counts.role >> bit) & 1 == 1).map(|(_, name)| name).collect();
        json!({
            "irq": counts.irq, "vector": counts.vector, "roles": roles, "queue": counts.queue,
            "handled": counts.handled.to_string(), "spurious": counts.spurious.to_string(),
            "polls": counts.polls.to_string(), "lastNs": counts.last_ns.to_string(),
            "exhausted": counts.exhausted.map(|polls| polls.to_string()),
        })
    };
    with_times(device, times, json!({"vectors": vectors.iter().map(one).collect::<Vec<_>>()}))
}

pub fn trace_json(batch: &TraceBatch) -> Value {
    let one = |record: &TraceRecord| {
        json!({
            "timeNs": record.time_ns.to_string(), "event": record.event.name(), "cpu": record.cpu,
            "queue": record.queue, "flags": record.flags, "dmaAddress": record.dma_address.to_string(),
            "words": record.words,
        })
    };
    let header = &batch.header;
    json!({
        "device": header.device, "lostEvents": header.lost_events.to_string(), "fromNs": header.from_ns.to_string(),
        "toNs": header.to_ns.to_string(), "pausedNs": header.paused_ns.to_string(),
        "records": batch.records.iter().map(one).collect::<Vec<_>>(),
    })
}

pub fn buffer_json(device: &str, times: [u64; 2], buffer: &BufferSnapshot) -> Value {
    let kept = buffer.kept.as_ref().map(
        |kept| json!({"timeNs": kept.time_ns.to_string(), "whole": kept.whole, "bytes": hexadecimal(&kept.bytes)}),
    );
    let holding = match buffer.holding {
        Holding::Empty => "empty",
        Holding::Posted => "posted",
        Holding::Received => "received",
        Holding::Sending => "sending",
        Holding::Sent => "sent",
        Holding::Copied => "copied",
    };
    let content = json!({
        "kind": buffer.kind.name(), "queue": buffer.queue, "index": buffer.index, "holding": holding,
        "first": buffer.descriptors[0], "last": buffer.descriptors[1], "generation": buffer.generation.to_string(),
        "whole": buffer.whole, "bytes": hexadecimal(&buffer.bytes), "kept": kept,
    });
    with_times(device, times, content)
}

/// The content of a frame, read by the crate's readers. Of a server's control frames Rust has writers only, so they are JSON here.
fn content(sender: &str, frame: &Frame) -> Result<Value, Fault> {
    let payload = &frame.payload;
    let snapshot = |header: &SnapshotHeader| (header.device.clone(), [header.time_before_ns, header.time_after_ns]);
    Ok(match frame.stream {
        Stream::Control if sender == "client" => {
            read_request(payload)?;
            serde_json::from_slice(payload).expect("a request is JSON")
        }
        Stream::Control => serde_json::from_slice(payload).map_err(|error| Fault::BadJson(error.to_string()))?,
        Stream::Log => log_json(&read_log_batch(payload)?),
        Stream::Sample => sample_json(&read_sample(payload)?),
        Stream::Ring => {
            let (header, ring) = read_ring(payload)?;
            let (device, times) = snapshot(&header);
            ring_json(&device, times, &ring)
        }
        Stream::Registers => {
            let (header, registers) = read_registers(payload)?;
            let (device, times) = snapshot(&header);
            registers_json(&device, times, &registers)
        }
        Stream::Vectors => {
            let (header, vectors) = read_vectors(payload)?;
            let (device, times) = snapshot(&header);
            vectors_json(&device, times, &vectors)
        }
        Stream::Buffer => {
            let (header, buffer) = read_buffer(payload)?;
            let (device, times) = snapshot(&header);
            buffer_json(&device, times, &buffer)
        }
        Stream::Trace => trace_json(&read_trace(payload)?),
        Stream::Console | Stream::Terminal => json!(hexadecimal(payload)),
    })
}

/// What the crate makes of a file, `chunk` bytes at a time.
pub fn describe(sender: &str, bytes: &[u8], chunk: usize) -> Vec<Value> {
    let mut decoder = Decoder::default();
    let mut decoded: Vec<Decoded> = bytes.chunks(chunk).flat_map(|part| decoder.push(part)).collect();
    decoded.extend(decoder.end().map(Decoded::Error));
    let one = |decoded: &Decoded| match decoded {
        Decoded::Error(fault) => error(fault.name()),
        Decoded::SequenceGap { stream, expected, actual } => gap(*stream, *expected, *actual),
        Decoded::Frame(frame) => match content(sender, frame) {
            Ok(content) => good(frame.stream, frame.sequence, content),
            Err(fault) => bad_payload(frame.stream, frame.sequence, fault.name()),
        },
    };
    decoded.iter().map(one).collect()
}
