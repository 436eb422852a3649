// SPDX-License-Identifier: GPL-2.0-only
//! What a vector did, as its handler and its poll saw it, and how long the card waits between two of its interrupts.

use super::statistics::Counter;
use crate::{
    hw::{
        moderation::{self, Activity, Moderation, Room},
        registers::Registers,
    },
    sys::clock::{self, Tick},
};
use kernel::{
    new_spinlock_irq,
    prelude::*,
    sync::{Arc, SpinLockIrq},
};

/// What a vector did.
#[derive(Clone, Copy, Default)]
pub(crate) struct VectorCounts {
    /// Interrupts handled.
    pub(crate) handled: u64,
    /// Interrupts and polls that found nothing to do.
    pub(crate) spurious: u64,
    /// Polls that it caused.
    pub(crate) polls: u64,
    /// CLOCK_MONOTONIC of the last one, in nanoseconds, as exact as the timer tick.
    pub(crate) last_ns: u64,
    /// Polls that used up their budget, so that the kernel polls again.
    pub(crate) exhausted: u64,
}

/// The interval between two interrupts.
struct Interval {
    moderation: Moderation,
    // As the card has it, in microseconds.
    current_us: u32,
    // When it was last judged, by CLOCK_MONOTONIC.
    judged_ns: u64,
}

/// A vector's counts and moderation. Its handler writes `handled`, `unclaimed` and `last`, its poll `polls`, `idle_polls` and `exhausted`: no lock. The interval belongs to whoever
/// changes it, poll or user, and the card's register with it: hence a lock.
#[pin_data]
pub(crate) struct Vector {
    handled: Counter,
    unclaimed: Counter,
    last: Tick,
    polls: Counter,
    idle_polls: Counter,
    exhausted: Counter,
    #[pin]
    interval: SpinLockIrq<Interval>,
    /// The kernel's interrupt number.
    pub(crate) irq: u32,
}

impl Vector {
    /// The vector of interrupt `irq`.
    pub(crate) fn new(irq: u32) -> Result<Arc<Self>> {
        let interval = Interval {
            moderation: Moderation { adaptive: false, ..Moderation::DEFAULT },
            current_us: Moderation::DEFAULT.interval_us,
            judged_ns: 0,
        };
        let vector = pin_init!(Self {
            handled: Counter::default(),
            unclaimed: Counter::default(),
            last: Tick::default(),
            polls: Counter::default(),
            idle_polls: Counter::default(),
            exhausted: Counter::default(),
            interval <- new_spinlock_irq!(interval),
            irq,
        });
        Arc::pin_init(vector, GFP_KERNEL)
    }

    /// The counts now.
    pub(crate) fn counts(&self) -> VectorCounts {
        let handled = self.handled.get();
        VectorCounts {
            handled,
            spurious: self.unclaimed.get().wrapping_add(self.idle_polls.get()),
            polls: self.polls.get(),
            last_ns: if handled == 0 { 0 } else { clock::monotonic_ns().saturating_sub(self.last.elapsed_ns()) },
            exhausted: self.exhausted.get(),
        }
    }

    /// Follows the user's wish for `vector`, this one's number in the card.
    pub(crate) fn moderate(&self, registers: &Registers, vector: u32, moderation: Moderation) {
        let mut interval = self.interval.lock();
        interval.moderation = moderation;
        interval.current_us = moderation.interval_us;
        moderation::set_interval(registers, vector, moderation.interval_us);
    }

    /// Counts an interrupt; from its handler.
    #[inline]
    pub(crate) fn count_interrupt(&self, spurious: bool) {
        self.handled.add(1);
        self.last.set_now();
        if spurious {
            self.unclaimed.add(1);
        }
    }

    /// Counts a poll; from it.
    #[inline]
    pub(crate) fn count_poll(&self, idle: bool) {
        self.polls.add(1);
        if idle {
            self.idle_polls.add(1);
        }
    }

    /// Counts a poll that used up its budget; from it.
    #[inline]
    pub(crate) fn count_exhausted(&self) {
        self.exhausted.add(1);
    }

    /// Lets the card wait as long as suits what happened since the last time, where the user leaves that to us. `vector` is this one's number in the card.
    #[inline(never)]
    pub(crate) fn adapt(&self, registers: &Registers, vector: u32, activity: &Activity, room: Room) {
        let mut interval = self.interval.lock();
        if !interval.moderation.adaptive {
            return;
        }
        let now = clock::monotonic_ns();
        let elapsed_ns = now.saturating_sub(core::mem::replace(&mut interval.judged_ns, now));
        let suitable = moderation::suitable_interval_us(activity, elapsed_ns, room, interval.current_us);
        // A register write for a change that nobody notices is not worth it.
        if suitable.abs_diff(interval.current_us).wrapping_mul(8) > interval.current_us {
            interval.current_us = suitable;
            moderation::set_interval(registers, vector, suitable);
        }
    }
}
