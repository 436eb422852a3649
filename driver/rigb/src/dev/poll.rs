// SPDX-License-Identifier: GPL-2.0-only
//! The poll of queue pair 0: frames that were sent are freed, frames that arrived go up the stack, buffers are posted again.

use super::{adapter::Vector, statistics::Counters};
use crate::{
    hw::{interrupts, queues, registers::Registers},
    ring::{
        rx::{Received, RxIndexes, RxRing},
        slot::{Posted, Quiesced},
        tx::TxConsumer,
    },
    sys::{
        napi::{Poll, PollContext, Rearm},
        netdev::NetDev,
        page_pool::{PagePool, RxPage},
        ring_memory::RingMemory,
        skb::MappedFrame,
        slots::SlotTaker,
    },
};
use core::sync::atomic::{AtomicBool, Ordering::Relaxed};
use kernel::{prelude::*, sync::Arc};

/// The receive ring as it is used here.
pub(crate) type ReceiveRing = RxRing<Arc<RingMemory>, KVec<Option<Posted<RxPage>>>, Arc<RxIndexes>, RxPage>;
/// The cleaning half of the transmit ring as it is used here.
pub(crate) type Consumer = TxConsumer<Arc<RingMemory>, SlotTaker<Posted<MappedFrame>>, MappedFrame>;

/// Transmit descriptors cleaned in one poll.
const TRANSMIT_BUDGET: u32 = 128;
/// Frames received between two refills.
const REFILL_EVERY: u32 = 16;
/// Free descriptors at which a stopped transmit queue is woken.
pub(crate) const WAKE_THRESHOLD: u32 = 32;

/// The rings of an open interface.
pub(crate) struct Rings {
    rx: ReceiveRing,
    tx: Consumer,
    pool: Arc<PagePool>,
    // Inside a frame that spans several buffers: such are longer than we allow and dropped whole.
    discarding: bool,
}

impl Rings {
    /// The rings as set up by `open`.
    pub(crate) fn new(rx: ReceiveRing, tx: Consumer, pool: Arc<PagePool>) -> Self {
        Self { rx, tx, pool, discarding: false }
    }

    /// Posts the first buffers; false when not even one could be had.
    pub(crate) fn fill(&mut self, counters: &Counters, registers: &Registers) -> bool {
        refill(self, counters, registers);
        self.rx.posted() > 0
    }

    /// Takes everything back from a stopped queue.
    pub(crate) fn reclaim(self, proof: &Quiesced) {
        self.rx.reclaim(proof);
        self.tx.reclaim(proof);
    }
}

/// What the poll owns.
pub(crate) struct QueuePoll {
    rings: Option<Rings>,
    registers: Arc<Registers>,
    netdev: Arc<NetDev>,
    counters: Arc<Counters>,
    wakes: Arc<AtomicBool>,
    vector: Arc<Vector>,
}

/// What re-arms the queue's interrupt.
pub(crate) struct QueueRearm {
    registers: Arc<Registers>,
    msix: bool,
}

impl QueueRearm {
    /// For one port.
    pub(crate) fn new(registers: Arc<Registers>, msix: bool) -> Self {
        Self { registers, msix }
    }
}

impl Rearm for QueueRearm {
    fn rearm(&self) {
        interrupts::rearm_queue(&self.registers, self.msix);
    }
}

impl QueuePoll {
    /// A poll without rings.
    pub(crate) fn new(
        registers: Arc<Registers>,
        netdev: Arc<NetDev>,
        counters: Arc<Counters>,
        wakes: Arc<AtomicBool>,
        vector: Arc<Vector>,
    ) -> Self {
        Self { rings: None, registers, netdev, counters, wakes, vector }
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
        let cleaned = clean(rings, &self.netdev, &self.counters, &self.wakes, budget);
        let received = receive(rings, context, &self.counters, &self.registers, budget);
        if budget > 0 {
            let mut counts = self.vector.counts.lock();
            counts.polls = counts.polls.wrapping_add(1);
            if cleaned == 0 && received == 0 {
                counts.spurious = counts.spurious.wrapping_add(1);
            }
        }
        // Nothing posted means no interrupt would ever come: stay in the poll until there is memory again.
        if cleaned == TRANSMIT_BUDGET || rings.rx.posted() == 0 {
            return budget;
        }
        received
    }
}

fn clean(rings: &mut Rings, netdev: &NetDev, counters: &Counters, wakes: &AtomicBool, budget: u32) -> u32 {
    let mut packets = 0u32;
    let mut bytes = 0u32;
    while packets < TRANSMIT_BUDGET {
        let Some(frame) = rings.tx.next() else { break };
        packets = packets.wrapping_add(1);
        bytes = bytes.wrapping_add(frame.len());
        frame.unmap().consume(budget as i32);
    }
    if packets > 0 {
        counters.tx.packets.add(packets.into());
        counters.tx.bytes.add(bytes.into());
        netdev.completed(packets, bytes);
        // Pairs with the barrier in the transmit path: either it sees the room, or we see that it stopped.
        kernel::sync::barrier::smp_mb(kernel::sync::barrier::Full);
        if rings.tx.free() >= WAKE_THRESHOLD && netdev.is_queue_stopped() && wakes.load(Relaxed) {
            netdev.wake_queue();
        }
    }
    packets
}

fn receive(
    rings: &mut Rings,
    context: &PollContext<'_>,
    counters: &Counters,
    registers: &Registers,
    budget: u32,
) -> u32 {
    let mut received = 0u32;
    let mut packets = 0u64;
    let mut bytes = 0u64;
    while received < budget {
        let Some(buffer) = rings.rx.next() else { break };
        received = received.wrapping_add(1);
        let length = buffer.length;
        if take(&mut rings.discarding, buffer, context, counters) {
            packets = packets.wrapping_add(1);
            bytes = bytes.wrapping_add(length.into());
        }
        if received % REFILL_EVERY == 0 {
            refill(rings, counters, registers);
        }
    }
    counters.rx.packets.add(packets);
    counters.rx.bytes.add(bytes);
    if budget > 0 {
        refill(rings, counters, registers);
    }
    received
}

/// Delivers one buffer, or drops it and says why in the counters. What the card says about the length is checked against the buffer.
fn take(discarding: &mut bool, buffer: Received<RxPage>, context: &PollContext<'_>, counters: &Counters) -> bool {
    let whole = buffer.end_of_packet && !*discarding;
    let counted = *discarding;
    *discarding = !buffer.end_of_packet;
    if !whole || buffer.bad || buffer.length == 0 || buffer.length > queues::BUFFER_BYTES {
        if !counted {
            counters.rx.errors.add(1);
        }
        return false;
    }
    let delivered = buffer.buffer.deliver(buffer.length, context);
    if !delivered {
        counters.rx.dropped.add(1);
    }
    delivered
}

fn refill(rings: &mut Rings, counters: &Counters, registers: &Registers) {
    let Rings { rx, pool, .. } = rings;
    let mut starved = false;
    let tail = rx.refill(|| {
        let page = pool.allocate();
        starved = page.is_none();
        page.map(|page| {
            let address = page.dma_address();
            (page, address)
        })
    });
    if starved {
        counters.rx.no_buffer.add(1);
    }
    if let Some(tail) = tail {
        queues::set_receive_tail(registers, tail);
    }
}
