// SPDX-License-Identifier: GPL-2.0-only
//! A change of link: read from the MAC in process context, told to the stack and to the log.

use super::adapter::{Adapter, State};
use crate::{
    hw::{flow_control, link, queues, receive_filter},
    sys::{
        dynamic_debug,
        netdev_log::{netdev_info, netdev_warn},
        operations::LinkState,
        work::{Task, Work},
    },
};
use kernel::sync::Arc;

/// `NETIF_MSG_LINK`: changes of the link are told to the log.
const MESSAGES_ABOUT_LINK: u32 = 1 << 2;

/// The work that the link interrupt queues.
pub(crate) struct LinkCheck(pub(crate) Arc<Adapter>);

impl Task for LinkCheck {
    fn run(&self, _work: &Work<Self>) {
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
        dynamic_debug::link_read(&self.netdev, now);
        // Also when the link is as it was: it may have been negotiated anew.
        self.settle_flow_control(&mut state, now);
        if now == state.link {
            return;
        }
        state.link = now;
        self.netdev.set_carrier(now.is_some());
        if state.message_level & MESSAGES_ABOUT_LINK == 0 {
            return;
        }
        match now {
            Some(link) => {
                let duplex = if link.full_duplex { "full" } else { "half" };
                let flow_control = state.link_control.flow_control;
                let pause = match (flow_control.receive, flow_control.transmit) {
                    (false, false) => "none",
                    (true, false) => "RX",
                    (false, true) => "TX",
                    (true, true) => "RX/TX",
                };
                netdev_info!(self.netdev, "link up, {} Mb/s {duplex} duplex, flow control: {pause}\n", link.speed_mbps);
            }
            None => netdev_info!(self.netdev, "link down\n"),
        }
    }

    /// Asks what the partner offered, once a link, and sets flow control accordingly.
    fn settle_flow_control(&self, state: &mut State, link: Option<LinkState>) {
        let control = &mut state.link_control;
        control.partner = match link {
            Some(_) if control.is_negotiated() => link::partner(&self.registers)
                .inspect_err(|error| {
                    netdev_warn!(self.netdev, "the PHY does not say what the partner offers ({error:?})\n")
                })
                .ok(),
            _ => None,
        };
        control.flow_control = link.map_or(Default::default(), |link| control.flow_control_on(link));
        if link.is_some() {
            self.apply_flow_control(state);
        }
    }

    /// Makes MAC and queues what flow control is. Under the state's lock, of a port that runs.
    pub(super) fn apply_flow_control(&self, state: &State) {
        let (pairs, flow_control) = (state.configuration.pairs, state.link_control.flow_control);
        flow_control::apply(&self.registers, flow_control, receive_filter::longest_frame(state.configuration.mtu));
        // A partner that stops when it is asked loses no frame by waiting; one that does not shall not have one full queue hold up the others.
        let drop = pairs > 1 && !flow_control.transmit;
        for queue in 0..pairs {
            queues::set_drop_when_empty(&self.registers, queue, drop);
        }
    }

    /// Makes MAC and PHY what is wanted of the link. Under the state's lock, of a port that runs.
    pub(crate) fn configure_link(&self, state: &State) {
        if let Err(error) = link::configure(&self.registers, state.link_control.mode()) {
            netdev_warn!(self.netdev, "the PHY does not answer ({error:?}); the link stays as it is\n");
        }
    }

    /// Sends back what is sent, or no longer (`NETIF_F_LOOPBACK`). Under RTNL; queue a check of the link afterwards.
    pub(crate) fn set_loopback(&self, on: bool) {
        let mut state = self.state.lock();
        state.link_control.loopback = on;
        if state.is_running() {
            self.configure_link(&state);
        }
    }
}
