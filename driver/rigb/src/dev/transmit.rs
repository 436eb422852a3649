// SPDX-License-Identifier: GPL-2.0-only
//! The transmit path: plan, map, post, tell the card.

use super::{
    offload::Planner,
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
        copy_area::{CopyArea, CopyPlace},
        mapping::{FragmentMapping, HeadMapping},
        operations::Transmit,
        skb::{FrameFacts, MappedFrame, SkBuff, WireCount},
        slots::SlotPutter,
        trace,
        transmit_queue::{Plain, TxQueue},
        xdp_frame::XdpFrame,
    },
};
use core::sync::atomic::Ordering::Relaxed;
use kernel::sync::Arc;

/// Shorter frames make the MAC hang (datasheet 7.2.1.1: at least 17 bytes; it pads to 64 itself).
const SHORTEST_FRAME: u32 = 17;
/// Fewer free descriptors stop the queue: a frame of 17 fragments, its linear part, a context, and one that is never used.
pub(crate) const STOP_THRESHOLD: u32 = 17 + 4;
/// As many wake it again.
pub(crate) const WAKE_THRESHOLD: u32 = 2 * STOP_THRESHOLD;

/// A frame that the card may read, with its first piece mapped or copied. Field order: unmapped first, then freed.
pub(crate) enum Sent {
    /// The stack's.
    Frame(MappedFrame),
    /// XDP's.
    Xdp {
        /// Undone when the frame is.
        head: HeadMapping,
        /// The frame.
        frame: XdpFrame,
    },
}

/// What a slot of the transmit ring holds.
pub(crate) type Slot = TxSlot<Sent, FragmentMapping>;
type Memory = TracedMemory<TransmitPosts>;
type Ring = TxProducer<Memory, SlotPutter<Slot>, Sent, FragmentMapping>;

/// What a transmit ring consists of, on the posting side.
pub(crate) struct TransmitRing {
    /// Descriptors.
    pub(crate) memory: Memory,
    /// What software remembers beside each.
    pub(crate) slots: SlotPutter<Slot>,
    /// Where short frames are copied to; without it frames are mapped, however short.
    pub(crate) copies: Option<CopyArea>,
}

/// The posting half of an open queue, and whether the card knows the tail.
pub(crate) struct Producer {
    ring: Ring,
    copies: Option<CopyArea>,
    doorbell: TransmitDoorbell,
    queue: TxQueue,
    counters: Arc<QueueCounters>,
    switches: Arc<Switches>,
    planner: Planner,
    binding: Binding,
    // Frames were posted that the card was not told of: more were promised at once.
    pending: bool,
}

impl Producer {
    /// For a fresh ring.
    pub(crate) fn new(
        ring: TransmitRing,
        doorbell: TransmitDoorbell,
        queue: TxQueue,
        counters: Arc<QueueCounters>,
        switches: Arc<Switches>,
        binding: Binding,
    ) -> Self {
        let TransmitRing { memory, slots, copies } = ring;
        let (ring, planner) = (TxProducer::new(memory, slots), Planner::new());
        Self { ring, copies, doorbell, queue, counters, switches, planner, binding, pending: false }
    }

    /// Sends an XDP frame, without telling the card: `flush` does. Gives it back when there is no room, or no mapping for it. With the queue's lock held.
    pub(crate) fn send_xdp(&mut self, frame: XdpFrame) -> Result<(), XdpFrame> {
        // A buffer is a page at most, so each takes one descriptor.
        if self.ring.free() <= frame.fragments().wrapping_add(1) {
            return Err(frame);
        }
        let Some(head) = frame.map_head(self.binding) else { return Err(frame) };
        let Some(mut posting) = self.ring.begin(FrameCommand::new(frame.len()), None) else { return Err(frame) };
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
        posting.finish(Sent::Xdp { head, frame });
        self.pending = true;
        self.counters.tx.no_checksum.add(1);
        Ok(())
    }

    /// Tells the card of XDP's frames, and the stack's watchdog that the queue moves.
    pub(crate) fn flush(&mut self) {
        self.queue.touch();
        self.ring_doorbell();
    }

    /// Tells the card of the frames that wait for it, if any do.
    fn ring_doorbell(&mut self) {
        if self.pending {
            self.tell(self.ring.indexes().next_to_use());
        }
    }

    /// Copies to `to` what stands in the copy of the short frame that was sent last from descriptor `index`, if that is what the descriptor is of: how many bytes.
    pub(crate) fn look_copied(&self, index: u32, to: &mut [u8]) -> Option<u32> {
        let (area, descriptor) = (self.copies.as_ref()?, self.ring.descriptor(index));
        let (length, address) = (descriptor.transmits()?.length(), descriptor.dma_address());
        let to = to.get_mut(..length as usize)?;
        // The place is that of the frame's first descriptor, which may be a context before this one.
        let found = area.look(index, address, to) || area.look(self.ring.size().previous(index), address, to);
        (found && length > 0).then_some(length)
    }

    /// Tells the card that it may go up to `tail`.
    #[inline(always)]
    fn tell(&mut self, tail: u32) {
        trace::tx_doorbell(self.binding, || trace::TxDoorbell {
            queue: self.queue.index(),
            next_to_use: tail,
            next_to_clean: self.ring.indexes().next_to_clean(),
            free: self.ring.free(),
        });
        self.doorbell.ring(tail);
        self.pending = false;
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
    #[inline(always)]
    pub(crate) fn send(&mut self, frame: SkBuff) -> Transmit {
        let length = frame.len();
        // Most frames of most loads: one piece that one descriptor carries, and nothing to be done to it.
        if !(SHORTEST_FRAME..=MOST_TX_BYTES).contains(&length) || !frame.is_linear() {
            return self.send_other(frame);
        }
        let Some(room) = self.ring.room() else { return self.send_other(frame) };
        let copy = copy_place(&mut self.copies, &self.switches, room.index());
        match self.queue.map_plain(self.binding, frame, length, copy) {
            Plain::Mapped { head, frame, doorbell } => {
                let left = room.free().wrapping_sub(1);
                let address = head.dma_address();
                let sent = Sent::Frame(MappedFrame::new(head, frame, WireCount::new(1, length)));
                let tail = room.post(FrameCommand::new(length), sent, address, length);
                self.counters.tx.no_checksum.add(1);
                self.posted(tail, left, doorbell)
            }
            Plain::Refused(_freed) => self.dropped(),
            Plain::Not(frame) => self.send_other(frame),
        }
    }

    /// A frame was posted up to `tail` and at least `left` descriptors are free: tells the stack when there are few, and the card when it is time.
    #[inline(always)]
    fn posted(&mut self, tail: u32, left: u32, doorbell: bool) -> Transmit {
        if (left < STOP_THRESHOLD && self.stopped()) || doorbell {
            self.tell(tail);
        } else {
            self.pending = true;
        }
        Transmit::Taken
    }

    /// Stops the queue when few descriptors are left. Whether it did.
    #[cold]
    fn stopped(&self) -> bool {
        let mask = self.ring.size().mask();
        let stopped = self.queue.maybe_stop(self.ring.indexes(), mask, STOP_THRESHOLD, WAKE_THRESHOLD);
        if stopped {
            self.counters.tx.stops.add(1);
        }
        stopped
    }

    /// The frame is gone. Frames before it may still wait for the card to be told.
    #[cold]
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

    /// Sends a frame that is not a plain one, or has no room.
    #[inline(never)]
    fn send_other(&mut self, frame: SkBuff) -> Transmit {
        let padded = if frame.len() < SHORTEST_FRAME { frame.padded_to(SHORTEST_FRAME) } else { Some(frame) };
        let Some(mut frame) = padded else { return self.dropped() };
        let mut facts = FrameFacts::none();
        frame.describe(&mut facts);
        // One for each piece, unless a piece is longer than a descriptor carries; and one for a context.
        let data = match facts.length() {
            ..=MOST_TX_BYTES => facts.fragments().wrapping_add(1),
            _ => frame.descriptors(MOST_TX_BYTES),
        };
        let needed = data.wrapping_add(1);
        if self.ring.free() < needed && self.stop_without(needed) {
            self.ring_doorbell();
            return Transmit::Busy(frame);
        }
        let Some(plan) = self.planner.plan(&mut frame, &facts) else { return self.dropped() };
        let head_length = facts.head_length();
        let copy = copy_place(&mut self.copies, &self.switches, self.ring.indexes().next_to_use());
        let copied = frame.copy_head(self.binding, head_length, copy);
        let Some(head) = copied.or_else(|| frame.map_head(self.binding, head_length)) else { return self.dropped() };
        let stamped = facts.wants_timestamp() && self.switches.timestamps.claim(&frame);
        let command = if stamped { plan.command.with_timestamp() } else { plan.command };
        let Some(mut posting) = self.ring.begin(command, plan.context) else {
            return self.dropped_unstamped(stamped);
        };
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
        let doorbell = self.queue.sent(&frame, plan.wire.bytes());
        let tail = posting.finish(Sent::Frame(MappedFrame::new(head, frame, plan.wire)));
        self.counters.tx.count(plan, facts.length());
        self.posted(tail, self.ring.free(), doorbell)
    }
}

/// Where a short frame is copied to whose first descriptor is `index`.
#[inline(always)]
fn copy_place<'a>(copies: &'a mut Option<CopyArea>, switches: &Switches, index: u32) -> CopyPlace<'a> {
    copies.as_mut().map_or(CopyPlace::NONE, |area| area.place(index, switches.tx_copybreak.load(Relaxed)))
}
