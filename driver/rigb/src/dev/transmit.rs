// SPDX-License-Identifier: GPL-2.0-only
//! The transmit path: plan, map, post, tell the card.

use super::{
    offload,
    statistics::QueueCounters,
    switches::Switches,
    traced_memory::{TracedMemory, TransmitPosts},
};
use crate::{
    hw::queues::TransmitDoorbell,
    ring::{
        descriptor::{FrameCommand, MOST_TX_BYTES},
        tx::{TxProducer, TxSlot},
    },
    sys::{
        binding::Binding,
        operations::Transmit,
        skb::{FragmentMapping, FrameFacts, HeadMapping, MappedFrame, SkBuff, WireCount},
        slots::SlotPutter,
        trace,
        transmit_queue::TxQueue,
        xdp::XdpFrame,
    },
};
use kernel::sync::Arc;

/// Shorter frames make the MAC hang (datasheet 7.2.1.1: at least 17 bytes; it pads to 64 itself).
const SHORTEST_FRAME: u32 = 17;
/// Fewer free descriptors stop the queue: a frame of 17 fragments, its linear part, a context, and one that is never used.
pub(crate) const STOP_THRESHOLD: u32 = 17 + 4;
/// As many wake it again.
pub(crate) const WAKE_THRESHOLD: u32 = 2 * STOP_THRESHOLD;

/// A frame that the card may read, with its first piece mapped. Field order: unmapped first, then freed.
pub(crate) enum Sent {
    /// The stack's.
    Frame(MappedFrame),
    /// XDP's.
    Xdp(HeadMapping, XdpFrame),
}

impl Sent {
    /// What it counts for, and whether the byte queue limits know of it.
    #[inline(always)]
    pub(crate) fn wire(&self) -> (WireCount, bool) {
        match self {
            Self::Frame(frame) => (frame.wire(), true),
            Self::Xdp(_, frame) => (WireCount { frames: 1, bytes: frame.len() }, false),
        }
    }

    /// Ends the mapping and frees the frame as one that was sent. `budget` is the poll's.
    #[inline(always)]
    pub(crate) fn complete(self, budget: i32) {
        match self {
            Self::Frame(frame) => frame.complete(budget),
            Self::Xdp(..) => {}
        }
    }
}

/// What a slot of the transmit ring holds.
pub(crate) type Slot = TxSlot<Sent, FragmentMapping>;
type Memory = TracedMemory<TransmitPosts>;
type Ring = TxProducer<Memory, SlotPutter<Slot>, Sent, FragmentMapping>;

/// The posting half of an open queue, and whether the card knows the tail.
pub(crate) struct Producer {
    ring: Ring,
    doorbell: TransmitDoorbell,
    queue: TxQueue,
    counters: Arc<QueueCounters>,
    switches: Arc<Switches>,
    binding: Binding,
    // Posted, but the stack promised more at once, so the doorbell waits.
    pending_tail: Option<u32>,
}

impl Producer {
    /// For a fresh ring.
    pub(crate) fn new(
        memory: Memory,
        slots: SlotPutter<Slot>,
        doorbell: TransmitDoorbell,
        queue: TxQueue,
        counters: Arc<QueueCounters>,
        switches: Arc<Switches>,
        binding: Binding,
    ) -> Self {
        Self { ring: TxProducer::new(memory, slots), doorbell, queue, counters, switches, binding, pending_tail: None }
    }

    /// Sends an XDP frame, without telling the card: `flush` does. Gives it back when there is no room, or no mapping for it. With the queue's lock held.
    pub(crate) fn send_xdp(&mut self, frame: XdpFrame) -> Result<(), XdpFrame> {
        // A buffer is a page at most, so each takes one descriptor.
        if self.ring.free() <= frame.fragments().wrapping_add(1) {
            return Err(frame);
        }
        let Some(head) = frame.map_head(self.binding) else { return Err(frame) };
        let mut posting = self.ring.begin(FrameCommand::new(frame.len()), None);
        posting.data(head.dma_address(), frame.head_length());
        for index in 0..frame.fragments() {
            let mapped = frame.map_fragment(self.binding, index).is_some_and(|mapping| {
                let (address, length) = (mapping.dma_address(), mapping.length());
                posting.piece(mapping, address, length)
            });
            if !mapped {
                return Err(frame);
            }
        }
        match posting.finish(Sent::Xdp(head, frame)) {
            Ok(tail) => {
                self.pending_tail = Some(tail);
                self.counters.tx.no_checksum.add(1);
                Ok(())
            }
            Err(Some(Sent::Xdp(_, frame))) => Err(frame),
            Err(_) => Ok(()),
        }
    }

    /// Tells the card of XDP's frames, and the stack's watchdog that the queue moves.
    pub(crate) fn flush(&mut self) {
        self.queue.touch();
        self.ring_doorbell();
    }

    #[inline(always)]
    fn ring_doorbell(&mut self) {
        if let Some(tail) = self.pending_tail.take() {
            trace::tx_doorbell(self.binding, || trace::TxDoorbell {
                queue: self.queue.index(),
                next_to_use: tail,
                next_to_clean: self.ring.indexes().next_to_clean(),
                free: self.ring.free(),
            });
            self.doorbell.ring(tail);
        }
    }

    /// Stops the queue, unless the poll has made room meanwhile. Whether there is no room.
    fn stop_without(&self, needed: u32) -> bool {
        self.queue.stop();
        // Pairs with the barrier in the poll: either it sees that we stopped, or we see its room.
        kernel::sync::barrier::smp_mb(kernel::sync::barrier::Full);
        if self.ring.free() < needed {
            return true;
        }
        self.queue.start();
        false
    }

    /// Sends one frame. With the queue's lock held.
    pub(crate) fn send(&mut self, frame: SkBuff, facts: &FrameFacts) -> Transmit {
        if facts.length() < SHORTEST_FRAME {
            let Some(frame) = frame.padded_to(SHORTEST_FRAME) else { return self.dropped() };
            let facts = frame.describe();
            return self.post(frame, &facts);
        }
        // Most frames of most loads: one piece, nothing to be done to it.
        if facts.is_plain() && facts.fragments() == 0 && facts.length() <= MOST_TX_BYTES && self.ring.free() > 0 {
            return self.post_plain(frame, facts.length());
        }
        self.post(frame, facts)
    }

    /// Posts a frame of one piece that asks for no offload. The caller has seen that a descriptor is free.
    #[inline(always)]
    fn post_plain(&mut self, frame: SkBuff, length: u32) -> Transmit {
        let Some(head) = frame.map_head(self.binding, length) else { return self.dropped() };
        let address = head.dma_address();
        frame.timestamp();
        let wire = WireCount { frames: 1, bytes: length };
        match self.ring.single(FrameCommand::new(length), Sent::Frame(MappedFrame::new(head, frame, wire)), address, length) {
            Ok(tail) => self.pending_tail = Some(tail),
            Err(_no_room) => return self.dropped(),
        }
        self.counters.tx.no_checksum.add(1);
        self.posted(length)
    }

    /// A frame of `bytes` on the wire was posted: tells the stack, and the card when it is time.
    #[inline(always)]
    fn posted(&mut self, bytes: u32) -> Transmit {
        let mask = self.ring.size().mask();
        let posted = self.queue.posted(bytes, self.ring.indexes(), mask, STOP_THRESHOLD, WAKE_THRESHOLD);
        if posted.stopped {
            self.counters.tx.stops.add(1);
        }
        if posted.doorbell {
            self.ring_doorbell();
        }
        Transmit::Taken
    }

    /// The frame is gone. Frames before it may still wait for the card to be told.
    fn dropped(&mut self) -> Transmit {
        self.counters.tx.dropped.add(1);
        self.ring_doorbell();
        Transmit::Taken
    }

    /// The same for a frame whose stamp may be awaited.
    fn dropped_unstamped(&mut self, awaited: bool) -> Transmit {
        if awaited {
            self.switches.timestamps.abandon();
        }
        self.dropped()
    }

    fn post(&mut self, mut frame: SkBuff, facts: &FrameFacts) -> Transmit {
        let data = match facts.fragments() {
            0 if facts.head_length() <= MOST_TX_BYTES => 1,
            _ => frame.descriptors(MOST_TX_BYTES),
        };
        let needed = data.wrapping_add(1);
        if self.ring.free() < needed && self.stop_without(needed) {
            self.ring_doorbell();
            return Transmit::Busy(frame);
        }
        let Some(mut plan) = offload::plan(&mut frame, facts) else { return self.dropped() };
        let head_length = facts.head_length();
        let Some(head) = frame.map_head(self.binding, head_length) else { return self.dropped() };
        let stamped = facts.wants_timestamp() && self.switches.timestamps.claim(&frame);
        if stamped {
            plan.command = plan.command.with_timestamp();
        }
        let mut posting = self.ring.begin(plan.command, plan.context);
        posting.data(head.dma_address(), head_length);
        for index in 0..facts.fragments() {
            let mapped = frame.map_fragment(self.binding, index).is_some_and(|mapping| {
                let (address, length) = (mapping.dma_address(), mapping.length());
                posting.piece(mapping, address, length)
            });
            if !mapped {
                drop(posting);
                drop(head);
                drop(frame);
                return self.dropped_unstamped(stamped);
            }
        }
        frame.timestamp();
        match posting.finish(Sent::Frame(MappedFrame::new(head, frame, plan.wire))) {
            Ok(tail) => self.pending_tail = Some(tail),
            Err(_no_room) => return self.dropped_unstamped(stamped),
        }
        let counters = &self.counters.tx;
        if plan.checksummed {
            counters.needs_checksum.add(1);
        } else {
            counters.no_checksum.add(1);
        }
        if plan.segmented {
            counters.segmented.add(1);
            counters.segmented_bytes.add(facts.length().into());
            counters.segments.add(plan.wire.frames.into());
            counters.segments_bytes.add(plan.wire.bytes.into());
        }
        self.posted(plan.wire.bytes)
    }
}
