// SPDX-License-Identifier: GPL-2.0-only
//! The beginnings of received frames, a place for each receive descriptor: kept when the descriptor is taken, for those who ask later what the card had written there.

use crate::{
    ring::index::RingSize,
    sys::{clock, look::BufferView, page_pool::PagePool},
};
use kernel::{alloc::KVVec, prelude::*};

/// Bytes that are kept of a frame: every header that is usual, and some of what follows.
pub(crate) const KEPT_BYTES: usize = 256;

/// What was kept of a frame, or of the part of it that a buffer has.
#[derive(Clone)]
pub(crate) struct KeptFrame {
    /// CLOCK_MONOTONIC when it was taken; 0 when none was.
    pub(crate) time_ns: u64,
    /// As many bytes as the card wrote.
    pub(crate) whole: u32,
    kept: u32,
    bytes: [u8; KEPT_BYTES],
}

impl KeptFrame {
    const NONE: Self = Self { time_ns: 0, whole: 0, kept: 0, bytes: [0; KEPT_BYTES] };

    /// Its first bytes.
    pub(crate) fn bytes(&self) -> &[u8] {
        self.bytes.get(..self.kept as usize).unwrap_or_default()
    }
}

/// One for each descriptor of a ring.
pub(crate) struct KeptFrames(KVVec<KeptFrame>);

impl KeptFrames {
    /// None kept yet. `ENOMEM` when there is no memory for a ring of `size`.
    pub(crate) fn new(size: RingSize) -> Result<Self> {
        Ok(Self(KVVec::from_elem(KeptFrame::NONE, size.count() as usize, GFP_KERNEL)?))
    }

    /// Keeps the beginning of the `whole` bytes that the card wrote into a buffer of `pool`, at descriptor `index`.
    // Apart, and with values alone, so that the path of frames, which has this behind a branch that is patched out, stays as it is without.
    #[cold]
    #[inline(never)]
    pub(crate) fn keep(&mut self, index: u32, whole: u32, buffer: BufferView<'_>, pool: &PagePool) {
        if let Some(place) = self.0.get_mut(index as usize) {
            place.kept = buffer.copy_to(pool, Some(whole), &mut place.bytes);
            place.whole = whole;
            place.time_ns = clock::monotonic_ns();
        }
    }

    /// What was kept at descriptor `index`.
    pub(crate) fn at(&self, index: u32) -> Option<&KeptFrame> {
        self.0.get(index as usize).filter(|frame| frame.time_ns != 0)
    }
}
