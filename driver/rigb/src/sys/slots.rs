// SPDX-License-Identifier: GPL-2.0-only
//! What software remembers beside each transmit descriptor: one side puts (the transmit path), the other takes (the NAPI poll), and no lock between them.

use crate::ring::{FreeSlot, FreeSlots, PutSlot, SlotWalk, TakeSlot, index::RingSize, tx::TxIndexes};
use core::cell::UnsafeCell;
use kernel::{prelude::*, sync::Arc};

/// # Invariants
///
/// There are `size` slots, and they stay where they are.
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
    fn slot(&self, index: u32) -> *mut Option<T> {
        let index = (index & self.size.mask()) as usize;
        // SAFETY: the mask of `size` keeps the index inside of `size` slots (type invariant).
        let cell = unsafe { self.slots.get_unchecked(index) };
        cell.get()
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
    // INVARIANT: as many were pushed.
    let shared = Arc::new(Slots { slots, indexes, size }, GFP_KERNEL)?;
    Ok((SlotPutter(shared.clone()), SlotTaker(shared)))
}

/// The next slot of the putting half.
///
/// # Invariants
///
/// `slot`, the one at `index`, is free and stays so: only the putting half publishes it, and that is borrowed.
pub(crate) struct Place<'a, T> {
    slot: *mut Option<T>,
    indexes: &'a TxIndexes,
    index: u32,
    free: u32,
}

impl<'a, T> FreeSlot<'a, T> for Place<'a, T> {
    #[inline(always)]
    fn index(&self) -> u32 {
        self.index
    }

    #[inline(always)]
    fn free(&self) -> u32 {
        self.free
    }

    #[inline(always)]
    fn put(self, value: T) -> &'a TxIndexes {
        // SAFETY: the slot is free (type invariant): the taking half has left it and will not come back before it is published.
        unsafe { *self.slot = Some(value) };
        self.indexes
    }
}

/// The slots behind the next of the putting half.
///
/// # Invariants
///
/// The slot at `next` and those up to `free` behind it (without the last) are free and stay so: only the putting half publishes them, and that is borrowed. Whoever
/// has this reaches those behind `next`, whoever has the `Place` the one at `next`.
pub(crate) struct Behind<'a, T> {
    slots: &'a Slots<T>,
    next: u32,
    free: u32,
}

impl<T> Behind<'_, T> {
    #[inline(always)]
    fn slot(&self, index: u32) -> Option<*mut Option<T>> {
        let distance = self.slots.size.distance(self.next, index);
        (1..self.free).contains(&distance).then(|| self.slots.slot(index))
    }
}

impl<T> FreeSlots<T> for Behind<'_, T> {
    #[inline(always)]
    fn put(&mut self, index: u32, value: T) -> core::result::Result<(), T> {
        let Some(slot) = self.slot(index) else { return Err(value) };
        // SAFETY: the slot is free (type invariant); `&mut self` of the only one that reaches it.
        unsafe { *slot = Some(value) };
        Ok(())
    }

    fn withdraw(&mut self, index: u32) -> Option<T> {
        let slot = self.slot(index)?;
        // SAFETY: as in `put`.
        unsafe { (*slot).take() }
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

    #[inline(always)]
    fn places(&mut self) -> Option<(Place<'_, T>, Behind<'_, T>)> {
        let slots = &*self.0;
        let indexes = &*slots.indexes;
        let (next, free) = indexes.next_free(slots.size);
        if free == 0 {
            return None;
        }
        // INVARIANT: `free` slots from `next` on are free, the first of which is the place's.
        Some((Place { slot: slots.slot(next), indexes, index: next, free }, Behind { slots, next, free }))
    }

    fn indexes(&self) -> &TxIndexes {
        &self.0.indexes
    }
}

/// A walk of the taking half.
///
/// # Invariants
///
/// `first` is the first of `size` slots. From `index`, which lies inside, on `left` slots are published and stay so: only the taking half releases them, and that is
/// borrowed.
pub(crate) struct Walk<'a, T> {
    first: *mut Option<T>,
    size: RingSize,
    indexes: &'a TxIndexes,
    index: u32,
    left: u32,
}

impl<T> SlotWalk<T> for Walk<'_, T> {
    #[inline(always)]
    fn index(&self) -> u32 {
        self.index
    }

    #[inline(always)]
    fn left(&self) -> u32 {
        self.left
    }

    #[inline(always)]
    fn peek(&self) -> Option<&Option<T>> {
        if self.left == 0 {
            return None;
        }
        let slot = self.first.wrapping_add(self.index as usize);
        // SAFETY: the slot is published (type invariant): the putting half will not touch it before it is released; taking it out needs `&mut self`.
        Some(unsafe { &*slot })
    }

    fn look_behind<R>(&self, distance: u32, look: impl FnOnce(&T) -> R) -> Option<R> {
        if distance >= self.left {
            return None;
        }
        let slot = self.first.wrapping_add(self.size.after(self.index, distance) as usize);
        // SAFETY: as in `peek`: it is one of the published slots.
        let slot = unsafe { &*slot };
        slot.as_ref().map(look)
    }

    #[inline(always)]
    fn take_behind(&mut self, further: u32) -> impl Iterator<Item = T> {
        let Self { first, size, index, .. } = *self;
        (1..self.left.min(further.wrapping_add(1))).filter_map(move |distance| {
            let slot = first.wrapping_add(size.after(index, distance) as usize);
            // SAFETY: as in `peek`, with `&mut self` of the only walk, which the iterator borrows.
            unsafe { (*slot).take() }
        })
    }

    #[inline(always)]
    fn take(&mut self, further: u32) -> Option<T> {
        if further >= self.left {
            return None;
        }
        let slot = self.first.wrapping_add(self.index as usize);
        let steps = further.wrapping_add(1);
        // INVARIANT: there are as many, and a step of `size` stays inside.
        self.index = self.size.after(self.index, steps);
        self.left = self.left.wrapping_sub(steps);
        // SAFETY: as in `peek`, with `&mut self` of the only walk.
        unsafe { (*slot).take() }
    }

    #[inline(always)]
    fn indexes(&self) -> &TxIndexes {
        self.indexes
    }
}

impl<T> TakeSlot<T> for SlotTaker<T> {
    type Walk<'a>
        = Walk<'a, T>
    where
        Self: 'a;

    #[inline(always)]
    fn walk(&mut self) -> Walk<'_, T> {
        let slots = &*self.0;
        let (size, indexes) = (slots.size, &*slots.indexes);
        let next = indexes.next_to_clean();
        // INVARIANT: what lies between the two indexes is published, and a step of `size`, also of none, leads inside.
        Walk {
            first: slots.slot(0),
            size,
            indexes,
            index: size.after(next, 0),
            left: size.distance(next, indexes.next_to_use()),
        }
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

    fn look(&self, index: u32) -> Option<&T> {
        self.get(index as usize)?.as_ref()
    }
}
