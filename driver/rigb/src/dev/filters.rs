// SPDX-License-Identifier: GPL-2.0-only
//! What the interface receives: the stack's wishes go into the port's filter, and from there to the card while the port runs. `up` writes all of it.

use super::adapter::Adapter;
use crate::{
    hw::{receive_filter, receive_filter::ReceiveFilter, registers::Registers},
    sys::{netdev::MacAddress, rx_mode::ReceiveMode},
};

impl Adapter {
    fn change_filter(&self, change: impl FnOnce(&mut ReceiveFilter, Option<&Registers>)) {
        // Held over the writes: a port that goes down in between would be written to while it must not be touched.
        let mut state = self.state.lock();
        let card = state.is_running().then_some(&*self.registers);
        change(&mut state.filter, card);
    }

    /// Takes the stack's lists over.
    pub(super) fn set_receive_mode(&self, mode: &ReceiveMode<'_>) {
        self.change_filter(|filter, card| {
            filter.set_mode(card, (mode.promiscuous, mode.all_multicast), mode.unicast.iter(), mode.multicast.iter());
        });
    }

    /// Receives a VLAN, or no longer.
    pub(super) fn set_vlan(&self, id: u16, wanted: bool) {
        self.change_filter(|filter, card| filter.set_vlan(card, id, wanted));
    }

    /// Receives the VLANs that were asked for, or all (`NETIF_F_HW_VLAN_CTAG_FILTER`).
    pub(super) fn set_vlan_filter(&self, on: bool) {
        self.change_filter(|filter, card| filter.set_vlan_filter(card, on));
    }

    /// The interface has a new address. One that is down tells the card when it comes up.
    pub(super) fn set_own_address(&self, address: MacAddress) {
        self.change_filter(|_, card| {
            if let Some(registers) = card {
                receive_filter::set_own_address(registers, address);
            }
        });
    }
}
