// SPDX-License-Identifier: GPL-2.0-only
//! What the stack asks of the interface.

use super::{
    adapter::{Adapter, Configuration},
    link::LinkCheck,
    offload,
    reset::ResetPort,
    transmit::Producer,
    watchdog::Watchdog,
};
use crate::{
    hw::receive_filter,
    sys::{
        cpus,
        extack::ExtAck,
        features::Features,
        link_statistics::LinkStatistics,
        netdev::MacAddress,
        operations::{Headers, Operations, Transmit},
        page_pool::BufferLayout,
        queue_statistics::{ReceiveStatistics, TransmitStatistics},
        recurring_work::RecurringWork,
        rx_mode::ReceiveMode,
        skb::SkBuff,
        transmit_queue::TransmitQueue,
        work::Work,
        xdp::{ProgramSlot, XdpProgramFacts},
        xdp_frame::Redirected,
    },
};
use core::sync::atomic::Ordering::Relaxed;
use kernel::{prelude::*, sync::Arc};

/// What fits one receive buffer with header, FCS and VLAN tag.
const MOST_SINGLE_BUFFER_MTU: u32 = receive_filter::longest_mtu(BufferLayout::WHOLE_PAGE.capacity());
// What the refusal of a program tells the user.
const _: () = assert!(MOST_SINGLE_BUFFER_MTU == 3050);

/// The owner of the registered interface.
pub(crate) struct PortOperations {
    /// The port.
    pub(crate) adapter: Arc<Adapter>,
    /// Queued after open, when no interrupt may come because the link did not change.
    pub(crate) link_check: Arc<Work<LinkCheck>>,
    /// Queued by the transmit watchdog.
    pub(crate) reset: Arc<Work<ResetPort>>,
    /// Woken by open.
    pub(crate) watchdog: Arc<RecurringWork<Watchdog>>,
}

impl PortOperations {
    pub(super) fn reconfigure(&self, change: impl FnOnce(&mut Configuration)) -> Result {
        let mut configuration = self.adapter.state.lock().configuration;
        change(&mut configuration);
        let result = self.adapter.reconfigure(configuration);
        self.link_check.queue();
        result
    }
}

impl Operations for PortOperations {
    type Producer = Option<Producer>;

    #[inline]
    fn transmit_queue(&self, index: usize) -> Option<&TransmitQueue<Self::Producer>> {
        self.adapter.pairs.get(index).map(|pair| &*pair.transmit)
    }

    fn open(&self) -> Result {
        self.adapter.up()?;
        self.link_check.queue();
        self.watchdog.wake();
        Ok(())
    }

    fn stop(&self) {
        self.adapter.down();
    }

    #[inline]
    fn start_xmit(&self, producer: &mut Self::Producer, frame: SkBuff) -> Transmit {
        match producer {
            Some(producer) => producer.send(frame),
            // Going down: dropped like on a cable that was pulled.
            None => Transmit::Taken,
        }
    }

    fn frame_features(headers: Headers, features: Features) -> Features {
        offload::frame_features(headers, features)
    }

    fn fix_features(&self, wanted: Features) -> Features {
        wanted
    }

    fn set_features(&self, wanted: Features) -> Result {
        self.adapter.switches.follow(wanted);
        let changed = wanted.difference(self.adapter.netdev.features());
        if changed.has(Features::VLAN_FILTER) {
            self.adapter.set_vlan_filter(wanted.has(Features::VLAN_FILTER));
        }
        if changed.has(Features::VLAN_STRIP) && self.adapter.state.lock().is_running() {
            receive_filter::set_vlan_stripping(&self.adapter.registers, wanted.has(Features::VLAN_STRIP));
        }
        if changed.has(Features::LOOPBACK) {
            self.adapter.set_loopback(wanted.has(Features::LOOPBACK));
            self.link_check.queue();
        }
        Ok(())
    }

    fn address_changed(&self, address: MacAddress) {
        self.adapter.set_own_address(address);
    }

    fn set_receive_mode(&self, mode: &ReceiveMode<'_>) {
        self.adapter.set_receive_mode(mode);
    }

    fn set_vlan(&self, id: u16, wanted: bool) {
        self.adapter.set_vlan(id, wanted);
    }

    fn xdp_program(&self) -> &ProgramSlot {
        &self.adapter.switches.xdp
    }

    fn prepare_xdp(&self, program: XdpProgramFacts, ack: ExtAck<'_>) -> Result {
        let Configuration { mtu, xdp, .. } = self.adapter.state.lock().configuration;
        if !program.has_frags && mtu > MOST_SINGLE_BUFFER_MTU {
            ack.say(c"frames of this MTU take several buffers, which the program does not understand (no frags support); lower the MTU to 3050");
            return Err(EOPNOTSUPP);
        }
        if xdp {
            return Ok(());
        }
        self.reconfigure(|configuration| configuration.xdp = true)
            .inspect_err(|_| ack.say(c"no memory for receive buffers with room for a program"))
    }

    fn xdp_detached(&self) {
        // Without memory for other buffers those with room for a program go on serving.
        let _stays_as_it_is = self.reconfigure(|configuration| configuration.xdp = false);
    }

    fn send_redirected(&self, frames: Redirected<'_>, flush: bool) -> Result<u32> {
        let active = self.adapter.switches.active_pairs.load(Relaxed);
        let Some(pair) = cpus::current().checked_rem(active).and_then(|index| self.adapter.pairs.get(index as usize))
        else {
            return Err(ENETDOWN);
        };
        let mut guard = pair.transmit.lock();
        let Some(producer) = guard.as_mut() else { return Err(ENETDOWN) };
        let sent = frames.send_each(|frame| producer.send_xdp(frame));
        if flush {
            producer.flush();
        }
        Ok(sent)
    }

    fn change_mtu(&self, mtu: u32) -> Result {
        if mtu > MOST_SINGLE_BUFFER_MTU && self.adapter.switches.xdp.facts().is_some_and(|program| !program.has_frags) {
            return Err(EINVAL);
        }
        self.reconfigure(|configuration| configuration.mtu = mtu)?;
        self.adapter.netdev.set_mtu(mtu);
        Ok(())
    }

    fn transmit_timeout(&self, queue: u32) {
        self.adapter.timeouts.note(queue);
        self.reset.queue();
    }

    fn statistics(&self) -> LinkStatistics {
        let mut total = self.adapter.hardware.link_statistics();
        for pair in &self.adapter.pairs {
            total.add(&pair.counters.link_statistics());
        }
        total
    }

    fn receive_statistics(&self, queue: usize) -> ReceiveStatistics {
        self.adapter.pairs.get(queue).map_or_else(Default::default, |pair| pair.counters.rx.statistics())
    }

    fn transmit_statistics(&self, queue: usize) -> TransmitStatistics {
        self.adapter.pairs.get(queue).map_or_else(Default::default, |pair| pair.counters.tx.statistics())
    }

    fn retired_statistics(&self) -> (ReceiveStatistics, TransmitStatistics) {
        let active = self.adapter.state.lock().configuration.pairs as usize;
        let mut total = (ReceiveStatistics::default(), TransmitStatistics::default());
        for pair in self.adapter.pairs.iter().skip(active) {
            total.0.add(&pair.counters.rx.statistics());
            total.1.add(&pair.counters.tx.statistics());
        }
        total
    }
}
