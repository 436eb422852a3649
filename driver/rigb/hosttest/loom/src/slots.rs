// SPDX-License-Identifier: GPL-2.0-only
//! The slots beside the descriptors as `src/sys/slots.rs` has them: no lock, and the indexes alone say whose a slot is. loom fails a test when both sides
//! reach into one slot without the one's access having happened before the other's.

use crate::ring::{FreeSlot, FreeSlots, PutSlot, SlotWalk, TakeSlot, index::RingSize, tx::TxIndexes};
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
    type Place<'a>
        = Place<'a, T>
    where
        Self: 'a;
    type Behind<'a>
        = Behind<'a, T>
    where
        Self: 'a;

    fn places(&mut self) -> Option<(Place<'_, T>, Behind<'_, T>)> {
        let slots = &*self.0;
        let (index, free) = slots.indexes.next_free(slots.size);
        (free > 0).then_some((Place { slots, index, free }, Behind { slots, next: index, free }))
    }

    fn indexes(&self) -> &TxIndexes {
        &self.0.indexes
    }
}

/// The free slots behind it.
pub struct Behind<'a, T> {
    slots: &'a Slots<T>,
    next: u32,
    free: u32,
}

impl<T> Behind<'_, T> {
    fn has(&self, index: u32) -> bool {
        (1..self.free).contains(&self.slots.size.distance(self.next, index))
    }
}

impl<T> FreeSlots<T> for Behind<'_, T> {
    fn put(&mut self, index: u32, value: T) -> Result<(), T> {
        if !self.has(index) {
            return Err(value);
        }
        let before = self.slots.with(index, |slot| slot.replace(value));
        assert!(before.is_none(), "a slot that is in use was overwritten");
        Ok(())
    }

    fn withdraw(&mut self, index: u32) -> Option<T> {
        self.has(index).then(|| self.slots.with(index, Option::take))?
    }
}

/// The slot at `next_to_use`.
pub struct Place<'a, T> {
    slots: &'a Slots<T>,
    index: u32,
    free: u32,
}

impl<'a, T> FreeSlot<'a, T> for Place<'a, T> {
    fn index(&self) -> u32 {
        self.index
    }

    fn free(&self) -> u32 {
        self.free
    }

    fn put(self, value: T) -> &'a TxIndexes {
        let before = self.slots.with(self.index, |slot| slot.replace(value));
        assert!(before.is_none(), "a slot that is in use was overwritten");
        &self.slots.indexes
    }
}

/// A walk over the slots that were published when it began.
pub struct Walk<'a, T> {
    slots: &'a Slots<T>,
    index: u32,
    left: u32,
}

impl<T> Walk<'_, T> {
    fn take_at(&self, distance: u32) -> Option<T> {
        self.slots.with(self.slots.size.after(self.index, distance), Option::take)
    }
}

impl<T> SlotWalk<T> for Walk<'_, T> {
    fn index(&self) -> u32 {
        self.index
    }

    fn left(&self) -> u32 {
        self.left
    }

    fn peek(&self) -> Option<&Option<T>> {
        // SAFETY: only this half reaches a published slot, and takes out of it by `&mut self`; loom panics when that is not so.
        (self.left > 0).then(|| self.slots.slots[self.index as usize].with(|slot| unsafe { &*slot }))
    }

    fn look_behind<R>(&self, distance: u32, look: impl FnOnce(&T) -> R) -> Option<R> {
        let index = self.slots.size.after(self.index, distance) as usize;
        // SAFETY: as in `peek`.
        (distance < self.left)
            .then(|| self.slots.slots[index].with(|slot| unsafe { &*slot }).as_ref().map(look))
            .flatten()
    }

    fn take_behind(&mut self, further: u32) -> impl Iterator<Item = T> {
        (1..=further).take_while(|distance| *distance < self.left).filter_map(|distance| self.take_at(distance))
    }

    fn take(&mut self, further: u32) -> Option<T> {
        if further >= self.left {
            return None;
        }
        let taken = self.take_at(0);
        self.index = self.slots.size.after(self.index, further + 1);
        self.left -= further + 1;
        taken
    }

    fn indexes(&self) -> &TxIndexes {
        &self.slots.indexes
    }
}

impl<T> TakeSlot<T> for SlotTaker<T> {
    type Walk<'a>
        = Walk<'a, T>
    where
        Self: 'a;

    fn walk(&mut self) -> Walk<'_, T> {
        let slots = &*self.0;
        let index = slots.indexes.next_to_clean();
        let left = slots.size.distance(index, slots.indexes.next_to_use());
        Walk { slots, index, left }
    }

    fn indexes(&self) -> &TxIndexes {
        &self.0.indexes
    }
}
