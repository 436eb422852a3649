// SPDX-License-Identifier: GPL-2.0-only
//! Errors of the bus (AER, DPC), resets of the function (FLR), and a card that is gone without a word.

use super::{adapter::Adapter, network_device::NetworkDevice};
use crate::sys::{
    netdev::Rtnl,
    pci_adapter::{Channel, ErrorHandlers, Recovery},
};
use kernel::prelude::*;

impl NetworkDevice {
    /// Stops a card that cannot be reached. Its right to DMA is withdrawn through configuration space, before any buffer is taken back (`down` does).
    fn stop_unreachable(&self) {
        let _rtnl = Rtnl::lock();
        self.adapter.netdev.detach();
        self.adapter.registers.leave();
        self.adapter.down();
        self.adapter.switches.timestamps.suspend();
    }
}

impl ErrorHandlers for NetworkDevice {
    fn error_detected(&self, channel: Channel) -> Recovery {
        let pci = self.adapter.binding.pci();
        match channel {
            Channel::Normal => {
                dev_warn!(pci, "the bus reports an error that is not fatal; the port works on\n");
                Recovery::CanRecover
            }
            Channel::Frozen => {
                dev_err!(pci, "the bus reports a fatal error; the port is detached until its slot is reset\n");
                self.stop_unreachable();
                Recovery::NeedReset
            }
            Channel::Dead => {
                dev_err!(pci, "the bus has given the card up; the port stays detached\n");
                self.stop_unreachable();
                self.adapter.registers.give_up();
                Recovery::Disconnect
            }
        }
    }

    fn slot_reset(&self) -> Recovery {
        // Also a port that ran on after an error which was not fatal for it, but for another function of the slot; or that somebody who reset the function, or a
        // driver that was bound anew, took up before the slot was reset. Whatever ran was lost with the card's registers.
        if self.adapter.netdev.is_present() {
            self.stop_unreachable();
        }
        self.configuration.ensure();
        // Set up by `error_resume`, once everybody on the bus is well; here only whether there is a card again.
        self.adapter.bus_master.restore();
        if self.adapter.registers.come_back() { Recovery::Recovered } else { Recovery::Disconnect }
    }

    fn error_resume(&self) {
        let detached = {
            let _rtnl = Rtnl::lock();
            !self.adapter.netdev.is_present()
        };
        // After an error that was not fatal the port never stopped. A failure is in the log.
        if detached && self.take_up().is_ok() {
            dev_info!(self.adapter.binding.pci(), "the port has recovered from the bus error\n");
        }
    }

    fn reset_prepare(&self) {
        dev_info!(self.adapter.binding.pci(), "the function is about to be reset\n");
        self.put_aside();
    }

    fn reset_done(&self) {
        if self.take_up().is_ok() {
            dev_info!(self.adapter.binding.pci(), "the function was reset, the port is set up again\n");
        }
    }
}

impl Adapter {
    /// Gives a card up that does not answer any more; under RTNL. The interface stays, detached, until the driver is unbound.
    pub(super) fn abandon(&self) {
        dev_err!(self.binding.pci(), "the card does not answer any more; the port is detached\n");
        self.netdev.detach();
        self.down();
    }
}
