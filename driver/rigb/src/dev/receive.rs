// SPDX-License-Identifier: GPL-2.0-only
//! The receive side of a queue pair: buffers that the card has filled become frames, frames go up the stack, buffers are posted again.

use super::{statistics::ReceiveCounters, switches::Switches};
use crate::{
    hw::queues::ReceiveDoorbell,
    ring::{
        DescriptorMemory,
        descriptor::{Checksum, ReceiveStatus},
        rx::{PreparedRx, Received, RxIndexes, RxRing},
        slot::{Posted, Quiesced},
    },
    sys::{
        napi::{NapiHandle, PollContext},
        netdev::NetDev,
        page_pool::{BufferLayout, PagePool, RxBuffer, RxFacts, RxFrame},
        ring_memory::RingMemory,
    },
};
use core::sync::atomic::Ordering::Relaxed;
use kernel::{prelude::*, sync::Arc};

/// The receive ring as it is used here.
pub(crate) type Ring = RxRing<Arc<RingMemory>, KVec<Option<Posted<RxBuffer>>>, Arc<RxIndexes>, RxBuffer>;

/// Buffers that came back between two refills.
const REFILL_EVERY: u32 = 16;

/// What has arrived of a frame that spans several buffers.
enum Partial {
    /// Nothing: the next buffer begins a frame.
    Nothing,
    /// Its first buffers, and their bytes.
    Begun(RxFrame, u32),
    /// It is dropped; what else comes of it is too.
    Discarding,
}

/// A receive ring with its buffers' pool and its doorbell.
pub(crate) struct ReceiveQueue {
    ring: Ring,
    pool: PagePool,
    layout: BufferLayout,
    doorbell: ReceiveDoorbell,
    partial: Partial,
    index: u16,
}

/// What one poll found.
#[derive(Default)]
struct Tally {
    packets: u64,
    bytes: u64,
    checksum_good: u64,
    checksum_bad: u64,
}

/// A receive ring with buffers that the card does not know of yet. Field order: the buffers go back to their pool first.
pub(crate) struct PreparedReceive {
    ring: PreparedRx<Arc<RingMemory>, KVec<Option<Posted<RxBuffer>>>, Arc<RxIndexes>, RxBuffer>,
    pool: PagePool,
    index: u16,
}

impl PreparedReceive {
    /// Receive queue `index` with buffers of `pool`, as far as there is memory. `ENOMEM` when not even one could be had.
    pub(crate) fn new(memory: Arc<RingMemory>, indexes: Arc<RxIndexes>, mut pool: PagePool, index: u16) -> Result<Self> {
        let count = memory.size().count();
        let mut slots = KVec::with_capacity(count as usize, GFP_KERNEL)?;
        for _ in 0..count {
            slots.push(None, GFP_KERNEL)?;
        }
        let ring = PreparedRx::new(memory, slots, indexes, || pool.allocate()).ok_or(ENOMEM)?;
        Ok(Self { ring, pool, index })
    }

    /// The card's side runs: announces the buffers. From now on pages come back to the pool through `napi`, which is disabled now.
    pub(crate) fn start(self, doorbell: ReceiveDoorbell, napi: NapiHandle<'_>) -> Result<ReceiveQueue> {
        let Self { ring, pool, index } = self;
        let ring = ring.start().ok_or(EINVAL)?;
        pool.recycle_in(napi);
        doorbell.ring(ring.next_to_use());
        let layout = pool.layout();
        Ok(ReceiveQueue { ring, pool, layout, doorbell, partial: Partial::Nothing, index })
    }
}

impl ReceiveQueue {
    /// The card has no buffer to write into.
    pub(crate) fn is_starved(&self) -> bool {
        self.ring.posted() == 0
    }

    /// Takes all buffers back from a stopped queue.
    pub(crate) fn reclaim(self, proof: &Quiesced) {
        let Self { ring, pool, partial, .. } = self;
        ring.reclaim(proof);
        drop(partial);
        drop(pool);
    }

    fn refill(&mut self, counters: &ReceiveCounters) {
        let pool = &mut self.pool;
        let mut starved = false;
        let tail = self.ring.refill(|| {
            let buffer = pool.allocate();
            starved = buffer.is_none();
            buffer
        });
        if starved {
            counters.no_buffer.add(1);
        }
        if let Some(tail) = tail {
            self.doorbell.ring(tail);
        }
    }

    /// Works off at most `budget` frames; how many.
    pub(crate) fn receive(
        &mut self,
        context: &PollContext<'_>,
        netdev: &NetDev,
        counters: &ReceiveCounters,
        switches: &Switches,
        budget: u32,
    ) -> u32 {
        let mut frames = 0u32;
        let mut buffers = 0u32;
        let mut tally = Tally::default();
        while frames < budget {
            let Some(received) = self.ring.next() else { break };
            buffers = buffers.wrapping_add(1);
            frames = frames.wrapping_add(u32::from(received.status.end_of_packet()));
            self.take(received, context, netdev, counters, switches, &mut tally);
            if buffers >= REFILL_EVERY {
                buffers = 0;
                self.refill(counters);
            }
        }
        if frames > 0 {
            counters.packets.add(tally.packets);
            counters.bytes.add(tally.bytes);
            counters.checksum_good.add(tally.checksum_good);
            counters.checksum_bad.add(tally.checksum_bad);
        }
        if budget > 0 && (buffers > 0 || self.is_starved()) {
            self.refill(counters);
        }
        frames
    }

    /// Whether what the card says of a buffer can be: it fills all but the last of a frame, and never more than there is.
    fn makes_sense(&self, status: ReceiveStatus) -> bool {
        let (length, capacity) = (status.length(), self.layout.capacity());
        if status.end_of_packet() { length > 0 && length <= capacity && !status.bad() } else { length == capacity }
    }

    #[inline]
    fn take(
        &mut self,
        received: Received<RxBuffer>,
        context: &PollContext<'_>,
        netdev: &NetDev,
        counters: &ReceiveCounters,
        switches: &Switches,
        tally: &mut Tally,
    ) {
        let Received { buffer, status, hash } = received;
        let ends = status.end_of_packet();
        let length = status.length();
        let before = core::mem::replace(&mut self.partial, Partial::Nothing);
        if matches!(before, Partial::Discarding) || !self.makes_sense(status) {
            if !matches!(before, Partial::Discarding) {
                counters.errors.add(1);
            }
            if !ends {
                self.partial = Partial::Discarding;
            }
            return;
        }
        let (frame, bytes) = match before {
            Partial::Begun(mut frame, bytes) => {
                if !frame.add(buffer, self.layout, length) {
                    counters.errors.add(1);
                    if !ends {
                        self.partial = Partial::Discarding;
                    }
                    return;
                }
                (frame, bytes.wrapping_add(length))
            }
            _ => match buffer.build(self.layout, length, context) {
                Some(frame) => (frame, length),
                None => {
                    counters.dropped.add(1);
                    if !ends {
                        self.partial = Partial::Discarding;
                    }
                    return;
                }
            },
        };
        if !ends {
            self.partial = Partial::Begun(frame, bytes);
            return;
        }
        tally.packets = tally.packets.wrapping_add(1);
        tally.bytes = tally.bytes.wrapping_add(bytes.into());
        let mut facts = RxFacts { checksum_good: false, hash: None, vlan_tag: status.vlan_tag(), queue: self.index };
        if switches.rx_checksum.load(Relaxed) {
            match status.checksum() {
                Checksum::Good => {
                    facts.checksum_good = true;
                    tally.checksum_good = tally.checksum_good.wrapping_add(1);
                }
                Checksum::Bad => tally.checksum_bad = tally.checksum_bad.wrapping_add(1),
                Checksum::Unknown => {}
            }
        }
        if switches.rx_hash.load(Relaxed) {
            facts.hash = hash.map(|hash| (hash.value, hash.with_ports));
        }
        frame.deliver(facts, netdev, context);
    }
}
