// SPDX-License-Identifier: GPL-2.0-only
//! A change of link: read from the MAC in process context, told to the stack and to the log.

use super::adapter::Adapter;
use crate::{hw::link, sys::work::Task};
use kernel::{prelude::*, sync::Arc};

/// The work that the link interrupt queues.
pub(crate) struct LinkCheck(pub(crate) Arc<Adapter>);

impl Task for LinkCheck {
    fn run(&self) {
        self.0.check_link();
    }
}

impl Adapter {
    /// Compares the link with what was announced last, and announces the difference.
    pub(crate) fn check_link(&self) {
        // Held to the end, so that no carrier is announced after `down` has taken it away.
        let mut state = self.state.lock();
        if !state.is_running() {
            return;
        }
        let now = link::state(&self.registers);
        if now == state.link {
            return;
        }
        state.link = now;
        self.netdev.set_carrier(now.is_some());
        match now {
            Some(link) => {
                let duplex = if link.full_duplex { "full" } else { "half" };
                dev_info!(self.binding.pci(), "link up, {} Mb/s {} duplex\n", link.speed_mbps, duplex);
            }
            None => dev_info!(self.binding.pci(), "link down\n"),
        }
    }
}
