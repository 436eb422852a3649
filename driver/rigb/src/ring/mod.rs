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
}

/// The side of the transmit slots that the transmit path holds.
pub(crate) trait PutSlot<T> {
    /// Puts a value into the slot at `index`, which the indexes must say is free. Gives it back when it is not, or outside of the ring.
    fn put(&mut self, index: u32, value: T) -> Result<(), T>;
    /// Takes a value out again that was put and never published.
    fn withdraw(&mut self, index: u32) -> Option<T>;
    /// The indexes that both sides share.
    fn indexes(&self) -> &tx::TxIndexes;
}

/// The side of the transmit slots that the poll holds.
pub(crate) trait TakeSlot<T> {
    /// Looks at the value in a published slot.
    fn peek<R>(&self, index: u32, look: impl FnOnce(&T) -> R) -> Option<R>;
    /// Takes the value out of a published slot. `None` when the slot is empty or not published.
    fn take(&mut self, index: u32) -> Option<T>;
    /// The indexes that both sides share.
    fn indexes(&self) -> &tx::TxIndexes;
}
