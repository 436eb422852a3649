// SPDX-License-Identifier: GPL-2.0-only
//! What the stack asks of the interface.

use super::{adapter::Adapter, link::LinkCheck, reset::ResetPort, transmit::Producer};
use crate::{
    hw::{hardware_statistics::Statistic, receive_filter, reset},
    sys::{
        netdev::{MacAddress, TransmitQueue},
        operations::{LinkStatistics, Operations, Transmit},
        skb::SkBuff,
        work::Work,
    },
};
use kernel::{prelude::*, sync::Arc};

/// The owner of the registered interface.
pub(crate) struct PortOperations {
    /// The port.
    pub(crate) adapter: Arc<Adapter>,
    /// Queued after open, when no interrupt may come because the link did not change.
    pub(crate) link_check: Arc<Work<LinkCheck>>,
    /// Queued by the transmit watchdog.
    pub(crate) reset: Arc<Work<ResetPort>>,
}

impl PortOperations {
    /// Takes the interface down, lets `change` happen, and up again if it was up.
    pub(super) fn reconfigure(&self, change: impl FnOnce()) -> Result {
        let running = self.adapter.state.lock().running;
        if running {
            self.adapter.down();
        }
        change();
        if running {
            self.adapter.up()?;
            self.link_check.queue();
        }
        Ok(())
    }
}

impl Operations for PortOperations {
    type Producer = Option<Producer>;

    fn transmit_queue(&self) -> &TransmitQueue<Self::Producer> {
        &self.adapter.transmit
    }

    fn open(&self) -> Result {
        self.adapter.up()?;
        self.link_check.queue();
        Ok(())
    }

    fn stop(&self) {
        self.adapter.down();
    }

    fn start_xmit(&self, producer: &mut Self::Producer, frame: SkBuff) -> Transmit {
        match producer {
            Some(producer) => producer.send(&self.adapter, frame),
            // Going down: dropped like on a cable that was pulled.
            None => Transmit::Taken,
        }
    }

    fn address_changed(&self, address: MacAddress) {
        reset::set_mac_address(&self.adapter.registers, address);
    }

    fn set_receive_mode(&self, promiscuous: bool, all_multicast: bool) {
        let mut state = self.adapter.state.lock();
        state.receive_mode = (promiscuous, all_multicast);
        if state.running {
            receive_filter::set_mode(&self.adapter.registers, promiscuous, all_multicast);
        }
    }

    fn change_mtu(&self, mtu: u32) -> Result {
        self.reconfigure(|| self.adapter.netdev.set_mtu(mtu))
    }

    fn transmit_timeout(&self) {
        self.reset.queue();
    }

    fn statistics(&self) -> LinkStatistics {
        let (rx, tx) = (&self.adapter.counters.rx, &self.adapter.counters.tx);
        let card = self.adapter.hardware.snapshot();
        let of_the_card = card.sum(&[
            Statistic::CrcErrors,
            Statistic::AlignmentErrors,
            Statistic::ReceiveErrors,
            Statistic::Oversize,
        ]);
        let aborted = card.get(Statistic::ExcessiveCollisions);
        let late = card.get(Statistic::LateCollisions);
        LinkStatistics {
            rx_packets: rx.packets.get(),
            rx_bytes: rx.bytes.get(),
            rx_errors: rx.errors.get().wrapping_add(of_the_card),
            rx_dropped: rx.dropped.get(),
            tx_packets: tx.packets.get(),
            tx_bytes: tx.bytes.get(),
            tx_errors: tx.reclaimed.get().wrapping_add(aborted).wrapping_add(late),
            tx_dropped: tx.dropped.get(),
            multicast: card.get(Statistic::MulticastReceived),
            collisions: card.get(Statistic::Collisions),
            rx_length_errors: card.get(Statistic::Oversize),
            rx_crc_errors: card.get(Statistic::CrcErrors),
            rx_frame_errors: card.get(Statistic::AlignmentErrors),
            rx_fifo_errors: card.dropped_by_queues(),
            rx_missed_errors: card.get(Statistic::Missed),
            tx_aborted_errors: aborted,
            tx_carrier_errors: card.get(Statistic::NoCarrier),
            tx_window_errors: late,
        }
    }
}
