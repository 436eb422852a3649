// SPDX-License-Identifier: GPL-2.0-only
//! Reset of a port that hangs. It takes RTNL, so nobody may wait for it who holds RTNL: it is cancelled only after the interface is unregistered. It may run
//! at any time after it was queued, so it looks under RTNL whether there is still something to reset: not after the interface was taken down, not while the
//! system sleeps, not for a card that is gone.

use super::{adapter::Adapter, link::LinkCheck};
use crate::sys::{
    netdev::Rtnl,
    netdev_log::{netdev_err, netdev_warn},
    work::{Task, Work},
};
use kernel::sync::Arc;

/// The work that a transmit timeout or a fault of the card queues.
pub(crate) struct ResetPort {
    /// The port.
    pub(crate) adapter: Arc<Adapter>,
    /// Queued afterwards: the link may be up already, and then no interrupt says so.
    pub(crate) link_check: Arc<Work<LinkCheck>>,
}

impl Task for ResetPort {
    fn run(&self) {
        let adapter = &self.adapter;
        let _rtnl = Rtnl::lock();
        if !adapter.state.lock().is_running() {
            return;
        }
        if !adapter.registers.is_present() {
            adapter.abandon();
            return;
        }
        netdev_warn!(adapter.netdev, "resetting the port\n");
        adapter.resets.add(1);
        adapter.down();
        match adapter.up() {
            Ok(()) => self.link_check.queue(),
            Err(error) => netdev_err!(
                adapter.netdev,
                "the port did not come up again ({error:?}); take the interface down and up\n"
            ),
        }
    }
}
