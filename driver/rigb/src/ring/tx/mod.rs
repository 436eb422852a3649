// SPDX-License-Identifier: GPL-2.0-only
//! A transmit ring in two halves: the transmit path posts frames at `next_to_use`, the poll takes them back at `next_to_clean`. They share two indexes.
//!
//! A frame takes a context descriptor (when its offloads differ from the frame's before) and one descriptor or more for each of its pieces. Its first slot holds
//! the frame and where it ends; the slots of further pieces hold their mappings. The card reports on the last descriptor alone.

use super::{
    index::RingSize,
    slot::{Posted, Quiesced},
    sync::{AtomicU32, Ordering},
};

mod clean;
mod post;

pub(crate) use clean::TxConsumer;
pub(crate) use post::TxProducer;

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
        self.next_free(size).1
    }

    /// The descriptor that is used next, and how many can be posted from there on.
    #[inline(always)]
    pub(crate) fn next_free(&self, size: RingSize) -> (u32, u32) {
        let next = self.next_to_use();
        (next, size.mask().wrapping_sub(size.distance(self.next_to_clean(), next)))
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
    /// A further piece of the frame before.
    Piece(Posted<P>),
    /// A frame begins here; the slots up to `last` are its own, and hold its further pieces.
    Frame {
        /// The frame with its first piece.
        posted: Posted<F>,
        /// Its last descriptor, the only one that the card reports on.
        last: u32,
    },
}

impl<F, P> TxSlot<F, P> {
    fn never_given(self) -> (Option<F>, Option<P>) {
        match self {
            Self::Frame { posted, .. } => (Some(posted.never_given()), None),
            Self::Piece(posted) => (None, Some(posted.never_given())),
        }
    }

    fn reclaim(self, proof: &Quiesced) -> (Option<F>, Option<P>) {
        match self {
            Self::Frame { posted, .. } => (Some(posted.reclaim(proof)), None),
            Self::Piece(posted) => (None, Some(posted.reclaim(proof))),
        }
    }
}
