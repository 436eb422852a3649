// SPDX-License-Identifier: GPL-2.0-only
//! Reset, and the address that the EEPROM gave the port.

use super::registers::*;
use crate::sys::netdev::MacAddress;
use kernel::{
    io::{Io, register::Array},
    time::{Delta, delay::fsleep},
};

/// Quiets the card and resets it (datasheet 4.2.1.6.1, 5.2.3.3). A card that is gone needs none.
pub(crate) fn reset(registers: &Registers) {
    if !registers.is_present() {
        return;
    }
    let io = registers.io();
    io.update(CTRL, |control| control.with_const_gio_master_disable::<1>());
    for _ in 0..800 {
        if !registers.is_present() || io.read(STATUS).gio_master_enable().get() == 0 {
            break;
        }
        fsleep(Delta::from_micros(100));
    }
    mask_interrupts(registers);
    io.write_reg(RCTL::from(0));
    io.write_reg(TCTL::from(0).with_const_pad_short::<1>());
    registers.flush();
    fsleep(Delta::from_millis(10));
    io.update(CTRL, |control| control.with_const_reset::<1>());
    // The card is not to be touched for 1 ms after it was told (datasheet 4.2.1.6.1).
    fsleep(Delta::from_millis(1));
    for _ in 0..10 {
        if !registers.is_present() || io.read(EECD).auto_read_done().get() == 1 {
            break;
        }
        // Some cards (and QEMU's) never say so; the address is checked instead.
        fsleep(Delta::from_millis(1));
    }
    mask_interrupts(registers);
    let _cleared = io.read(ICR);
    io.write_reg(WUC::from(0));
}

/// No vector and no cause interrupts any more.
pub(crate) fn mask_interrupts(registers: &Registers) {
    let io = registers.io();
    io.write_reg(EIMC::from(u32::MAX));
    io.write_reg(IMC::from(u32::MAX));
    registers.flush();
}

/// The address in receive address register 0, as the EEPROM's autoload left it.
pub(crate) fn mac_address(registers: &Registers) -> MacAddress {
    let io = registers.io();
    let [a, b, c, d] = io.read(RAL::at(0)).into_raw().to_le_bytes();
    let [e, f, _, _] = io.read(RAH::at(0)).into_raw().to_le_bytes();
    [a, b, c, d, e, f]
}
