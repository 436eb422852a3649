// SPDX-License-Identifier: GPL-2.0-only
//! The half of a transmit ring that takes frames back.

use super::{
    super::{
        DescriptorMemory, SlotWalk, TakeSlot,
        descriptor::{self, Done},
        index::RingSize,
        slot::Quiesced,
    },
    TxIndexes, TxSlot,
};
use core::{marker::PhantomData, ops::Deref};

/// Where a frame that was looked at stands.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) struct Looked {
    /// Its first descriptor, which may be a context's.
    pub(crate) first: u32,
    /// Its last.
    pub(crate) last: u32,
    /// The card has written the last one back.
    pub(crate) done: bool,
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

    /// The indexes that both halves share.
    pub(crate) fn indexes(&self) -> &TxIndexes {
        self.slots.indexes()
    }

    /// How many descriptors there are.
    pub(crate) fn size(&self) -> RingSize {
        self.memory.size()
    }

    /// Begins to take frames back: those that were posted until now.
    #[inline(always)]
    pub(crate) fn clean(&mut self) -> TxCleaning<'_, M::Target, S::Walk<'_>, F, P> {
        let Self { memory, slots, .. } = self;
        TxCleaning { memory, walk: slots.walk(), _frames: PhantomData }
    }

    /// The frame of which descriptor `index` is a part, while it is posted: with its first and last descriptor, and whether the card is done with it. It stays where
    /// it is: this is for those who only look.
    pub(crate) fn look<R>(&mut self, index: u32, look: impl FnOnce(&F, Looked) -> R) -> Option<R> {
        let Self { memory, slots, .. } = self;
        let size = memory.size();
        let walk = slots.walk();
        let wanted = size.distance(walk.index(), index);
        let mut distance = 0u32;
        while index < size.count() && distance <= wanted {
            let last = walk.look_behind(distance, |slot| match slot {
                TxSlot::Frame { last, .. } => Some(*last),
                TxSlot::Piece(_) => None,
            });
            let Some(Some(last)) = last else { break };
            let first = size.after(walk.index(), distance);
            let end = distance.wrapping_add(size.distance(first, last));
            if wanted <= end {
                let looked =
                    Looked { first, last, done: descriptor::transmit_done(memory.read_word(last, 1)).is_some() };
                return walk
                    .look_behind(distance, |slot| match slot {
                        TxSlot::Frame { posted, .. } => Some(look(posted.look(), looked)),
                        TxSlot::Piece(_) => None,
                    })
                    .flatten();
            }
            distance = end.wrapping_add(1);
        }
        None
    }

    /// Gives every posted frame back, once the queue is stopped and the other half is gone. How many frames there were.
    pub(crate) fn reclaim(mut self, proof: &Quiesced) -> u32 {
        let mut frames = 0u32;
        let mut walk = self.slots.walk();
        while walk.left() > 0 {
            if let Some(slot) = walk.take(0) {
                let (frame, _piece) = slot.reclaim(proof);
                frames = frames.wrapping_add(u32::from(frame.is_some()));
            }
        }
        walk.indexes().release(walk.index());
        frames
    }
}

/// One pass of the poll over what was posted before it. The other half sees the room that it makes when it is dropped.
pub(crate) struct TxCleaning<'a, M, W, F, P>
where
    M: ?Sized,
    W: SlotWalk<TxSlot<F, P>>,
{
    memory: &'a M,
    walk: W,
    _frames: PhantomData<(F, P)>,
}

impl<M, W, F, P> TxCleaning<'_, M, W, F, P>
where
    M: DescriptorMemory + ?Sized,
    W: SlotWalk<TxSlot<F, P>>,
{
    /// Whether all that was posted has come back.
    #[inline(always)]
    pub(crate) fn is_empty(&self) -> bool {
        self.walk.left() == 0
    }

    /// The next frame that the card is done with, and its last descriptor. Its further pieces are dropped first.
    #[inline(always)]
    pub(crate) fn next(&mut self) -> Option<(F, u32)> {
        self.next_after(drop)
    }

    /// The same, with each further piece given to `end` instead.
    #[inline(always)]
    pub(crate) fn next_after(&mut self, end: impl Fn(P)) -> Option<(F, u32)> {
        let Some(Some(TxSlot::Frame { last, .. })) = self.walk.peek() else { return None };
        let last = *last;
        let proof = descriptor::transmit_done(self.memory.read_word(last, 1))?;
        self.memory.observe();
        let further = self.memory.size().distance(self.walk.index(), last);
        let slot = if further == 0 {
            self.walk.take(0)
        } else {
            complete_pieces(self.walk.take_behind(further), &proof, end);
            self.walk.take(further)
        };
        match slot {
            Some(TxSlot::Frame { posted, .. }) => Some((posted.complete(&proof), last)),
            _ => None,
        }
    }
}

// Apart, so that the loop over frames of one piece keeps all that it needs in registers.
#[cold]
#[inline(never)]
fn complete_pieces<F, P>(slots: impl Iterator<Item = TxSlot<F, P>>, proof: &Done, end: impl Fn(P)) {
    for slot in slots {
        if let TxSlot::Piece(piece) = slot {
            end(piece.complete(proof));
        }
    }
}

impl<M, W, F, P> Drop for TxCleaning<'_, M, W, F, P>
where
    M: ?Sized,
    W: SlotWalk<TxSlot<F, P>>,
{
    #[inline(always)]
    fn drop(&mut self) {
        self.walk.indexes().release(self.walk.index());
    }
}
