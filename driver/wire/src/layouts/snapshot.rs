// SPDX-License-Identifier: MIT OR Apache-2.0
//! Streams 3 to 5 and 9: an envelope with the device's address, then the driver's debugfs file as it was read.

use super::cursor::{Bytes, bad_record};
use crate::Fault;

/// Bytes of the envelope.
pub const ENVELOPE_BYTES: usize = 16;
/// The bytes `RIGB`.
pub const MAGIC: u32 = 0x4247_4952;
/// The version of the driver's files.
pub const SNAPSHOT_VERSION: u16 = 1;

/// What a file says it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[repr(u32)]
pub enum SnapshotKind {
    /// A ring.
    Ring = 1,
    /// The registers.
    Registers = 2,
    /// The vectors.
    Vectors = 3,
    /// A descriptor's buffer.
    Buffer = 4,
}

impl SnapshotKind {
    /// The shortest header of this kind, in bytes.
    pub const fn header_bytes(self) -> usize {
        match self {
            Self::Ring => 96,
            Self::Registers | Self::Vectors => 40,
            Self::Buffer => 80,
        }
    }
}

/// What every snapshot says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SnapshotHeader {
    /// The PCI address of the envelope.
    pub device: String,
    /// CLOCK_MONOTONIC before the copy.
    pub time_before_ns: u64,
    /// CLOCK_MONOTONIC after it.
    pub time_after_ns: u64,
    /// Where the records begin in the file.
    pub header_length: usize,
}

/// Appends the envelope: the address in ASCII, zero padded, cut at 16 bytes.
pub fn write_envelope(output: &mut Vec<u8>, device: &str) {
    let end = output.len() + ENVELOPE_BYTES;
    output.extend(device.bytes().take(ENVELOPE_BYTES));
    output.resize(end, 0);
}

/// Appends the header that every file begins with, 32 bytes.
fn write_common(output: &mut Vec<u8>, kind: SnapshotKind, length: usize, times: [u64; 2]) {
    output.extend_from_slice(&MAGIC.to_le_bytes());
    output.extend_from_slice(&SNAPSHOT_VERSION.to_le_bytes());
    output.extend_from_slice(&(kind.header_bytes() as u16).to_le_bytes());
    output.extend_from_slice(&(length as u32).to_le_bytes());
    output.extend_from_slice(&(kind as u32).to_le_bytes());
    for time in times {
        output.extend_from_slice(&time.to_le_bytes());
    }
}

/// Reads envelope and common header of a payload of stream 3 to 5 and checks lengths and kind. The fault is `bad-record`.
pub fn read_snapshot_header(payload: &[u8], kind: SnapshotKind) -> Result<SnapshotHeader, Fault> {
    let address = Bytes(payload).slice(0, ENVELOPE_BYTES)?;
    let address = address.split(|&byte| byte == 0).next().unwrap_or_default();
    let file = Bytes(payload.get(ENVELOPE_BYTES..).unwrap_or_default());
    if file.u32(0)? != MAGIC {
        return bad_record("it does not begin with RIGB");
    }
    let version = file.u16(4)?;
    if version != SNAPSHOT_VERSION {
        return bad_record(format!("it is of version {version}, known is {SNAPSHOT_VERSION}"));
    }
    let header_length = usize::from(file.u16(6)?);
    if header_length < kind.header_bytes() {
        return bad_record(format!("its header of {header_length} bytes is too short"));
    }
    let length = file.u32(8)?;
    if length as usize != file.0.len() {
        return bad_record(format!("it announces {length} bytes and has {}", file.0.len()));
    }
    let what = file.u32(12)?;
    if what != kind as u32 {
        return bad_record(format!("it is of kind {what}, expected was {}", kind as u32));
    }
    Ok(SnapshotHeader {
        device: address.iter().map(|&byte| char::from(byte)).collect(),
        time_before_ns: file.u64(16)?,
        time_after_ns: file.u64(24)?,
        header_length,
    })
}

/// The same, and the file behind the envelope.
pub(super) fn open(payload: &[u8], kind: SnapshotKind) -> Result<(SnapshotHeader, Bytes<'_>), Fault> {
    let header = read_snapshot_header(payload, kind)?;
    Ok((header, Bytes(payload.get(ENVELOPE_BYTES..).unwrap_or_default())))
}

/// A payload up to the end of the common header, of a file with `records` bytes behind its own.
pub(super) fn begin(device: &str, kind: SnapshotKind, records: usize, times: [u64; 2]) -> Vec<u8> {
    let mut output = Vec::new();
    write_envelope(&mut output, device);
    write_common(&mut output, kind, kind.header_bytes() + records, times);
    output
}
