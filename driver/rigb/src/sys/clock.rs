// SPDX-License-Identifier: GPL-2.0-only
//! The system's clocks.

use core::sync::atomic::{AtomicUsize, Ordering::Relaxed};

/// CLOCK_MONOTONIC in nanoseconds; from any context.
pub(crate) fn monotonic_ns() -> u64 {
    // SAFETY: no precondition.
    unsafe { super::bindings::rigb_monotonic_ns() }
}

/// CLOCK_BOOTTIME in nanoseconds: as CLOCK_MONOTONIC, and it goes on while the system sleeps.
pub(crate) fn boottime_ns() -> i64 {
    // SAFETY: no precondition.
    unsafe { super::bindings::rigb_boottime_ns() }
}

/// CLOCK_REALTIME in nanoseconds since 1970.
pub(crate) fn realtime_ns() -> i64 {
    // SAFETY: no precondition.
    unsafe { super::bindings::rigb_realtime_ns() }
}

/// An instant that costs a load and a store to keep: the timer tick (`jiffies`) in which it was.
#[derive(Default)]
pub(crate) struct Tick(AtomicUsize);

impl Tick {
    /// Makes it this instant.
    #[inline]
    pub(crate) fn set_now(&self) {
        self.0.store(current_tick(), Relaxed);
    }

    /// How long ago it was, in nanoseconds.
    pub(crate) fn elapsed_ns(&self) -> u64 {
        let ticks = current_tick().wrapping_sub(self.0.load(Relaxed)) as u64;
        ticks.wrapping_mul(kernel::bindings::HZ_TO_NSEC_NUM.into()) / u64::from(kernel::bindings::HZ_TO_NSEC_DEN)
    }
}

#[inline]
fn current_tick() -> usize {
    let jiffies = &raw const kernel::bindings::jiffies;
    // SAFETY: the kernel's tick counter is always there; C reads it just so while the timer writes it.
    unsafe { jiffies.read_volatile() }
}
