// SPDX-License-Identifier: GPL-2.0-only
//! The receive side of a queue pair: buffers that the card has filled become frames, frames go up the stack, buffers are posted again.

use super::{
    assembly::{Partial, Round},
    kept_frames::{KeptFrame, KeptFrames},
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
        rx::{PreparedRx, Received, RxIndexes, RxRing, WriteBack},
        slot::{Posted, Quiesced},
    },
    sys::{
        binding::Binding,
        napi::{NapiHandle, PollContext},
        page_pool::{PagePool, RxBuffer},
        ring_memory::RingMemory,
        rx_frame::{FrameLength, RxPath},
        trace,
        xdp::{AttachedProgram, Ran, RxqInfo, Verdict, XdpBuff, XdpRunner},
    },
};
use kernel::{prelude::*, sync::Arc};

type Memory = TracedMemory<ReceivePosts>;
type Slots = KVec<Option<Posted<RxBuffer>>>;
type Ring = RxRing<Memory, Slots, Arc<RxIndexes>, RxBuffer>;

/// Of as many pages as a ring holds, the part that goes round beside them from the beginning.
const STOCK_SHARE: u32 = 2;
/// The most of these: a ring of the usual size has them, larger rings have room enough of their own.
const MOST_STOCK: u32 = 64;

/// Buffers that came back between two refills.
const REFILL_EVERY: u32 = 16;

/// A receive ring with its buffers' pool and its doorbell.
struct Posts {
    ring: Ring,
    pool: PagePool,
    doorbell: ReceiveDoorbell,
    port: Binding,
    index: u16,
    // Filled only while `rigb:rx_done` is traced.
    kept: Option<KeptFrames>,
}

/// The receive side of a queue pair while it is open.
pub(crate) struct ReceiveQueue {
    posts: Posts,
    partial: Partial,
    rxq: RxqInfo,
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
        let ring = match pool.layout().buffers_a_page() {
            1 => PreparedRx::new(memory, slots, indexes, || pool.allocate::<1>()),
            _ => PreparedRx::new(memory, slots, indexes, || pool.allocate::<2>()),
        };
        let ring = ring.ok_or(ENOMEM)?;
        pool.stock((count / pool.layout().buffers_a_page() / STOCK_SHARE).min(MOST_STOCK));
        Ok(Self { ring, rxq, pool, port, index })
    }

    /// The card's side runs: announces the buffers. From now on pages come back to the pool through `napi`, which is disabled now.
    pub(crate) fn start(self, doorbell: ReceiveDoorbell, napi: NapiHandle<'_>) -> Result<ReceiveQueue> {
        let Self { ring, rxq, pool, port, index } = self;
        let ring = ring.start().ok_or(EINVAL)?;
        pool.recycle_in(napi);
        doorbell.ring(ring.next_to_use());
        Ok(ReceiveQueue { posts: Posts { ring, pool, doorbell, port, index, kept: None }, partial: Partial::Nothing, rxq })
    }
}

/// A look at a slot.
pub(super) struct Looked<'a> {
    /// Its buffer while it has one, and what the card wrote of it, once it has.
    pub(super) posted: Option<(&'a RxBuffer, Option<ReceiveStatus>)>,
    /// The buffer's pool.
    pub(super) pool: &'a PagePool,
    /// What was kept of the last frame that was taken from it.
    pub(super) kept: Option<&'a KeptFrame>,
}

impl Posts {
    fn refill(&mut self, counters: &ReceiveCounters) {
        let first = self.ring.published();
        let (tail, starved) = match self.pool.layout().buffers_a_page() {
            1 => self.refill_by::<1>(),
            _ => self.refill_by::<2>(),
        };
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

    /// The new tail, when anything was posted, and whether memory ran out before.
    #[inline(always)]
    fn refill_by<const N: usize>(&mut self) -> (Option<u32>, bool) {
        let pool = &mut self.pool;
        let mut starved = false;
        let tail = self.ring.refill(|| {
            let buffers = pool.allocate::<N>();
            starved = buffers.is_none();
            buffers
        });
        (tail, starved)
    }

    /// The buffer that came back last, for who listens.
    #[inline]
    fn describe(&mut self, received: &Received<RxBuffer>) -> trace::RxDone {
        let status = received.said.status;
        if let Some(kept) = &mut self.kept {
            kept.keep(self.ring.last_cleaned(), status.length(), received.buffer.view(), &self.pool);
        }
        trace::RxDone {
            queue: self.index,
            index: self.ring.last_cleaned(),
            dma_address: received.buffer.dma_address(),
            length: status.length(),
            flags: trace::flag(status.end_of_packet(), trace::EOP)
                | trace::flag(matches!(status.checksum(), Checksum::Good), trace::CSUM)
                | trace::flag(status.vlan_tag().is_some(), trace::VLAN)
                | trace::flag(received.said.hash().is_some(), trace::HASH)
                | trace::flag(status.bad(), trace::BAD)
                | trace::flag(status.has_timestamp(), trace::TIMESTAMP),
        }
    }
}

impl ReceiveQueue {
    /// How many descriptors there are.
    pub(crate) fn size(&self) -> RingSize {
        self.posts.ring.size()
    }

    /// The buffer of descriptor `index`, what the card wrote of it, and which frame was kept of its slot.
    pub(super) fn look(&self, index: u32) -> Looked<'_> {
        let Self { posts: Posts { ring, pool, kept, .. }, .. } = self;
        Looked { posted: ring.look(index), pool, kept: kept.as_ref().and_then(|kept| kept.at(index)) }
    }

    /// Keeps the beginnings of the frames that are received from now on, or none any more.
    pub(super) fn keep(&mut self, kept: Option<KeptFrames>) -> Option<KeptFrames> {
        core::mem::replace(&mut self.posts.kept, kept)
    }

    /// Whether it keeps them.
    pub(super) fn keeps(&self) -> bool {
        self.posts.kept.is_some()
    }

    /// The card has no buffer to write into.
    pub(crate) fn is_starved(&self) -> bool {
        self.posts.ring.posted() == 0
    }

    /// Takes all buffers back from a stopped queue.
    pub(crate) fn reclaim(self, proof: &Quiesced) {
        let Self { posts: Posts { ring, pool, .. }, partial, rxq } = self;
        ring.reclaim(proof);
        drop(partial);
        drop(rxq);
        drop(pool);
    }

    /// Works off at most `budget` frames; how many, and their bytes.
    pub(crate) fn receive(
        &mut self,
        context: &PollContext<'_>,
        surroundings: &Surroundings,
        budget: u32,
    ) -> (u32, u32) {
        let Self { posts, partial, rxq } = self;
        let path = RxPath::new(context, &surroundings.netdev, &posts.pool, posts.index);
        let mut round = Round::new(context, surroundings, path, rxq, posts.ring.has_one());
        let frames = match round.program {
            None => {
                work(posts, partial, &mut round, budget, |_, received, length, round| deliver(received, length, round))
            }
            Some(program) => {
                let mut runner = XdpRunner::new(program, rxq, &round.path);
                work(posts, partial, &mut round, budget, |ring, received, length, round| {
                    run(&mut runner, ring, received, length, round);
                })
            }
        };
        let counters = round.counters();
        let bytes = round.end();
        if budget > 0 && posts.ring.posted() == 0 {
            posts.refill(counters);
        }
        (frames, bytes)
    }
}

/// Works off at most `budget` frames; how many. Of those that are whole in one buffer, as most are in most loads, `whole` takes care.
#[inline(always)]
fn work(
    posts: &mut Posts,
    partial: &mut Partial,
    round: &mut Round<'_>,
    budget: u32,
    mut whole: impl FnMut(&mut Ring, Received<RxBuffer>, FrameLength, &mut Round<'_>),
) -> u32 {
    let mut frames = 0u32;
    while frames < budget {
        // As many buffers are no more frames.
        let most = budget.wrapping_sub(frames).min(REFILL_EVERY);
        let mut left = most;
        // Buffers in which no frame ends.
        let mut inner = 0u32;
        while left > 0 {
            let Some(received) = posts.ring.next() else { break };
            trace::rx_done(posts.port, || posts.describe(&received));
            left = left.wrapping_sub(1);
            let status = received.said.status;
            match round.path.length(status.length()) {
                Some(length) if status.is_plain() && matches!(partial, Partial::Nothing) => {
                    whole(&mut posts.ring, received, length, round);
                }
                _ => {
                    inner = inner.wrapping_add(u32::from(!status.end_of_packet()));
                    partial.take(received, round);
                }
            }
        }
        let buffers = most.wrapping_sub(left);
        frames = frames.wrapping_add(buffers.wrapping_sub(inner));
        if buffers > 0 {
            posts.refill(round.counters());
        }
        if left > 0 {
            break;
        }
    }
    frames
}

/// A whole frame without a program to ask.
#[inline(always)]
fn deliver(received: Received<RxBuffer>, length: FrameLength, round: &mut Round<'_>) {
    let Received { buffer, said } = received;
    round.count(length.bytes());
    let facts = round.facts(said);
    if buffer.deliver(length, facts, &mut round.path).is_err() {
        round.dropped(length.bytes());
    }
}

/// A whole frame, by the program's judgement.
#[inline(always)]
fn run(
    runner: &mut XdpRunner<'_>,
    ring: &mut Ring,
    received: Received<RxBuffer>,
    length: FrameLength,
    round: &mut Round<'_>,
) {
    let Received { buffer, said } = received;
    round.count(length.bytes());
    match runner.run(buffer, length, &mut round.path) {
        Ran::Dropped(buffer) => {
            let address = buffer.dma_address();
            // There is room, for it just came from there; a buffer that finds none goes back to its pool.
            drop(ring.post(buffer, address));
        }
        Ran::Judged(frame, verdict) => judged(frame, verdict, runner.program(), said, round),
    }
}

#[inline(never)]
fn judged(frame: XdpBuff, verdict: Verdict, program: AttachedProgram<'_>, said: WriteBack, round: &mut Round<'_>) {
    if let Some(frame) = round.follow(frame, verdict, program) {
        let facts = round.facts(said);
        frame.deliver(facts, &round.path);
    }
}
