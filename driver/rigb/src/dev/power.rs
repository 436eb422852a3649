// SPDX-License-Identifier: GPL-2.0-only
//! Sleep, wake-up and shutdown. Everything happens under RTNL: whatever else takes the port up or down does so too, and the reset work finds a port that is
//! down and leaves it alone.

use super::network_device::NetworkDevice;
use crate::{
    hw::reset,
    sys::{netdev::Rtnl, pci_adapter::PowerManagement},
};
use kernel::prelude::*;

impl NetworkDevice {
    /// Takes the port out of use: the stack leaves it alone, no frame and no interrupt is under way, the card does no DMA and is not touched any more.
    pub(super) fn put_aside(&self) {
        let _rtnl = Rtnl::lock();
        self.adapter.netdev.detach();
        self.adapter.down();
        // The clock goes on by the system's time until the card is back.
        self.adapter.switches.timestamps.suspend();
        // Also a port that was down: autonegotiation and firmware may have left something on.
        reset::reset(&self.adapter.registers);
        self.adapter.bus_master.withdraw();
        self.adapter.registers.leave();
    }

    /// Undoes `put_aside` for a card whose configuration space was restored: everything that it held is set up anew. `ENODEV` when it does not answer.
    pub(super) fn take_up(&self) -> Result {
        let _rtnl = Rtnl::lock();
        self.configuration.ensure();
        self.adapter.bus_master.restore();
        if !self.adapter.registers.come_back() {
            dev_err!(self.adapter.binding.pci(), "the card does not answer any more; the port stays detached\n");
            return Err(ENODEV);
        }
        reset::reset(&self.adapter.registers);
        self.adapter.switches.timestamps.resume();
        let up = if self.adapter.netdev.is_running() { self.adapter.up() } else { Ok(()) };
        // Also when it did not come up: then the user can take it down and up, which is refused for a detached interface.
        self.adapter.netdev.attach();
        match up {
            Ok(()) => self.link_check.queue(),
            Err(error) => dev_err!(
                self.adapter.binding.pci(),
                "the port did not come up again ({error:?}); take the interface down and up\n"
            ),
        }
        up
    }
}

impl PowerManagement for NetworkDevice {
    fn shutdown(&self) {
        self.put_aside();
        dev_info!(self.adapter.binding.pci(), "shut down: no DMA any more\n");
    }

    fn suspend(&self) -> Result {
        self.put_aside();
        Ok(())
    }

    fn resume(&self) -> Result {
        self.take_up()
    }
}
