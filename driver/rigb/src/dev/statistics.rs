// SPDX-License-Identifier: GPL-2.0-only
//! Counters of a queue pair. Each has one writer (the poll, or the transmit path under its lock), so an increment is a load and a store, no locked instruction;
//! readers may look at any time. They never go back, also not over down and up or a change of the number of queues.

use super::offload::Plan;
use crate::sys::{
    link_statistics::LinkStatistics,
    queue_statistics::{ReceiveStatistics, TransmitStatistics},
    xdp::Verdict,
};
use core::sync::atomic::{AtomicU64, Ordering::Relaxed};

/// A counter with one writer.
#[derive(Default)]
pub(crate) struct Counter(AtomicU64);

impl Counter {
    /// Adds; by the one writer only, or counts are lost.
    #[inline]
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
    /// Good frames that arrived.
    pub(crate) packets: Counter,
    /// Their bytes.
    pub(crate) bytes: Counter,
    /// Frames that the MAC marked bad or whose descriptors made no sense.
    pub(crate) errors: Counter,
    /// Good frames without memory for an sk_buff.
    pub(crate) dropped: Counter,
    /// Times that no page was left to post.
    pub(crate) no_buffer: Counter,
    /// Frames whose checksums the card found right.
    pub(crate) checksum_good: Counter,
    /// Frames with a checksum that it found wrong.
    pub(crate) checksum_bad: Counter,
    /// What XDP programs wanted.
    pub(crate) verdicts: VerdictCounters,
}

/// How many frames got which verdict of an XDP program, followed or not.
#[derive(Default)]
pub(crate) struct VerdictCounters {
    /// XDP_PASS.
    pub(crate) pass: Counter,
    /// XDP_DROP.
    pub(crate) drop: Counter,
    /// XDP_TX.
    pub(crate) transmit: Counter,
    /// XDP_REDIRECT.
    pub(crate) redirect: Counter,
    /// XDP_ABORTED, and what is no verdict.
    pub(crate) invalid: Counter,
}

/// The same of one poll, of its frames that are not just dropped.
#[derive(Default)]
pub(crate) struct VerdictCounts {
    pass: u32,
    transmit: u32,
    redirect: u32,
    invalid: u32,
    // Frames that no program was asked about.
    unjudged: u32,
}

impl VerdictCounts {
    /// Counts a verdict.
    pub(crate) fn count(&mut self, verdict: Verdict) {
        let count = match verdict {
            Verdict::Pass => &mut self.pass,
            Verdict::Transmit => &mut self.transmit,
            Verdict::Redirect => &mut self.redirect,
            Verdict::Invalid(_) => &mut self.invalid,
            // What is left of all frames.
            Verdict::Drop => return,
        };
        *count = count.wrapping_add(1);
    }

    /// Counts a frame that had begun before the program was attached.
    pub(crate) fn count_unjudged(&mut self) {
        self.unjudged = self.unjudged.wrapping_add(1);
    }
}

impl VerdictCounters {
    /// Adds those of a poll that found so many frames.
    pub(crate) fn add(&self, counts: &VerdictCounts, frames: u64) {
        let &VerdictCounts { pass, transmit, redirect, invalid, unjudged } = counts;
        let others = [pass, transmit, redirect, invalid, unjudged].into_iter().map(u64::from).fold(0, u64::wrapping_add);
        self.drop.add(frames.wrapping_sub(others));
        if others > 0 {
            self.pass.add(pass.into());
            self.transmit.add(transmit.into());
            self.redirect.add(redirect.into());
            self.invalid.add(invalid.into());
        }
    }
}

/// What the transmit side counts.
#[derive(Default)]
pub(crate) struct TransmitCounters {
    /// Frames on the wire; written by the poll.
    pub(crate) packets: Counter,
    /// Their bytes; written by the poll.
    pub(crate) bytes: Counter,
    /// Frames that could not be padded or mapped; written under the queue's lock, as are the next ones.
    pub(crate) dropped: Counter,
    /// Frames whose checksum the card filled in.
    pub(crate) needs_checksum: Counter,
    /// Frames that were sent as the stack gave them.
    pub(crate) no_checksum: Counter,
    /// Frames that the card cut into segments.
    pub(crate) segmented: Counter,
    /// Their bytes, as the stack gave them.
    pub(crate) segmented_bytes: Counter,
    /// The segments that became of them.
    pub(crate) segments: Counter,
    /// Their bytes.
    pub(crate) segments_bytes: Counter,
    /// Times the queue was stopped for want of descriptors.
    pub(crate) stops: Counter,
    /// Times it was woken; written by the poll.
    pub(crate) wakes: Counter,
    /// Frames that a stop or reset took back unsent; written while the queue is stopped.
    pub(crate) reclaimed: Counter,
}

/// Both sides of a queue pair.
#[derive(Default)]
pub(crate) struct QueueCounters {
    /// Receive.
    pub(crate) rx: ReceiveCounters,
    /// Transmit.
    pub(crate) tx: TransmitCounters,
}

impl QueueCounters {
    /// As the interface's statistics show them.
    pub(crate) fn link_statistics(&self) -> LinkStatistics {
        let Self { rx, tx } = self;
        LinkStatistics {
            rx_packets: rx.packets.get(),
            rx_bytes: rx.bytes.get(),
            rx_errors: rx.errors.get(),
            rx_dropped: rx.dropped.get(),
            tx_packets: tx.packets.get(),
            tx_bytes: tx.bytes.get(),
            tx_errors: tx.reclaimed.get(),
            tx_dropped: tx.dropped.get(),
            ..LinkStatistics::default()
        }
    }
}

impl ReceiveCounters {
    /// As netlink shows them.
    pub(crate) fn statistics(&self) -> ReceiveStatistics {
        let (packets, good, bad) = (self.packets.get(), self.checksum_good.get(), self.checksum_bad.get());
        ReceiveStatistics {
            packets,
            bytes: self.bytes.get(),
            alloc_fail: self.no_buffer.get().wrapping_add(self.dropped.get()),
            csum_unnecessary: good,
            csum_none: packets.saturating_sub(good),
            csum_bad: bad,
        }
    }
}

impl TransmitCounters {
    /// Counts a frame of `length` bytes that was posted.
    #[inline(always)]
    pub(crate) fn count(&self, plan: &Plan, length: u32) {
        if plan.checksummed {
            self.needs_checksum.add(1);
        } else {
            self.no_checksum.add(1);
        }
        if plan.segmented {
            self.segmented.add(1);
            self.segmented_bytes.add(length.into());
            self.segments.add(plan.wire.frames().into());
            self.segments_bytes.add(plan.wire.bytes().into());
        }
    }

    /// As netlink shows them.
    pub(crate) fn statistics(&self) -> TransmitStatistics {
        TransmitStatistics {
            packets: self.packets.get(),
            bytes: self.bytes.get(),
            csum_none: self.no_checksum.get(),
            needs_csum: self.needs_checksum.get(),
            hw_gso_packets: self.segmented.get(),
            hw_gso_bytes: self.segmented_bytes.get(),
            hw_gso_wire_packets: self.segments.get(),
            hw_gso_wire_bytes: self.segments_bytes.get(),
            stop: self.stops.get(),
            wake: self.wakes.get(),
        }
    }
}
