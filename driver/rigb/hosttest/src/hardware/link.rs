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
const FORCED: u32 = SET_LINK_UP | FORCE_SPEED | FORCE_DUPLEX;

const EVERYTHING: LinkMode = LinkMode::Negotiated { offered: Abilities::SUPPORTED_MODES, crossover: Crossover::Auto };
const BMCR: usize = 0;

fn link_in(mode: LinkMode, partner: Option<(u32, bool)>) -> Option<LinkState> {
    let port = Port::new();
    let registers = port.registers();
    port.set_partner(partner);
    assert_eq!(link::configure(&registers, mode), Ok(()));
    fsleep(Delta::from_secs(3));
    assert_eq!(port.complaints(), [""; 0]);
    link::state(&registers)
}

#[test]
fn a_link_has_the_speed_and_duplex_that_both_ends_can_do() {
    for (speed_mbps, full_duplex) in [(10, false), (10, true), (100, false), (100, true), (1000, true)] {
        let expected = Some(LinkState { speed_mbps, full_duplex });
        assert_eq!(link_in(EVERYTHING, Some((speed_mbps, full_duplex))), expected);
    }
}

#[test]
fn a_cable_without_a_partner_is_no_link() {
    assert_eq!(link_in(EVERYTHING, None), None);
}

#[test]
fn a_link_is_down_while_it_is_negotiated() {
    let port = Port::new();
    let registers = port.registers();
    port.set_partner(Some((1000, true)));
    assert_eq!(link::configure(&registers, EVERYTHING), Ok(()));
    assert_eq!(link::state(&registers), None);
}

#[test]
fn negotiating_leaves_speed_and_duplex_to_the_phy() {
    let port = Port::new();
    port.poke(CTRL, FORCE_SPEED | FORCE_DUPLEX);
    assert_eq!(link::configure(&port.registers(), EVERYTHING), Ok(()));
    assert_eq!(port.peek(CTRL), SET_LINK_UP);
}

#[test]
fn a_forced_mode_is_told_to_the_mac_and_to_the_phy_alike() {
    let modes = [
        (false, false, FORCED, 0x0000),
        (false, true, FORCED | FULL_DUPLEX, 0x0100),
        (true, false, FORCED | SPEED_100, 0x2000),
        (true, true, FORCED | SPEED_100 | FULL_DUPLEX, 0x2100),
    ];
    for (hundred, full_duplex, control, phy_control) in modes {
        let port = Port::new();
        port.poke(CTRL, FULL_DUPLEX | SPEED_1000);
        let mode = LinkMode::Forced(ForcedMode { hundred, full_duplex });
        assert_eq!(link::configure(&port.registers(), mode), Ok(()));
        assert_eq!((port.peek(CTRL), port.phy_register(BMCR)), (control, phy_control));
    }
}

#[test]
fn a_forced_link_is_up_with_a_partner_and_has_the_forced_speed() {
    let mode = LinkMode::Forced(ForcedMode { hundred: true, full_duplex: false });
    let forced = LinkState { speed_mbps: 100, full_duplex: false };
    assert_eq!(link_in(mode, Some((100, false))), Some(forced));
    assert_eq!(link_in(mode, None), None);
}

#[test]
fn looped_back_there_is_a_link_without_any_cable() {
    assert_eq!(link_in(LinkMode::Loopback, None), Some(LinkState { speed_mbps: 1000, full_duplex: true }));
}

#[test]
fn negotiating_ends_the_loopback() {
    let port = Port::new();
    let registers = port.registers();
    assert_eq!(link::configure(&registers, LinkMode::Loopback), Ok(()));
    assert_eq!((port.peek(CTRL), port.phy_register(BMCR)), (FORCED | SPEED_1000 | FULL_DUPLEX, 0x4140));
    assert_eq!(link::configure(&registers, EVERYTHING), Ok(()));
    assert_eq!(port.phy_register(BMCR), 0x1000);
    fsleep(Delta::from_secs(3));
    assert_eq!(link::state(&registers), None);
}

#[test]
fn a_card_that_is_gone_has_no_link() {
    let port = Port::new();
    let registers = port.registers();
    port.remove();
    assert_eq!(link::state(&registers), None);
}
