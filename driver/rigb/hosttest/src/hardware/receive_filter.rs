// SPDX-License-Identifier: GPL-2.0-only

use crate::{
    hw::{
        receive_filter::{self, ReceiveFilter, UNICAST_SLOTS},
        registers::Registers,
    },
    port::{Port, RAH, RAL, RCTL, STATUS},
};
use proptest::prelude::*;
use std::collections::BTreeSet;

type Address = [u8; 6];

const MTA: usize = 0x5200;
const VFTA: usize = 0x5600;
const UTA: usize = 0xa000;
const UNICAST_PROMISCUOUS: u32 = 1 << 3;
const MULTICAST_PROMISCUOUS: u32 = 1 << 4;
const VLAN_FILTER: u32 = 1 << 18;

/// Offsets of address register `index`: 16 from 0x5400 on, 8 more from 0x54e0 on (8.10.14, 8.10.15).
fn address_registers(index: usize) -> (usize, usize) {
    let low = if index < 16 { RAL + 8 * index } else { 0x54e0 + 8 * (index - 16) };
    (low, low + 4)
}

/// What address register `index` lets in.
fn address_at(port: &Port, index: usize) -> Option<Address> {
    let (low, high) = address_registers(index);
    let [a, b, c, d] = port.peek(low).to_le_bytes();
    let [e, f, flags, valid] = port.peek(high).to_le_bytes();
    // Bit 18 is pool 0, which all frames belong to without virtualisation.
    (valid & 0x80 != 0 && flags & 0x04 != 0).then_some([a, b, c, d, e, f])
}

/// The addresses beside the port's own.
fn further_addresses(port: &Port) -> BTreeSet<Address> {
    (1..24).filter_map(|index| address_at(port, index)).collect()
}

/// Bits of a table of 128 words.
fn bits(port: &Port, table: usize) -> BTreeSet<usize> {
    (0..4096).filter(|bit| port.peek(table + 4 * (bit / 32)) >> (bit % 32) & 1 == 1).collect()
}

fn set(filter: &mut ReceiveFilter, card: Option<&Registers>, unicast: &[Address], groups: &[Address]) {
    filter.set_mode(card, (false, false), unicast.iter().copied(), groups.iter().copied());
}

fn address(number: u8) -> Address {
    [2, 0, 0, 0, 1, number]
}

#[test]
fn an_address_is_invalid_until_both_halves_are_there() {
    let port = Port::new();
    let registers = port.registers();
    receive_filter::set_own_address(&registers, [0x02, 0x11, 0x22, 0x33, 0x44, 0x55]);
    let order: Vec<_> = port.accesses().iter().map(|access| (access.is_write, access.offset)).collect();
    let flush = (false, STATUS);
    assert_eq!(order, [(true, RAH), flush, (true, RAL), flush, (true, RAH), flush]);
    assert_eq!(port.writes_to(RAL), [0x3322_1102]);
    assert_eq!(port.writes_to(RAH), [0, 0x8004_5544]);
}

#[test]
fn a_group_selects_the_bit_that_its_last_12_bits_name() {
    // The sixth byte above the upper half of the fifth (7.1.1.1.3).
    assert_eq!(receive_filter::group_bit([0x12, 0x34, 0x56, 0x78, 0x9a, 0xbc]), 0xbc9);
}

#[test]
fn groups_set_their_bits_and_no_others() {
    let port = Port::new();
    let registers = port.registers();
    let mut filter = ReceiveFilter::new();
    set(&mut filter, Some(&registers), &[], &[[1, 0, 0x5e, 0, 0, 1], [1, 0, 0x5e, 0x7f, 0xff, 0xfa]]);
    assert_eq!(bits(&port, MTA), BTreeSet::from([0x010, 0xfaf]));
    set(&mut filter, Some(&registers), &[], &[[1, 0, 0x5e, 0, 0, 1]]);
    assert_eq!(bits(&port, MTA), BTreeSet::from([0x010]));
}

#[test]
fn a_group_that_stays_costs_no_write_to_its_word() {
    let port = Port::new();
    let registers = port.registers();
    let mut filter = ReceiveFilter::new();
    set(&mut filter, Some(&registers), &[], &[[1, 0, 0x5e, 0, 0, 1]]);
    port.forget_accesses();
    set(&mut filter, Some(&registers), &[], &[[1, 0, 0x5e, 0, 0, 1], [1, 0, 0x5e, 0, 0, 0xff]]);
    let words: Vec<_> =
        port.writes().iter().map(|(offset, _)| *offset).filter(|offset| (MTA..VFTA).contains(offset)).collect();
    assert_eq!(words, [MTA + 4 * (0xff0 / 32)]);
}

#[test]
fn an_address_that_stays_keeps_its_register_and_is_not_written_again() {
    let port = Port::new();
    let registers = port.registers();
    let mut filter = ReceiveFilter::new();
    set(&mut filter, Some(&registers), &[address(1), address(2), address(3)], &[]);
    let place = (1..24).find(|index| address_at(&port, *index) == Some(address(3))).expect("it has a register");
    port.forget_accesses();
    set(&mut filter, Some(&registers), &[address(9), address(3)], &[]);
    assert_eq!(address_at(&port, place), Some(address(3)));
    let (low, high) = address_registers(place);
    assert!(port.writes().iter().all(|(offset, _)| *offset != low && *offset != high));
}

#[test]
fn as_many_addresses_as_there_are_registers_need_no_promiscuous_mode() {
    let port = Port::new();
    let registers = port.registers();
    let mut filter = ReceiveFilter::new();
    let all: Vec<_> = (0..UNICAST_SLOTS as u8).map(address).collect();
    set(&mut filter, Some(&registers), &all, &[]);
    assert_eq!(further_addresses(&port), all.iter().copied().collect());
    assert_eq!(port.peek(RCTL) & UNICAST_PROMISCUOUS, 0);
}

#[test]
fn one_address_more_lets_all_unicast_frames_in_until_it_is_gone() {
    let port = Port::new();
    let registers = port.registers();
    let mut filter = ReceiveFilter::new();
    let many: Vec<_> = (0..=UNICAST_SLOTS as u8).map(address).collect();
    set(&mut filter, Some(&registers), &many, &[]);
    assert_eq!(port.peek(RCTL) & (UNICAST_PROMISCUOUS | MULTICAST_PROMISCUOUS), UNICAST_PROMISCUOUS);
    set(&mut filter, Some(&registers), &many[1..], &[]);
    assert_eq!(port.peek(RCTL) & UNICAST_PROMISCUOUS, 0);
    assert_eq!(further_addresses(&port), many[1..].iter().copied().collect());
}

#[test]
fn the_modes_are_the_bits_of_rctl_and_leave_the_others_alone() {
    let port = Port::new();
    let registers = port.registers();
    let others = 1 << 1 | 1 << 15 | 1 << 26;
    port.poke(RCTL, others);
    let mut filter = ReceiveFilter::new();
    let mut after = |modes| {
        filter.set_mode(Some(&registers), modes, std::iter::empty(), std::iter::empty());
        port.peek(RCTL)
    };
    assert_eq!(after((false, true)), others | MULTICAST_PROMISCUOUS | VLAN_FILTER);
    assert_eq!(after((true, false)), others | UNICAST_PROMISCUOUS | MULTICAST_PROMISCUOUS);
    assert_eq!(after((false, false)), others | VLAN_FILTER);
}

#[test]
fn the_mode_is_written_after_the_tables() {
    let port = Port::new();
    let registers = port.registers();
    let mut filter = ReceiveFilter::new();
    filter.set_mode(Some(&registers), (true, false), std::iter::empty(), std::iter::empty());
    port.forget_accesses();
    set(&mut filter, Some(&registers), &[address(1)], &[[1, 0, 0x5e, 0, 0, 1]]);
    let writes = port.writes();
    let mode = writes.iter().position(|(offset, _)| *offset == RCTL).expect("the mode changes");
    assert!(writes[mode..].iter().all(|(offset, _)| !(MTA..VFTA).contains(offset)));
    assert!(writes[..mode].iter().any(|(offset, _)| (MTA..VFTA).contains(offset)));
}

#[test]
fn vlans_set_their_bits_and_vlan_0_stays() {
    let port = Port::new();
    let registers = port.registers();
    let mut filter = ReceiveFilter::new();
    filter.write(&registers);
    filter.set_vlan(Some(&registers), 5, true);
    filter.set_vlan(Some(&registers), 4095, true);
    filter.set_vlan(Some(&registers), 0, false);
    assert_eq!(bits(&port, VFTA), BTreeSet::from([0, 5, 4095]));
    filter.set_vlan(Some(&registers), 5, false);
    assert_eq!(bits(&port, VFTA), BTreeSet::from([0, 4095]));
}

#[test]
fn vlans_are_all_let_in_when_they_are_not_to_be_filtered() {
    let port = Port::new();
    let registers = port.registers();
    let mut filter = ReceiveFilter::new();
    filter.write(&registers);
    assert_eq!(port.peek(RCTL) & VLAN_FILTER, VLAN_FILTER);
    filter.set_vlan_filter(Some(&registers), false);
    assert_eq!(port.peek(RCTL) & VLAN_FILTER, 0);
}

#[test]
fn the_pools_unicast_table_is_emptied() {
    let port = Port::new();
    (0..128).for_each(|word| port.poke(UTA + 4 * word, u32::MAX));
    receive_filter::clear_pool_table(&port.registers());
    assert_eq!(bits(&port, UTA), BTreeSet::new());
}

#[derive(Clone, Debug)]
enum Step {
    Mode { modes: (bool, bool), unicast: Vec<Address>, groups: Vec<Address> },
    Vlan { id: u16, wanted: bool },
    VlanFilter(bool),
    Down,
    Up,
}

fn step() -> impl Strategy<Value = Step> {
    let addresses = || prop::collection::vec((0u8..40).prop_map(address), 0..30);
    let groups = || prop::collection::vec(any::<[u8; 5]>().prop_map(|[b, c, d, e, f]| [1, b, c, d, e, f]), 0..20);
    prop_oneof![
        4 => (any::<(bool, bool)>(), addresses(), groups())
            .prop_map(|(modes, unicast, groups)| Step::Mode { modes, unicast, groups }),
        3 => (0u16..4096, any::<bool>()).prop_map(|(id, wanted)| Step::Vlan { id, wanted }),
        1 => any::<bool>().prop_map(Step::VlanFilter),
        1 => Just(Step::Down),
        1 => Just(Step::Up),
    ]
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 64, ..ProptestConfig::default() })]

    /// Whatever was asked for while the port was up or down, in whatever order: a running card lets in exactly what was asked for last.
    #[test]
    fn a_running_card_has_what_was_asked_for_last(steps in prop::collection::vec(step(), 1..30)) {
        let port = Port::new();
        let registers = port.registers();
        let mut filter = ReceiveFilter::new();
        let mut running = false;
        let (mut unicast, mut groups, mut modes, mut filters) = (BTreeSet::new(), BTreeSet::new(), (false, false), true);
        let mut vlans = BTreeSet::from([0usize]);
        for step in steps {
            let card = running.then_some(&registers);
            match step {
                Step::Mode { modes: wanted, unicast: addresses, groups: list } => {
                    filter.set_mode(card, wanted, addresses.iter().copied(), list.iter().copied());
                    unicast = addresses.into_iter().collect();
                    groups = list.into_iter().map(|group| usize::from(group[5]) << 4 | usize::from(group[4]) >> 4).collect();
                    modes = wanted;
                }
                Step::Vlan { id, wanted } => {
                    filter.set_vlan(card, id, wanted);
                    if wanted { vlans.insert(id.into()); } else if id != 0 { vlans.remove(&usize::from(id)); }
                }
                Step::VlanFilter(on) => {
                    filter.set_vlan_filter(card, on);
                    filters = on;
                }
                Step::Down => running = false,
                Step::Up if !running => {
                    // Whatever a reset left in the tables.
                    (0..128).for_each(|word| { port.poke(MTA + 4 * word, 0x5a5a_5a5a); port.poke(VFTA + 4 * word, 0xa5a5_a5a5); });
                    port.poke(RCTL, 0);
                    filter.write(&registers);
                    running = true;
                }
                Step::Up => {}
            }
            if running {
                let overflows = unicast.len() > UNICAST_SLOTS;
                prop_assert!(further_addresses(&port).is_subset(&unicast));
                prop_assert!(overflows || further_addresses(&port) == unicast);
                prop_assert_eq!(bits(&port, MTA), groups.clone());
                prop_assert_eq!(bits(&port, VFTA), vlans.clone());
                let control = port.peek(RCTL);
                prop_assert_eq!(control & UNICAST_PROMISCUOUS != 0, modes.0 || overflows);
                prop_assert_eq!(control & MULTICAST_PROMISCUOUS != 0, modes.0 || modes.1);
                prop_assert_eq!(control & VLAN_FILTER != 0, filters && !modes.0);
            }
        }
    }
}
