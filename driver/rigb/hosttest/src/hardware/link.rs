// SPDX-License-Identifier: GPL-2.0-only

use crate::{
    hw::{
        link::{self, LinkMode},
        phy::{Abilities, Crossover, ForcedMode},
    },
    port::{CTRL, Port},
    sys::operations::LinkState,
};
use kernel::time::{Delta, delay::fsleep};

const FULL_DUPLEX: u32 = 1 << 0;
const SET_LINK_UP: u32 = 1 << 6;
const SPEED_100: u32 = 1 << 8;
const SPEED_1000: u32 = 2 << 8;
const FORCE_SPEED: u32 = 1 << 11;
const FORCE_DUPLEX: u32 = 1 << 12;
const NEGOTIATED: LinkMode = LinkMode::Negotiated { offered: Abilities::SUPPORTED_MODES, crossover: Crossover::Auto };

const BMCR: usize = 0;
const ANAR: usize = 4;
const GIGABIT_CONTROL: usize = 9;
const PORT_CONTROL: usize = 18;

/// A port with a partner, three seconds after it was told how its link comes about.
fn linked(mode: LinkMode, partner: Option<(u32, bool)>) -> (Port, Option<LinkState>) {
    let port = Port::new();
    let registers = port.registers();
    port.set_partner(partner);
    assert_eq!(link::configure(&registers, mode), Ok(()));
    fsleep(Delta::from_secs(3));
    let state = link::state(&registers);
    (port, state)
}

#[test]
fn a_link_has_the_speed_and_duplex_that_both_ends_can_do() {
    for (speed_mbps, full_duplex) in [(10, false), (10, true), (100, false), (100, true), (1000, true)] {
        let expected = Some(LinkState { speed_mbps, full_duplex });
        assert_eq!(linked(NEGOTIATED, Some((speed_mbps, full_duplex))).1, expected);
    }
}

#[test]
fn a_cable_without_a_partner_is_no_link() {
    assert_eq!(linked(NEGOTIATED, None).1, None);
}

#[test]
fn a_link_is_down_while_it_is_negotiated() {
    let port = Port::new();
    let registers = port.registers();
    port.set_partner(Some((1000, true)));
    assert_eq!(link::configure(&registers, NEGOTIATED), Ok(()));
    assert_eq!(link::state(&registers), None);
}

#[test]
fn negotiating_leaves_speed_and_duplex_to_the_phy() {
    let port = Port::new();
    port.poke(CTRL, FORCE_SPEED | FORCE_DUPLEX);
    assert_eq!(link::configure(&port.registers(), NEGOTIATED), Ok(()));
    assert_eq!(port.peek(CTRL), SET_LINK_UP);
}

#[test]
fn what_is_offered_is_what_the_partner_is_told() {
    let offered = Abilities::TEN_HALF.and(Abilities::HUNDRED_FULL).and(Abilities::PAUSE).and(Abilities::THOUSAND_FULL);
    let (port, _) = linked(LinkMode::Negotiated { offered, crossover: Crossover::Auto }, Some((100, true)));
    assert_eq!(port.phy_register(ANAR), 1 << 10 | 1 << 8 | 1 << 5 | 1);
    assert_eq!(port.phy_register(GIGABIT_CONTROL), 1 << 9);
}

#[test]
fn a_forced_link_is_one_when_the_partner_is_told_the_same() {
    for (hundred, full_duplex) in [(false, false), (false, true), (true, false), (true, true)] {
        let speed_mbps = if hundred { 100 } else { 10 };
        let mode = LinkMode::Forced(ForcedMode { hundred, full_duplex });
        let (port, state) = linked(mode, Some((speed_mbps, full_duplex)));
        assert_eq!(state, Some(LinkState { speed_mbps, full_duplex }));
        let forced = SET_LINK_UP | FORCE_SPEED | FORCE_DUPLEX;
        let speed = if hundred { SPEED_100 } else { 0 };
        assert_eq!(port.peek(CTRL), forced | speed | if full_duplex { FULL_DUPLEX } else { 0 });
        assert_eq!(linked(mode, Some((speed_mbps, !full_duplex))).1, None);
    }
}

#[test]
fn forcing_again_leaves_nothing_of_the_speed_before() {
    let port = Port::new();
    let registers = port.registers();
    for hundred in [true, false] {
        let mode = LinkMode::Forced(ForcedMode { hundred, full_duplex: hundred });
        assert_eq!(link::configure(&registers, mode), Ok(()));
    }
    assert_eq!(port.peek(CTRL), SET_LINK_UP | FORCE_SPEED | FORCE_DUPLEX);
}

#[test]
fn a_loop_is_a_link_at_1000_without_a_cable() {
    let (port, state) = linked(LinkMode::Loopback, None);
    assert_eq!(state, Some(LinkState { speed_mbps: 1000, full_duplex: true }));
    assert_eq!(port.peek(CTRL), SET_LINK_UP | FORCE_SPEED | FORCE_DUPLEX | SPEED_1000 | FULL_DUPLEX);
    assert_eq!(port.phy_register(BMCR), 1 << 14 | 1 << 8 | 1 << 6);
}

#[test]
fn the_pairs_are_as_they_are_wanted() {
    for (crossover, control) in [(Crossover::Auto, 1 << 12), (Crossover::Straight, 0), (Crossover::Crossed, 1 << 13)] {
        let (port, _) = linked(LinkMode::Negotiated { offered: Abilities::SUPPORTED_MODES, crossover }, None);
        assert_eq!(port.phy_register(PORT_CONTROL), control);
    }
}

#[test]
fn a_partner_is_known_by_what_it_offered() {
    for (mode, offered) in [
        ((10, false), Abilities::TEN_HALF),
        ((10, true), Abilities::TEN_FULL),
        ((100, false), Abilities::HUNDRED_HALF),
        ((100, true), Abilities::HUNDRED_FULL),
        ((1000, true), Abilities::THOUSAND_FULL),
    ] {
        let (port, _) = linked(NEGOTIATED, Some(mode));
        let partner = link::partner(&port.registers()).expect("a PHY that answers");
        assert!(partner.negotiates && !partner.crossed);
        assert_eq!(partner.offered, offered);
    }
}

#[test]
fn a_partner_that_wants_pauses_says_so() {
    let (port, _) = linked(NEGOTIATED, Some((1000, true)));
    port.set_partner_ability(1 << 10 | 1 << 11);
    let offered = link::partner(&port.registers()).expect("a PHY that answers").offered;
    assert!(offered.has(Abilities::PAUSE.and(Abilities::ASYMMETRIC_PAUSE)));
}

#[test]
fn a_card_that_is_gone_has_no_link() {
    let port = Port::new();
    let registers = port.registers();
    port.remove();
    assert_eq!(link::state(&registers), None);
}
