// SPDX-License-Identifier: GPL-2.0-only
//! The half of a transmit ring that posts.

use super::{
    super::{
        DescriptorMemory, FreeSlot, PutSlot,
        descriptor::{Context, FrameCommand, MOST_TX_BYTES},
        index::RingSize,
        slot::Posted,
    },
    TxIndexes, TxSlot,
};
use core::{marker::PhantomData, ops::Deref};

/// The half that posts.
pub(crate) struct TxProducer<M, S, F, P> {
    memory: M,
    slots: S,
    context: Option<Context>,
    _frames: PhantomData<(F, P)>,
}

impl<M, S, F, P> TxProducer<M, S, F, P>
where
    M: Deref<Target: DescriptorMemory>,
    S: PutSlot<TxSlot<F, P>>,
{
    /// The posting half of an empty ring.
    pub(crate) fn new(memory: M, slots: S) -> Self {
        Self { memory, slots, context: None, _frames: PhantomData }
    }

    /// How many descriptors can be posted.
    pub(crate) fn free(&self) -> u32 {
        self.slots.indexes().free(self.memory.size())
    }

    /// The indexes that both halves share.
    pub(crate) fn indexes(&self) -> &TxIndexes {
        self.slots.indexes()
    }

    /// How many descriptors there are.
    pub(crate) fn size(&self) -> RingSize {
        self.memory.size()
    }

    /// Room for a frame of one descriptor, if there is any.
    #[inline(always)]
    pub(crate) fn room(&mut self) -> Option<TxRoom<'_, M::Target, S::Place<'_>, F, P>> {
        let Self { memory, slots, .. } = self;
        Some(TxRoom { memory, place: slots.place()?, _frames: PhantomData })
    }

    /// Begins a frame. The caller has seen that as many descriptors as it needs, and one for a context, are free.
    #[inline(always)]
    pub(crate) fn begin(&mut self, command: FrameCommand, context: Option<Context>) -> TxFrame<'_, M, S, F, P> {
        let first = self.slots.indexes().next_to_use();
        let mut next = first;
        if let Some(context) = context.filter(|context| self.context != Some(*context)) {
            self.memory.write(next, context.descriptor());
            // The card keeps it: frames with the same offloads need no other.
            self.context = Some(context);
            next = self.memory.size().next(next);
        }
        TxFrame { producer: self, command, first, next, pending: None, finished: false }
    }
}

/// Room for a frame of one descriptor.
pub(crate) struct TxRoom<'a, M: ?Sized, L, F, P> {
    memory: &'a M,
    place: L,
    _frames: PhantomData<(F, P)>,
}

impl<'a, M, L, F, P> TxRoom<'a, M, L, F, P>
where
    M: DescriptorMemory + ?Sized,
    L: FreeSlot<'a, TxSlot<F, P>>,
{
    /// The descriptor's.
    #[inline(always)]
    pub(crate) fn index(&self) -> u32 {
        self.place.index()
    }

    /// How many descriptors can be posted, with this one: at least as many, the poll may have made room meanwhile.
    #[inline(always)]
    pub(crate) fn free(&self) -> u32 {
        self.place.free()
    }

    /// Posts a frame of one piece of `length` bytes at `dma_address`, and returns the new tail.
    #[inline(always)]
    pub(crate) fn post(self, command: FrameCommand, frame: F, dma_address: u64, length: u32) -> u32 {
        let index = self.place.index();
        self.memory.write(index, command.piece(dma_address, length, true));
        let next = self.memory.size().next(index);
        let indexes = self.place.put(TxSlot::Frame { posted: Posted::new(frame), last: index });
        self.memory.publish();
        indexes.publish(next);
        next
    }
}

/// A frame that is being posted. Dropped without `finish`, it takes back what it has put: the card has not seen it.
pub(crate) struct TxFrame<'a, M, S, F, P>
where
    M: Deref<Target: DescriptorMemory>,
    S: PutSlot<TxSlot<F, P>>,
{
    producer: &'a mut TxProducer<M, S, F, P>,
    command: FrameCommand,
    first: u32,
    next: u32,
    // The newest descriptor's address and length, written once it is known whether it is the last.
    pending: Option<(u64, u32)>,
    finished: bool,
}

impl<M, S, F, P> TxFrame<'_, M, S, F, P>
where
    M: Deref<Target: DescriptorMemory>,
    S: PutSlot<TxSlot<F, P>>,
{
    #[inline(always)]
    fn write_pending(&mut self, last: bool) {
        if let Some((dma_address, length)) = self.pending.take() {
            self.producer.memory.write(self.next, self.command.piece(dma_address, length, last));
            self.next = self.producer.memory.size().next(self.next);
        }
    }

    /// Adds `length` bytes at `dma_address`, in as many descriptors as the card wants. They belong to the frame itself, or to the newest piece.
    #[inline(always)]
    pub(crate) fn data(&mut self, mut dma_address: u64, mut length: u32) {
        self.write_pending(false);
        while length > MOST_TX_BYTES {
            self.pending = Some((dma_address, MOST_TX_BYTES));
            self.write_pending(false);
            dma_address = dma_address.wrapping_add(u64::from(MOST_TX_BYTES));
            length = length.wrapping_sub(MOST_TX_BYTES);
        }
        self.pending = Some((dma_address, length));
    }

    /// Adds a piece that is owned by itself, after the frame's first. False when there is no room: the piece is dropped then, and so is to be the frame.
    #[inline(always)]
    pub(crate) fn piece(&mut self, piece: P, dma_address: u64, length: u32) -> bool {
        self.write_pending(false);
        if let Err(slot) = self.producer.slots.put(self.next, TxSlot::Piece(Posted::new(piece))) {
            drop(slot.never_given());
            return false;
        }
        self.data(dma_address, length);
        true
    }

    /// Ends the frame: the card may have it once it is told the new tail, which is returned. Gives the frame back when the ring has no room for it.
    #[inline(always)]
    pub(crate) fn finish(mut self, frame: F) -> Result<u32, Option<F>> {
        let last = self.next;
        self.write_pending(true);
        let slot = TxSlot::Frame { posted: Posted::new(frame), last };
        if let Err(slot) = self.producer.slots.put(self.first, slot) {
            return Err(slot.never_given().0);
        }
        self.finished = true;
        self.producer.memory.publish();
        self.producer.slots.indexes().publish(self.next);
        Ok(self.next)
    }
}

impl<M, S, F, P> Drop for TxFrame<'_, M, S, F, P>
where
    M: Deref<Target: DescriptorMemory>,
    S: PutSlot<TxSlot<F, P>>,
{
    fn drop(&mut self) {
        if self.finished {
            return;
        }
        let size = self.producer.memory.size();
        let mut index = self.first;
        for _ in 0..=size.distance(self.first, self.next) {
            if let Some(slot) = self.producer.slots.withdraw(index) {
                drop(slot.never_given());
            }
            index = size.next(index);
        }
        // Its context descriptor will be overwritten.
        self.producer.context = None;
    }
}
