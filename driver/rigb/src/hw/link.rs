// SPDX-License-Identifier: GPL-2.0-only
//! The link: asked for by autonegotiation, read from STATUS (datasheet 3.5.4.3, 8.2.2).

use super::{phy::Phy, registers::*};
use crate::sys::operations::LinkState;
use kernel::{io::Io, prelude::*};

/// Lets the PHY's result rule speed and duplex, and negotiates.
pub(crate) fn negotiate(registers: &Registers) -> Result {
    registers.io().update(CTRL, |control| {
        control.with_const_set_link_up::<1>().with_const_force_speed::<0>().with_const_force_duplex::<0>()
    });
    Phy::acquire(registers)?.restart_autonegotiation()
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
