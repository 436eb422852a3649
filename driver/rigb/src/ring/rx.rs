// SPDX-License-Identifier: GPL-2.0-only
//! A receive ring: buffers are posted at `next_to_use`, come back at `next_to_clean`; the card owns what lies between.

use super::{
    DescriptorMemory, SlotStore,
    descriptor::{self, Hash, ReceiveStatus},
    index::RingSize,
    slot::{Posted, Quiesced},
    sync::{AtomicU32, Ordering::Relaxed},
};
use core::{marker::PhantomData, ops::Deref};

/// Where software stands, for observers: written by the poll alone, read by anybody.
pub(crate) struct RxIndexes {
    next_to_use: AtomicU32,
    next_to_clean: AtomicU32,
}

impl RxIndexes {
    /// An empty ring.
    pub(crate) fn new() -> Self {
        Self { next_to_use: AtomicU32::new(0), next_to_clean: AtomicU32::new(0) }
    }

    /// The descriptor that is posted next.
    pub(crate) fn next_to_use(&self) -> u32 {
        self.next_to_use.load(Relaxed)
    }

    /// The descriptor that the card writes back next.
    pub(crate) fn next_to_clean(&self) -> u32 {
        self.next_to_clean.load(Relaxed)
    }
}

/// What the card wrote into a descriptor.
#[derive(Clone, Copy)]
pub(crate) struct WriteBack {
    /// What it says of the buffer.
    pub(crate) status: ReceiveStatus,
    first_word: u64,
}

impl WriteBack {
    /// The frame's hash.
    #[inline(always)]
    pub(crate) fn hash(self) -> Option<Hash> {
        Hash::from_word(self.first_word)
    }
}

/// A buffer that came back.
pub(crate) struct Received<B> {
    /// The buffer, owned by software again.
    pub(crate) buffer: B,
    /// What the card says of it.
    pub(crate) said: WriteBack,
}

/// The ring, over memory `M`, slots `S` and shared indexes `I`; buffers are `B`.
pub(crate) struct RxRing<M, S, I, B> {
    memory: M,
    slots: S,
    size: RingSize,
    // Where the next buffer is posted. `indexes` has what of it was published.
    next_to_use: u32,
    next_to_clean: u32,
    indexes: I,
    _buffers: PhantomData<B>,
}

impl<M, S, I, B> RxRing<M, S, I, B>
where
    M: Deref<Target: DescriptorMemory>,
    S: SlotStore<Posted<B>>,
    I: Deref<Target = RxIndexes>,
{
    /// An empty ring.
    pub(crate) fn new(memory: M, slots: S, indexes: I) -> Self {
        let size = memory.size();
        Self { memory, slots, size, next_to_use: 0, next_to_clean: 0, indexes, _buffers: PhantomData }
    }

    /// How many descriptors the card owns, or will with the next `publish`.
    pub(crate) fn posted(&self) -> u32 {
        self.size.distance(self.next_to_clean, self.next_to_use)
    }

    /// The descriptor that is posted next: what the card's tail is to be.
    pub(crate) fn next_to_use(&self) -> u32 {
        self.next_to_use
    }

    /// Up to where the last `publish` went.
    pub(crate) fn published(&self) -> u32 {
        self.indexes.next_to_use()
    }

    /// The descriptor that the card writes back next.
    pub(crate) fn next_to_clean(&self) -> u32 {
        self.next_to_clean
    }

    /// How many descriptors there are.
    pub(crate) fn size(&self) -> RingSize {
        self.size
    }

    /// The descriptor of the buffer that came back last.
    pub(crate) fn last_cleaned(&self) -> u32 {
        self.size.previous(self.next_to_clean)
    }

    /// Writes a buffer, at which the card may write from `dma_address` on, into the next descriptor; the card learns of it by `publish`. One descriptor stays
    /// unused, so that full and empty differ: a full ring gives the buffer back.
    #[inline(always)]
    pub(crate) fn post(&mut self, buffer: B, dma_address: u64) -> Result<(), B> {
        let index = self.next_to_use;
        let next = self.size.next(index);
        if next == self.next_to_clean {
            return Err(buffer);
        }
        self.place(index, next, buffer, dma_address)
    }

    #[inline(always)]
    fn place(&mut self, index: u32, next: u32, buffer: B, dma_address: u64) -> Result<(), B> {
        // The store is as large as the ring. If it were not, the buffer would be ours still: the card never saw it.
        self.slots.put(index, Posted::new(buffer)).map_err(Posted::never_given)?;
        self.memory.write(index, descriptor::receive(dma_address));
        self.next_to_use = next;
        Ok(())
    }

    /// Makes what was posted visible to the card, and to observers also what was cleaned. The new tail to tell the card, when anything was posted.
    pub(crate) fn publish(&mut self) -> Option<u32> {
        let next_to_use = self.next_to_use;
        self.indexes.next_to_clean.store(self.next_to_clean, Relaxed);
        if next_to_use == self.indexes.next_to_use() {
            return None;
        }
        self.indexes.next_to_use.store(next_to_use, Relaxed);
        self.memory.publish();
        Some(next_to_use)
    }

    /// Posts buffers while there is room for `N` and `allocate` has them, and publishes them with those that were posted before. `allocate` returns buffers and
    /// their bus addresses. The new tail to tell the card, when there is anything to tell.
    #[inline]
    pub(crate) fn refill<const N: usize>(
        &mut self,
        mut allocate: impl FnMut() -> Option<[(B, u64); N]>,
    ) -> Option<u32> {
        let mut room = self.size.distance(self.next_to_use, self.size.previous(self.next_to_clean));
        'full: while room >= N as u32 {
            let Some(buffers) = allocate() else { break };
            room = room.wrapping_sub(N as u32);
            for (buffer, dma_address) in buffers {
                let index = self.next_to_use;
                if self.place(index, self.size.next(index), buffer, dma_address).is_err() {
                    break 'full;
                }
            }
        }
        self.publish()
    }

    /// The next buffer that the card has written back.
    #[inline(always)]
    pub(crate) fn next(&mut self) -> Option<Received<B>> {
        let index = self.next_to_clean;
        if index == self.next_to_use {
            return None;
        }
        let [first_word, word] = self.memory.read_when(index, ReceiveStatus::DONE)?.0;
        let (status, proof) = ReceiveStatus::from_word(word)?;
        let posted = self.slots.take(index)?;
        self.next_to_clean = self.size.next(index);
        Some(Received { buffer: posted.complete(&proof), said: WriteBack { status, first_word } })
    }

    /// The posted buffer of descriptor `index`, and what the card wrote of it, if it has. It stays where it is: this is for those who only look.
    pub(crate) fn look(&self, index: u32) -> Option<(&B, Option<ReceiveStatus>)> {
        if index >= self.size.count() || self.size.distance(self.next_to_clean, index) >= self.posted() {
            return None;
        }
        let posted = self.slots.look(index)?;
        let written = self.memory.read_when(index, ReceiveStatus::DONE);
        let status = written.and_then(|descriptor| ReceiveStatus::from_word(descriptor.0[1]));
        Some((posted.look(), status.map(|(status, _proof)| status)))
    }

    /// Whether the card has written the next buffer back, and not yet the one after it.
    pub(crate) fn has_one(&self) -> bool {
        let is_back = |index: u32| {
            index != self.next_to_use && ReceiveStatus::from_word(self.memory.read_word(index, 1)).is_some()
        };
        is_back(self.next_to_clean) && !is_back(self.size.next(self.next_to_clean))
    }

    /// Gives every posted buffer back, once the queue is stopped.
    pub(crate) fn reclaim(mut self, proof: &Quiesced) {
        for index in 0..self.size.count() {
            if let Some(posted) = self.slots.take(index) {
                drop(posted.reclaim(proof));
            }
        }
    }

    fn withdraw(&mut self) {
        for index in 0..self.size.count() {
            if let Some(posted) = self.slots.take(index) {
                drop(posted.never_given());
            }
        }
    }
}

/// Whether the card has written a buffer back that nobody has taken yet; also for those who only look.
pub(crate) fn has_received(memory: &impl DescriptorMemory, indexes: &RxIndexes) -> bool {
    let index = indexes.next_to_clean();
    index != indexes.next_to_use() && ReceiveStatus::from_word(memory.read_word(index, 1)).is_some()
}

/// A ring that no queue was started with: the card does not know of it. Dropping it frees its buffers.
pub(crate) struct PreparedRx<M, S, I, B>(Option<RxRing<M, S, I, B>>)
where
    M: Deref<Target: DescriptorMemory>,
    S: SlotStore<Posted<B>>,
    I: Deref<Target = RxIndexes>;

impl<M, S, I, B> PreparedRx<M, S, I, B>
where
    M: Deref<Target: DescriptorMemory>,
    S: SlotStore<Posted<B>>,
    I: Deref<Target = RxIndexes>,
{
    /// A ring with as many buffers as `allocate` has; `None` when it has not even one.
    pub(crate) fn new<const N: usize>(
        memory: M,
        slots: S,
        indexes: I,
        allocate: impl FnMut() -> Option<[(B, u64); N]>,
    ) -> Option<Self> {
        let mut ring = RxRing::new(memory, slots, indexes);
        let filled = ring.refill(allocate).is_some();
        filled.then_some(Self(Some(ring)))
    }

    /// The ring, to be told to the card.
    pub(crate) fn start(mut self) -> Option<RxRing<M, S, I, B>> {
        self.0.take()
    }
}

impl<M, S, I, B> Drop for PreparedRx<M, S, I, B>
where
    M: Deref<Target: DescriptorMemory>,
    S: SlotStore<Posted<B>>,
    I: Deref<Target = RxIndexes>,
{
    fn drop(&mut self) {
        if let Some(ring) = &mut self.0 {
            ring.withdraw();
        }
    }
}
