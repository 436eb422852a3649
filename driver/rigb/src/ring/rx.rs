// SPDX-License-Identifier: GPL-2.0-only
//! A receive ring: buffers are posted at `next_to_use`, come back at `next_to_clean`; the card owns what lies between.

use super::{
    DescriptorMemory, SlotStore,
    descriptor::{self, Hash, ReceiveStatus},
    index::RingSize,
    slot::{Posted, Quiesced},
    sync::{AtomicU32, Ordering::Relaxed},
};
use core::{marker::PhantomData, ops::Deref};

/// Where software stands, for observers: written by the poll alone, read by anybody.
pub(crate) struct RxIndexes {
    next_to_use: AtomicU32,
    next_to_clean: AtomicU32,
}

impl RxIndexes {
    /// An empty ring.
    pub(crate) fn new() -> Self {
        Self { next_to_use: AtomicU32::new(0), next_to_clean: AtomicU32::new(0) }
    }

    /// The descriptor that is posted next.
    pub(crate) fn next_to_use(&self) -> u32 {
        self.next_to_use.load(Relaxed)
    }

    /// The descriptor that the card writes back next.
    pub(crate) fn next_to_clean(&self) -> u32 {
        self.next_to_clean.load(Relaxed)
    }
}

/// A buffer that came back.
pub(crate) struct Received<B> {
    /// The buffer, owned by software again.
    pub(crate) buffer: B,
    /// What the card says of it.
    pub(crate) status: ReceiveStatus,
    /// The frame's hash.
    pub(crate) hash: Option<Hash>,
}

/// The ring, over memory `M`, slots `S` and shared indexes `I`; buffers are `B`.
pub(crate) struct RxRing<M, S, I, B> {
    memory: M,
    slots: S,
    indexes: I,
    _buffers: PhantomData<B>,
}

impl<M, S, I, B> RxRing<M, S, I, B>
where
    M: Deref<Target: DescriptorMemory>,
    S: SlotStore<Posted<B>>,
    I: Deref<Target = RxIndexes>,
{
    /// An empty ring.
    pub(crate) fn new(memory: M, slots: S, indexes: I) -> Self {
        Self { memory, slots, indexes, _buffers: PhantomData }
    }

    /// How many descriptors the card owns.
    pub(crate) fn posted(&self) -> u32 {
        self.memory.size().distance(self.indexes.next_to_clean(), self.indexes.next_to_use())
    }

    /// The descriptor that is posted next: what the card's tail is to be.
    pub(crate) fn next_to_use(&self) -> u32 {
        self.indexes.next_to_use()
    }

    /// The descriptor that the card writes back next.
    pub(crate) fn next_to_clean(&self) -> u32 {
        self.indexes.next_to_clean()
    }

    /// How many descriptors there are.
    pub(crate) fn size(&self) -> RingSize {
        self.memory.size()
    }

    /// The descriptor of the buffer that came back last.
    pub(crate) fn last_cleaned(&self) -> u32 {
        self.memory.size().previous(self.indexes.next_to_clean())
    }

    /// Posts buffers until the ring is full (one descriptor stays unused, so that full and empty differ) or `allocate` has none. `allocate` returns a buffer
    /// and its bus address. The new tail to tell the card, when anything was posted.
    pub(crate) fn refill(&mut self, mut allocate: impl FnMut() -> Option<(B, u64)>) -> Option<u32> {
        let size = self.memory.size();
        let first = self.indexes.next_to_use();
        let end = self.indexes.next_to_clean();
        let mut next_to_use = first;
        while size.next(next_to_use) != end {
            let Some((buffer, dma_address)) = allocate() else { break };
            if let Some(misplaced) = self.slots.exchange(next_to_use, Some(Posted::new(buffer))) {
                // The store is as large as the ring, so nothing comes back; if it does, it is ours and the card never saw it.
                drop(misplaced.never_given());
                break;
            }
            self.memory.write(next_to_use, descriptor::receive(dma_address));
            next_to_use = size.next(next_to_use);
        }
        if next_to_use == first {
            return None;
        }
        self.indexes.next_to_use.store(next_to_use, Relaxed);
        self.memory.publish();
        Some(next_to_use)
    }

    /// The next buffer that the card has written back.
    pub(crate) fn next(&mut self) -> Option<Received<B>> {
        let index = self.indexes.next_to_clean();
        if index == self.indexes.next_to_use() {
            return None;
        }
        let (status, proof) = ReceiveStatus::from_word(self.memory.read_word(index, 1))?;
        self.memory.observe();
        let hash = Hash::from_word(self.memory.read_word(index, 0));
        let posted = self.slots.exchange(index, None)?;
        self.indexes.next_to_clean.store(self.memory.size().next(index), Relaxed);
        Some(Received { buffer: posted.complete(&proof), status, hash })
    }

    /// Whether the card has written the next buffer back already.
    pub(crate) fn has_next(&self) -> bool {
        let index = self.indexes.next_to_clean();
        index != self.indexes.next_to_use() && ReceiveStatus::from_word(self.memory.read_word(index, 1)).is_some()
    }

    /// Gives every posted buffer back, once the queue is stopped.
    pub(crate) fn reclaim(mut self, proof: &Quiesced) {
        for index in 0..self.memory.size().count() {
            if let Some(posted) = self.slots.exchange(index, None) {
                drop(posted.reclaim(proof));
            }
        }
    }

    fn withdraw(&mut self) {
        for index in 0..self.memory.size().count() {
            if let Some(posted) = self.slots.exchange(index, None) {
                drop(posted.never_given());
            }
        }
    }
}

/// A ring that no queue was started with: the card does not know of it. Dropping it frees its buffers.
pub(crate) struct PreparedRx<M, S, I, B>(Option<RxRing<M, S, I, B>>)
where
    M: Deref<Target: DescriptorMemory>,
    S: SlotStore<Posted<B>>,
    I: Deref<Target = RxIndexes>;

impl<M, S, I, B> PreparedRx<M, S, I, B>
where
    M: Deref<Target: DescriptorMemory>,
    S: SlotStore<Posted<B>>,
    I: Deref<Target = RxIndexes>,
{
    /// A ring with as many buffers as `allocate` has; `None` when it has not even one.
    pub(crate) fn new(memory: M, slots: S, indexes: I, allocate: impl FnMut() -> Option<(B, u64)>) -> Option<Self> {
        let mut ring = RxRing::new(memory, slots, indexes);
        let filled = ring.refill(allocate).is_some();
        filled.then_some(Self(Some(ring)))
    }

    /// The ring, to be told to the card.
    pub(crate) fn start(mut self) -> Option<RxRing<M, S, I, B>> {
        self.0.take()
    }
}

impl<M, S, I, B> Drop for PreparedRx<M, S, I, B>
where
    M: Deref<Target: DescriptorMemory>,
    S: SlotStore<Posted<B>>,
    I: Deref<Target = RxIndexes>,
{
    fn drop(&mut self) {
        if let Some(ring) = &mut self.0 {
            ring.withdraw();
        }
    }
}
