// SPDX-License-Identifier: GPL-2.0-only
//! Ring memory that tells of each descriptor that the driver writes, while somebody listens. The rings know nothing of it.

use crate::{
    ring::{DescriptorMemory, descriptor::Descriptor, index::RingSize},
    sys::{binding::Binding, ring_memory::RingMemory, trace},
};
use core::ops::Deref;
use kernel::sync::Arc;

/// What is told of a descriptor.
pub(crate) trait Tell {
    /// `descriptor` was written at `index`.
    fn written(&self, index: u32, descriptor: Descriptor);
}

/// Tells of receive descriptors.
pub(crate) struct ReceivePosts {
    /// The device.
    pub(crate) port: Binding,
    /// The queue.
    pub(crate) queue: u16,
    /// Bytes of each buffer.
    pub(crate) buffer_bytes: u32,
}

impl Tell for ReceivePosts {
    #[inline(always)]
    fn written(&self, index: u32, descriptor: Descriptor) {
        trace::rx_post(self.port, || trace::RxPost {
            queue: self.queue,
            index,
            dma_address: descriptor.dma_address(),
            length: self.buffer_bytes,
        });
    }
}

/// Tells of transmit descriptors.
pub(crate) struct TransmitPosts {
    /// The device.
    pub(crate) port: Binding,
    /// The queue.
    pub(crate) queue: u16,
}

impl Tell for TransmitPosts {
    #[inline(always)]
    fn written(&self, index: u32, descriptor: Descriptor) {
        let [low, high] = descriptor.0;
        trace::tx_post(self.port, || describe(self.queue, index, low, high));
    }
}

// Apart, and with the descriptor's words in registers, so that the path that writes descriptors stays as short as it is without.
#[cold]
#[inline(never)]
fn describe(queue: u16, index: u32, low: u64, high: u64) -> trace::TxPost {
    let descriptor = Descriptor([low, high]);
    let Some(data) = descriptor.transmits() else {
        return trace::TxPost { queue, index, dma_address: 0, length: 0, flags: trace::CONTEXT };
    };
    trace::TxPost {
        queue,
        index,
        dma_address: descriptor.dma_address(),
        length: data.length(),
        flags: trace::flag(data.ends_frame(), trace::EOP)
            | trace::flag(data.inserts_checksum(), trace::CSUM)
            | trace::flag(data.is_segmented(), trace::TSO)
            | trace::flag(data.inserts_vlan(), trace::VLAN)
            | trace::flag(data.takes_timestamp(), trace::TIMESTAMP),
    }
}

/// A ring's memory, and what tells of it.
pub(crate) struct TracedMemory<T> {
    memory: Arc<RingMemory>,
    tell: T,
}

impl<T: Tell> TracedMemory<T> {
    /// Lets `tell` tell of what is written to `memory` through this value.
    pub(crate) fn new(memory: Arc<RingMemory>, tell: T) -> Self {
        Self { memory, tell }
    }
}

// The rings want to reach their memory through a pointer. This one is its own.
impl<T> Deref for TracedMemory<T> {
    type Target = Self;

    #[inline(always)]
    fn deref(&self) -> &Self {
        self
    }
}

impl<T: Tell> DescriptorMemory for TracedMemory<T> {
    #[inline(always)]
    fn size(&self) -> RingSize {
        self.memory.size()
    }

    #[inline(always)]
    fn read(&self, index: u32) -> Descriptor {
        self.memory.read(index)
    }

    #[inline(always)]
    fn read_word(&self, index: u32, word: usize) -> u64 {
        self.memory.read_word(index, word)
    }

    #[inline(always)]
    fn read_when(&self, index: u32, done: u64) -> Option<Descriptor> {
        self.memory.read_when(index, done)
    }

    #[inline(always)]
    fn write(&self, index: u32, descriptor: Descriptor) {
        self.memory.write(index, descriptor);
        self.tell.written(index, descriptor);
    }

    #[inline(always)]
    fn publish(&self) {
        self.memory.publish();
    }

    #[inline(always)]
    fn observe(&self) {
        self.memory.observe();
    }
}
