// SPDX-License-Identifier: GPL-2.0-only
//! The link: how the PHY and the MAC come to one (datasheet 3.5.4), and what the MAC says about it (8.2.2).

use super::{
    phy::{Abilities, Crossover, ForcedMode, Partner, Phy},
    registers::*,
};
use crate::sys::operations::LinkState;
use kernel::{io::Io, prelude::*};

/// How the link comes about.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum LinkMode {
    /// The best of what both ends offer.
    Negotiated {
        /// What we offer.
        offered: Abilities,
        /// How the pairs are found.
        crossover: Crossover,
    },
    /// As told; the partner must be told the same.
    Forced(ForcedMode),
    /// To ourselves: the PHY sends back what it gets.
    Loopback,
}

/// CTRL.SPEED and STATUS.SPEED: 10, 100 and 1000 Mb/s in this order.
const SPEED_100: u32 = 1;
const SPEED_1000: u32 = 2;

/// Sets MAC and PHY. The link goes down and comes up again with an interrupt, in about two seconds on copper. Errors: the PHY's.
pub(crate) fn configure(registers: &Registers, mode: LinkMode) -> Result {
    let phy = Phy::acquire(registers)?;
    match mode {
        LinkMode::Negotiated { offered, crossover } => {
            // The PHY's result rules.
            registers.io().update(CTRL, |control| {
                control.with_const_set_link_up::<1>().with_const_force_speed::<0>().with_const_force_duplex::<0>()
            });
            phy.negotiate(offered, crossover)
        }
        LinkMode::Forced(forced) => {
            force_mac(registers, if forced.hundred { SPEED_100 } else { 0 }, forced.full_duplex);
            phy.force(forced)
        }
        LinkMode::Loopback => {
            force_mac(registers, SPEED_1000, true);
            phy.loop_back()
        }
    }
}

fn force_mac(registers: &Registers, speed: u32, full_duplex: bool) {
    registers.io().update(CTRL, |control| {
        let cleared = control.with_const_speed::<0>().with_const_full_duplex::<0>();
        let control = CTRL::from(cleared.into_raw() | speed.wrapping_shl(8) | u32::from(full_duplex));
        control.with_const_set_link_up::<1>().with_const_force_speed::<1>().with_const_force_duplex::<1>()
    });
}

/// To be asked once a link, see `Phy::partner`. Errors: the PHY's.
pub(crate) fn partner(registers: &Registers) -> Result<Partner> {
    Phy::acquire(registers)?.partner()
}

/// The link as the MAC sees it, `None` while it is down or the card is gone.
pub(crate) fn state(registers: &Registers) -> Option<LinkState> {
    if !registers.is_present() {
        return None;
    }
    let status = registers.io().read(STATUS);
    if status.link_up().get() == 0 {
        return None;
    }
    let speed_mbps = match status.speed().get() {
        0 => 10,
        1 => 100,
        _ => 1000,
    };
    Some(LinkState { speed_mbps, full_duplex: status.full_duplex().get() == 1 })
}
