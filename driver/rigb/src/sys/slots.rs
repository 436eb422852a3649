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

// SAFETY: a slot is touched by one side at a time: the putting half reaches only slots that the indexes say are free, the taking half only those that they say
// are published; the indexes pass from one to the other with release and acquire.
unsafe impl<T: Send> Sync for Slots<T> {}
// SAFETY: owning the slots is owning the values in them.
unsafe impl<T: Send> Send for Slots<T> {}

impl<T> Slots<T> {
    #[inline(always)]
    fn free(&self, index: u32) -> Option<&UnsafeCell<Option<T>>> {
        if self.indexes.is_free(index, self.size) { self.slots.get(index as usize) } else { None }
    }

    #[inline(always)]
    fn published(&self, index: u32) -> Option<&UnsafeCell<Option<T>>> {
        if self.indexes.is_published(index, self.size) { self.slots.get(index as usize) } else { None }
    }
}

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
    #[inline(always)]
    fn put(&mut self, index: u32, value: T) -> core::result::Result<(), T> {
        let Some(cell) = self.0.free(index) else { return Err(value) };
        // SAFETY: the slot is free: the taking half has left it and will not come back before it is published; `&mut self` of the only putting half.
        unsafe { *cell.get() = Some(value) };
        Ok(())
    }

    fn withdraw(&mut self, index: u32) -> Option<T> {
        let cell = self.0.free(index)?;
        // SAFETY: as in `put`.
        unsafe { (*cell.get()).take() }
    }

    fn indexes(&self) -> &TxIndexes {
        &self.0.indexes
    }
}

impl<T> TakeSlot<T> for SlotTaker<T> {
    #[inline(always)]
    fn peek<R>(&self, index: u32, look: impl FnOnce(&T) -> R) -> Option<R> {
        let cell = self.0.published(index)?;
        // SAFETY: the slot is published: the putting half will not touch it before it is released, which takes `&mut self` of the only taking half.
        unsafe { (*cell.get()).as_ref() }.map(look)
    }

    #[inline(always)]
    fn take(&mut self, index: u32) -> Option<T> {
        let cell = self.0.published(index)?;
        // SAFETY: as in `peek`, with `&mut self` of the only taking half.
        unsafe { (*cell.get()).take() }
    }

    fn indexes(&self) -> &TxIndexes {
        &self.0.indexes
    }
}

impl<T> crate::ring::SlotStore<T> for KVec<Option<T>> {
    #[inline(always)]
    fn put(&mut self, index: u32, value: T) -> Result<(), T> {
        let Some(slot) = self.get_mut(index as usize) else { return Err(value) };
        *slot = Some(value);
        Ok(())
    }

    #[inline(always)]
    fn take(&mut self, index: u32) -> Option<T> {
        self.get_mut(index as usize)?.take()
    }
}
