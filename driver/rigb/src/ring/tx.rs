// SPDX-License-Identifier: GPL-2.0-only
//! A transmit ring in two halves: the transmit path posts frames at `next_to_use`, the poll takes them back at `next_to_clean`. They share two indexes.

use super::{
    DescriptorMemory, PutSlot, TakeSlot, descriptor,
    index::RingSize,
    slot::{Posted, Quiesced},
};
use core::{
    marker::PhantomData,
    ops::Deref,
    sync::atomic::{AtomicU32, Ordering},
};

/// The two indexes. Release and acquire carry the slot's content from one half to the other.
pub(crate) struct TxIndexes {
    next_to_use: AtomicU32,
    next_to_clean: AtomicU32,
}

impl TxIndexes {
    /// An empty ring.
    pub(crate) const fn new() -> Self {
        Self { next_to_use: AtomicU32::new(0), next_to_clean: AtomicU32::new(0) }
    }

    /// The descriptor that is used next.
    pub(crate) fn next_to_use(&self) -> u32 {
        self.next_to_use.load(Ordering::Acquire)
    }

    /// The descriptor that is cleaned next.
    pub(crate) fn next_to_clean(&self) -> u32 {
        self.next_to_clean.load(Ordering::Acquire)
    }

    /// How many frames can be posted. One descriptor stays unused, so that full and empty differ.
    pub(crate) fn free(&self, size: RingSize) -> u32 {
        size.mask().wrapping_sub(size.distance(self.next_to_clean(), self.next_to_use()))
    }

    /// The slot that may be filled now.
    pub(crate) fn free_index(&self, size: RingSize) -> Option<u32> {
        if self.free(size) == 0 {
            return None;
        }
        Some(self.next_to_use())
    }

    /// The slot that may be emptied now.
    pub(crate) fn used_index(&self) -> Option<u32> {
        let index = self.next_to_clean();
        if index == self.next_to_use() {
            return None;
        }
        Some(index)
    }

    fn publish(&self, size: RingSize) -> u32 {
        let next = size.next(self.next_to_use.load(Ordering::Relaxed));
        self.next_to_use.store(next, Ordering::Release);
        next
    }

    fn release(&self, size: RingSize) {
        let next = size.next(self.next_to_clean.load(Ordering::Relaxed));
        self.next_to_clean.store(next, Ordering::Release);
    }
}

/// The half that posts frames of type `F`.
pub(crate) struct TxProducer<M, S, F> {
    memory: M,
    slots: S,
    _frames: PhantomData<F>,
}

impl<M, S, F> TxProducer<M, S, F>
where
    M: Deref<Target: DescriptorMemory>,
    S: PutSlot<Posted<F>>,
{
    /// The posting half of an empty ring.
    pub(crate) fn new(memory: M, slots: S) -> Self {
        Self { memory, slots, _frames: PhantomData }
    }

    /// How many frames can be posted.
    pub(crate) fn free(&self) -> u32 {
        self.slots.indexes().free(self.memory.size())
    }

    /// Posts a frame of `length` bytes at `dma_address` and returns the new tail; the card is told by the caller. Gives the frame back when the ring is full.
    pub(crate) fn post(&mut self, frame: F, dma_address: u64, length: u32) -> Result<u32, F> {
        let index = match self.slots.put(Posted::new(frame)) {
            Ok(index) => index,
            Err(posted) => return Err(posted.never_given()),
        };
        self.memory.write(index, descriptor::transmit(dma_address, length));
        self.memory.publish();
        Ok(self.slots.indexes().publish(self.memory.size()))
    }
}

/// The half that takes frames back.
pub(crate) struct TxConsumer<M, S, F> {
    memory: M,
    slots: S,
    _frames: PhantomData<F>,
}

impl<M, S, F> TxConsumer<M, S, F>
where
    M: Deref<Target: DescriptorMemory>,
    S: TakeSlot<Posted<F>>,
{
    /// The cleaning half of an empty ring.
    pub(crate) fn new(memory: M, slots: S) -> Self {
        Self { memory, slots, _frames: PhantomData }
    }

    /// How many frames can be posted by the other half.
    pub(crate) fn free(&self) -> u32 {
        self.slots.indexes().free(self.memory.size())
    }

    /// The next frame that the card is done with.
    pub(crate) fn next(&mut self) -> Option<F> {
        let index = self.slots.indexes().used_index()?;
        let proof = descriptor::transmit_done(self.memory.read_word(index, 1))?;
        self.memory.observe();
        let posted = self.slots.take()?;
        self.slots.indexes().release(self.memory.size());
        Some(posted.complete(proof))
    }

    /// Gives every posted frame back, once the queue is stopped and the other half is gone.
    pub(crate) fn reclaim(mut self, proof: &Quiesced) {
        while let Some(posted) = self.slots.take() {
            self.slots.indexes().release(self.memory.size());
            drop(posted.reclaim(proof));
        }
    }
}
