// SPDX-License-Identifier: MIT OR Apache-2.0
//! The frame: `u32 length | u8 kind | u8 flags | u16 stream | u32 sequence | payload`, little-endian.

use crate::FramingFault;

/// Bytes before the payload.
pub const HEADER_BYTES: usize = 12;

/// The longest payload a frame may carry, in bytes.
pub const MAXIMUM_PAYLOAD_BYTES: usize = 1_048_576;

const CONTROL: u8 = 0;
const BULK: u8 = 1;

/// The streams. Control runs on stream 0, everything else is bulk.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[repr(u16)]
pub enum Stream {
    /// Requests, replies, events as JSON.
    Control = 0,
    /// Batches of kernel log records.
    Log = 1,
    /// Sampling ticks.
    Sample = 2,
    /// Ring snapshots.
    Ring = 3,
    /// Register snapshots.
    Registers = 4,
    /// The driver's counts per vector.
    Vectors = 5,
    /// The lab guest's console; the application's alone.
    Console = 6,
    /// What the user's shells print; the application's alone.
    Terminal = 7,
    /// Batches of the driver's trace events.
    Trace = 8,
    /// What buffers of descriptors hold.
    Buffer = 9,
}

impl Stream {
    /// Every stream, in the order of its numbers.
    pub const ALL: [Self; 10] = [
        Self::Control,
        Self::Log,
        Self::Sample,
        Self::Ring,
        Self::Registers,
        Self::Vectors,
        Self::Console,
        Self::Terminal,
        Self::Trace,
        Self::Buffer,
    ];

    /// The number in the frame.
    pub const fn number(self) -> u16 {
        self as u16
    }

    /// The stream of a number, if there is one.
    pub fn from_number(number: u16) -> Option<Self> {
        Self::ALL.get(usize::from(number)).copied()
    }

    const fn kind(self) -> u8 {
        if matches!(self, Self::Control) { CONTROL } else { BULK }
    }
}

/// One received frame.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Frame {
    /// The stream it belongs to.
    pub stream: Stream,
    /// Its number within the stream and direction.
    pub sequence: u32,
    /// At most [`MAXIMUM_PAYLOAD_BYTES`].
    pub payload: Vec<u8>,
}

/// The first [`HEADER_BYTES`] of a frame that were found good.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Header {
    /// Payload bytes that follow, at most [`MAXIMUM_PAYLOAD_BYTES`].
    pub length: usize,
    /// The stream.
    pub stream: Stream,
    /// The sequence.
    pub sequence: u32,
}

impl Header {
    /// Reads a header. The faults are checked in the order `oversized`, `unknown-kind`, `unknown-flags`, `unknown-stream`, `kind-mismatch`, as the
    /// application checks them, so that both name a header with several faults alike.
    pub fn read(bytes: [u8; HEADER_BYTES]) -> Result<Self, FramingFault> {
        let [l0, l1, l2, l3, kind, flags, t0, t1, s0, s1, s2, s3] = bytes;
        let length = u32::from_le_bytes([l0, l1, l2, l3]);
        if length as usize > MAXIMUM_PAYLOAD_BYTES {
            return Err(FramingFault::Oversized);
        }
        if kind != CONTROL && kind != BULK {
            return Err(FramingFault::UnknownKind);
        }
        if flags != 0 {
            return Err(FramingFault::UnknownFlags);
        }
        let stream = Stream::from_number(u16::from_le_bytes([t0, t1])).ok_or(FramingFault::UnknownStream)?;
        if kind != stream.kind() {
            return Err(FramingFault::KindMismatch);
        }
        Ok(Self { length: length as usize, stream, sequence: u32::from_le_bytes([s0, s1, s2, s3]) })
    }

    /// The header as bytes. `length` beyond `u32` cannot occur in a header that [`crate::encode_frame`] accepts.
    pub fn bytes(self) -> [u8; HEADER_BYTES] {
        let [l0, l1, l2, l3] = (self.length as u32).to_le_bytes();
        let [t0, t1] = self.stream.number().to_le_bytes();
        let [s0, s1, s2, s3] = self.sequence.to_le_bytes();
        [l0, l1, l2, l3, self.stream.kind(), 0, t0, t1, s0, s1, s2, s3]
    }
}
