// SPDX-License-Identifier: GPL-2.0-only
//! A transmit ring in two halves: the transmit path posts frames at `next_to_use`, the poll takes them back at `next_to_clean`. They share two indexes.
//!
//! A frame takes a context descriptor (when its offloads differ from the frame's before) and one descriptor or more for each of its pieces. Its first slot holds
//! the frame and where it ends; the slots of further pieces hold their mappings. The card reports on the last descriptor alone.

use super::{
    DescriptorMemory, PutSlot, TakeSlot,
    descriptor::{self, Context, Done, FrameCommand, MOST_TX_BYTES},
    index::RingSize,
    slot::{Posted, Quiesced},
    sync::{AtomicU32, Ordering},
};
use core::{marker::PhantomData, ops::Deref};

/// The two indexes. Release and acquire carry the slots' content from one half to the other.
pub(crate) struct TxIndexes {
    next_to_use: AtomicU32,
    next_to_clean: AtomicU32,
}

impl TxIndexes {
    /// An empty ring.
    pub(crate) fn new() -> Self {
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

    /// Both, as they are stored: `next_to_use`, `next_to_clean`. For the kernel's stop and wake macros, which read them again themselves.
    pub(crate) fn cells(&self) -> (&AtomicU32, &AtomicU32) {
        (&self.next_to_use, &self.next_to_clean)
    }

    /// How many descriptors can be posted. One stays unused, so that full and empty differ.
    pub(crate) fn free(&self, size: RingSize) -> u32 {
        size.mask().wrapping_sub(size.distance(self.next_to_clean(), self.next_to_use()))
    }

    /// Whether the posting half may fill the slot: it lies in the free part.
    pub(crate) fn is_free(&self, index: u32, size: RingSize) -> bool {
        size.distance(self.next_to_use(), index) < self.free(size)
    }

    /// Whether the cleaning half may empty the slot: it was published and not released.
    pub(crate) fn is_published(&self, index: u32, size: RingSize) -> bool {
        let first = self.next_to_clean();
        size.distance(first, index) < size.distance(first, self.next_to_use())
    }

    fn publish(&self, next_to_use: u32) {
        self.next_to_use.store(next_to_use, Ordering::Release);
    }

    fn release(&self, next_to_clean: u32) {
        self.next_to_clean.store(next_to_clean, Ordering::Release);
    }
}

/// What software remembers beside a descriptor: frames are `F`, further pieces `P`.
pub(crate) enum TxSlot<F, P> {
    /// A frame begins here and ends at descriptor `last`; this many pieces have slots of their own.
    Frame {
        /// The frame with its first piece.
        posted: Posted<F>,
        /// Its last descriptor, the only one that the card reports on.
        last: u32,
        /// How many slots up to `last` hold pieces.
        pieces: u32,
    },
    /// A further piece of the frame before.
    Piece(Posted<P>),
}

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

    /// Posts a frame of one piece of `length` bytes at `dma_address`, and returns the new tail. Gives the frame back when the ring has no room.
    #[inline(always)]
    pub(crate) fn single(
        &mut self,
        command: FrameCommand,
        frame: F,
        dma_address: u64,
        length: u32,
    ) -> Result<u32, Option<F>> {
        let index = self.slots.indexes().next_to_use();
        let slot = TxSlot::Frame { posted: Posted::new(frame), last: index, pieces: 0 };
        if let Err(slot) = self.slots.put(index, slot) {
            return Err(slot.never_given().0);
        }
        self.memory.write(index, command.piece(dma_address, length, true));
        self.memory.publish();
        let next = self.memory.size().next(index);
        self.slots.indexes().publish(next);
        Ok(next)
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
        TxFrame { producer: self, command, first, next, pieces: 0, pending: None, finished: false }
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
    pieces: u32,
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
    pub(crate) fn piece(&mut self, piece: P, dma_address: u64, length: u32) -> bool {
        self.write_pending(false);
        if let Err(slot) = self.producer.slots.put(self.next, TxSlot::Piece(Posted::new(piece))) {
            drop(slot.never_given());
            return false;
        }
        self.pieces = self.pieces.wrapping_add(1);
        self.data(dma_address, length);
        true
    }

    /// Ends the frame: the card may have it once it is told the new tail, which is returned. Gives the frame back when the ring has no room for it.
    #[inline(always)]
    pub(crate) fn finish(mut self, frame: F) -> Result<u32, Option<F>> {
        let last = self.next;
        self.write_pending(true);
        let slot = TxSlot::Frame { posted: Posted::new(frame), last, pieces: self.pieces };
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

impl<F, P> TxSlot<F, P> {
    fn never_given(self) -> (Option<F>, Option<P>) {
        match self {
            Self::Frame { posted, .. } => (Some(posted.never_given()), None),
            Self::Piece(posted) => (None, Some(posted.never_given())),
        }
    }

    fn complete(self, proof: &Done) -> (Option<F>, Option<P>) {
        match self {
            Self::Frame { posted, .. } => (Some(posted.complete(proof)), None),
            Self::Piece(posted) => (None, Some(posted.complete(proof))),
        }
    }

    fn reclaim(self, proof: &Quiesced) -> (Option<F>, Option<P>) {
        match self {
            Self::Frame { posted, .. } => (Some(posted.reclaim(proof)), None),
            Self::Piece(posted) => (None, Some(posted.reclaim(proof))),
        }
    }
}

/// The half that takes frames back.
pub(crate) struct TxConsumer<M, S, F, P> {
    memory: M,
    slots: S,
    _frames: PhantomData<(F, P)>,
}

impl<M, S, F, P> TxConsumer<M, S, F, P>
where
    M: Deref<Target: DescriptorMemory>,
    S: TakeSlot<TxSlot<F, P>>,
{
    /// The cleaning half of an empty ring.
    pub(crate) fn new(memory: M, slots: S) -> Self {
        Self { memory, slots, _frames: PhantomData }
    }

    /// How many descriptors can be posted by the other half.
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

    /// The last descriptor of the frame that came back last.
    pub(crate) fn last_cleaned(&self) -> u32 {
        self.memory.size().previous(self.slots.indexes().next_to_clean())
    }

    /// The next frame that the card is done with; its further pieces are dropped first.
    #[inline(always)]
    pub(crate) fn next(&mut self) -> Option<F> {
        let first = self.slots.indexes().next_to_clean();
        let (last, mut pieces) = self.slots.peek(first, |slot| match slot {
            TxSlot::Frame { last, pieces, .. } => (*last, *pieces),
            TxSlot::Piece(_) => (first, 0),
        })?;
        let proof = descriptor::transmit_done(self.memory.read_word(last, 1))?;
        self.memory.observe();
        let size = self.memory.size();
        let (frame, _) = self.slots.take(first)?.complete(&proof);
        let mut index = first;
        while pieces > 0 && index != last {
            index = size.next(index);
            if let Some(slot) = self.slots.take(index) {
                drop(slot.complete(&proof));
                pieces = pieces.wrapping_sub(1);
            }
        }
        self.slots.indexes().release(size.next(last));
        frame
    }

    /// Gives every posted frame back, once the queue is stopped and the other half is gone. How many frames there were.
    pub(crate) fn reclaim(mut self, proof: &Quiesced) -> u32 {
        let size = self.memory.size();
        let mut frames = 0u32;
        let end = self.slots.indexes().next_to_use();
        let mut index = self.slots.indexes().next_to_clean();
        while index != end {
            if let Some(slot) = self.slots.take(index) {
                let (frame, _piece) = slot.reclaim(proof);
                frames = frames.wrapping_add(u32::from(frame.is_some()));
            }
            index = size.next(index);
        }
        self.slots.indexes().release(end);
        frames
    }
}
