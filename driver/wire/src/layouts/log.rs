// SPDX-License-Identifier: MIT OR Apache-2.0
//! Stream 1: a batch of kernel log records.

use super::cursor::{Bytes, bad_record};
use crate::Fault;

const BATCH_HEADER_BYTES: usize = 16;
const RECORD_HEADER_BYTES: usize = 32;
const LONGEST_TEXT: usize = u16::MAX as usize;

/// One kernel log record; the fields are those of the kernel's `Documentation/ABI/testing/dev-kmsg`.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct LogRecord {
    /// The kernel's own number of the record.
    pub sequence: u64,
    /// Microseconds since boot, on the kernel's log clock.
    pub time_us: u64,
    /// 0 emergency … 7 debug.
    pub level: u8,
    /// The syslog facility, 0 for the kernel.
    pub facility: u8,
    /// Whether it continues the record before it.
    pub is_continuation: bool,
    /// The text.
    pub text: String,
    /// The DEVICE key, such as `+pci:0000:01:00.0`; empty without one.
    pub device: String,
    /// The SUBSYSTEM key; empty without one.
    pub subsystem: String,
}

/// A batch: records in order, and how many were overwritten in the kernel before them.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct LogBatch {
    /// Overwritten before they could be read, since the batch before.
    pub lost_records: u64,
    /// The records.
    pub records: Vec<LogRecord>,
}

/// Collects records into a payload.
#[derive(Debug, Default)]
pub struct LogBatchWriter {
    count: u32,
    records: Vec<u8>,
}

/// As much of a text as its length field can tell, cut between characters.
fn bounded(text: &str) -> &str {
    let mut end = text.len().min(LONGEST_TEXT);
    while !text.is_char_boundary(end) {
        end -= 1;
    }
    text.get(..end).unwrap_or_default()
}

impl LogBatchWriter {
    /// Appends a record. Texts beyond 65,535 bytes are cut there.
    pub fn push(&mut self, record: &LogRecord) {
        let texts = [bounded(&record.text), bounded(&record.device), bounded(&record.subsystem)];
        let needed = RECORD_HEADER_BYTES + texts.iter().map(|text| text.len()).sum::<usize>();
        let length = needed.next_multiple_of(8);
        let output = &mut self.records;
        output.extend_from_slice(&(length as u32).to_le_bytes());
        output.extend_from_slice(&[record.level, record.facility]);
        output.extend_from_slice(&u16::from(record.is_continuation).to_le_bytes());
        output.extend_from_slice(&record.sequence.to_le_bytes());
        output.extend_from_slice(&record.time_us.to_le_bytes());
        for text in texts {
            output.extend_from_slice(&(text.len() as u16).to_le_bytes());
        }
        output.extend_from_slice(&[0, 0]);
        for text in texts {
            output.extend_from_slice(text.as_bytes());
        }
        output.resize(output.len() + length - needed, 0);
        self.count += 1;
    }

    /// Bytes that [`Self::take`] would return.
    pub fn len(&self) -> usize {
        BATCH_HEADER_BYTES + self.records.len()
    }

    /// Whether it holds no record.
    pub fn is_empty(&self) -> bool {
        self.count == 0
    }

    /// The payload of what was collected; the writer is empty again.
    pub fn take(&mut self, lost_records: u64) -> Vec<u8> {
        let mut payload = Vec::with_capacity(self.len());
        payload.extend_from_slice(&self.count.to_le_bytes());
        payload.extend_from_slice(&[0; 4]);
        payload.extend_from_slice(&lost_records.to_le_bytes());
        payload.append(&mut self.records);
        self.count = 0;
        payload
    }
}

/// Reads a stream 1 payload. The fault is `bad-record`. Bytes that are no UTF-8 become U+FFFD.
pub fn read_log_batch(payload: &[u8]) -> Result<LogBatch, Fault> {
    let bytes = Bytes(payload);
    let count = bytes.u32(0)?;
    let lost_records = bytes.u64(8)?;
    let mut records = Vec::new();
    let mut at = BATCH_HEADER_BYTES;
    for index in 0..count {
        let length = bytes.u32(at)? as usize;
        let lengths = [bytes.u16(at + 24)?, bytes.u16(at + 26)?, bytes.u16(at + 28)?].map(usize::from);
        let needed = RECORD_HEADER_BYTES + lengths.iter().sum::<usize>();
        if length % 8 != 0 || length < needed {
            return bad_record(format!("record {index} announces {length} bytes and needs {needed}"));
        }
        if payload.len() - at < length {
            return bad_record(format!("record {index} runs past the end of the batch"));
        }
        let mut text_at = at + RECORD_HEADER_BYTES;
        let mut text = |length: usize| -> Result<String, Fault> {
            let text = bytes.slice(text_at, length)?;
            text_at += length;
            Ok(String::from_utf8_lossy(text).into_owned())
        };
        records.push(LogRecord {
            text: text(lengths[0])?,
            device: text(lengths[1])?,
            subsystem: text(lengths[2])?,
            sequence: bytes.u64(at + 8)?,
            time_us: bytes.u64(at + 16)?,
            level: bytes.u8(at + 4)?,
            facility: bytes.u8(at + 5)?,
            is_continuation: bytes.u16(at + 6)? & 1 != 0,
        });
        at += length;
    }
    if at != payload.len() {
        return bad_record(format!("{} bytes follow the last record", payload.len() - at));
    }
    Ok(LogBatch { lost_records, records })
}
