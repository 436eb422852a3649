// SPDX-License-Identifier: GPL-2.0-only
//! A PCI device whose BAR 0 is a register file of the test's.

use crate::{
    device::Bound,
    error::{Result, code::EINVAL},
    io::{IoBase, Region},
    str::CStr,
};
use core::marker::PhantomData;

/// Registers of 32 bits, at byte offsets that are multiples of four.
pub trait RegisterFile: Send + Sync {
    /// Reads the register at `offset`, with all effects of that.
    fn read(&self, offset: usize) -> u32;
    /// Writes the register at `offset`, with all effects of that.
    fn write(&self, offset: usize, value: u32);
}

/// A PCI device in state `State`.
pub struct Device<State> {
    bar: Box<dyn RegisterFile>,
    _state: PhantomData<State>,
}

impl Device<Bound> {
    /// A device to which a driver is bound and whose BAR 0 is `bar`.
    pub fn new(bar: impl RegisterFile + 'static) -> Self {
        Self { bar: Box::new(bar), _state: PhantomData }
    }

    /// Maps a BAR of (at least) `SIZE` bytes. `EINVAL` for any but BAR 0.
    pub fn iomap_region_sized<const SIZE: usize>(&self, bar: u32, _name: &'static CStr) -> Result<Bar<'_, SIZE>> {
        if bar != 0 {
            return Err(EINVAL);
        }
        Ok(Bar { registers: &*self.bar })
    }
}

/// A mapped BAR.
pub struct Bar<'a, const SIZE: usize = 0> {
    registers: &'a dyn RegisterFile,
}

impl<'a, const SIZE: usize> IoBase<'a> for &'a Bar<'_, SIZE> {
    type Target = Region<SIZE>;

    fn size(self) -> usize {
        SIZE
    }

    fn read_at(self, offset: usize) -> u32 {
        self.registers.read(offset)
    }

    fn write_at(self, offset: usize, value: u32) {
        self.registers.write(offset, value);
    }
}
