// SPDX-License-Identifier: GPL-2.0-only
//! Which frames the MAC takes (datasheet 7.1.2, 8.10.1) and how long they may be.

use super::registers::*;
use kernel::io::{Io, register::Array};

/// Header, FCS and one VLAN tag around the MTU's bytes.
const FRAME_OVERHEAD: u32 = 14 + 4 + 4;

/// The longest frame on the wire for an MTU, in bytes.
pub(crate) const fn longest_frame(mtu: u32) -> u32 {
    mtu.wrapping_add(FRAME_OVERHEAD)
}

/// Sets the longest frame; receive must be off.
pub(crate) fn set_longest_frame(registers: &Registers, mtu: u32) {
    let bytes = longest_frame(mtu) & 0x3fff;
    registers.io().write_reg(RLPML::from(bytes));
    let pool =
        VMOLR::from(bytes).with_const_long_packets::<1>().with_const_rss::<1>().with_const_accept_untagged::<1>().with_const_broadcast::<1>();
    registers.io().write(Array::at(0), pool);
}

/// Whether the MAC takes VLAN tags out of frames and puts them into descriptors (datasheet 7.4.3); also while frames come.
pub(crate) fn set_vlan_stripping(registers: &Registers, on: bool) {
    let io = registers.io();
    if on {
        io.update(CTRL, |control| control.with_const_vlan_mode::<1>());
    } else {
        io.update(CTRL, |control| control.with_const_vlan_mode::<0>());
    }
    let pool = io.read(VMOLR::at(0));
    io.write(Array::at(0), if on { pool.with_const_strip_vlan::<1>() } else { pool.with_const_strip_vlan::<0>() });
}

/// The port's own address and broadcast always; more on request. Groups are not filtered one by one: any that is wanted lets all in, the stack sorts them.
pub(crate) fn set_mode(registers: &Registers, promiscuous: bool, all_multicast: bool) {
    registers.io().update(RCTL, |control| {
        let control = if promiscuous {
            control.with_const_unicast_promiscuous::<1>()
        } else {
            control.with_const_unicast_promiscuous::<0>()
        };
        if promiscuous || all_multicast {
            control.with_const_multicast_promiscuous::<1>()
        } else {
            control.with_const_multicast_promiscuous::<0>()
        }
    });
}
