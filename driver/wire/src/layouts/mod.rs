// SPDX-License-Identifier: MIT OR Apache-2.0
//! Bulk payloads: fixed binary layouts, all integers little-endian. A payload that contradicts its own lengths is a `bad-record`.

mod buffer;
mod cursor;
mod log;
mod sample;
mod snapshot;
mod snapshot_records;
mod trace;

pub use buffer::{BufferSnapshot, Holding, KeptBytes, read_buffer, write_buffer};
pub use log::{LogBatch, LogBatchWriter, LogRecord, read_log_batch};
pub use sample::{Sample, SampleHeader, begin_sample, read_sample, sample_bytes};
pub use snapshot::{
    ENVELOPE_BYTES, MAGIC, SNAPSHOT_VERSION, SnapshotHeader, SnapshotKind, read_snapshot_header, write_envelope,
};
pub use snapshot_records::{
    Positions, Register, RingSnapshot, VectorCounts, read_registers, read_ring, read_vectors, write_registers,
    write_ring, write_vectors,
};
pub use trace::{
    TRACE_HEADER_BYTES, TRACE_RECORD_BYTES, TraceBatch, TraceHeader, TraceRecord, read_trace, write_trace,
};
