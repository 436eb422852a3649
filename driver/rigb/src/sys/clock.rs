// SPDX-License-Identifier: GPL-2.0-only
//! The clock of snapshots and counters.

/// CLOCK_MONOTONIC in nanoseconds; from any context.
pub(crate) fn monotonic_ns() -> u64 {
    // SAFETY: no precondition.
    unsafe { super::bindings::rigb_monotonic_ns() }
}
