// SPDX-License-Identifier: GPL-2.0-only
//! The card's time counter as nanoseconds: arithmetic alone, so that it is tested on the host.
//!
//! SYSTIM grows by TIMINCA's increment every 16 ns (82576 datasheet 7.9.2). The increment is what the frequency is adjusted with, so it is made as large as its 24
//! bits allow: 16 ns with 19 bits of fraction. SYSTIM then counts units of 2⁻¹⁹ ns and wraps after 2⁶⁴ of them, 9.8 hours, which is why it is not read as a time
//! but as the distance from a pair of counter and time that is renewed often enough.

/// Bits of SYSTIM below the nanosecond.
pub(crate) const FRACTION_BITS: u32 = 19;
/// The increment of a clock that is left alone: 16 ns.
pub(crate) const NOMINAL_INCREMENT: u32 = 16 << FRACTION_BITS;
/// The largest increment that TIMINCA holds.
pub(crate) const MAX_INCREMENT: u32 = (1 << 24) - 1;
/// By how much the clock can run faster or slower, in parts per billion: to just under twice its speed.
pub(crate) const MAX_ADJUSTMENT_PPB: i32 =
    ((MAX_INCREMENT - NOMINAL_INCREMENT) as u64 * 1_000_000_000 / NOMINAL_INCREMENT as u64) as i32;
/// The time may be asked for up to half the counter's range (4.9 hours) from the last renewal, so a renewal is due long before.
pub(crate) const RENEWAL_MS: u32 = 30 * 60 * 1000;

// The kernel's `scaled_ppm`: parts per million with 16 bits of fraction.
const SCALED_PPM_ONE: i64 = 1_000_000 << 16;

/// The increment for a clock that runs `scaled_ppm` (parts per million with 16 bits of fraction) faster than nominal, to the nearest of its steps of 0.12 ppm.
/// `None` when it does not fit the register.
pub(crate) const fn increment(scaled_ppm: i64) -> Option<u32> {
    let Some(product) = scaled_ppm.checked_mul(NOMINAL_INCREMENT as i64) else { return None };
    let half = if product < 0 { -(SCALED_PPM_ONE / 2) } else { SCALED_PPM_ONE / 2 };
    let difference = product.wrapping_add(half) / SCALED_PPM_ONE;
    let increment = difference.wrapping_add(NOMINAL_INCREMENT as i64);
    if increment < 0 || increment > MAX_INCREMENT as i64 {
        return None;
    }
    Some(increment as u32)
}

/// A reading of the counter and the time it stands for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct TimeCounter {
    counter: u64,
    nanoseconds: i64,
    // What the reading is beyond the nanosecond, in units of 2⁻¹⁹ ns.
    fraction: u32,
}

impl TimeCounter {
    /// The counter reads `counter` at `nanoseconds` since the epoch.
    pub(crate) const fn new(counter: u64, nanoseconds: i64) -> Self {
        Self { counter, nanoseconds, fraction: 0 }
    }

    /// The time of the last reading, in nanoseconds since the epoch.
    pub(crate) const fn nanoseconds(&self) -> i64 {
        self.nanoseconds
    }

    // Distance from the last reading, forwards or backwards, in units of 2⁻¹⁹ ns and counted from its whole nanosecond.
    const fn distance(&self, counter: u64) -> i64 {
        (counter.wrapping_sub(self.counter) as i64).wrapping_add(self.fraction as i64)
    }

    /// The time at which the counter read `counter`, before or after the last reading.
    pub(crate) const fn time_of(&self, counter: u64) -> i64 {
        self.nanoseconds.wrapping_add(self.distance(counter) >> FRACTION_BITS)
    }

    /// Makes `counter` the last reading and returns its time. No fraction is lost, however often.
    pub(crate) const fn advance(&mut self, counter: u64) -> i64 {
        let distance = self.distance(counter);
        self.nanoseconds = self.nanoseconds.wrapping_add(distance >> FRACTION_BITS);
        self.fraction = distance as u32 & ((1 << FRACTION_BITS) - 1);
        self.counter = counter;
        self.nanoseconds
    }

    /// Moves the clock by `nanoseconds`.
    pub(crate) const fn shift(&mut self, nanoseconds: i64) {
        self.nanoseconds = self.nanoseconds.wrapping_add(nanoseconds);
    }
}
