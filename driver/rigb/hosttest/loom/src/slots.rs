// SPDX-License-Identifier: GPL-2.0-only
//! The slots beside the descriptors as `src/sys/slots.rs` has them: no lock, and the indexes alone say whose a slot is. loom fails a test when both sides
//! reach into one slot without the one's access having happened before the other's.

use crate::ring::{PutSlot, TakeSlot, index::RingSize, tx::TxIndexes};
use loom::{cell::UnsafeCell, sync::Arc};

struct Slots<T> {
    slots: Vec<UnsafeCell<Option<T>>>,
    indexes: Arc<TxIndexes>,
    size: RingSize,
}

// SAFETY: that no slot is touched by both sides at a time is what every test here checks.
unsafe impl<T: Send> Sync for Slots<T> {}

/// The half that puts values in.
pub struct SlotPutter<T>(Arc<Slots<T>>);
/// The half that takes them out again.
pub struct SlotTaker<T>(Arc<Slots<T>>);

/// The two halves over `size` empty slots.
pub fn slots<T>(size: RingSize, indexes: Arc<TxIndexes>) -> (SlotPutter<T>, SlotTaker<T>) {
    let slots = (0..size.count()).map(|_| UnsafeCell::new(None)).collect();
    let shared = Arc::new(Slots { slots, indexes, size });
    (SlotPutter(shared.clone()), SlotTaker(shared))
}

impl<T> Slots<T> {
    fn with<R>(&self, index: u32, reach: impl FnOnce(&mut Option<T>) -> R) -> R {
        // SAFETY: loom panics when another thread's access did not happen before this one.
        self.slots[index as usize].with_mut(|slot| reach(unsafe { &mut *slot }))
    }
}

impl<T> PutSlot<T> for SlotPutter<T> {
    fn put(&mut self, index: u32, value: T) -> Result<(), T> {
        if !self.0.indexes.is_free(index, self.0.size) {
            return Err(value);
        }
        let before = self.0.with(index, |slot| slot.replace(value));
        assert!(before.is_none(), "a slot that is in use was overwritten");
        Ok(())
    }

    fn withdraw(&mut self, index: u32) -> Option<T> {
        self.0.indexes.is_free(index, self.0.size).then(|| self.0.with(index, Option::take))?
    }

    fn indexes(&self) -> &TxIndexes {
        &self.0.indexes
    }
}

impl<T> TakeSlot<T> for SlotTaker<T> {
    fn peek<R>(&self, index: u32, look: impl FnOnce(&T) -> R) -> Option<R> {
        self.0.indexes.is_published(index, self.0.size).then(|| self.0.with(index, |slot| slot.as_ref().map(look)))?
    }

    fn take(&mut self, index: u32) -> Option<T> {
        self.0.indexes.is_published(index, self.0.size).then(|| self.0.with(index, Option::take))?
    }

    fn indexes(&self) -> &TxIndexes {
        &self.0.indexes
    }
}
