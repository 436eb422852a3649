// SPDX-License-Identifier: GPL-2.0-only
//! The transmit path: pad, map, post, tell the card. One descriptor a frame: the device offers no feature that would bring a fragmented one.

use super::{adapter::Adapter, poll::WAKE_THRESHOLD};
use crate::{
    hw::queues,
    ring::{slot::Posted, tx::TxProducer},
    sys::{
        netdev::NetDev,
        operations::Transmit,
        ring_memory::RingMemory,
        skb::{MappedFrame, SkBuff},
        slots::SlotPutter,
    },
};
use kernel::sync::Arc;

/// Shorter frames make the MAC hang (datasheet 7.2.1.1: at least 17 bytes; it pads to 64 itself).
const SHORTEST_FRAME: u32 = 17;

/// The posting half, and whether the card knows the tail.
pub(crate) struct Producer {
    ring: TxProducer<Arc<RingMemory>, SlotPutter<Posted<MappedFrame>>, MappedFrame>,
    // Posted, but the stack promised more at once, so the doorbell waits.
    pending_tail: Option<u32>,
}

impl Producer {
    /// For a fresh ring.
    pub(crate) fn new(memory: Arc<RingMemory>, slots: SlotPutter<Posted<MappedFrame>>) -> Self {
        Self { ring: TxProducer::new(memory, slots), pending_tail: None }
    }

    fn ring_doorbell(&mut self, adapter: &Adapter) {
        if let Some(tail) = self.pending_tail.take() {
            queues::set_transmit_tail(&adapter.registers, tail);
        }
    }

    /// Sends one frame. With the queue's lock held.
    pub(crate) fn send(&mut self, adapter: &Adapter, frame: SkBuff) -> Transmit {
        if self.ring.free() == 0 {
            adapter.netdev.stop_queue();
            return Transmit::Busy(frame);
        }
        let Some(mapped) = frame.padded_to(SHORTEST_FRAME).and_then(|frame| frame.map(adapter.binding).ok()) else {
            adapter.counters.tx.dropped.add(1);
            self.ring_doorbell(adapter);
            return Transmit::Taken;
        };
        let (address, length) = (mapped.dma_address(), mapped.len());
        mapped.timestamp();
        match self.ring.post(mapped, address, length) {
            Ok(tail) => self.pending_tail = Some(tail),
            Err(frame) => {
                drop(frame);
                adapter.counters.tx.dropped.add(1);
            }
        }
        let tell = adapter.netdev.sent(length);
        if self.ring.free() == 0 {
            stop_until_room(&adapter.netdev, || self.ring.free());
        }
        if tell || adapter.netdev.is_queue_stopped() {
            self.ring_doorbell(adapter);
        }
        Transmit::Taken
    }
}

/// Stops the queue and looks again: the poll may have made room between the look and the stop, and would not wake a queue that was not stopped yet.
fn stop_until_room(netdev: &NetDev, free: impl Fn() -> u32) {
    netdev.stop_queue();
    kernel::sync::barrier::smp_mb(kernel::sync::barrier::Full);
    if free() >= WAKE_THRESHOLD {
        netdev.start_queue();
    }
}
