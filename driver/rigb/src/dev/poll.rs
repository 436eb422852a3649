// SPDX-License-Identifier: GPL-2.0-only
//! The poll of a queue pair: frames that were sent are freed, frames that arrived go up the stack, buffers are posted again.

use super::{
    receive::ReceiveQueue,
    statistics::QueueCounters,
    switches::Switches,
    transmit::{Producer, Sent, Slot, WAKE_THRESHOLD},
    vector::Vector,
};
use crate::{
    hw::{
        interrupts::{self, VectorPlan},
        moderation::{Activity, Room},
        registers::Registers,
    },
    ring::{slot::Quiesced, tx::TxConsumer},
    sys::{
        binding::Binding,
        mapping::{FragmentMapping, HeadMapping, Unmapping},
        napi::{Poll, PollContext, Rearm},
        netdev::NetDev,
        ring_memory::RingMemory,
        skb::WireCount,
        slots::SlotTaker,
        trace,
        transmit_queue::TransmitQueue,
        xdp_frame::XdpFrame,
    },
};
use core::sync::atomic::Ordering::Relaxed;
use kernel::sync::Arc;

/// The cleaning half of the transmit ring as it is used here.
pub(crate) type Consumer = TxConsumer<Arc<RingMemory>, SlotTaker<Slot>, Sent, FragmentMapping>;

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

/// What the poll needs of its surroundings.
pub(crate) struct Surroundings {
    /// The device, for its tracepoints.
    pub(crate) port: Binding,
    /// The pair's transmit queue, of which the poll has the cleaning half; frames that XDP sends back take the posting one, under its lock.
    pub(crate) transmit: Arc<TransmitQueue<Option<Producer>>>,
    /// The interface.
    pub(crate) netdev: Arc<NetDev>,
    /// What the pair counts.
    pub(crate) counters: Arc<QueueCounters>,
    /// The port's configuration.
    pub(crate) switches: Arc<Switches>,
    /// What the vector did.
    pub(crate) vector: Arc<Vector>,
    /// The card's.
    pub(crate) registers: Arc<Registers>,
}

/// What the poll owns.
pub(crate) struct QueuePoll {
    rings: Option<Rings>,
    surroundings: Surroundings,
    // Frames and bytes since the last interrupt, received and sent, and what the interrupts before it brought.
    received: (u32, u32),
    sent: (u32, u32),
    activity: Activity,
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
    pub(crate) fn new(surroundings: Surroundings) -> Self {
        Self { rings: None, surroundings, received: (0, 0), sent: (0, 0), activity: Activity::default() }
    }

    /// Its rings, while it has them.
    pub(crate) fn rings(&mut self) -> Option<&mut Rings> {
        self.rings.as_mut()
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
        // What arrived first: somebody waits for it.
        let (received, received_bytes) = rings.rx.receive(context, &self.surroundings, budget);
        let (cleaned, sent_bytes) = clean(&mut rings.tx, &self.surroundings, budget);
        // Nothing posted means no interrupt would ever come: stay in the poll until there is memory again.
        let again = cleaned == TRANSMIT_BUDGET || rings.rx.is_starved();
        let done = if again { budget } else { received };
        trace::poll(self.surroundings.port, || trace::Poll {
            queue: self.surroundings.transmit.queue().index(),
            budget,
            received,
            cleaned,
            complete: done < budget,
        });
        if budget > 0 {
            let room = Room { receive: rings.rx.size().count(), transmit: rings.tx.size().count() };
            self.count((received, received_bytes), (cleaned, sent_bytes), done < budget, room);
        }
        done
    }
}

impl QueuePoll {
    /// Counts what a poll took, frames and bytes each way, and once the last of an interrupt is done judges whether the card should wait longer or shorter.
    #[inline]
    fn count(&mut self, received: (u32, u32), sent: (u32, u32), ends: bool, room: Room) {
        self.surroundings.vector.count_poll((received.0 | sent.0) == 0);
        let sum =
            |(frames, bytes): (u32, u32), more: (u32, u32)| (frames.wrapping_add(more.0), bytes.wrapping_add(more.1));
        self.received = sum(self.received, received);
        self.sent = sum(self.sent, sent);
        if ends {
            self.activity.add(core::mem::take(&mut self.received), core::mem::take(&mut self.sent));
            if self.activity.is_enough() {
                let Surroundings { vector, registers, transmit, .. } = &self.surroundings;
                vector.adapt(registers, transmit.queue().index().into(), &self.activity, room);
                self.activity = Activity::default();
            }
        } else {
            self.surroundings.vector.count_exhausted();
        }
    }
}

/// Frees frames that the card has sent: how many of the ring's, and their bytes on the wire.
// Apart from the poll: its loop keeps all that it needs in registers.
#[inline(never)]
fn clean(consumer: &mut Consumer, surroundings: &Surroundings, budget: u32) -> (u32, u32) {
    let mut cleaned = 0u32;
    let mut total = WireCount::default();
    // Of these, what the byte queue limits do not know of.
    let mut unlimited_bytes = 0u32;
    let mut cleaning = consumer.clean();
    if cleaning.is_empty() {
        return (0, 0);
    }
    // All of these frames were mapped before, so what is said of their mappings now holds for each.
    let unmapping = Unmapping::of_made(surroundings.port);
    let port = surroundings.port;
    let tell = |index: u32, wire: WireCount| {
        trace::tx_done(port, || trace::TxDone {
            queue: surroundings.transmit.queue().index(),
            index,
            frames: wire.frames(),
            length: wire.bytes(),
        });
    };
    while cleaned < TRANSMIT_BUDGET {
        let Some((sent, last)) = cleaning.next_after(|piece| piece.complete(unmapping)) else { break };
        cleaned = cleaned.wrapping_add(1);
        match sent {
            Sent::Frame(frame) => {
                let wire = frame.wire();
                tell(last, wire);
                total = total.and(wire);
                frame.complete(unmapping, budget as i32);
            }
            Sent::Xdp { head, frame } => {
                let wire = returned(head, frame);
                tell(last, wire);
                total = total.and(wire);
                unlimited_bytes = unlimited_bytes.wrapping_add(wire.bytes());
            }
        }
    }
    drop(cleaning);
    if cleaned > 0 {
        let counters = &surroundings.counters.tx;
        counters.packets.add(total.frames().into());
        counters.bytes.add(total.bytes().into());
        let down = surroundings.switches.down.load(Relaxed);
        let (queue, mask) = (surroundings.transmit.queue(), consumer.size().mask());
        let limited_bytes = total.bytes().wrapping_sub(unlimited_bytes);
        if queue.cleaned(total.frames(), limited_bytes, consumer.indexes(), mask, WAKE_THRESHOLD, down) {
            counters.wakes.add(1);
        }
    }
    (cleaned, total.bytes())
}

#[cold]
#[inline(never)]
fn returned(head: HeadMapping, frame: XdpFrame) -> WireCount {
    let wire = WireCount::new(1, frame.len());
    // Unmapped first.
    drop(head);
    drop(frame);
    wire
}
