// SPDX-License-Identifier: MIT OR Apache-2.0
//! What the snapshots hold. The driver writes them; the writers here serve tests and golden frames.

use super::cursor::{Bytes, bad_record};
use super::snapshot::{SnapshotHeader, SnapshotKind, begin, open};
use crate::Fault;
use crate::control::RingKind;

const NO_QUEUE: u8 = 255;
const REGISTER_BYTES: usize = 8;
const VECTOR_BYTES: usize = 48;
/// Of a driver that does not count exhausted polls yet; recordings have such too.
const SHORT_VECTOR_BYTES: usize = 40;

/// Where a ring stood at one instant, as descriptor indices.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Positions {
    /// Where the card is.
    pub head: u32,
    /// Up to where the card may go.
    pub tail: u32,
    /// Where the driver adds.
    pub next_to_use: u32,
    /// Where the driver takes back.
    pub next_to_clean: u32,
}

/// A ring with its raw descriptors.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RingSnapshot {
    /// Receive or transmit.
    pub kind: RingKind,
    /// Its number.
    pub index: u16,
    /// Whether the interface is up.
    pub is_running: bool,
    /// Whether head and tail were read from the card.
    pub is_from_card: bool,
    /// How many descriptors.
    pub descriptor_count: u32,
    /// Bytes of one.
    pub descriptor_bytes: u32,
    /// The bus address of descriptor 0.
    pub dma_address: u64,
    /// Before the copy.
    pub before: Positions,
    /// After the copy.
    pub after: Positions,
    /// How often the ring was set up.
    pub generation: u64,
    /// The descriptors, raw.
    pub descriptors: Vec<u8>,
}

/// A register of BAR 0.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Register {
    /// Byte offset.
    pub offset: u32,
    /// What was read.
    pub value: u32,
}

/// One interrupt vector as the driver's handler counted it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct VectorCounts {
    /// Linux' interrupt number.
    pub irq: u32,
    /// The entry in the MSI-X table.
    pub vector: u16,
    /// Bit 0 rx, 1 tx, 2 link.
    pub role: u8,
    /// The queue that it serves.
    pub queue: Option<u8>,
    /// Interrupts that found work.
    pub handled: u64,
    /// Interrupts that found none.
    pub spurious: u64,
    /// Runs of the poll function.
    pub polls: u64,
    /// CLOCK_MONOTONIC of the last interrupt, as exact as the timer tick.
    pub last_ns: u64,
    /// Polls that used up their budget; `None` where the driver does not count them.
    pub exhausted: Option<u64>,
}

fn positions(file: Bytes<'_>, at: usize) -> Result<Positions, Fault> {
    Ok(Positions {
        head: file.u32(at)?,
        tail: file.u32(at + 4)?,
        next_to_use: file.u32(at + 8)?,
        next_to_clean: file.u32(at + 12)?,
    })
}

/// Whether `count` records of `size` bytes fill what follows the header.
fn fills(file: Bytes<'_>, header_length: usize, count: u32, size: u32) -> bool {
    header_length as u64 + u64::from(count) * u64::from(size) == file.0.len() as u64
}

/// Reads a stream 3 payload. The fault is `bad-record`.
pub fn read_ring(payload: &[u8]) -> Result<(SnapshotHeader, RingSnapshot), Fault> {
    let (header, file) = open(payload, SnapshotKind::Ring)?;
    let kind = match file.u8(32)? {
        0 => RingKind::Rx,
        1 => RingKind::Tx,
        other => return bad_record(format!("ring kind {other} is unknown")),
    };
    let flags = file.u8(33)?;
    let (descriptor_count, descriptor_bytes) = (file.u32(36)?, file.u32(40)?);
    if !fills(file, header.header_length, descriptor_count, descriptor_bytes) {
        return bad_record("its descriptors do not fill it");
    }
    let ring = RingSnapshot {
        kind,
        index: file.u16(34)?,
        is_running: flags & 1 != 0,
        is_from_card: flags & 2 != 0,
        descriptor_count,
        descriptor_bytes,
        dma_address: file.u64(48)?,
        before: positions(file, 56)?,
        after: positions(file, 72)?,
        generation: file.u64(88)?,
        descriptors: file.0.get(header.header_length..).unwrap_or_default().to_vec(),
    };
    Ok((header, ring))
}

/// Reads a stream 4 payload. The fault is `bad-record`.
pub fn read_registers(payload: &[u8]) -> Result<(SnapshotHeader, Vec<Register>), Fault> {
    let (header, file) = open(payload, SnapshotKind::Registers)?;
    let count = file.u32(32)?;
    if !fills(file, header.header_length, count, REGISTER_BYTES as u32) {
        return bad_record("its registers do not fill it");
    }
    let places = (0..count as usize).map(|index| header.header_length + REGISTER_BYTES * index);
    let registers = places
        .map(|at| Ok(Register { offset: file.u32(at)?, value: file.u32(at + 4)? }))
        .collect::<Result<_, Fault>>()?;
    Ok((header, registers))
}

/// Reads a stream 5 payload. The fault is `bad-record`.
pub fn read_vectors(payload: &[u8]) -> Result<(SnapshotHeader, Vec<VectorCounts>), Fault> {
    let (header, file) = open(payload, SnapshotKind::Vectors)?;
    let count = file.u32(32)?;
    let sizes = [VECTOR_BYTES, SHORT_VECTOR_BYTES];
    let Some(size) = sizes.into_iter().find(|&size| fills(file, header.header_length, count, size as u32)) else {
        return bad_record("its vectors do not fill it");
    };
    let one = |at: usize| -> Result<VectorCounts, Fault> {
        let queue = file.u8(at + 7)?;
        Ok(VectorCounts {
            irq: file.u32(at)?,
            vector: file.u16(at + 4)?,
            role: file.u8(at + 6)?,
            queue: (queue != NO_QUEUE).then_some(queue),
            handled: file.u64(at + 8)?,
            spurious: file.u64(at + 16)?,
            polls: file.u64(at + 24)?,
            last_ns: file.u64(at + 32)?,
            exhausted: if size == VECTOR_BYTES { Some(file.u64(at + 40)?) } else { None },
        })
    };
    let places = (0..count as usize).map(|index| header.header_length + size * index);
    let vectors = places.map(one).collect::<Result<_, Fault>>()?;
    Ok((header, vectors))
}

/// A stream 3 payload.
pub fn write_ring(device: &str, times: [u64; 2], ring: &RingSnapshot) -> Vec<u8> {
    let mut output = begin(device, SnapshotKind::Ring, ring.descriptors.len(), times);
    let flags = u8::from(ring.is_running) | (u8::from(ring.is_from_card) << 1);
    output.extend_from_slice(&[u8::from(ring.kind == RingKind::Tx), flags]);
    output.extend_from_slice(&ring.index.to_le_bytes());
    for word in [ring.descriptor_count, ring.descriptor_bytes, 0] {
        output.extend_from_slice(&word.to_le_bytes());
    }
    output.extend_from_slice(&ring.dma_address.to_le_bytes());
    for Positions { head, tail, next_to_use, next_to_clean } in [ring.before, ring.after] {
        for word in [head, tail, next_to_use, next_to_clean] {
            output.extend_from_slice(&word.to_le_bytes());
        }
    }
    output.extend_from_slice(&ring.generation.to_le_bytes());
    output.extend_from_slice(&ring.descriptors);
    output
}

/// A stream 4 payload.
pub fn write_registers(device: &str, times: [u64; 2], registers: &[Register]) -> Vec<u8> {
    let mut output = begin(device, SnapshotKind::Registers, REGISTER_BYTES * registers.len(), times);
    for word in [registers.len() as u32, 0] {
        output.extend_from_slice(&word.to_le_bytes());
    }
    for Register { offset, value } in registers {
        output.extend_from_slice(&offset.to_le_bytes());
        output.extend_from_slice(&value.to_le_bytes());
    }
    output
}

/// A stream 5 payload; in short records when no vector has a count of exhausted polls.
pub fn write_vectors(device: &str, times: [u64; 2], vectors: &[VectorCounts]) -> Vec<u8> {
    let is_short = vectors.iter().all(|counts| counts.exhausted.is_none());
    let size = if is_short { SHORT_VECTOR_BYTES } else { VECTOR_BYTES };
    let mut output = begin(device, SnapshotKind::Vectors, size * vectors.len(), times);
    for word in [vectors.len() as u32, 0] {
        output.extend_from_slice(&word.to_le_bytes());
    }
    for counts in vectors {
        output.extend_from_slice(&counts.irq.to_le_bytes());
        output.extend_from_slice(&counts.vector.to_le_bytes());
        output.extend_from_slice(&[counts.role, counts.queue.unwrap_or(NO_QUEUE)]);
        for count in [counts.handled, counts.spurious, counts.polls, counts.last_ns] {
            output.extend_from_slice(&count.to_le_bytes());
        }
        if !is_short {
            output.extend_from_slice(&counts.exhausted.unwrap_or_default().to_le_bytes());
        }
    }
    output
}
