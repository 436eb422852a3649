// SPDX-License-Identifier: GPL-2.0-only
//! The port as a state machine of types: reset → configured → running → reset, or from running back to configured, which leaves the link alone. Only a running
//! port gives doorbells away, and only stopping one gives the proof that its buffers are software's again.

use super::{
    interrupts::{self, VectorPlan},
    queues::{self, ReceiveDoorbell, RingPlace, TransmitDoorbell},
    receive_filter,
    registers::*,
    reset,
    rss::{self, Rss},
};
use crate::{ring::slot::Quiesced, sys::netdev::MacAddress};
use core::marker::PhantomData;
use kernel::{
    io::Io,
    sync::Arc,
    time::{Delta, delay::fsleep},
};

/// How long a queue may take to begin, or to finish what it has begun, in milliseconds.
const QUIET_MS: u32 = 10;

/// Nothing is set up; the card owns no memory.
pub(crate) struct Reset(());
/// Addresses, filters, vectors and RSS are set up; no queue runs.
pub(crate) struct Configured(());
/// Queues run.
pub(crate) struct Running(());

/// The card in state `S`.
pub(crate) struct Port<S> {
    registers: Arc<Registers>,
    pairs: u32,
    _state: PhantomData<S>,
}

/// What a port is configured with.
pub(crate) struct PortConfiguration<'a> {
    /// Its address.
    pub(crate) address: MacAddress,
    /// The longest frame's MTU, in bytes.
    pub(crate) mtu: u32,
    /// Its vectors.
    pub(crate) vectors: VectorPlan,
    /// How frames find their queue.
    pub(crate) rss: &'a Rss,
    /// VLAN tags are taken out of frames.
    pub(crate) strips_vlan: bool,
}

/// The rings of one queue pair.
#[derive(Clone, Copy)]
pub(crate) struct PairPlaces {
    /// Receive.
    pub(crate) receive: RingPlace,
    /// Transmit.
    pub(crate) transmit: RingPlace,
    /// What the card may write into each receive buffer, a multiple of 1 KiB.
    pub(crate) buffer_bytes: u32,
}

impl<S> Port<S> {
    fn into_state<T>(self, pairs: u32) -> Port<T> {
        Port { registers: self.registers, pairs, _state: PhantomData }
    }
}

impl Port<Reset> {
    /// Resets the card.
    pub(crate) fn reset(registers: Arc<Registers>) -> Self {
        reset::reset(&registers);
        Self { registers, pairs: 0, _state: PhantomData }
    }

    /// Sets up all that is not a queue. The card is reset again first: whatever happened to it since, it starts from the same state.
    pub(crate) fn configure(self, configuration: &PortConfiguration<'_>) -> Port<Configured> {
        let registers = &self.registers;
        reset::reset(registers);
        receive_filter::clear_pool_table(registers);
        receive_filter::set_own_address(registers, configuration.address);
        receive_filter::set_longest_frame(registers, configuration.mtu);
        receive_filter::set_vlan_stripping(registers, configuration.strips_vlan);
        interrupts::configure(registers, configuration.vectors);
        rss::configure(registers, configuration.rss);
        self.into_state(0)
    }
}

impl Port<Configured> {
    /// Frames may have this MTU from now on, and find their queue by this table.
    pub(crate) fn change(&self, mtu: u32, rss: &Rss) {
        receive_filter::set_longest_frame(&self.registers, mtu);
        rss::write_table(&self.registers, rss);
    }

    /// Starts queue pairs with these rings, the first being pair 0. Receive buffers are still to be announced through the doorbells; nothing is received until
    /// `start_receiving`.
    pub(crate) fn run(self, pairs: impl ExactSizeIterator<Item = PairPlaces>) -> Port<Running> {
        let registers = &self.registers;
        let count = pairs.len() as u32;
        let mut queue = 0u32;
        for pair in pairs {
            queues::start_transmit(registers, queue, pair.transmit);
            queues::start_receive(registers, queue, pair.receive, pair.buffer_bytes, count > 1);
            queue = queue.wrapping_add(1);
        }
        queues::enable_transmit(registers);
        // No tail may be written before (datasheet 4.5.9, 4.5.10). A queue that does not say so in time is used all the same, and the watchdog sees what comes of it.
        for _ in 0..QUIET_MS {
            if (0..count).all(|queue| queues::is_enabled(registers, queue)) {
                break;
            }
            fsleep(Delta::from_millis(1));
        }
        self.into_state(count)
    }
}

impl Port<Running> {
    /// The doorbell of a receive queue.
    pub(crate) fn receive_doorbell(&self, queue: u32) -> ReceiveDoorbell {
        ReceiveDoorbell::new(self.registers.clone(), queue)
    }

    /// The doorbell of a transmit queue.
    pub(crate) fn transmit_doorbell(&self, queue: u32) -> TransmitDoorbell {
        TransmitDoorbell::new(self.registers.clone(), queue)
    }

    /// Receives, into the buffers that were announced by now.
    pub(crate) fn start_receiving(&self) {
        queues::enable_receive(&self.registers);
    }

    /// Frames may have this MTU from now on, which the buffers of its queues must be large enough for. Nothing is received for a moment.
    pub(crate) fn set_longest_frame(&self, mtu: u32) {
        let io = self.registers.io();
        io.update(RCTL, |control| control.with_const_enable::<0>());
        receive_filter::set_longest_frame(&self.registers, mtu);
        io.update(RCTL, |control| control.with_const_enable::<1>());
    }

    /// Receives nothing more: what has come goes to the queues, which then stop.
    pub(crate) fn stop_receiving(&self) {
        let registers = &self.registers;
        registers.io().update(RCTL, |control| control.with_const_enable::<0>());
        registers.flush();
        // 64 KiB of packet buffer leave over the slowest bus (PCIe 1.0, one lane) in a third of a millisecond.
        fsleep(Delta::from_millis(1));
        for queue in 0..self.pairs {
            queues::disable_receive(registers, queue);
        }
        registers.flush();
    }

    /// Takes the queues out of use and leaves all else as it is, the link above all; after `stop_receiving`, and when nothing is left to be sent. A port whose
    /// queues do not come to rest (nothing can be sent, say, for a partner that wants pause) is given back: it can only be stopped.
    pub(crate) fn release(self) -> Result<(Port<Configured>, Quiesced), Self> {
        let registers = &self.registers;
        if !registers.is_present() || !(0..self.pairs).all(|queue| queues::has_sent_all(registers, queue)) {
            return Err(self);
        }
        for queue in 0..self.pairs {
            queues::disable(registers, queue);
        }
        for _ in 0..QUIET_MS {
            // Not of a card that was pulled: every bit of it reads as set.
            if (0..self.pairs).all(|queue| queues::is_disabled(registers, queue)) {
                // And a little longer until memory may be freed (4.5.9.2).
                fsleep(Delta::from_micros(100));
                return Ok((self.into_state(0), Quiesced::after_disable()));
            }
            fsleep(Delta::from_millis(1));
        }
        Err(self)
    }

    /// Stops both directions and resets the card. Afterwards it owns no buffer. One that does not answer (any more) is not told: it may be gone, or only its
    /// registers; `silence` takes its right to DMA away by another path.
    pub(crate) fn stop(self, silence: impl FnOnce()) -> (Port<Reset>, Quiesced) {
        let registers = &self.registers;
        if registers.is_present() {
            let io = registers.io();
            io.update(RCTL, |control| control.with_const_enable::<0>());
            io.update(TCTL, |control| control.with_const_enable::<0>());
            registers.flush();
            fsleep(Delta::from_millis(10));
            for queue in 0..self.pairs {
                queues::disable(registers, queue);
            }
            registers.flush();
            reset::reset(registers);
        }
        if !registers.is_present() {
            silence();
        }
        (self.into_state(0), Quiesced::after_reset())
    }
}
