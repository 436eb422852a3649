// SPDX-License-Identifier: GPL-2.0-only
//! The half of a transmit ring that posts.

use super::{
    super::{
        DescriptorMemory, FreeSlot, FreeSlots, PutSlot,
        descriptor::{Context, Descriptor, FrameCommand, MOST_TX_BYTES},
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

    /// Descriptor `index` as it is now.
    pub(crate) fn descriptor(&self, index: u32) -> Descriptor {
        self.memory.read(index)
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

    /// Begins a frame, unless the ring is full. The caller has seen that as many descriptors as it needs, and one for a context, are free.
    #[inline(always)]
    pub(crate) fn begin(&mut self, command: FrameCommand, context: Option<Context>) -> Option<Begun<'_, M, S, F, P>> {
        let Self { memory, slots, context: known, .. } = self;
        let memory = &**memory;
        let (place, behind) = slots.places()?;
        let mut next = place.index();
        if let Some(context) = context.filter(|context| *known != Some(*context)) {
            memory.write(next, context.descriptor());
            // The card keeps it: frames with the same offloads need no other.
            *known = Some(context);
            next = memory.size().next(next);
        }
        let first = place.index();
        Some(TxFrame {
            memory,
            known,
            place: Some(place),
            behind,
            command,
            first,
            next,
            pending: None,
            _frames: PhantomData,
        })
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

/// A frame that a producer has begun.
type Begun<'a, M, S, F, P> = TxFrame<
    'a,
    <M as Deref>::Target,
    <S as PutSlot<TxSlot<F, P>>>::Place<'a>,
    <S as PutSlot<TxSlot<F, P>>>::Behind<'a>,
    F,
    P,
>;

/// A frame that is being posted. Dropped without `finish`, it takes back what it has put: the card has not seen it.
pub(crate) struct TxFrame<'a, M, L, B, F, P>
where
    M: DescriptorMemory + ?Sized,
    B: FreeSlots<TxSlot<F, P>>,
{
    memory: &'a M,
    // What the card knows of offloads.
    known: &'a mut Option<Context>,
    // The frame's own slot, until it is finished.
    place: Option<L>,
    behind: B,
    command: FrameCommand,
    first: u32,
    next: u32,
    // The newest descriptor's address and length, written once it is known whether it is the last.
    pending: Option<(u64, u32)>,
    _frames: PhantomData<(F, P)>,
}

impl<'a, M, L, B, F, P> TxFrame<'a, M, L, B, F, P>
where
    M: DescriptorMemory + ?Sized,
    L: FreeSlot<'a, TxSlot<F, P>>,
    B: FreeSlots<TxSlot<F, P>>,
{
    #[inline(always)]
    fn write_pending(&mut self, last: bool) {
        if let Some((dma_address, length)) = self.pending.take() {
            self.memory.write(self.next, self.command.piece(dma_address, length, last));
            self.next = self.memory.size().next(self.next);
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
        if let Err(slot) = self.behind.put(self.next, TxSlot::Piece(Posted::new(piece))) {
            drop(slot.never_given());
            return false;
        }
        self.data(dma_address, length);
        true
    }

    /// Ends the frame: the card may have it once it is told the new tail, which is returned.
    #[inline(always)]
    pub(crate) fn finish(mut self, frame: F) -> u32 {
        let last = self.next;
        self.write_pending(true);
        if let Some(place) = self.place.take() {
            let indexes = place.put(TxSlot::Frame { posted: Posted::new(frame), last });
            self.memory.publish();
            indexes.publish(self.next);
        }
        self.next
    }
}

impl<M, L, B, F, P> Drop for TxFrame<'_, M, L, B, F, P>
where
    M: DescriptorMemory + ?Sized,
    B: FreeSlots<TxSlot<F, P>>,
{
    fn drop(&mut self) {
        if self.place.is_none() {
            return;
        }
        let size = self.memory.size();
        let mut index = self.first;
        for _ in 0..=size.distance(self.first, self.next) {
            if let Some(slot) = self.behind.withdraw(index) {
                drop(slot.never_given());
            }
            index = size.next(index);
        }
        // Its context descriptor will be overwritten.
        *self.known = None;
    }
}
