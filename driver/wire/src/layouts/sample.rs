// SPDX-License-Identifier: MIT OR Apache-2.0
//! Stream 2: one sampling tick. Rows are named by the `table` event with the same id.

use super::cursor::{Bytes, bad_record};
use crate::Fault;

const HEADER_BYTES: usize = 24;

/// What precedes the values.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct SampleHeader {
    /// CLOCK_MONOTONIC of the sampled machine.
    pub time_ns: u64,
    /// The table that names the rows.
    pub table_id: u32,
    /// Columns of the matrices.
    pub cpu_count: u16,
    /// Rows of the first matrix.
    pub vector_count: u16,
    /// Rows of the second matrix.
    pub softirq_count: u16,
    /// Values after the matrices.
    pub counter_count: u16,
    /// What reading it all took.
    pub duration_ns: u32,
}

/// One tick; the matrices are row-major, a row a vector or softirq, a column a CPU.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Sample {
    /// Shape and time.
    pub header: SampleHeader,
    /// `vector_count` rows.
    pub vectors: Vec<u64>,
    /// `softirq_count` rows.
    pub softirqs: Vec<u64>,
    /// `counter_count` values.
    pub counters: Vec<u64>,
}

/// Bytes of a sample of this shape.
pub const fn sample_bytes(header: &SampleHeader) -> usize {
    let rows = header.vector_count as usize + header.softirq_count as usize;
    HEADER_BYTES + 8 * (rows * header.cpu_count as usize + header.counter_count as usize)
}

/// Clears `output` and writes the header; the caller appends vectors, softirqs and counters as `u64`.
pub fn begin_sample(output: &mut Vec<u8>, header: &SampleHeader) {
    output.clear();
    output.reserve(sample_bytes(header));
    output.extend_from_slice(&header.time_ns.to_le_bytes());
    output.extend_from_slice(&header.table_id.to_le_bytes());
    for count in [header.cpu_count, header.vector_count, header.softirq_count, header.counter_count] {
        output.extend_from_slice(&count.to_le_bytes());
    }
    output.extend_from_slice(&header.duration_ns.to_le_bytes());
}

/// Reads a stream 2 payload. The fault is `bad-record`.
pub fn read_sample(payload: &[u8]) -> Result<Sample, Fault> {
    let bytes = Bytes(payload);
    let header = SampleHeader {
        time_ns: bytes.u64(0)?,
        table_id: bytes.u32(8)?,
        cpu_count: bytes.u16(12)?,
        vector_count: bytes.u16(14)?,
        softirq_count: bytes.u16(16)?,
        counter_count: bytes.u16(18)?,
        duration_ns: bytes.u32(20)?,
    };
    let needed = sample_bytes(&header);
    if needed != payload.len() {
        return bad_record(format!("a sample of {needed} bytes came as {}", payload.len()));
    }
    let cpus = usize::from(header.cpu_count);
    let [vectors, softirqs] = [header.vector_count, header.softirq_count].map(|rows| usize::from(rows) * cpus);
    Ok(Sample {
        header,
        vectors: bytes.u64s(HEADER_BYTES, vectors)?,
        softirqs: bytes.u64s(HEADER_BYTES + 8 * vectors, softirqs)?,
        counters: bytes.u64s(HEADER_BYTES + 8 * (vectors + softirqs), usize::from(header.counter_count))?,
    })
}
