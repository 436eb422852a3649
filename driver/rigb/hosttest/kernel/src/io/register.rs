// SPDX-License-Identifier: GPL-2.0-only
//! `register!`: a type for every register, which knows where it lies and has an accessor for every field.

use super::{IoLoc, Region};
use core::marker::PhantomData;

/// A register.
pub trait Register: Sized {
    /// The integer inside.
    type Storage: Into<Self> + From<Self> + Into<u32> + From<u32>;
    /// Bytes from the start of the region, of an array those of its first element.
    const OFFSET: usize;
}

/// A register at one place.
pub trait FixedRegister: Register {}

/// A register that is there more than once.
pub trait RegisterArray: Register {
    /// How many there are.
    const SIZE: usize;
    /// Bytes from one to the next.
    const STRIDE: usize;
}

/// The place of a register that is there once.
pub struct FixedRegisterLoc<T>(PhantomData<T>);

impl<T: FixedRegister> FixedRegisterLoc<T> {
    /// It needs nothing to be known.
    #[expect(clippy::new_without_default, reason = "the kernel's has none either")]
    pub const fn new() -> Self {
        Self(PhantomData)
    }
}

/// The place of one of many.
pub struct RegisterArrayLoc<T>(usize, PhantomData<T>);

impl<const SIZE: usize, T: FixedRegister> IoLoc<Region<SIZE>, T> for FixedRegisterLoc<T> {
    type IoType = T::Storage;

    fn offset(self) -> usize {
        T::OFFSET
    }
}

impl<const SIZE: usize, T: FixedRegister> IoLoc<Region<SIZE>, T> for T {
    type IoType = T::Storage;

    fn offset(self) -> usize {
        T::OFFSET
    }
}

impl<const SIZE: usize, T: FixedRegister> IoLoc<Region<SIZE>, T> for () {
    type IoType = T::Storage;

    fn offset(self) -> usize {
        T::OFFSET
    }
}

impl<const SIZE: usize, T: RegisterArray> IoLoc<Region<SIZE>, T> for RegisterArrayLoc<T> {
    type IoType = T::Storage;

    fn offset(self) -> usize {
        T::OFFSET + self.0 * T::STRIDE
    }
}

/// Makes places of the elements of an array.
pub trait Array {
    /// The element `index`, which the kernel wants to know to be there when it compiles.
    fn at(index: usize) -> RegisterArrayLoc<Self>
    where
        Self: RegisterArray,
    {
        Self::try_at(index).expect("an index inside of the array, known when the kernel compiles")
    }

    /// The element `index`, `None` when the array has fewer.
    fn try_at(index: usize) -> Option<RegisterArrayLoc<Self>>
    where
        Self: RegisterArray,
    {
        (index < Self::SIZE).then_some(RegisterArrayLoc(index, PhantomData))
    }
}

/// A value that knows where it belongs.
pub trait LocatedRegister<Base: ?Sized> {
    /// Its type.
    type Value: Register;
    /// The type of its place.
    type Location: IoLoc<Base, Self::Value>;

    /// Place and value.
    fn into_io_op(self) -> (Self::Location, Self::Value);
}

impl<const SIZE: usize, T: FixedRegister> LocatedRegister<Region<SIZE>> for T {
    type Value = T;
    type Location = FixedRegisterLoc<T>;

    fn into_io_op(self) -> (FixedRegisterLoc<T>, T) {
        (FixedRegisterLoc::new(), self)
    }
}

/// Declares registers as the kernel's macro of this name does: `NAME(u32) @ offset`, `NAME(u32)[count] @ offset`, `NAME(u32)[count, stride = bytes] @ offset`,
/// and aliases `NAME(u32) => OTHER`, `NAME(u32) => OTHER[index]`, each with its fields. Registers relative to a base are left out: this card has none.
#[macro_export]
macro_rules! register {
    ($(
        $(#[$attribute:meta])* $visible:vis $name:ident($storage:ty) $([$count:expr $(, stride = $stride:expr)?])?
            $(@ $offset:literal)? $(=> $other:ident $([$index:expr])?)?
        { $($fields:tt)* }
    )*) => {$(
        $crate::bitfield! { $(#[$attribute])* $visible struct $name($storage) { $($fields)* } }
        $crate::register!(@place $(#[$attribute])* $visible $name($storage) $([$count $(, stride = $stride)?])? $(@ $offset)? $(=> $other $([$index])?)?);
    )*};

    (@place $(#[$attribute:meta])* $visible:vis $name:ident($storage:ty) @ $offset:expr) => {
        impl $crate::io::register::Register for $name {
            type Storage = $storage;
            const OFFSET: usize = $offset;
        }

        impl $crate::io::register::FixedRegister for $name {}

        $(#[$attribute])*
        $visible const $name: $crate::io::register::FixedRegisterLoc<$name> = $crate::io::register::FixedRegisterLoc::new();
    };

    (@place $(#[$attribute:meta])* $visible:vis $name:ident($storage:ty) => $other:ident) => {
        $crate::register!(
            @place $(#[$attribute])* $visible $name($storage) @ <$other as $crate::io::register::Register>::OFFSET
        );
    };

    (@place $(#[$attribute:meta])* $visible:vis $name:ident($storage:ty) => $other:ident [$index:expr]) => {
        const _: () = assert!($index < <$other as $crate::io::register::RegisterArray>::SIZE);

        $crate::register!(
            @place $(#[$attribute])* $visible $name($storage)
                @ <$other as $crate::io::register::Register>::OFFSET
                    + $index * <$other as $crate::io::register::RegisterArray>::STRIDE
        );
    };

    (@place $(#[$attribute:meta])* $visible:vis $name:ident($storage:ty) [$count:expr] @ $offset:expr) => {
        $crate::register!(@place $visible $name($storage) [$count, stride = ::core::mem::size_of::<$storage>()] @ $offset);
    };

    (@place $(#[$attribute:meta])* $visible:vis $name:ident($storage:ty) [$count:expr, stride = $stride:expr] @ $offset:expr) => {
        const _: () = assert!(::core::mem::size_of::<$storage>() <= $stride);

        impl $crate::io::register::Register for $name {
            type Storage = $storage;
            const OFFSET: usize = $offset;
        }

        impl $crate::io::register::Array for $name {}

        impl $crate::io::register::RegisterArray for $name {
            const SIZE: usize = $count;
            const STRIDE: usize = $stride;
        }
    };
}
