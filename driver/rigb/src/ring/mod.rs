// SPDX-License-Identifier: GPL-2.0-only
//! Descriptor rings as pure arithmetic and ownership: no kernel, no unsafe. The same files are compiled into `hosttest`, where they are tested.
#![forbid(unsafe_code)]

pub(crate) mod descriptor;
pub(crate) mod index;
pub(crate) mod rx;
pub(crate) mod slot;
mod sync;
pub(crate) mod tx;

use descriptor::Descriptor;
use index::RingSize;

/// The memory that both the card and the driver see. Indexes are masked by the implementation: none can leave the ring.
pub(crate) trait DescriptorMemory {
    /// How many descriptors.
    fn size(&self) -> RingSize;
    /// Both words of a descriptor.
    fn read(&self, index: u32) -> Descriptor;
    /// One 64-bit word, read once.
    fn read_word(&self, index: u32, word: usize) -> u64;
    /// Both words, if the second has all the bits of `done`: the first is not older than that (`observe`).
    #[inline(always)]
    fn read_when(&self, index: u32, done: u64) -> Option<Descriptor> {
        let second = self.read_word(index, 1);
        if second & done != done {
            return None;
        }
        self.observe();
        Some(Descriptor([self.read_word(index, 0), second]))
    }
    /// Both words, the address first.
    fn write(&self, index: u32, descriptor: Descriptor);
    /// What was written so far is seen by the card before what is written next (`dma_wmb`).
    fn publish(&self);
    /// What is read next is not older than what was read so far (`dma_rmb`).
    fn observe(&self);
}

/// Where receive slots are kept: like an array of options.
pub(crate) trait SlotStore<T> {
    /// Puts `value` at `index`; what was there is dropped. An index outside of the store gives `value` back.
    fn put(&mut self, index: u32, value: T) -> Result<(), T>;
    /// Takes out what is at `index`.
    fn take(&mut self, index: u32) -> Option<T>;
    /// What is at `index`, which stays there.
    fn look(&self, index: u32) -> Option<&T>;
}

/// The side of the transmit slots that the transmit path holds.
pub(crate) trait PutSlot<T> {
    /// The next slot, while it is free.
    type Place<'a>: FreeSlot<'a, T>
    where
        Self: 'a;
    /// The free slots behind it.
    type Behind<'a>: FreeSlots<T>
    where
        Self: 'a;
    /// The slot at `next_to_use`, unless the ring is full.
    #[inline(always)]
    fn place(&mut self) -> Option<Self::Place<'_>> {
        self.places().map(|(place, _behind)| place)
    }
    /// The same, and those behind it that are free now.
    fn places(&mut self) -> Option<(Self::Place<'_>, Self::Behind<'_>)>;
    /// The indexes that both sides share.
    fn indexes(&self) -> &tx::TxIndexes;
}

/// The slot at `next_to_use`, found free.
pub(crate) trait FreeSlot<'a, T> {
    /// Its index.
    fn index(&self) -> u32;
    /// How many descriptors can be posted, with this one: as many at least, the poll may have made room meanwhile.
    fn free(&self) -> u32;
    /// Puts a value into it. The indexes, which do not say so yet.
    fn put(self, value: T) -> &'a tx::TxIndexes;
}

/// The slots behind the one at `next_to_use` that were found free.
pub(crate) trait FreeSlots<T> {
    /// Puts a value into the slot at `index`. Gives it back when that is none of them.
    fn put(&mut self, index: u32, value: T) -> Result<(), T>;
    /// Takes a value out again that was put and never published.
    fn withdraw(&mut self, index: u32) -> Option<T>;
}

/// The side of the transmit slots that the poll holds.
pub(crate) trait TakeSlot<T> {
    /// A walk over published slots.
    type Walk<'a>: SlotWalk<T>
    where
        Self: 'a;
    /// Begins at `next_to_clean` a walk over the slots that are published now.
    fn walk(&mut self) -> Self::Walk<'_>;
    /// The indexes that both sides share.
    fn indexes(&self) -> &tx::TxIndexes;
}

/// A walk over the slots that were published when it began. They stay the poll's until `next_to_clean` is moved behind them, which takes the walk's end.
pub(crate) trait SlotWalk<T> {
    /// The slot that comes next.
    fn index(&self) -> u32;
    /// How many slots are still to come.
    fn left(&self) -> u32;
    /// Looks into the next slot. `None` at the end.
    fn peek(&self) -> Option<&Option<T>>;
    /// Lets `look` see what is in the slot so far behind the next. `None` when it is empty, or there are fewer.
    fn look_behind<R>(&self, distance: u32, look: impl FnOnce(&T) -> R) -> Option<R>;
    /// Takes the values out of so many slots behind the next, as far as there are, without a step.
    fn take_behind(&mut self, further: u32) -> impl Iterator<Item = T>;
    /// Takes the value out of the next slot, and steps over it and as many `further` ones. `None` when it is empty; `None` and no step when there are fewer.
    fn take(&mut self, further: u32) -> Option<T>;
    /// The indexes that both sides share.
    fn indexes(&self) -> &tx::TxIndexes;
}
