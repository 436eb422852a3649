// SPDX-License-Identifier: GPL-2.0-only
//! Access to registers. What the kernel checks when it compiles (the offset is inside the region) is checked here when it happens.

pub mod poll;
pub mod register;

#[doc(inline)]
pub use crate::register;

use crate::error::{Result, code::EINVAL};
use register::LocatedRegister;

/// The type of a region of `SIZE` bytes.
pub struct Region<const SIZE: usize>;

/// Where a value of type `T` lies in a region `Base`.
pub trait IoLoc<Base: ?Sized, T> {
    /// What is transferred: registers of this card have 32 bits.
    type IoType: Into<T> + From<T> + Into<u32> + From<u32>;

    /// Bytes from the start of the region.
    fn offset(self) -> usize;
}

impl<Base: ?Sized> IoLoc<Base, u32> for usize {
    type IoType = u32;

    fn offset(self) -> usize {
        self
    }
}

/// Something with registers in it.
pub trait IoBase<'a>: Copy {
    /// The region's type.
    type Target: ?Sized;

    /// Bytes in the region.
    fn size(self) -> usize;
    /// Reads, the offset being valid.
    fn read_at(self, offset: usize) -> u32;
    /// Writes, the offset being valid.
    fn write_at(self, offset: usize, value: u32);
}

/// Reading and writing by location.
pub trait Io<'a>: IoBase<'a> {
    /// Reads the register at a byte offset. `EINVAL` outside of the region and for an offset that is no multiple of four.
    fn try_read32(self, offset: usize) -> Result<u32> {
        check(offset, self.size())?;
        Ok(self.read_at(offset))
    }

    /// Writes the register at a byte offset. Errors as above.
    fn try_write32(self, value: u32, offset: usize) -> Result {
        check(offset, self.size())?;
        self.write_at(offset, value);
        Ok(())
    }

    /// Reads the register at a byte offset.
    fn read32(self, offset: usize) -> u32 {
        self.read(offset)
    }

    /// Writes the register at a byte offset.
    fn write32(self, value: u32, offset: usize) {
        self.write(offset, value);
    }

    /// Reads `location`. Errors as `try_read32`.
    fn try_read<T, L: IoLoc<Self::Target, T>>(self, location: L) -> Result<T> {
        let raw = self.try_read32(location.offset())?;
        Ok(L::IoType::from(raw).into())
    }

    /// Writes `location`. Errors as `try_read32`.
    fn try_write<T, L: IoLoc<Self::Target, T>>(self, location: L, value: T) -> Result {
        self.try_write32(L::IoType::from(value).into(), location.offset())
    }

    /// Reads `location`.
    fn read<T, L: IoLoc<Self::Target, T>>(self, location: L) -> T {
        self.try_read(location).expect("an offset inside of the region")
    }

    /// Writes `location`.
    fn write<T, L: IoLoc<Self::Target, T>>(self, location: L, value: T) {
        self.try_write(location, value).expect("an offset inside of the region");
    }

    /// Writes a value that knows its location.
    fn write_reg<T, L, V>(self, value: V)
    where
        L: IoLoc<Self::Target, T>,
        V: LocatedRegister<Self::Target, Location = L, Value = T>,
    {
        let (location, value) = value.into_io_op();
        self.write(location, value);
    }

    /// Reads `location`, changes the value and writes it back.
    fn update<T, L: IoLoc<Self::Target, T>>(self, location: L, change: impl FnOnce(T) -> T) {
        let offset = location.offset();
        let before: T = L::IoType::from(self.try_read32(offset).expect("an offset inside of the region")).into();
        self.write_at(offset, L::IoType::from(change(before)).into());
    }
}

impl<'a, T: IoBase<'a>> Io<'a> for T {}

fn check(offset: usize, size: usize) -> Result {
    if offset % 4 == 0 && offset.checked_add(4).is_some_and(|end| end <= size) { Ok(()) } else { Err(EINVAL) }
}
