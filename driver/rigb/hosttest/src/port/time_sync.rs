// SPDX-License-Identifier: GPL-2.0-only
//! SYSTIM: it grows by TIMINCA's increment every so many times 16 ns (7.9.2).

use kernel::time::{Instant, Monotonic};

/// The counter of a port.
pub struct TimeSync {
    since: Instant<Monotonic>,
    counter: u64,
    increment: u64,
    period_ns: u64,
}

impl TimeSync {
    /// It stands still, at 0.
    pub fn new() -> Self {
        Self { since: Instant::now(), counter: 0, increment: 0, period_ns: 16 }
    }

    /// The counter now.
    pub fn counter(&self) -> u64 {
        let periods = self.since.elapsed().as_nanos() as u64 / self.period_ns;
        self.counter.wrapping_add(self.increment.wrapping_mul(periods))
    }

    /// TIMINCA is written: from where it is the counter goes on at another rate.
    pub fn set_increment(&mut self, register: u32) {
        self.counter = self.counter();
        self.since = Instant::now();
        self.increment = u64::from(register & 0xff_ffff);
        self.period_ns = 16 * u64::from(register >> 24).max(1);
    }

    /// The counter takes a value, to see it wrap.
    pub fn set_counter(&mut self, counter: u64) {
        self.counter = counter;
        self.since = Instant::now();
    }
}
