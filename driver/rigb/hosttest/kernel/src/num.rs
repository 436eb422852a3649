// SPDX-License-Identifier: GPL-2.0-only
//! Integers that are known to fit in fewer bits than their type has.

use core::{fmt, ops::Deref};

/// An integer of type `T` that fits in `N` bits.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Bounded<T, const N: u32>(T);

/// The integers that registers are made of.
pub trait Integer: Copy + TryInto<u64> + TryFrom<u64> {}

impl Integer for u8 {}
impl Integer for u16 {}
impl Integer for u32 {}
impl Integer for u64 {}

fn wide<T: Integer>(value: T) -> u64 {
    value.try_into().unwrap_or(u64::MAX)
}

impl<T: Integer, const N: u32> Bounded<T, N> {
    /// `None` when `value` needs more than `N` bits.
    pub fn try_new(value: T) -> Option<Self> {
        (wide(value).checked_shr(N).unwrap_or(0) == 0).then_some(Self(value))
    }

    /// Of an expression that the kernel sees to fit when it compiles.
    pub fn from_expr(value: T) -> Self {
        Self::try_new(value).expect("a value that fits its bits, known when the kernel compiles")
    }

    /// The same value, known to fit in more bits.
    pub fn extend<const M: u32>(self) -> Bounded<T, M> {
        const { assert!(M >= N) };
        Bounded(self.0)
    }

    /// The same value in fewer bits, if it fits.
    pub fn try_shrink<const M: u32>(self) -> Option<Bounded<T, M>> {
        Bounded::try_new(self.0)
    }

    /// The same value in another type.
    pub fn cast<U: Integer>(self) -> Bounded<U, N> {
        Bounded(U::try_from(wide(self.0)).ok().expect("a type with enough bits, known when the kernel compiles"))
    }
}

impl<T: Copy, const N: u32> Bounded<T, N> {
    /// The integer.
    pub const fn get(self) -> T {
        self.0
    }
}

impl<T: Integer> Bounded<T, 1> {
    /// A single bit as a truth value.
    pub fn into_bool(self) -> bool {
        wide(self.0) == 1
    }
}

impl<T, const N: u32> Deref for Bounded<T, N> {
    type Target = T;

    fn deref(&self) -> &T {
        &self.0
    }
}

impl<T: PartialEq, const N: u32> PartialEq<T> for Bounded<T, N> {
    fn eq(&self, other: &T) -> bool {
        self.0 == *other
    }
}

impl<T: PartialOrd, const N: u32> PartialOrd<T> for Bounded<T, N> {
    fn partial_cmp(&self, other: &T) -> Option<core::cmp::Ordering> {
        self.0.partial_cmp(other)
    }
}

impl<T: fmt::Debug, const N: u32> fmt::Debug for Bounded<T, N> {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(formatter)
    }
}

impl<T: fmt::Display, const N: u32> fmt::Display for Bounded<T, N> {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(formatter)
    }
}

impl<T: Integer + From<bool>, const N: u32> From<bool> for Bounded<T, N> {
    fn from(value: bool) -> Self {
        Self(T::from(value))
    }
}

impl<T: Integer> From<Bounded<T, 1>> for bool {
    fn from(value: Bounded<T, 1>) -> Self {
        value.into_bool()
    }
}

/// Of a value that may or may not fit.
pub trait TryIntoBounded<T, const N: u32> {
    /// `None` when it does not.
    fn try_into_bounded(self) -> Option<Bounded<T, N>>;
}

impl<T: Integer, U: TryInto<T>, const N: u32> TryIntoBounded<T, N> for U {
    fn try_into_bounded(self) -> Option<Bounded<T, N>> {
        self.try_into().ok().and_then(Bounded::try_new)
    }
}

macro_rules! constants {
    ($($integer:ty),*) => {$(
        impl<const N: u32> Bounded<$integer, N> {
            /// A constant, which must fit for the code to compile.
            pub const fn new<const VALUE: $integer>() -> Self {
                const { assert!(N >= <$integer>::BITS || VALUE >> N == 0, "the value does not fit") };
                Self(VALUE)
            }
        }
    )*};
}

constants!(u8, u16, u32, u64);

/// An integer whose type has no more bits than `N` always fits.
macro_rules! always_fits {
    ($from:ty => $storage:ty: $($bits:literal)*) => {$(
        impl From<$from> for Bounded<$storage, $bits> {
            fn from(value: $from) -> Self {
                Self(value.into())
            }
        }
    )*};
}

/// What fits in `N` bits fits in every type that has as many.
macro_rules! always_holds {
    ($storage:ty => $into:ty: $($bits:literal)*) => {$(
        impl From<Bounded<$storage, $bits>> for $into {
            fn from(value: Bounded<$storage, $bits>) -> Self {
                value.0 as $into
            }
        }
    )*};
}

always_fits!(u8 => u32: 8 9 10 11 12 13 14 15 16 17 18 19 20 21 22 23 24 25 26 27 28 29 30 31 32);
always_fits!(u16 => u32: 16 17 18 19 20 21 22 23 24 25 26 27 28 29 30 31 32);
always_fits!(u32 => u32: 32);
always_holds!(u32 => u8: 1 2 3 4 5 6 7 8);
always_holds!(u32 => u16: 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16);
always_holds!(u32 => u32: 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16 17 18 19 20 21 22 23 24 25 26 27 28 29 30 31 32);
always_holds!(u32 => u64: 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16 17 18 19 20 21 22 23 24 25 26 27 28 29 30 31 32);
