// SPDX-License-Identifier: GPL-2.0-only
//! The poll of a queue pair: frames that were sent are freed, frames that arrived go up the stack, buffers are posted again.

use super::{
    receive::ReceiveQueue,
    statistics::QueueCounters,
    switches::Switches,
    transmit::{Slot, WAKE_THRESHOLD},
    vector::Vector,
};
use crate::{
    hw::{
        interrupts::{self, VectorPlan},
        registers::Registers,
    },
    ring::{slot::Quiesced, tx::TxConsumer},
    sys::{
        napi::{Poll, PollContext, Rearm},
        netdev::NetDev,
        ring_memory::RingMemory,
        skb::{FragmentMapping, MappedFrame},
        slots::SlotTaker,
        transmit_queue::TxQueue,
    },
};
use core::sync::atomic::Ordering::Relaxed;
use kernel::sync::Arc;

/// The cleaning half of the transmit ring as it is used here.
pub(crate) type Consumer = TxConsumer<Arc<RingMemory>, SlotTaker<Slot>, MappedFrame, FragmentMapping>;

/// Transmit descriptors cleaned in one poll.
const TRANSMIT_BUDGET: u32 = 128;

/// The rings of an open queue pair, as its poll holds them.
pub(crate) struct Rings {
    /// Receive.
    pub(crate) rx: ReceiveQueue,
    /// Transmit, the cleaning half.
    pub(crate) tx: Consumer,
}

impl Rings {
    /// Takes everything back from a stopped queue. How many frames were not sent.
    pub(crate) fn reclaim(self, proof: &Quiesced) -> u32 {
        self.rx.reclaim(proof);
        self.tx.reclaim(proof)
    }
}

/// What the poll owns.
pub(crate) struct QueuePoll {
    rings: Option<Rings>,
    queue: TxQueue,
    netdev: Arc<NetDev>,
    counters: Arc<QueueCounters>,
    switches: Arc<Switches>,
    vector: Arc<Vector>,
}

/// What re-arms the queue's interrupt.
pub(crate) struct QueueRearm {
    registers: Arc<Registers>,
    plan: VectorPlan,
    pair: u32,
}

impl QueueRearm {
    /// For one queue pair.
    pub(crate) fn new(registers: Arc<Registers>, plan: VectorPlan, pair: u32) -> Self {
        Self { registers, plan, pair }
    }
}

impl Rearm for QueueRearm {
    #[inline]
    fn rearm(&self) {
        interrupts::rearm_queue(&self.registers, self.plan, self.pair);
    }
}

impl QueuePoll {
    /// A poll without rings.
    pub(crate) fn new(
        queue: TxQueue,
        netdev: Arc<NetDev>,
        counters: Arc<QueueCounters>,
        switches: Arc<Switches>,
        vector: Arc<Vector>,
    ) -> Self {
        Self { rings: None, queue, netdev, counters, switches, vector }
    }

    /// Gives the poll its rings, or takes them away; returns what it had.
    pub(crate) fn exchange(&mut self, rings: Option<Rings>) -> Option<Rings> {
        core::mem::replace(&mut self.rings, rings)
    }
}

impl Poll for QueuePoll {
    type Rearm = QueueRearm;

    fn poll(&mut self, context: &PollContext<'_>, budget: u32) -> u32 {
        let Some(rings) = self.rings.as_mut() else { return 0 };
        let cleaned = clean(&mut rings.tx, &self.queue, &self.counters, &self.switches, budget);
        let received = rings.rx.receive(context, &self.netdev, &self.counters.rx, &self.switches, budget);
        if budget > 0 {
            self.vector.count_poll(cleaned, received);
        }
        // Nothing posted means no interrupt would ever come: stay in the poll until there is memory again.
        if cleaned == TRANSMIT_BUDGET || rings.rx.is_starved() {
            return budget;
        }
        received
    }
}

fn clean(consumer: &mut Consumer, queue: &TxQueue, counters: &QueueCounters, switches: &Switches, budget: u32) -> u32 {
    let mut cleaned = 0u32;
    let mut packets = 0u32;
    let mut bytes = 0u32;
    while cleaned < TRANSMIT_BUDGET {
        let Some(frame) = consumer.next() else { break };
        let wire = frame.wire();
        cleaned = cleaned.wrapping_add(1);
        packets = packets.wrapping_add(wire.frames);
        bytes = bytes.wrapping_add(wire.bytes);
        frame.complete(budget as i32);
    }
    if cleaned > 0 {
        counters.tx.packets.add(packets.into());
        counters.tx.bytes.add(bytes.into());
        let down = switches.down.load(Relaxed);
        let mask = consumer.size().mask();
        if queue.cleaned(packets, bytes, consumer.indexes(), mask, WAKE_THRESHOLD, down) {
            counters.tx.wakes.add(1);
        }
    }
    cleaned
}
