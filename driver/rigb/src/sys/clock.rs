// SPDX-License-Identifier: GPL-2.0-only
//! The system's clocks.

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
