// SPDX-License-Identifier: GPL-2.0-only
//! What the stack asks of the interface.

use super::{adapter::Adapter, link::LinkCheck, reset::ResetPort, transmit::Producer};
use crate::{
    ring::index::RingSize,
    sys::{
        netdev::{MacAddress, TransmitQueue},
        operations::{LinkState, LinkStatistics, Operations, RingSizes, Transmit},
        rx_mode::ReceiveMode,
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
    fn reconfigure(&self, change: impl FnOnce()) -> Result {
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
    const VERSION: &'static [u8] = crate::VERSION.as_bytes();

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
        self.adapter.set_own_address(address);
    }

    fn set_receive_mode(&self, mode: &ReceiveMode<'_>) {
        self.adapter.set_receive_mode(mode);
    }

    fn set_vlan(&self, id: u16, wanted: bool) {
        self.adapter.set_vlan(id, wanted);
    }

    fn change_mtu(&self, mtu: u32) -> Result {
        self.reconfigure(|| self.adapter.netdev.set_mtu(mtu))
    }

    fn transmit_timeout(&self) {
        self.reset.queue();
    }

    fn statistics(&self) -> LinkStatistics {
        let (rx, tx) = (&self.adapter.counters.rx, &self.adapter.counters.tx);
        LinkStatistics {
            rx_packets: rx.packets.get(),
            rx_bytes: rx.bytes.get(),
            rx_errors: rx.errors.get(),
            rx_dropped: rx.dropped.get(),
            tx_packets: tx.packets.get(),
            tx_bytes: tx.bytes.get(),
            tx_errors: tx.reclaimed.get(),
            tx_dropped: tx.dropped.get(),
        }
    }

    fn link(&self) -> Option<LinkState> {
        self.adapter.state.lock().link
    }

    fn ring_sizes(&self) -> RingSizes {
        let state = self.adapter.state.lock();
        RingSizes { rx: state.rx_size.count(), tx: state.tx_size.count(), max: RingSize::MAX }
    }

    fn set_ring_sizes(&self, rx: u32, tx: u32) -> Result {
        let (before_rx, before_tx) = {
            let state = self.adapter.state.lock();
            (state.rx_size, state.tx_size)
        };
        let set = |rx, tx| {
            let mut state = self.adapter.state.lock();
            state.rx_size = rx;
            state.tx_size = tx;
        };
        self.reconfigure(|| set(RingSize::at_least(rx), RingSize::at_least(tx))).inspect_err(|_| {
            // The old rings did fit: an interface that was up stays up.
            set(before_rx, before_tx);
            if self.adapter.netdev.is_running() {
                let _ = self.adapter.up();
            }
        })
    }
}
