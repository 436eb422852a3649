// SPDX-License-Identifier: MIT OR Apache-2.0
//! Stream 9: an envelope with the device's address, then what the driver says of one descriptor's buffer, bytes and all.

use super::cursor::bad_record;
use super::snapshot::{SnapshotHeader, SnapshotKind, begin, open};
use crate::Fault;
use crate::control::RingKind;

/// What a descriptor's slot holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[repr(u8)]
pub enum Holding {
    /// No buffer of the driver's, or the interface is down.
    Empty = 0,
    /// An empty buffer into which the card may be writing: its bytes are older.
    Posted = 1,
    /// What the card has received; the driver has not taken it yet.
    Received = 2,
    /// A frame that the card is to send.
    Sending = 3,
    /// A frame that the card has sent; the driver has not taken it back yet.
    Sent = 4,
    /// No buffer any more; but the frame that was sent last was short and copied, and its copy still stands beside the descriptor.
    Copied = 5,
}

impl Holding {
    const ALL: [Self; 6] = [Self::Empty, Self::Posted, Self::Received, Self::Sending, Self::Sent, Self::Copied];
}

/// The beginning of the frame that was received last into the buffer of a descriptor, as it was when the driver took it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct KeptBytes {
    /// CLOCK_MONOTONIC when the driver took it.
    pub time_ns: u64,
    /// As many bytes as the card wrote.
    pub whole: u32,
    /// The first of them.
    pub bytes: Vec<u8>,
}

/// One descriptor's buffer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BufferSnapshot {
    /// Receive or transmit.
    pub kind: RingKind,
    /// The queue.
    pub queue: u16,
    /// The descriptor.
    pub index: u32,
    /// What its slot holds.
    pub holding: Holding,
    /// First and last descriptor of the frame that is shown.
    pub descriptors: [u32; 2],
    /// How often the ring was set up.
    pub generation: u64,
    /// Bytes of the frame, or of the buffer.
    pub whole: u32,
    /// The first of them.
    pub bytes: Vec<u8>,
    /// What was kept of the frame before, if anything was.
    pub kept: Option<KeptBytes>,
}

/// Reads a stream 9 payload. The fault is `bad-record`.
pub fn read_buffer(payload: &[u8]) -> Result<(SnapshotHeader, BufferSnapshot), Fault> {
    let (header, file) = open(payload, SnapshotKind::Buffer)?;
    let kind = match file.u8(32)? {
        0 => RingKind::Rx,
        1 => RingKind::Tx,
        other => return bad_record(format!("ring kind {other} is unknown")),
    };
    let state = file.u8(33)?;
    let Some(&holding) = Holding::ALL.get(usize::from(state)) else {
        return bad_record(format!("what it holds, {state}, is unknown"));
    };
    let (count, kept_count) = (file.u32(60)? as usize, file.u32(76)? as usize);
    let begin = header.header_length;
    let end = begin.saturating_add(count);
    if end.saturating_add(kept_count) != file.0.len() {
        return bad_record("its bytes do not fill it");
    }
    let kept_ns = file.u64(64)?;
    let kept = if kept_ns == 0 {
        None
    } else {
        let bytes = file.slice(end, kept_count)?.to_vec();
        Some(KeptBytes { time_ns: kept_ns, whole: file.u32(72)?, bytes })
    };
    let buffer = BufferSnapshot {
        kind,
        queue: file.u16(34)?,
        index: file.u32(36)?,
        holding,
        descriptors: [file.u32(40)?, file.u32(44)?],
        generation: file.u64(48)?,
        whole: file.u32(56)?,
        bytes: file.slice(begin, count)?.to_vec(),
        kept,
    };
    Ok((header, buffer))
}

/// A stream 9 payload.
pub fn write_buffer(device: &str, times: [u64; 2], buffer: &BufferSnapshot) -> Vec<u8> {
    let none = KeptBytes { time_ns: 0, whole: 0, bytes: vec![] };
    let kept = buffer.kept.as_ref().unwrap_or(&none);
    let mut output = begin(device, SnapshotKind::Buffer, buffer.bytes.len() + kept.bytes.len(), times);
    output.extend_from_slice(&[u8::from(buffer.kind == RingKind::Tx), buffer.holding as u8]);
    output.extend_from_slice(&buffer.queue.to_le_bytes());
    let [first, last] = buffer.descriptors;
    for word in [buffer.index, first, last] {
        output.extend_from_slice(&word.to_le_bytes());
    }
    output.extend_from_slice(&buffer.generation.to_le_bytes());
    for word in [buffer.whole, buffer.bytes.len() as u32] {
        output.extend_from_slice(&word.to_le_bytes());
    }
    output.extend_from_slice(&kept.time_ns.to_le_bytes());
    for word in [kept.whole, kept.bytes.len() as u32] {
        output.extend_from_slice(&word.to_le_bytes());
    }
    output.extend_from_slice(&buffer.bytes);
    output.extend_from_slice(&kept.bytes);
    output
}
