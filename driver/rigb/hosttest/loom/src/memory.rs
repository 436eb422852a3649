// SPDX-License-Identifier: GPL-2.0-only
//! The descriptors' memory, and the card at its other side.

use crate::{
    atomics::{
        AtomicU32,
        Ordering::{Acquire, Relaxed, Release},
        Witness,
    },
    ring::{DescriptorMemory, descriptor::Descriptor, index::RingSize},
};
use loom::sync::atomic::{AtomicU64, fence};

const TX_REPORT_STATUS: u64 = 1 << 27;
const TX_DONE: u64 = 1 << 32;
const RX_DONE: u64 = 1 << 0;

/// What `publish` and `observe` are worth.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Barriers {
    /// Nothing: what orders the two halves of a ring must be in the ring.
    None,
    /// They order what the card sees and what is seen of the card; nothing else does, not even the doorbell.
    Dma,
}

/// Descriptors and the tail register.
pub struct Memory {
    words: Vec<[AtomicU64; 2]>,
    // Between the card, which reads a descriptor before it writes it, and the driver's reading.
    witness: Witness,
    tail: AtomicU32,
    size: RingSize,
    barriers: Barriers,
}

impl Memory {
    pub fn new(size: RingSize, barriers: Barriers) -> Self {
        let words = (0..size.count()).map(|_| [AtomicU64::new(0), AtomicU64::new(0)]).collect();
        Self { words, witness: Witness::new(), tail: AtomicU32::new(0), size, barriers }
    }

    /// The driver, whoever holds the queue's lock, tells the card how far it may go.
    pub fn ring_doorbell(&self, tail: u32) {
        self.tail.claim();
        self.tail.store(tail, Relaxed);
    }

    /// The card sends everything from `head` up to the tail that it knows of and reports what wants to be reported. The new head.
    pub fn send(&self, mut head: u32) -> u32 {
        let tail = self.tail.load(Acquire);
        while head != tail {
            let [_, command] = &self.words[head as usize];
            let value = command.load(Relaxed);
            assert!(value != 0 && value & TX_DONE == 0, "the card was told of a descriptor that is not written yet");
            if value & TX_REPORT_STATUS != 0 {
                self.witness.touch();
                command.store(value | TX_DONE, Relaxed);
            }
            head = self.size.next(head);
        }
        head
    }

    /// The card writes a frame into each buffer from `head` up to the tail that it knows of: a hash that tells the buffer, then a length, then (the order of
    /// writes on the bus) DD, apart, as QEMU's card does. The new head.
    pub fn receive(&self, mut head: u32) -> u32 {
        let tail = self.tail.load(Acquire);
        while head != tail {
            let [address, status] = &self.words[head as usize];
            let buffer = address.load(Relaxed);
            assert!(buffer != 0, "the card was told of a descriptor that is not written yet");
            self.witness.touch();
            address.store(buffer << 32 | 1, Relaxed);
            status.store(60 << 32, Relaxed);
            self.witness.touch();
            status.store(60 << 32 | RX_DONE, Release);
            head = self.size.next(head);
        }
        head
    }
}

impl DescriptorMemory for Memory {
    fn size(&self) -> RingSize {
        self.size
    }

    fn read(&self, index: u32) -> Descriptor {
        Descriptor([self.read_word(index, 0), self.read_word(index, 1)])
    }

    fn read_word(&self, index: u32, word: usize) -> u64 {
        self.witness.touch();
        self.words[index as usize][word].load(Relaxed)
    }

    fn write(&self, index: u32, descriptor: Descriptor) {
        for (place, word) in self.words[index as usize].iter().zip(descriptor.0) {
            place.store(word, Relaxed);
        }
    }

    fn publish(&self) {
        if self.barriers == Barriers::Dma {
            fence(Release);
        }
    }

    fn observe(&self) {
        if self.barriers == Barriers::Dma {
            fence(Acquire);
        }
    }
}
