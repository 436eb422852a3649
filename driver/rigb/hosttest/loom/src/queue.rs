// SPDX-License-Identifier: GPL-2.0-only
//! Stopping and waking a transmit queue, as the macros of include/net/netdev_queues.h do it for the shim: the side that posts looks again after it has stopped
//! the queue, the side that cleans looks whether it is stopped after it has released descriptors, and a full barrier lies between the two steps of each.

use crate::ring::{index::RingSize, tx::TxIndexes};
use loom::sync::atomic::{
    AtomicBool,
    Ordering::{Relaxed, SeqCst},
    fence,
};

/// Whose barrier is left out, to see that it is needed.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Without {
    Nothing,
    BarrierAfterStop,
    BarrierBeforeWake,
    LookAfterStop,
}

pub struct Queue {
    stopped: AtomicBool,
    without: Without,
}

/// How many descriptors are free, as the shim reads it: the indexes once each, without order.
fn free(indexes: &TxIndexes, size: RingSize) -> u32 {
    let (next_to_use, next_to_clean) = indexes.cells();
    next_to_clean.load(Relaxed).wrapping_sub(next_to_use.load(Relaxed)).wrapping_sub(1) & size.mask()
}

impl Queue {
    pub fn new(without: Without) -> Self {
        Self { stopped: AtomicBool::new(false), without }
    }

    pub fn is_stopped(&self) -> bool {
        self.stopped.load(Relaxed)
    }

    /// After a frame was posted, under the queue's lock.
    pub fn posted(&self, indexes: &TxIndexes, size: RingSize, stop: u32, start: u32) {
        if free(indexes, size) >= stop {
            return;
        }
        self.stopped.store(true, Relaxed);
        if self.without != Without::BarrierAfterStop {
            fence(SeqCst);
        }
        if self.without != Without::LookAfterStop && free(indexes, size) >= start {
            self.stopped.store(false, Relaxed);
        }
    }

    /// After frames were cleaned, in the poll.
    pub fn cleaned(&self, frames: u32, indexes: &TxIndexes, size: RingSize, start: u32) {
        if frames == 0 {
            return;
        }
        if self.without != Without::BarrierBeforeWake {
            fence(SeqCst);
        }
        if free(indexes, size) >= start && self.is_stopped() {
            self.stopped.store(false, SeqCst);
        }
    }
}
