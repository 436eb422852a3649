// SPDX-License-Identifier: MIT OR Apache-2.0
//! The kernel's clocks in nanoseconds.

use rustix::time::{ClockId, Timespec, clock_gettime};

/// A second.
pub const SECOND: u64 = 1_000_000_000;

fn nanoseconds(time: Timespec) -> i128 {
    i128::from(time.tv_sec) * i128::from(SECOND) + i128::from(time.tv_nsec)
}

/// CLOCK_MONOTONIC.
pub fn monotonic() -> u64 {
    u64::try_from(nanoseconds(clock_gettime(ClockId::Monotonic))).unwrap_or(0)
}

/// CPU time of this process, all threads.
pub fn processor_time() -> u64 {
    u64::try_from(nanoseconds(clock_gettime(ClockId::ProcessCPUTime))).unwrap_or(0)
}

/// CLOCK_REALTIME minus CLOCK_MONOTONIC.
pub fn boot_time_unix() -> i128 {
    nanoseconds(clock_gettime(ClockId::Realtime)) - nanoseconds(clock_gettime(ClockId::Monotonic))
}

/// A span as the kernel takes it.
pub fn timespec(nanoseconds: u64) -> Timespec {
    Timespec { tv_sec: (nanoseconds / SECOND) as i64, tv_nsec: (nanoseconds % SECOND) as i64 }
}
