// SPDX-License-Identifier: GPL-2.0-only

use crate::{
    card::{Buffer, Heap, Memory, Store},
    ring::{
        DescriptorMemory,
        index::RingSize,
        rx::{RxIndexes, RxRing},
        slot::{Posted, Quiesced},
    },
};
use proptest::prelude::*;
use std::{collections::VecDeque, rc::Rc};

type Ring = RxRing<Rc<Memory>, Store<Posted<Buffer>>, Rc<RxIndexes>, Buffer>;

struct Bench {
    ring: Ring,
    memory: Rc<Memory>,
    heap: Heap,
    /// What the card owns, as it learns it from the tail: index and address.
    card: VecDeque<(u32, u64)>,
    tail: u32,
}

const DONE: u64 = 1;
const END: u64 = 2;

impl Bench {
    fn new(requested: u32) -> Self {
        let size = RingSize::at_least(requested);
        let memory = Memory::new(size);
        let ring = RxRing::new(memory.clone(), Store::new(size), Rc::new(RxIndexes::new()));
        Self { ring, memory, heap: Heap::default(), card: VecDeque::new(), tail: 0 }
    }

    fn refill(&mut self, at_most: usize) {
        let mut left = at_most;
        let heap = &self.heap;
        let tail = self.ring.refill(|| {
            left = left.checked_sub(1)?;
            let buffer = heap.allocate();
            let address = buffer.address;
            Some((buffer, address))
        });
        while let Some(tail) = tail.filter(|tail| *tail != self.tail) {
            self.card.push_back((self.tail, self.memory.read_word(self.tail, 0)));
            self.tail = self.memory.size().next(self.tail);
            if self.tail == tail {
                break;
            }
        }
    }

    /// The card writes one frame into its next descriptor.
    fn arrive(&mut self, length: u16, flags: u64) -> Option<u64> {
        let (index, address) = self.card.pop_front()?;
        assert!(self.heap.is_alive(address), "the card wrote into a buffer that was freed");
        self.memory.write_back(index, (u64::from(length) << 32) | flags);
        Some(address)
    }
}

proptest! {
    #[test]
    fn the_card_never_writes_into_freed_memory_and_frames_come_in_order(steps in prop::collection::vec((0u8..3, 1u16..1600), 1..400)) {
        let mut bench = Bench::new(128);
        let mut expected = VecDeque::new();
        for (step, amount) in steps {
            match step {
                0 => bench.refill(usize::from(amount)),
                1 => {
                    if let Some(address) = bench.arrive(amount, DONE | END) {
                        expected.push_back((address, u32::from(amount)));
                    }
                }
                _ => match bench.ring.next() {
                    Some(frame) => {
                        prop_assert_eq!(expected.pop_front(), Some((frame.buffer.address, frame.length)));
                        prop_assert!(frame.end_of_packet && !frame.bad);
                    }
                    None => prop_assert!(expected.is_empty()),
                },
            }
            for (_, address) in &bench.card {
                prop_assert!(bench.heap.is_alive(*address));
            }
            prop_assert_eq!(bench.ring.posted() as usize, bench.card.len() + expected.len());
        }
        bench.ring.reclaim(&Quiesced::after_reset());
        prop_assert_eq!(bench.heap.count(), 0);
    }
}

#[test]
fn a_full_ring_leaves_one_descriptor_unused() {
    let mut bench = Bench::new(128);
    bench.refill(1000);
    assert_eq!(bench.ring.posted(), 127);
    assert_eq!(bench.heap.count(), 127);
}

#[test]
fn a_ring_that_is_dropped_without_proof_leaks_its_buffers_instead_of_freeing_them() {
    let mut bench = Bench::new(128);
    bench.refill(10);
    drop(bench.ring);
    assert_eq!(bench.heap.count(), 10);
}

#[test]
fn a_descriptor_without_dd_is_the_cards() {
    let mut bench = Bench::new(128);
    bench.refill(1);
    bench.arrive(100, END);
    assert!(bench.ring.next().is_none());
}

#[test]
fn a_frame_that_the_mac_found_bad_says_so() {
    let mut bench = Bench::new(128);
    bench.refill(1);
    bench.arrive(100, DONE | END | (1 << 31));
    assert!(bench.ring.next().is_some_and(|frame| frame.bad));
}

#[test]
fn an_impossible_length_arrives_as_the_card_wrote_it_for_the_driver_to_check() {
    let mut bench = Bench::new(128);
    bench.refill(1);
    bench.arrive(u16::MAX, DONE | END);
    assert_eq!(bench.ring.next().map(|frame| frame.length), Some(65_535));
}
