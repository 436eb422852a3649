// SPDX-License-Identifier: GPL-2.0-only
//! The binary layout of snapshots: little-endian, a common header (magic, version, lengths, two times), then what it is about.

use crate::{
    dev::{
        adapter::Adapter,
        buffer_look::{Direction, Standing},
        queue_pair::RingView,
    },
    hw::{interrupts::VectorPlan, queues, registers::SNAPSHOT_OFFSETS},
    ring::DescriptorMemory,
    sys::{clock, ring_memory::RingMemory},
};
use kernel::prelude::*;

const MAGIC: u32 = 0x4247_4952;
const VERSION: u16 = 1;
const RING_HEADER: u16 = 96;
const LIST_HEADER: u16 = 40;
const BUFFER_HEADER: u16 = 80;
const WHAT_RING: u32 = 1;
const WHAT_REGISTERS: u32 = 2;
const WHAT_VECTORS: u32 = 3;
const WHAT_BUFFER: u32 = 4;
const NO_QUEUE: u8 = 255;

/// Which ring.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum RingKind {
    /// Receive.
    Rx,
    /// Transmit.
    Tx,
}

struct Writer(KVec<u8>);

impl Writer {
    fn new(capacity: usize) -> Result<Self> {
        Ok(Self(KVec::with_capacity(capacity, GFP_KERNEL)?))
    }

    fn bytes(&mut self, bytes: &[u8]) -> Result {
        Ok(self.0.extend_from_slice(bytes, GFP_KERNEL)?)
    }

    fn u32(&mut self, value: u32) -> Result {
        self.bytes(&value.to_le_bytes())
    }

    fn u64(&mut self, value: u64) -> Result {
        self.bytes(&value.to_le_bytes())
    }

    fn common(&mut self, header_length: u16, length: u32, what: u32, before_ns: u64, after_ns: u64) -> Result {
        self.u32(MAGIC)?;
        self.bytes(&VERSION.to_le_bytes())?;
        self.bytes(&header_length.to_le_bytes())?;
        self.u32(length)?;
        self.u32(what)?;
        self.u64(before_ns)?;
        self.u64(after_ns)
    }
}

/// Head, tail, next_to_use, next_to_clean.
type Indexes = [u32; 4];

fn positions(adapter: &Adapter, kind: RingKind, queue: u32, next_to_use: u32, next_to_clean: u32) -> Indexes {
    let (head, tail) = match kind {
        RingKind::Rx => queues::receive_head_tail(&adapter.registers, queue),
        RingKind::Tx => queues::transmit_head_tail(&adapter.registers, queue),
    };
    [head, tail, next_to_use, next_to_clean]
}

/// A ring of queue `queue` as it is now: descriptors as the card and the driver wrote them, positions before and after the copy. `ENOMEM` when there is no memory for it.
pub(crate) fn ring(adapter: &Adapter, kind: RingKind, queue: u32) -> Result<KVec<u8>> {
    let (view, generation) = {
        let state = adapter.state.lock();
        let view: Option<RingView> = state.views.get(queue as usize).cloned();
        (view, state.generation)
    };
    let software = || match (&view, kind) {
        (Some(view), RingKind::Rx) => (view.rx_indexes.next_to_use(), view.rx_indexes.next_to_clean()),
        (Some(view), RingKind::Tx) => (view.tx_indexes.next_to_use(), view.tx_indexes.next_to_clean()),
        (None, _) => (0, 0),
    };
    let memory: Option<&RingMemory> = view.as_ref().map(|view| match kind {
        RingKind::Rx => &*view.rx_memory,
        RingKind::Tx => &*view.tx_memory,
    });
    let count = memory.map_or(0, |memory| memory.size().count());
    let present = adapter.registers.is_present();
    let sample = || match (memory, software()) {
        (Some(_), (next_to_use, next_to_clean)) if present => {
            positions(adapter, kind, queue, next_to_use, next_to_clean)
        }
        (_, (next_to_use, next_to_clean)) => [0, 0, next_to_use, next_to_clean],
    };

    let mut descriptors = Writer::new((count as usize).wrapping_mul(16))?;
    let before_ns = clock::monotonic_ns();
    let before = sample();
    if let Some(memory) = memory {
        for index in 0..count {
            let [low, high] = memory.read(index).0;
            descriptors.u64(low)?;
            descriptors.u64(high)?;
        }
    }
    let after = sample();
    let after_ns = clock::monotonic_ns();

    let length = u32::from(RING_HEADER).wrapping_add(count.wrapping_mul(16));
    let mut writer = Writer::new(length as usize)?;
    writer.common(RING_HEADER, length, WHAT_RING, before_ns, after_ns)?;
    let running = memory.is_some();
    writer.bytes(&[
        u8::from(kind == RingKind::Tx),
        u8::from(running) | u8::from(running && present).wrapping_mul(2),
        queue as u8,
        0,
    ])?;
    writer.u32(count)?;
    writer.u32(16)?;
    writer.u32(0)?;
    writer.u64(memory.map_or(0, RingMemory::dma_address))?;
    for value in [before, after].as_flattened() {
        writer.u32(*value)?;
    }
    writer.u64(generation)?;
    writer.bytes(&descriptors.0)?;
    Ok(writer.0)
}

/// What descriptor `index` of a ring of queue `queue` has in its buffer, up to `most` bytes. `None` when there is no such descriptor; `ENOMEM` without memory for it.
pub(crate) fn buffer(
    adapter: &Adapter,
    kind: RingKind,
    queue: u32,
    index: u32,
    most: u32,
) -> Result<Option<KVec<u8>>> {
    let (view, generation) = {
        let state = adapter.state.lock();
        (state.views.get(queue as usize).cloned(), state.generation)
    };
    let (Some(view), Some(pair)) = (view, adapter.pairs.get(queue as usize)) else { return Ok(None) };
    let (memory, direction): (&RingMemory, _) = match kind {
        RingKind::Rx => (&view.rx_memory, Direction::Receive),
        RingKind::Tx => (&view.tx_memory, Direction::Transmit),
    };
    if index >= memory.size().count() {
        return Ok(None);
    }
    let before_ns = clock::monotonic_ns();
    let look = pair.look(direction, index, most)?;
    let after_ns = clock::monotonic_ns();
    if kind == RingKind::Rx && !look.keeps {
        // Rings that came after the permission.
        pair.keep_frames(true)?;
    }
    let (kept_ns, kept_whole, kept) = &look.kept;
    let length = look.bytes.len().wrapping_add(kept.len()).wrapping_add(BUFFER_HEADER.into());
    let mut writer = Writer::new(length)?;
    writer.common(BUFFER_HEADER, length as u32, WHAT_BUFFER, before_ns, after_ns)?;
    let standing = match look.standing {
        Standing::Empty => 0,
        Standing::Posted => 1,
        Standing::Received => 2,
        Standing::Sending => 3,
        Standing::Sent => 4,
        Standing::Copied => 5,
    };
    writer.bytes(&[u8::from(kind == RingKind::Tx), standing])?;
    writer.bytes(&(queue as u16).to_le_bytes())?;
    for value in [index, look.descriptors.0, look.descriptors.1] {
        writer.u32(value)?;
    }
    writer.u64(generation)?;
    for value in [look.whole, look.bytes.len() as u32] {
        writer.u32(value)?;
    }
    writer.u64(*kept_ns)?;
    for value in [*kept_whole, kept.len() as u32] {
        writer.u32(value)?;
    }
    writer.bytes(&look.bytes)?;
    writer.bytes(kept)?;
    Ok(Some(writer.0))
}

/// The register file, without any register that reading changes. `ENODEV` when the card is gone.
pub(crate) fn registers(adapter: &Adapter) -> Result<KVec<u8>> {
    if !adapter.registers.is_present() {
        return Err(ENODEV);
    }
    let before_ns = clock::monotonic_ns();
    let mut values = Writer::new(SNAPSHOT_OFFSETS.len().wrapping_mul(8))?;
    for offset in SNAPSHOT_OFFSETS {
        values.u32(offset)?;
        values.u32(adapter.registers.read_offset(offset).ok_or(EINVAL)?)?;
    }
    list(WHAT_REGISTERS, SNAPSHOT_OFFSETS.len() as u32, before_ns, &values.0)
}

/// What each vector's handler counted.
pub(crate) fn vectors(adapter: &Adapter) -> Result<KVec<u8>> {
    let before_ns = clock::monotonic_ns();
    let mut values = Writer::new(adapter.vectors.len().wrapping_mul(48))?;
    for (index, vector) in adapter.vectors.iter().enumerate() {
        let counts = vector.counts();
        // Bits: receive, transmit, link.
        let (role, queue) = match adapter.plan {
            VectorPlan::Each { pairs } if (index as u32) < pairs => (0b011, index as u8),
            VectorPlan::Each { .. } => (0b100, NO_QUEUE),
            VectorPlan::Shared => (0b111, 0),
        };
        values.u32(vector.irq)?;
        values.bytes(&(index as u16).to_le_bytes())?;
        values.bytes(&[role, queue])?;
        for value in [counts.handled, counts.spurious, counts.polls, counts.last_ns, counts.exhausted] {
            values.u64(value)?;
        }
    }
    list(WHAT_VECTORS, adapter.vectors.len() as u32, before_ns, &values.0)
}

fn list(what: u32, count: u32, before_ns: u64, values: &[u8]) -> Result<KVec<u8>> {
    let length = u32::from(LIST_HEADER).wrapping_add(values.len() as u32);
    let mut writer = Writer::new(length as usize)?;
    writer.common(LIST_HEADER, length, what, before_ns, clock::monotonic_ns())?;
    writer.u32(count)?;
    writer.u32(0)?;
    writer.bytes(values)?;
    Ok(writer.0)
}
