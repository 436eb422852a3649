// SPDX-License-Identifier: GPL-2.0-only
//! What software remembers beside each transmit descriptor: one side puts (the transmit path), the other takes (the NAPI poll), and no lock between them.

use crate::ring::{PutSlot, TakeSlot, index::RingSize, tx::TxIndexes};
use core::cell::UnsafeCell;
use kernel::{prelude::*, sync::Arc};

struct Slots<T> {
    slots: KVec<UnsafeCell<Option<T>>>,
    indexes: Arc<TxIndexes>,
    size: RingSize,
}

// SAFETY: a slot is touched by one side at a time: the putting half writes only slots in next_to_use.. that the indexes say are free, the taking half only
// those in next_to_clean..next_to_use; the indexes pass from one to the other with release and acquire.
unsafe impl<T: Send> Sync for Slots<T> {}
// SAFETY: owning the slots is owning the values in them.
unsafe impl<T: Send> Send for Slots<T> {}

/// The half that puts values in.
pub(crate) struct SlotPutter<T>(Arc<Slots<T>>);
/// The half that takes them out again.
pub(crate) struct SlotTaker<T>(Arc<Slots<T>>);

/// The two halves over `size` empty slots, ruled by `indexes`. There is one of each, and neither can be cloned.
pub(crate) fn slots<T>(size: RingSize, indexes: Arc<TxIndexes>) -> Result<(SlotPutter<T>, SlotTaker<T>)> {
    let mut slots = KVec::with_capacity(size.count() as usize, GFP_KERNEL)?;
    for _ in 0..size.count() {
        slots.push(UnsafeCell::new(None), GFP_KERNEL)?;
    }
    let shared = Arc::new(Slots { slots, indexes, size }, GFP_KERNEL)?;
    Ok((SlotPutter(shared.clone()), SlotTaker(shared)))
}

impl<T> PutSlot<T> for SlotPutter<T> {
    fn put(&mut self, value: T) -> core::result::Result<u32, T> {
        let Some(index) = self.0.indexes.free_index(self.0.size) else { return Err(value) };
        let Some(cell) = self.0.slots.get(index as usize) else { return Err(value) };
        // SAFETY: `free_index` says that the taking half has left this slot and will not come back before `publish`; `&mut self` of the only putting half.
        unsafe { *cell.get() = Some(value) };
        Ok(index)
    }

    fn indexes(&self) -> &TxIndexes {
        &self.0.indexes
    }
}

impl<T> TakeSlot<T> for SlotTaker<T> {
    fn take(&mut self) -> Option<T> {
        let index = self.0.indexes.used_index()?;
        let cell = self.0.slots.get((index & self.0.size.mask()) as usize)?;
        // SAFETY: `used_index` says that the putting half has published this slot and will not touch it before it is released; `&mut self` of the only taker.
        unsafe { (*cell.get()).take() }
    }

    fn indexes(&self) -> &TxIndexes {
        &self.0.indexes
    }
}

impl<T> crate::ring::SlotStore<T> for KVec<Option<T>> {
    fn exchange(&mut self, index: u32, value: Option<T>) -> Option<T> {
        match self.get_mut(index as usize) {
            Some(slot) => core::mem::replace(slot, value),
            None => value,
        }
    }
}
