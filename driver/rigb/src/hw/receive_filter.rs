// SPDX-License-Identifier: GPL-2.0-only
//! Which frames the MAC takes (datasheet 7.1.1, 8.10) and how long they may be. A frame passes when its destination is one of the address registers, a group
//! whose bit is set in the multicast table, or everybody, and when its VLAN's bit is set in the VLAN table or VLANs are not filtered.

use super::registers::*;
use crate::sys::netdev::MacAddress;
use kernel::io::{Io, register, register::Array};

register! {
    /// Receive address, low, of the registers from 16 on (8.10.14).
    pub(crate) RAL_UPPER(u32)[8, stride = 8] @ 0x54e0 { 31:0 address; }
    /// Receive address, high, of the registers from 16 on (8.10.15).
    pub(crate) RAH_UPPER(u32)[8, stride = 8] @ 0x54e4 { 15:0 address; 18:18 pool_0; 31:31 valid; }
    /// Unicast hash table of the pools, unused without virtualisation (8.10.23).
    pub(crate) UTA(u32)[128] @ 0xa000 { 31:0 bits; }
}

/// Address registers beside number 0, which holds the port's own.
pub(crate) const UNICAST_SLOTS: usize = 23;
/// The first address register of the upper block.
const UPPER_FROM: usize = 16;
/// Words of the multicast and of the VLAN table.
const TABLE_WORDS: usize = 128;

// RCTL: unicast promiscuous, multicast promiscuous, VLAN filter (8.10.1).
const RCTL_UNICAST_PROMISCUOUS: u32 = 1 << 3;
const RCTL_MULTICAST_PROMISCUOUS: u32 = 1 << 4;
const RCTL_VLAN_FILTER: u32 = 1 << 18;
const RCTL_MODE: u32 = RCTL_UNICAST_PROMISCUOUS | RCTL_MULTICAST_PROMISCUOUS | RCTL_VLAN_FILTER;
// VMOLR of the one pool: take frames that pass the multicast table, frames that pass the unicast table, all groups (8.10.20). They count only while pools
// are on; kept in step all the same, since the datasheet does not say that they are ignored.
const POOL_MULTICAST_TABLE: u32 = 1 << 25;
const POOL_UNICAST_TABLE: u32 = 1 << 26;
const POOL_ALL_MULTICAST: u32 = 1 << 28;
const POOL_MODE: u32 = POOL_MULTICAST_TABLE | POOL_UNICAST_TABLE | POOL_ALL_MULTICAST;

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
    let pool = VMOLR::from(bytes)
        .with_const_long_packets::<1>()
        .with_const_rss::<1>()
        .with_const_accept_untagged::<1>()
        .with_const_broadcast::<1>();
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

/// Makes `address` the port's own.
pub(crate) fn set_own_address(registers: &Registers, address: MacAddress) {
    write_address(registers, 0, Some(address));
}

/// The bit of the multicast table that a group's address selects: its bits 47 to 36, counted from the first byte on the wire (RCTL.MO = 0, 7.1.1.1.3).
pub(crate) const fn group_bit(group: MacAddress) -> u16 {
    let [.., fifth, sixth] = group;
    (sixth as u16) << 4 | (fifth as u16) >> 4
}

/// 4096 bits in the form of the multicast and VLAN tables.
#[derive(Clone, PartialEq, Eq)]
struct BitTable([u32; TABLE_WORDS]);

impl BitTable {
    const EMPTY: Self = Self([0; TABLE_WORDS]);

    /// Sets or clears a bit (the lower 12 bits of `bit` count) and returns the number of its word and what that is now.
    fn set(&mut self, bit: u16, on: bool) -> (usize, u32) {
        let index = usize::from(bit >> 5 & 0x7f);
        let mask = 1u32.wrapping_shl(u32::from(bit & 0x1f));
        let Some(word) = self.0.get_mut(index) else { return (index, 0) };
        *word = if on { *word | mask } else { *word & !mask };
        (index, *word)
    }

    fn words(&self) -> impl Iterator<Item = (usize, u32)> + '_ {
        self.0.iter().copied().enumerate()
    }
}

/// The addresses beside the port's own. One that stays keeps its register, so that no frame for it is lost while others come and go.
struct UnicastTable {
    slots: [Option<MacAddress>; UNICAST_SLOTS],
    overflows: bool,
}

impl UnicastTable {
    const EMPTY: Self = Self { slots: [None; UNICAST_SLOTS], overflows: false };

    /// Makes room for what is wanted, drops what is not, and calls `changed` with each slot that has another content now.
    fn replace(
        &mut self,
        wanted: impl Iterator<Item = MacAddress> + Clone,
        mut changed: impl FnMut(usize, Option<MacAddress>),
    ) {
        for (number, slot) in self.slots.iter_mut().enumerate() {
            let stays = slot.is_none_or(|address| wanted.clone().any(|other| other == address));
            if !stays {
                *slot = None;
                changed(number, None);
            }
        }
        self.overflows = false;
        for address in wanted {
            if self.slots.contains(&Some(address)) {
                continue;
            }
            match self.slots.iter_mut().enumerate().find(|(_, slot)| slot.is_none()) {
                Some((number, slot)) => {
                    *slot = Some(address);
                    changed(number, Some(address));
                }
                None => self.overflows = true,
            }
        }
    }
}

/// What the port shall receive. The truth is here, the card has a copy of it: after a reset `write` makes that copy again.
pub(crate) struct ReceiveFilter {
    promiscuous: bool,
    all_multicast: bool,
    filter_vlans: bool,
    any_group: bool,
    unicast: UnicastTable,
    groups: BitTable,
    vlans: BitTable,
}

impl ReceiveFilter {
    /// The own address, broadcast, and frames without a VLAN (which a tag with VLAN 0 also means: it carries a priority only).
    pub(crate) fn new() -> Self {
        let mut vlans = BitTable::EMPTY;
        vlans.set(0, true);
        Self {
            promiscuous: false,
            all_multicast: false,
            filter_vlans: true,
            any_group: false,
            unicast: UnicastTable::EMPTY,
            groups: BitTable::EMPTY,
            vlans,
        }
    }

    /// Sets modes and lists; `card` is absent while the port is down. More addresses than registers mean that all unicast frames are taken.
    pub(crate) fn set_mode(
        &mut self,
        card: Option<&Registers>,
        (promiscuous, all_multicast): (bool, bool),
        unicast: impl Iterator<Item = MacAddress> + Clone,
        groups: impl Iterator<Item = MacAddress>,
    ) {
        // Tables first, modes after them: what was let in by a mode and is in a table now does not miss a frame.
        self.unicast.replace(unicast, |slot, address| {
            if let Some(registers) = card {
                write_address(registers, slot.wrapping_add(1), address);
            }
        });
        let mut table = BitTable::EMPTY;
        self.any_group = false;
        for group in groups {
            self.any_group = true;
            table.set(group_bit(group), true);
        }
        if let Some(registers) = card {
            for ((index, now), (_, before)) in table.words().zip(self.groups.words()) {
                if now != before {
                    write_group_word(registers, index, now);
                }
            }
        }
        self.groups = table;
        self.promiscuous = promiscuous;
        self.all_multicast = all_multicast;
        if let Some(registers) = card {
            self.write_mode(registers);
        }
    }

    /// Lets the frames of a VLAN in, or no longer. VLAN 0 always stays.
    pub(crate) fn set_vlan(&mut self, card: Option<&Registers>, id: u16, wanted: bool) {
        let (index, word) = self.vlans.set(id, wanted || id & 0xfff == 0);
        if let Some(registers) = card {
            write_vlan_word(registers, index, word);
        }
    }

    /// Filters VLANs, or takes the frames of all.
    pub(crate) fn set_vlan_filter(&mut self, card: Option<&Registers>, on: bool) {
        self.filter_vlans = on;
        if let Some(registers) = card {
            self.write_mode(registers);
        }
    }

    /// Writes everything, to a card that was reset.
    pub(crate) fn write(&self, registers: &Registers) {
        for (slot, address) in self.unicast.slots.iter().enumerate() {
            write_address(registers, slot.wrapping_add(1), *address);
        }
        for (index, word) in self.groups.words() {
            write_group_word(registers, index, word);
        }
        for (index, word) in self.vlans.words() {
            write_vlan_word(registers, index, word);
        }
        self.write_mode(registers);
    }

    /// The mode bits of RCTL and of the pool.
    fn mode(&self) -> (u32, u32) {
        let unicast = self.promiscuous || self.unicast.overflows;
        let multicast = self.promiscuous || self.all_multicast;
        let mut control = 0;
        let mut pool = 0;
        if unicast {
            control |= RCTL_UNICAST_PROMISCUOUS;
            pool |= POOL_UNICAST_TABLE;
        }
        if multicast {
            control |= RCTL_MULTICAST_PROMISCUOUS;
            pool |= POOL_ALL_MULTICAST;
        } else if self.any_group {
            pool |= POOL_MULTICAST_TABLE;
        }
        // Whoever wants to see everything wants to see every VLAN.
        if self.filter_vlans && !self.promiscuous {
            control |= RCTL_VLAN_FILTER;
        }
        (control, pool)
    }

    fn write_mode(&self, registers: &Registers) {
        let (control, pool) = self.mode();
        let io = registers.io();
        io.update(RCTL, |now| RCTL::from(now.into_raw() & !RCTL_MODE | control));
        let now = io.read(VMOLR::at(0)).into_raw();
        io.write(Array::at(0), VMOLR::from(now & !POOL_MODE | pool));
    }
}

/// Empties the hash table that pools would use for unicast addresses; a reset leaves it undefined.
pub(crate) fn clear_pool_table(registers: &Registers) {
    for index in 0..TABLE_WORDS {
        if let Some(word) = UTA::try_at(index) {
            registers.io().write(word, UTA::from(0));
        }
    }
}

/// Writes address register `index`. It is invalid while its two halves do not belong together.
fn write_address(registers: &Registers, index: usize, address: Option<MacAddress>) {
    let io = registers.io();
    let [a, b, c, d, e, f] = address.unwrap_or_default();
    let low = u32::from_le_bytes([a, b, c, d]);
    let high = u32::from_le_bytes([e, f, 0, 0]);
    if index < UPPER_FROM {
        let (Some(place), Some(again), Some(below)) = (RAH::try_at(index), RAH::try_at(index), RAL::try_at(index))
        else {
            return;
        };
        io.write(place, RAH::from(0));
        registers.flush();
        io.write(below, RAL::from(low));
        if address.is_some() {
            registers.flush();
            io.write(again, RAH::from(high).with_const_valid::<1>().with_const_pool_0::<1>());
        }
    } else {
        let upper = index.wrapping_sub(UPPER_FROM);
        let (Some(place), Some(again), Some(below)) =
            (RAH_UPPER::try_at(upper), RAH_UPPER::try_at(upper), RAL_UPPER::try_at(upper))
        else {
            return;
        };
        io.write(place, RAH_UPPER::from(0));
        registers.flush();
        io.write(below, RAL_UPPER::from(low));
        if address.is_some() {
            registers.flush();
            io.write(again, RAH_UPPER::from(high).with_const_valid::<1>().with_const_pool_0::<1>());
        }
    }
    registers.flush();
}

fn write_group_word(registers: &Registers, index: usize, word: u32) {
    if let Some(place) = MTA::try_at(index) {
        registers.io().write(place, MTA::from(word));
    }
}

fn write_vlan_word(registers: &Registers, index: usize, word: u32) {
    if let Some(place) = VFTA::try_at(index) {
        registers.io().write(place, VFTA::from(word));
    }
}
