// SPDX-License-Identifier: GPL-2.0-only
//! What the card holds.

use crate::{
    dev::operations::PortOperations,
    hw::{nvm, register_dump},
    sys::ethtool::registers_and_eeprom::RegisterOperations,
};
use kernel::prelude::*;

impl RegisterOperations for PortOperations {
    /// 1: pairs of offset and value.
    const DUMP_VERSION: u32 = 1;
    const DUMP_WORDS: usize = register_dump::REGISTERS * 2;
    /// Vendor and device, as Intel's drivers have it.
    const EEPROM_MAGIC: u32 = 0x10c9_8086;

    fn dump_registers(&self, words: &mut [u32]) {
        for (place, register) in words.chunks_exact_mut(2).zip(register_dump::read(&self.adapter.registers)) {
            place.copy_from_slice(&register);
        }
    }

    fn eeprom_bytes(&self) -> u32 {
        nvm::words(&self.adapter.registers).wrapping_mul(2)
    }

    fn read_eeprom(&self, offset: u32, bytes: &mut [u8]) -> Result {
        // Little-endian words, each read once.
        let mut held: Option<(u32, [u8; 2])> = None;
        for (offset, place) in (offset..).zip(bytes) {
            let word = offset >> 1;
            let [low, high] = match held {
                Some((number, value)) if number == word => value,
                _ => nvm::read(&self.adapter.registers, word)?.to_le_bytes(),
            };
            held = Some((word, [low, high]));
            *place = if offset & 1 == 0 { low } else { high };
        }
        Ok(())
    }
}
