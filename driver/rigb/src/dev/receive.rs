// SPDX-License-Identifier: GPL-2.0-only
//! The receive side of a queue pair: buffers that the card has filled become frames, frames go up the stack, buffers are posted again.

use super::{
    poll::Surroundings,
    statistics::ReceiveCounters,
    traced_memory::{ReceivePosts, TracedMemory},
};
use crate::{
    hw::queues::ReceiveDoorbell,
    ring::{
        DescriptorMemory,
        descriptor::{Checksum, ReceiveStatus},
        index::RingSize,
        rx::{PreparedRx, Received, RxIndexes, RxRing},
        slot::{Posted, Quiesced},
    },
    sys::{
        binding::Binding,
        napi::{NapiHandle, PollContext},
        page_pool::{BufferLayout, PagePool, RxBuffer, RxFacts, RxFrame},
        ring_memory::RingMemory,
        trace,
        xdp::{self, AttachedProgram, RxqInfo, Verdict, XdpBuff},
    },
};
use core::sync::atomic::Ordering::Relaxed;
use kernel::{prelude::*, sync::Arc};

type Memory = TracedMemory<ReceivePosts>;
type Slots = KVec<Option<Posted<RxBuffer>>>;
type Ring = RxRing<Memory, Slots, Arc<RxIndexes>, RxBuffer>;

/// Buffers that came back between two refills.
const REFILL_EVERY: u32 = 16;

/// A frame as it is put together from buffers: for the stack, or for the program that is attached when it begins.
enum Assembly {
    Frame(RxFrame),
    Xdp(XdpBuff),
}

impl Assembly {
    fn add(&mut self, buffer: RxBuffer, layout: BufferLayout, length: u32) -> bool {
        match self {
            Self::Frame(frame) => frame.add(buffer, layout, length),
            Self::Xdp(frame) => frame.add(buffer, layout, length),
        }
    }
}

/// What has arrived of a frame that spans several buffers.
enum Partial {
    /// Nothing: the next buffer begins a frame.
    Nothing,
    /// Its first buffers, and their bytes.
    Begun(Assembly, u32),
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
    rxq: RxqInfo,
    port: Binding,
    index: u16,
}

/// What one poll found.
#[derive(Default)]
struct Tally {
    packets: u64,
    bytes: u64,
    checksum_good: u64,
    checksum_bad: u64,
    // XDP frames that were sent back, or to elsewhere, and wait for the end of the poll.
    sent_back: bool,
    redirected: bool,
}

/// A receive ring with buffers that the card does not know of yet. Field order: the buffers go back to their pool first.
pub(crate) struct PreparedReceive {
    ring: PreparedRx<Memory, Slots, Arc<RxIndexes>, RxBuffer>,
    rxq: RxqInfo,
    pool: PagePool,
    port: Binding,
    index: u16,
}

impl PreparedReceive {
    /// Receive queue `index` with buffers of `pool`, as far as there is memory. `ENOMEM` when not even one could be had.
    pub(crate) fn new(
        port: Binding,
        index: u16,
        memory: Arc<RingMemory>,
        indexes: Arc<RxIndexes>,
        rxq: RxqInfo,
        mut pool: PagePool,
    ) -> Result<Self> {
        let count = memory.size().count();
        let mut slots = KVec::with_capacity(count as usize, GFP_KERNEL)?;
        for _ in 0..count {
            slots.push(None, GFP_KERNEL)?;
        }
        let posts = ReceivePosts { port, queue: index, buffer_bytes: pool.layout().capacity() };
        let memory = TracedMemory::new(memory, posts);
        let ring = PreparedRx::new(memory, slots, indexes, || pool.allocate()).ok_or(ENOMEM)?;
        Ok(Self { ring, rxq, pool, port, index })
    }

    /// The card's side runs: announces the buffers. From now on pages come back to the pool through `napi`, which is disabled now.
    pub(crate) fn start(self, doorbell: ReceiveDoorbell, napi: NapiHandle<'_>) -> Result<ReceiveQueue> {
        let Self { ring, rxq, pool, port, index } = self;
        let ring = ring.start().ok_or(EINVAL)?;
        pool.recycle_in(napi);
        doorbell.ring(ring.next_to_use());
        let layout = pool.layout();
        Ok(ReceiveQueue { ring, pool, layout, doorbell, partial: Partial::Nothing, rxq, port, index })
    }
}

impl ReceiveQueue {
    /// How many descriptors there are.
    pub(crate) fn size(&self) -> RingSize {
        self.ring.size()
    }

    /// The card has no buffer to write into.
    pub(crate) fn is_starved(&self) -> bool {
        self.ring.posted() == 0
    }

    /// Takes all buffers back from a stopped queue.
    pub(crate) fn reclaim(self, proof: &Quiesced) {
        let Self { ring, pool, partial, rxq, .. } = self;
        ring.reclaim(proof);
        drop(partial);
        drop(rxq);
        drop(pool);
    }

    fn refill(&mut self, counters: &ReceiveCounters) {
        let pool = &mut self.pool;
        let mut starved = false;
        let first = self.ring.next_to_use();
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
        if starved || tail.is_some() {
            trace::rx_refill(self.port, || {
                let (next_to_use, next_to_clean) = (self.ring.next_to_use(), self.ring.next_to_clean());
                let posted = self.ring.size().distance(first, next_to_use);
                trace::RxRefill { queue: self.index, posted, next_to_use, next_to_clean, starved }
            });
        }
    }

    /// Works off at most `budget` frames; how many, and their bytes.
    pub(crate) fn receive(
        &mut self,
        context: &PollContext<'_>,
        surroundings: &Surroundings,
        budget: u32,
    ) -> (u32, u32) {
        let counters = &surroundings.counters.rx;
        let program = surroundings.switches.xdp.current(context);
        let mut frames = 0u32;
        let mut buffers = 0u32;
        let mut tally = Tally::default();
        while frames < budget {
            let Some(received) = self.ring.next() else { break };
            trace::rx_done(self.port, || self.describe(&received));
            buffers = buffers.wrapping_add(1);
            frames = frames.wrapping_add(u32::from(received.status.end_of_packet()));
            // The first that nothing follows yet: there is nobody to put it together with, and somebody may wait for it.
            let alone = frames == 1 && buffers == 1 && !self.ring.has_next();
            self.take(received, context, surroundings, program, &mut tally, alone);
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
        if tally.redirected {
            xdp::flush_redirected(context);
        }
        if tally.sent_back {
            if let Some(producer) = surroundings.transmit.lock().as_mut() {
                producer.flush();
            }
        }
        if budget > 0 && (buffers > 0 || self.is_starved()) {
            self.refill(counters);
        }
        (frames, tally.bytes as u32)
    }

    /// The buffer that came back last, for who listens.
    #[inline]
    fn describe(&self, received: &Received<RxBuffer>) -> trace::RxDone {
        let status = received.status;
        trace::RxDone {
            queue: self.index,
            index: self.ring.last_cleaned(),
            dma_address: received.buffer.dma_address(self.layout),
            length: status.length(),
            flags: trace::flag(status.end_of_packet(), trace::EOP)
                | trace::flag(matches!(status.checksum(), Checksum::Good), trace::CSUM)
                | trace::flag(status.vlan_tag().is_some(), trace::VLAN)
                | trace::flag(received.hash.is_some(), trace::HASH)
                | trace::flag(status.bad(), trace::BAD)
                | trace::flag(status.has_timestamp(), trace::TIMESTAMP),
        }
    }

    /// Whether what the card says of a buffer can be: it fills all but the last of a frame, and never more than there is.
    fn makes_sense(&self, status: ReceiveStatus) -> bool {
        let (length, capacity) = (status.length(), self.layout.capacity());
        if status.end_of_packet() { length > 0 && length <= capacity && !status.bad() } else { length == capacity }
    }

    /// The frame that this buffer belongs to, once it is whole, and its bytes.
    #[inline]
    fn assemble(
        &mut self,
        buffer: RxBuffer,
        status: ReceiveStatus,
        context: &PollContext<'_>,
        counters: &ReceiveCounters,
        for_xdp: bool,
    ) -> Option<(Assembly, u32)> {
        let (ends, length) = (status.end_of_packet(), status.length());
        let before = core::mem::replace(&mut self.partial, Partial::Nothing);
        let assembled = match before {
            Partial::Discarding => None,
            _ if !self.makes_sense(status) => {
                counters.errors.add(1);
                None
            }
            Partial::Begun(mut assembly, bytes) => {
                if assembly.add(buffer, self.layout, length) {
                    Some((assembly, bytes.wrapping_add(length)))
                } else {
                    counters.errors.add(1);
                    None
                }
            }
            Partial::Nothing if for_xdp => {
                Some((Assembly::Xdp(XdpBuff::begin(buffer, self.layout, length, &self.rxq)), length))
            }
            Partial::Nothing => {
                let frame = buffer.build(self.layout, length, context);
                if frame.is_none() {
                    counters.dropped.add(1);
                }
                frame.map(|frame| (Assembly::Frame(frame), length))
            }
        };
        if ends {
            return assembled;
        }
        self.partial = match assembled {
            Some((assembly, bytes)) => Partial::Begun(assembly, bytes),
            None => Partial::Discarding,
        };
        None
    }

    /// What becomes of a buffer that is not a frame by itself, or that a program is to see: the frame, if one is whole and goes up the stack.
    #[inline(never)]
    fn judged(
        &mut self,
        buffer: RxBuffer,
        status: ReceiveStatus,
        context: &PollContext<'_>,
        surroundings: &Surroundings,
        program: Option<AttachedProgram<'_>>,
        tally: &mut Tally,
    ) -> Option<RxFrame> {
        let counters = &surroundings.counters.rx;
        let (assembly, bytes) = self.assemble(buffer, status, context, counters, program.is_some())?;
        tally.packets = tally.packets.wrapping_add(1);
        tally.bytes = tally.bytes.wrapping_add(bytes.into());
        match (assembly, program) {
            (Assembly::Frame(frame), _) => Some(frame),
            (Assembly::Xdp(frame), Some(program)) => follow(frame, program, context, surroundings, tally),
            // The program went between two buffers of the frame.
            (Assembly::Xdp(frame), None) => {
                let frame = frame.into_frame(context);
                if frame.is_none() {
                    counters.dropped.add(1);
                }
                frame
            }
        }
    }

    #[inline]
    fn take(
        &mut self,
        received: Received<RxBuffer>,
        context: &PollContext<'_>,
        surroundings: &Surroundings,
        program: Option<AttachedProgram<'_>>,
        tally: &mut Tally,
        alone: bool,
    ) {
        let Received { buffer, status, hash } = received;
        let counters = &surroundings.counters.rx;
        let switches = &surroundings.switches;
        // Whatever becomes of the frame, or no other is stamped for seconds.
        let stamp = if status.has_timestamp() { switches.timestamps.received() } else { None };
        // Most frames of most loads: one buffer, which holds all of it, and nobody to ask.
        let whole = status.end_of_packet() && matches!(self.partial, Partial::Nothing) && self.makes_sense(status);
        let mut frame = if whole && program.is_none() {
            let length = status.length();
            let Some(frame) = buffer.build(self.layout, length, context) else { return counters.dropped.add(1) };
            tally.packets = tally.packets.wrapping_add(1);
            tally.bytes = tally.bytes.wrapping_add(length.into());
            frame
        } else {
            match self.judged(buffer, status, context, surroundings, program, tally) {
                Some(frame) => frame,
                None => return,
            }
        };
        if let Some(stamp) = stamp {
            frame.stamp(stamp);
        }
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
        frame.deliver(facts, alone, &surroundings.netdev, context);
    }
}

/// Does with a frame what the program says. The frame, if it is to go up the stack.
fn follow(
    mut frame: XdpBuff,
    program: AttachedProgram<'_>,
    context: &PollContext<'_>,
    surroundings: &Surroundings,
    tally: &mut Tally,
) -> Option<RxFrame> {
    let verdict = frame.run(program);
    let followed = match verdict {
        Verdict::Pass => {
            let frame = frame.into_frame(context);
            if frame.is_none() {
                surroundings.counters.rx.dropped.add(1);
            }
            return frame;
        }
        Verdict::Drop => return None,
        Verdict::Transmit => {
            let sent = match (frame.into_sendable(), surroundings.transmit.lock().as_mut()) {
                (Some(frame), Some(producer)) => producer.send_xdp(frame).is_ok(),
                _ => false,
            };
            tally.sent_back |= sent;
            sent
        }
        Verdict::Redirect => {
            let redirected = frame.redirect(&surroundings.netdev, program, context);
            tally.redirected |= redirected;
            redirected
        }
        Verdict::Invalid(_) => false,
    };
    if !followed {
        xdp::report_exception(&surroundings.netdev, program, verdict);
        surroundings.counters.rx.dropped.add(1);
    }
    None
}
