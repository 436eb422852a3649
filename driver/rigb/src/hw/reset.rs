// SPDX-License-Identifier: GPL-2.0-only
//! Reset, the address that the EEPROM gave the port, and what must be cleared before anything is set up.

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

/// Makes `address` the port's own.
pub(crate) fn set_mac_address(registers: &Registers, address: MacAddress) {
    let [a, b, c, d, e, f] = address;
    let io = registers.io();
    io.write(Array::at(0), RAL::from(u32::from_le_bytes([a, b, c, d])));
    registers.flush();
    io.write(
        Array::at(0),
        RAH::from(u32::from_le_bytes([e, f, 0, 0])).with_const_valid::<1>().with_const_pool_0::<1>(),
    );
    registers.flush();
}

/// Empties the tables of further addresses, multicast groups and VLANs, which a reset leaves undefined.
pub(crate) fn clear_tables(registers: &Registers) {
    let io = registers.io();
    for index in 1..16 {
        if let (Some(low), Some(high)) = (RAL::try_at(index), RAH::try_at(index)) {
            io.write(low, RAL::from(0));
            io.write(high, RAH::from(0));
        }
    }
    for index in 0..128 {
        if let (Some(group), Some(vlan)) = (MTA::try_at(index), VFTA::try_at(index)) {
            io.write(group, MTA::from(0));
            io.write(vlan, VFTA::from(0));
        }
    }
}
