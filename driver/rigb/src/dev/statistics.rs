// SPDX-License-Identifier: GPL-2.0-only
//! Counters of a queue pair. Each has one writer (the poll, or the transmit path under its lock), so an increment is a load and a store, no locked instruction;
//! readers may look at any time. They never go back, also not over down and up.

use core::sync::atomic::{AtomicU64, Ordering::Relaxed};

/// A counter with one writer.
#[derive(Default)]
pub(crate) struct Counter(AtomicU64);

impl Counter {
    /// Adds; by the one writer only, or counts are lost.
    pub(crate) fn add(&self, count: u64) {
        self.0.store(self.0.load(Relaxed).wrapping_add(count), Relaxed);
    }

    /// The count now.
    pub(crate) fn get(&self) -> u64 {
        self.0.load(Relaxed)
    }
}

/// What the receive side counts; written by the poll.
#[derive(Default)]
pub(crate) struct ReceiveCounters {
    /// Frames delivered.
    pub(crate) packets: Counter,
    /// Their bytes.
    pub(crate) bytes: Counter,
    /// Frames that the MAC marked bad or whose descriptor made no sense.
    pub(crate) errors: Counter,
    /// Good frames without memory for an sk_buff.
    pub(crate) dropped: Counter,
    /// Times that no page was left to post.
    pub(crate) no_buffer: Counter,
}

/// What the transmit side counts.
#[derive(Default)]
pub(crate) struct TransmitCounters {
    /// Frames sent; written by the poll.
    pub(crate) packets: Counter,
    /// Their bytes; written by the poll.
    pub(crate) bytes: Counter,
    /// Frames that could not be padded or mapped; written under the queue's lock.
    pub(crate) dropped: Counter,
    /// Frames that a stop or reset took back unsent; written while the queue is stopped.
    pub(crate) reclaimed: Counter,
}

/// Both sides of queue pair 0, and what belongs to the device.
#[derive(Default)]
pub(crate) struct Counters {
    /// Receive.
    pub(crate) rx: ReceiveCounters,
    /// Transmit.
    pub(crate) tx: TransmitCounters,
    /// Resets after a transmit timeout or a fault of the card; written by the reset work.
    pub(crate) resets: Counter,
}
