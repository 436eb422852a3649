// SPDX-License-Identifier: GPL-2.0-only

use crate::{
    hw::link,
    port::{CTRL, Port},
    sys::operations::LinkState,
};
use kernel::time::{Delta, delay::fsleep};

const SET_LINK_UP: u32 = 1 << 6;
const FORCE_SPEED: u32 = 1 << 11;
const FORCE_DUPLEX: u32 = 1 << 12;

fn negotiated_with(partner: Option<(u32, bool)>) -> Option<LinkState> {
    let port = Port::new();
    let registers = port.registers();
    port.set_partner(partner);
    assert_eq!(link::negotiate(&registers), Ok(()));
    fsleep(Delta::from_secs(3));
    link::state(&registers)
}

#[test]
fn a_link_has_the_speed_and_duplex_that_both_ends_can_do() {
    for (speed_mbps, full_duplex) in [(10, false), (10, true), (100, false), (100, true), (1000, true)] {
        let expected = Some(LinkState { speed_mbps, full_duplex });
        assert_eq!(negotiated_with(Some((speed_mbps, full_duplex))), expected);
    }
}

#[test]
fn a_cable_without_a_partner_is_no_link() {
    assert_eq!(negotiated_with(None), None);
}

#[test]
fn a_link_is_down_while_it_is_negotiated() {
    let port = Port::new();
    let registers = port.registers();
    port.set_partner(Some((1000, true)));
    assert_eq!(link::negotiate(&registers), Ok(()));
    assert_eq!(link::state(&registers), None);
}

#[test]
fn negotiating_leaves_speed_and_duplex_to_the_phy() {
    let port = Port::new();
    port.poke(CTRL, FORCE_SPEED | FORCE_DUPLEX);
    assert_eq!(link::negotiate(&port.registers()), Ok(()));
    assert_eq!(port.peek(CTRL), SET_LINK_UP);
}

#[test]
fn a_card_that_is_gone_has_no_link() {
    let port = Port::new();
    let registers = port.registers();
    port.remove();
    assert_eq!(link::state(&registers), None);
}
