// SPDX-License-Identifier: GPL-2.0-only
//! The other side of a ring: memory that a model of the card reads and writes by the datasheet's rules, buffers that know whether they were freed.

use crate::ring::{DescriptorMemory, SlotStore, descriptor::Descriptor, index::RingSize};
use std::{
    cell::{Cell, RefCell},
    collections::HashSet,
    rc::Rc,
    sync::atomic::{AtomicU64, Ordering},
};

/// Descriptor memory that both sides reach through shared references.
pub struct Memory {
    words: Vec<[AtomicU64; 2]>,
    size: RingSize,
}

impl Memory {
    pub fn new(size: RingSize) -> Rc<Self> {
        let words = (0..size.count()).map(|_| [AtomicU64::new(0), AtomicU64::new(0)]).collect();
        Rc::new(Self { words, size })
    }

    /// What the card writes into the second word.
    pub fn write_back(&self, index: u32, word: u64) {
        self.write_word(index, 1, word);
    }

    /// What the card writes into either.
    pub fn write_word(&self, index: u32, word: usize, value: u64) {
        self.words[index as usize][word].store(value, Ordering::Release);
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
        self.words[index as usize][word].load(Ordering::Acquire)
    }

    fn write(&self, index: u32, descriptor: Descriptor) {
        for (place, word) in self.words[index as usize].iter().zip(descriptor.0) {
            place.store(word, Ordering::Release);
        }
    }

    fn publish(&self) {}

    fn observe(&self) {}
}

/// Slots in a vector.
pub struct Store<T>(pub Vec<Option<T>>);

impl<T> Store<T> {
    pub fn new(size: RingSize) -> Self {
        Self((0..size.count()).map(|_| None).collect())
    }
}

impl<T> SlotStore<T> for Store<T> {
    fn put(&mut self, index: u32, value: T) -> Result<(), T> {
        match self.0.get_mut(index as usize) {
            Some(slot) => {
                *slot = Some(value);
                Ok(())
            }
            None => Err(value),
        }
    }

    fn take(&mut self, index: u32) -> Option<T> {
        self.0.get_mut(index as usize)?.take()
    }

    fn look(&self, index: u32) -> Option<&T> {
        self.0.get(index as usize)?.as_ref()
    }
}

/// All buffers that exist; a buffer leaves when it is dropped.
#[derive(Default)]
pub struct Heap {
    alive: Rc<RefCell<HashSet<u64>>>,
    next: Cell<u64>,
}

/// A buffer with addresses of its own.
pub struct Buffer {
    /// Its first.
    pub address: u64,
    alive: Rc<RefCell<HashSet<u64>>>,
}

/// Bytes from one buffer's address to the next one's.
const SPACING: u64 = 1 << 20;

impl Heap {
    pub fn allocate(&self) -> Buffer {
        let address = SPACING * (self.next.get() + 1);
        self.next.set(self.next.get() + 1);
        self.alive.borrow_mut().insert(address);
        Buffer { address, alive: self.alive.clone() }
    }

    /// Whether `address` lies in a buffer that exists.
    pub fn is_alive(&self, address: u64) -> bool {
        self.alive.borrow().contains(&(address & !(SPACING - 1)))
    }

    pub fn count(&self) -> usize {
        self.alive.borrow().len()
    }
}

impl Drop for Buffer {
    fn drop(&mut self) {
        self.alive.borrow_mut().remove(&self.address);
    }
}
