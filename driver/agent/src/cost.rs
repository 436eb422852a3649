// SPDX-License-Identifier: MIT OR Apache-2.0
//! What the agent itself costs, counted by the kernel's clock of its CPU time.

use crate::clock;
use ringscope_wire::control::Cost;

/// Running totals.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Totals {
    /// Bytes that went into the pipe.
    pub bytes_sent: u64,
    /// Device registers that were read.
    pub mmio_reads: u64,
    /// Samples and snapshots that were dropped.
    pub samples_lost: u64,
    /// Returns from `poll`.
    pub wakeups: u64,
}

/// The totals at the end of the last interval.
pub struct Meter {
    since: u64,
    processor_since: u64,
    totals: Totals,
}

impl Meter {
    /// Begins the first interval now.
    pub fn new(totals: Totals) -> Self {
        Self { since: clock::monotonic(), processor_since: clock::processor_time(), totals }
    }

    /// The cost since the last call; begins the next interval.
    pub fn lap(&mut self, totals: Totals) -> Cost {
        let next = Self::new(totals);
        let interval_ns = next.since.saturating_sub(self.since).max(1);
        let cpu_ns = next.processor_since.saturating_sub(self.processor_since);
        let reads = totals.mmio_reads - self.totals.mmio_reads;
        let cost = Cost {
            interval_ns,
            cpu_ns,
            cpu_percent: 100.0 * cpu_ns as f64 / interval_ns as f64,
            wakeups: totals.wakeups - self.totals.wakeups,
            bytes_sent: totals.bytes_sent - self.totals.bytes_sent,
            mmio_reads_per_second: reads as f64 * clock::SECOND as f64 / interval_ns as f64,
            samples_lost: totals.samples_lost - self.totals.samples_lost,
        };
        *self = next;
        cost
    }
}
