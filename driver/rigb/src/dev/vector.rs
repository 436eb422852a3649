// SPDX-License-Identifier: GPL-2.0-only
//! What a vector did, as its handler and its poll saw it.

use crate::sys::clock;
use kernel::{new_spinlock_irq, prelude::*, sync::{Arc, SpinLockIrq}};

/// What a vector did.
#[derive(Clone, Copy, Default)]
pub(crate) struct VectorCounts {
    /// Interrupts handled.
    pub(crate) handled: u64,
    /// Interrupts that found nothing to do.
    pub(crate) spurious: u64,
    /// Polls that it caused.
    pub(crate) polls: u64,
    /// CLOCK_MONOTONIC of the last one, in nanoseconds.
    pub(crate) last_ns: u64,
}

/// A vector's counts, shared by its handler (interrupt context) and whoever looks (process context): hence a lock that masks interrupts, as a guard.
#[pin_data]
pub(crate) struct Vector {
    #[pin]
    counts: SpinLockIrq<VectorCounts>,
    /// The kernel's interrupt number.
    pub(crate) irq: u32,
}

impl Vector {
    /// The vector of interrupt `irq`.
    pub(crate) fn new(irq: u32) -> Result<Arc<Self>> {
        Arc::pin_init(pin_init!(Self { counts <- new_spinlock_irq!(VectorCounts::default()), irq }), GFP_KERNEL)
    }

    /// The counts now.
    pub(crate) fn counts(&self) -> VectorCounts {
        *self.counts.lock()
    }

    /// Counts an interrupt; from its handler.
    pub(crate) fn count_interrupt(&self, spurious: bool) {
        let now = clock::monotonic_ns();
        let mut counts = self.counts.lock();
        counts.handled = counts.handled.wrapping_add(1);
        counts.last_ns = now;
        if spurious {
            counts.spurious = counts.spurious.wrapping_add(1);
        }
    }

    /// Counts a poll that cleaned and received so many frames.
    pub(crate) fn count_poll(&self, cleaned: u32, received: u32) {
        let mut counts = self.counts.lock();
        counts.polls = counts.polls.wrapping_add(1);
        if cleaned == 0 && received == 0 {
            counts.spurious = counts.spurious.wrapping_add(1);
        }
    }
}
