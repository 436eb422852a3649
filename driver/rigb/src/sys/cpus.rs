// SPDX-License-Identifier: GPL-2.0-only
//! The machine's CPUs.

/// How many are online now.
pub(crate) fn online() -> u32 {
    // SAFETY: no precondition.
    unsafe { super::bindings::rigb_cpus_online() }
}

/// The one that runs this; outside of preemptible context it stays so.
pub(crate) fn current() -> u32 {
    // SAFETY: no precondition.
    unsafe { super::bindings::rigb_cpus_current() }
}
