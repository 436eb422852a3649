// SPDX-License-Identifier: GPL-2.0-only
//! Reset of a port that hangs. It takes RTNL, so nobody may wait for it who holds RTNL: it is cancelled only after the interface is unregistered.

use super::adapter::Adapter;
use crate::sys::{
    netdev::Rtnl,
    netdev_log::{netdev_err, netdev_warn},
    work::Task,
};
use kernel::sync::Arc;

/// The work that a transmit timeout or a fault of the card queues.
pub(crate) struct ResetPort(pub(crate) Arc<Adapter>);

impl Task for ResetPort {
    fn run(&self) {
        let adapter = &self.0;
        let _rtnl = Rtnl::lock();
        // Down since it was queued: nothing hangs any more.
        if !adapter.state.lock().is_running() || !adapter.registers.is_present() {
            return;
        }
        netdev_warn!(adapter.netdev, "resetting the port\n");
        adapter.resets.add(1);
        adapter.down();
        if let Err(error) = adapter.up() {
            netdev_err!(
                adapter.netdev,
                "the port did not come up again ({error:?}); take the interface down and up\n"
            );
        }
    }
}
