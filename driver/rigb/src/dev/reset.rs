// SPDX-License-Identifier: GPL-2.0-only
//! Reset of a port that hangs. It takes RTNL, so nobody may wait for it who holds RTNL: it is cancelled only after the interface is unregistered. It may run
//! at any time after it was queued, so it looks under RTNL whether there is still something to reset: not after the interface was taken down, not while the
//! system sleeps, not for a card that is gone.

use super::{adapter::Adapter, link::LinkCheck, statistics::Counter};
use crate::{
    hw::queues,
    sys::{
        netdev::Rtnl,
        netdev_log::{netdev_err, netdev_warn},
        work::{Task, Work},
    },
};
use core::sync::atomic::{AtomicU32, Ordering::Relaxed};
use kernel::sync::Arc;

/// Transmit queues that the stack's watchdog found hanging.
#[derive(Default)]
pub(crate) struct TransmitTimeouts {
    count: Counter,
    // Since the last reset, as bits.
    queues: AtomicU32,
}

impl TransmitTimeouts {
    /// A queue hangs. By the stack's watchdog alone, of which an interface has one.
    pub(crate) fn note(&self, queue: u32) {
        self.count.add(1);
        self.queues.fetch_or(1u32.wrapping_shl(queue), Relaxed);
    }

    /// How often that was so.
    pub(crate) fn count(&self) -> u64 {
        self.count.get()
    }
}

/// The work that a transmit timeout or a fault of the card queues.
pub(crate) struct ResetPort {
    /// The port.
    pub(crate) adapter: Arc<Adapter>,
    /// Queued afterwards: the link may be up already, and then no interrupt says so.
    pub(crate) link_check: Arc<Work<LinkCheck>>,
}

impl Task for ResetPort {
    fn run(&self, work: &Work<Self>) {
        let adapter = &self.adapter;
        let _rtnl = Rtnl::lock();
        // The stack's watchdog asks again every five seconds for as long as somebody else holds RTNL.
        work.unqueue();
        if !adapter.state.lock().is_running() {
            return;
        }
        if !adapter.registers.is_present() {
            adapter.abandon();
            return;
        }
        adapter.tell_hanging_queues();
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

impl Adapter {
    /// Says where the queues stand that made somebody ask for a reset. Of a port that runs.
    fn tell_hanging_queues(&self) {
        let hanging = self.timeouts.queues.swap(0, Relaxed);
        let state = self.state.lock();
        for (view, queue) in state.views.iter().zip(0u32..) {
            if hanging & 1u32.wrapping_shl(queue) == 0 {
                continue;
            }
            let (head, tail) = queues::transmit_head_tail(&self.registers, queue);
            let (next_to_use, next_to_clean) = (view.tx_indexes.next_to_use(), view.tx_indexes.next_to_clean());
            netdev_err!(
                self.netdev,
                "transmit queue {queue} hangs: next_to_use {next_to_use}, next_to_clean {next_to_clean}, TDH {head}, TDT {tail}\n"
            );
        }
    }
}
