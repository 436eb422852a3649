// SPDX-License-Identifier: GPL-2.0-only
//! What a vector did, as its handler and its poll saw it.

use crate::{
    hw::moderation::{self, Activity, Moderation},
    sys::clock,
};
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

/// What handler and poll share.
struct Shared {
    counts: VectorCounts,
    // Since the interval was last judged, at this instant of CLOCK_MONOTONIC.
    frames: u32,
    bytes: u32,
    interrupts: u32,
    judged_ns: u64,
    moderation: Moderation,
    // As the card has it, in microseconds.
    interval_us: u32,
}

/// A vector's counts and moderation, shared by its handler (interrupt context) and whoever looks (process context): hence a lock that masks interrupts, as a
/// guard.
#[pin_data]
pub(crate) struct Vector {
    #[pin]
    shared: SpinLockIrq<Shared>,
    /// The kernel's interrupt number.
    pub(crate) irq: u32,
}

impl Vector {
    /// The vector of interrupt `irq`.
    pub(crate) fn new(irq: u32) -> Result<Arc<Self>> {
        let shared = Shared {
            counts: VectorCounts::default(),
            frames: 0,
            bytes: 0,
            interrupts: 0,
            judged_ns: 0,
            moderation: Moderation { adaptive: false, ..Moderation::DEFAULT },
            interval_us: Moderation::DEFAULT.interval_us,
        };
        Arc::pin_init(pin_init!(Self { shared <- new_spinlock_irq!(shared), irq }), GFP_KERNEL)
    }

    /// The counts now.
    pub(crate) fn counts(&self) -> VectorCounts {
        self.shared.lock().counts
    }

    /// Follows the user's wish, of which the card knows the interval already.
    pub(crate) fn moderate(&self, moderation: Moderation) {
        let mut shared = self.shared.lock();
        shared.moderation = moderation;
        shared.interval_us = moderation.interval_us;
    }

    /// Counts an interrupt; from its handler. The interval that the card is to be told, in microseconds, when another suits what happened since the last.
    pub(crate) fn count_interrupt(&self, spurious: bool) -> Option<u32> {
        let now = clock::monotonic_ns();
        let mut shared = self.shared.lock();
        shared.counts.handled = shared.counts.handled.wrapping_add(1);
        shared.counts.last_ns = now;
        if spurious {
            shared.counts.spurious = shared.counts.spurious.wrapping_add(1);
        }
        shared.interrupts = shared.interrupts.saturating_add(1);
        let elapsed_ns = now.saturating_sub(shared.judged_ns);
        if shared.frames > 0 && !moderation::is_judged_after(elapsed_ns, shared.interval_us) {
            return None;
        }
        let activity = Activity { frames: shared.frames, bytes: shared.bytes, interrupts: shared.interrupts, elapsed_ns };
        shared.frames = 0;
        shared.bytes = 0;
        shared.interrupts = 0;
        shared.judged_ns = now;
        if !shared.moderation.adaptive || activity.frames == 0 {
            return None;
        }
        let suitable = moderation::suitable_interval_us(activity, shared.interval_us);
        // A register write for a change that nobody notices is not worth it.
        if suitable.abs_diff(shared.interval_us).wrapping_mul(8) <= shared.interval_us {
            return None;
        }
        shared.interval_us = suitable;
        Some(suitable)
    }

    /// Counts a poll that cleaned and received so many frames and bytes.
    pub(crate) fn count_poll(&self, frames: u32, bytes: u32) {
        let mut shared = self.shared.lock();
        shared.counts.polls = shared.counts.polls.wrapping_add(1);
        if frames == 0 {
            shared.counts.spurious = shared.counts.spurious.wrapping_add(1);
        }
        shared.frames = shared.frames.saturating_add(frames);
        shared.bytes = shared.bytes.saturating_add(bytes);
    }
}
