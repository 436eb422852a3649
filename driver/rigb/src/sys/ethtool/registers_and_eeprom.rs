// SPDX-License-Identifier: GPL-2.0-only
//! `ethtool -d`, `-e`: what the card holds.

use super::{Device, owner};
use crate::sys::operations::Operations;
use core::ffi::c_void;
use kernel::{bindings as c, error::from_result, prelude::*};

/// Registers and EEPROM.
pub(crate) trait RegisterOperations {
    /// What `dump_registers` writes, for readers that want to know.
    const DUMP_VERSION: u32;
    /// How many 32-bit words it writes.
    const DUMP_WORDS: usize;
    /// The key that a change of the EEPROM would have to show.
    const EEPROM_MAGIC: u32;

    /// Writes `DUMP_WORDS` words; they are zero at first. Nothing that reading changes.
    fn dump_registers(&self, words: &mut [u32]);
    /// Bytes of the EEPROM.
    fn eeprom_bytes(&self) -> u32;
    /// Fills `bytes` from `offset` on.
    fn read_eeprom(&self, offset: u32, bytes: &mut [u8]) -> Result;
}

pub(super) unsafe extern "C" fn get_regs_len<T: Operations>(_netdev: *mut Device) -> i32 {
    T::DUMP_WORDS.wrapping_mul(4) as i32
}

pub(super) unsafe extern "C" fn get_regs<T: Operations>(
    netdev: *mut Device,
    registers: *mut c::ethtool_regs,
    buffer: *mut c_void,
) {
    // SAFETY: the core passes a place for the result.
    unsafe { (*registers).version = T::DUMP_VERSION };
    // SAFETY: the buffer has as many bytes as `get_regs_len` says, zeroed, from vmalloc: aligned.
    let words = unsafe { core::slice::from_raw_parts_mut(buffer.cast::<u32>(), T::DUMP_WORDS) };
    // SAFETY: the core calls this for a registered device.
    unsafe { owner::<T>(netdev) }.dump_registers(words);
}

pub(super) unsafe extern "C" fn get_eeprom_len<T: Operations>(netdev: *mut Device) -> i32 {
    // SAFETY: the core calls this for a registered device.
    unsafe { owner::<T>(netdev) }.eeprom_bytes() as i32
}

pub(super) unsafe extern "C" fn get_eeprom<T: Operations>(
    netdev: *mut Device,
    eeprom: *mut c::ethtool_eeprom,
    buffer: *mut u8,
) -> i32 {
    // SAFETY: the core calls this for a registered device.
    let owner = unsafe { owner::<T>(netdev) };
    // SAFETY: the core passes offset and length, checked against `get_eeprom_len`.
    let eeprom = unsafe { &mut *eeprom };
    eeprom.magic = T::EEPROM_MAGIC;
    // SAFETY: the buffer has at least `len` bytes, zeroed.
    let bytes = unsafe { core::slice::from_raw_parts_mut(buffer, eeprom.len as usize) };
    from_result(|| owner.read_eeprom(eeprom.offset, bytes).map(|()| 0))
}
