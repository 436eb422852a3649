// SPDX-License-Identifier: MIT OR Apache-2.0
//! Stream 8: a batch of the driver's trace events, each a record of one size.

use super::cursor::{Bytes, bad_record};
use super::snapshot::{ENVELOPE_BYTES, write_envelope};
use crate::Fault;
use crate::control::TraceEvent;

/// Bytes before the records.
pub const TRACE_HEADER_BYTES: usize = 56;
/// Bytes of a record.
pub const TRACE_RECORD_BYTES: usize = 40;

/// What a batch says beside its records.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct TraceHeader {
    /// The PCI address.
    pub device: String,
    /// Events that the kernel had to overwrite before they could be read, of all traced devices, since the batch before.
    pub lost_events: u64,
    /// CLOCK_MONOTONIC from which on the batch tells what happened; the end of the batch before.
    pub from_ns: u64,
    /// CLOCK_MONOTONIC up to which it does.
    pub to_ns: u64,
    /// How much of that time nothing was recorded, since there was more than the budget allows.
    pub paused_ns: u64,
}

/// One event. What `words` mean is the event's matter; `driver/wire/README.md` lists it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct TraceRecord {
    /// CLOCK_MONOTONIC.
    pub time_ns: u64,
    /// Which tracepoint.
    pub event: TraceEvent,
    /// The CPU that it fired on.
    pub cpu: u16,
    /// The queue; of an interrupt the device's vector.
    pub queue: u16,
    /// The descriptor's flags; bit 0 of a refill is `starved`, of a poll `complete`.
    pub flags: u16,
    /// The bus address of the buffer; 0 where the event has none.
    pub dma_address: u64,
    /// Three numbers of the event's own.
    pub words: [u32; 3],
}

/// A batch: records in the order of their times.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct TraceBatch {
    /// Whose, and of when.
    pub header: TraceHeader,
    /// The records.
    pub records: Vec<TraceRecord>,
}

/// The payload of a batch.
pub fn write_trace(header: &TraceHeader, records: &[TraceRecord]) -> Vec<u8> {
    let mut output = Vec::with_capacity(TRACE_HEADER_BYTES + TRACE_RECORD_BYTES * records.len());
    write_envelope(&mut output, &header.device);
    output.extend_from_slice(&(records.len() as u32).to_le_bytes());
    output.extend_from_slice(&(TRACE_RECORD_BYTES as u32).to_le_bytes());
    for value in [header.lost_events, header.from_ns, header.to_ns, header.paused_ns] {
        output.extend_from_slice(&value.to_le_bytes());
    }
    for record in records {
        output.extend_from_slice(&record.time_ns.to_le_bytes());
        for half in [record.event.number(), record.cpu, record.queue, record.flags] {
            output.extend_from_slice(&half.to_le_bytes());
        }
        output.extend_from_slice(&record.dma_address.to_le_bytes());
        for word in record.words {
            output.extend_from_slice(&word.to_le_bytes());
        }
        output.extend_from_slice(&[0; 4]);
    }
    output
}

/// Reads a stream 8 payload. The fault is `bad-record`.
pub fn read_trace(payload: &[u8]) -> Result<TraceBatch, Fault> {
    let bytes = Bytes(payload);
    let address = bytes.slice(0, ENVELOPE_BYTES)?.split(|&byte| byte == 0).next().unwrap_or_default();
    let count = bytes.u32(16)? as usize;
    let record_bytes = bytes.u32(20)?;
    let header = TraceHeader {
        device: address.iter().map(|&byte| char::from(byte)).collect(),
        lost_events: bytes.u64(24)?,
        from_ns: bytes.u64(32)?,
        to_ns: bytes.u64(40)?,
        paused_ns: bytes.u64(48)?,
    };
    if record_bytes as usize != TRACE_RECORD_BYTES {
        return bad_record(format!("its records have {record_bytes} bytes, known are {TRACE_RECORD_BYTES}"));
    }
    let needed = count.saturating_mul(TRACE_RECORD_BYTES).saturating_add(TRACE_HEADER_BYTES);
    if needed != payload.len() {
        return bad_record(format!("a batch of {needed} bytes came as {}", payload.len()));
    }
    let record = |index: usize| {
        let at = TRACE_HEADER_BYTES + TRACE_RECORD_BYTES * index;
        let number = bytes.u16(at + 8)?;
        let Some(event) = TraceEvent::from_number(number) else {
            return bad_record(format!("event {number} is unknown"));
        };
        Ok(TraceRecord {
            time_ns: bytes.u64(at)?,
            event,
            cpu: bytes.u16(at + 10)?,
            queue: bytes.u16(at + 12)?,
            flags: bytes.u16(at + 14)?,
            dma_address: bytes.u64(at + 16)?,
            words: [bytes.u32(at + 24)?, bytes.u32(at + 28)?, bytes.u32(at + 32)?],
        })
    };
    Ok(TraceBatch { header, records: (0..count).map(record).collect::<Result<_, _>>()? })
}
