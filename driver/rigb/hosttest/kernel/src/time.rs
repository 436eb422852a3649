// SPDX-License-Identifier: GPL-2.0-only
//! Time that passes only while somebody waits, for each thread (each test has its own) apart.

use core::{cell::Cell, fmt, marker::PhantomData};

thread_local! {
    static NOW_NANOS: Cell<i64> = const { Cell::new(0) };
}

/// A span of time in nanoseconds.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Delta(i64);

impl Delta {
    /// No time at all.
    pub const ZERO: Self = Self(0);

    /// From nanoseconds.
    pub const fn from_nanos(nanos: i64) -> Self {
        Self(nanos)
    }

    /// From microseconds.
    pub const fn from_micros(micros: i64) -> Self {
        Self(micros.saturating_mul(1_000))
    }

    /// From milliseconds.
    pub const fn from_millis(millis: i64) -> Self {
        Self(millis.saturating_mul(1_000_000))
    }

    /// From seconds.
    pub const fn from_secs(secs: i64) -> Self {
        Self(secs.saturating_mul(1_000_000_000))
    }

    /// In nanoseconds.
    pub const fn as_nanos(self) -> i64 {
        self.0
    }

    /// In whole milliseconds.
    pub fn as_millis(self) -> i64 {
        self.0 / 1_000_000
    }
}

impl core::ops::Add for Delta {
    type Output = Self;

    fn add(self, other: Self) -> Self {
        Self(self.0 + other.0)
    }
}

impl core::ops::Sub for Delta {
    type Output = Self;

    fn sub(self, other: Self) -> Self {
        Self(self.0 - other.0)
    }
}

impl fmt::Debug for Delta {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "{} ns", self.0)
    }
}

/// The clock that never jumps.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub struct Monotonic;

/// A point in time on clock `C`.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub struct Instant<C>(i64, PhantomData<C>);

impl Instant<Monotonic> {
    /// The time now.
    pub fn now() -> Self {
        Self(NOW_NANOS.get(), PhantomData)
    }

    /// How long ago this was.
    pub fn elapsed(&self) -> Delta {
        Self::now() - *self
    }
}

impl<C> core::ops::Sub for Instant<C> {
    type Output = Delta;

    fn sub(self, other: Self) -> Delta {
        Delta(self.0 - other.0)
    }
}

impl<C> core::ops::Add<Delta> for Instant<C> {
    type Output = Self;

    fn add(self, span: Delta) -> Self {
        Self(self.0 + span.0, PhantomData)
    }
}

/// Waiting.
pub mod delay {
    use super::{Delta, NOW_NANOS};

    /// Sleeps: time passes.
    pub fn fsleep(delta: Delta) {
        NOW_NANOS.set(NOW_NANOS.get() + delta.as_nanos());
    }

    /// Spins: time passes as well.
    pub fn udelay(delta: Delta) {
        fsleep(delta);
    }
}
