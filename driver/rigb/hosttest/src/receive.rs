// SPDX-License-Identifier: GPL-2.0-only

use crate::{
    card::{Buffer, Heap, Memory, Store},
    ring::{
        DescriptorMemory,
        descriptor::{Checksum, Hash},
        index::RingSize,
        rx::{PreparedRx, Received, RxIndexes, RxRing},
        slot::{Posted, Quiesced},
    },
};
use proptest::prelude::*;
use std::{collections::VecDeque, rc::Rc};

type Ring = RxRing<Rc<Memory>, Store<Posted<Buffer>>, Rc<RxIndexes>, Buffer>;

type Prepared = PreparedRx<Rc<Memory>, Store<Posted<Buffer>>, Rc<RxIndexes>, Buffer>;

/// A ring that was prepared with at most `buffers` buffers.
fn prepared(buffers: usize) -> (Heap, Option<Prepared>) {
    let size = RingSize::at_least(64);
    let heap = Heap::default();
    let mut left = buffers;
    let ring = PreparedRx::new(Memory::new(size), Store::new(size), Rc::new(RxIndexes::new()), || {
        left = left.checked_sub(1)?;
        let buffer = heap.allocate();
        let address = buffer.address;
        Some([(buffer, address)])
    });
    (heap, ring)
}

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
            Some([(buffer, address)])
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
        let mut bench = Bench::new(64);
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
                        prop_assert_eq!(expected.pop_front(), Some((frame.buffer.address, frame.said.status.length())));
                        prop_assert!(frame.said.status.end_of_packet() && !frame.said.status.bad());
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

    #[test]
    fn whatever_the_card_writes_back_no_buffer_is_lost_or_doubled(words in prop::collection::vec((0u32..64, any::<[u64; 2]>()), 1..300)) {
        let mut bench = Bench::new(64);
        let mut kept = Vec::new();
        for (index, [first, second]) in words {
            bench.refill(3);
            bench.memory.write_word(index, 0, first);
            bench.memory.write_back(index, second);
            kept.extend(bench.ring.next().map(|frame| frame.buffer));
            prop_assert_eq!(bench.heap.count(), bench.ring.posted() as usize + kept.len());
        }
        bench.ring.reclaim(&Quiesced::after_reset());
        prop_assert_eq!(bench.heap.count(), kept.len());
    }
}

/// What the ring makes of a write-back.
fn written_back(first: u64, second: u64) -> Option<Received<Buffer>> {
    let mut bench = Bench::new(64);
    bench.refill(1);
    bench.memory.write_word(0, 0, first);
    bench.memory.write_back(0, second);
    bench.ring.next()
}

#[test]
fn a_full_ring_leaves_one_descriptor_unused() {
    let mut bench = Bench::new(128);
    bench.refill(1000);
    assert_eq!(bench.ring.posted(), 127);
    assert_eq!(bench.heap.count(), 127);
    assert_eq!(bench.ring.next_to_use(), 127);
    assert_eq!(bench.ring.next_to_clean(), 0);
}

#[test]
fn the_descriptor_of_what_came_back_is_known_also_across_the_end_of_the_ring() {
    let mut bench = Bench::new(64);
    for frame in 0..100 {
        bench.refill(1);
        bench.arrive(60, DONE | END);
        assert!(bench.ring.next().is_some());
        assert_eq!(bench.ring.last_cleaned(), frame & bench.ring.size().mask());
    }
}

#[test]
fn whether_a_buffer_came_back_alone_is_known_without_taking_it() {
    let mut bench = Bench::new(64);
    assert!(!bench.ring.has_one(), "nothing is posted");
    bench.refill(3);
    assert!(!bench.ring.has_one(), "all are the card's");
    bench.arrive(60, DONE | END);
    assert!(bench.ring.has_one());
    assert_eq!(bench.ring.posted(), 3);
    bench.arrive(60, DONE | END);
    assert!(!bench.ring.has_one(), "two are back");
    assert!(bench.ring.next().is_some());
    assert!(bench.ring.has_one());
    bench.arrive(60, DONE | END);
    assert!(bench.ring.next().is_some());
    assert!(bench.ring.has_one(), "behind it the ring ends");
}

#[test]
fn without_memory_nothing_is_posted_and_the_card_is_told_nothing() {
    let mut bench = Bench::new(64);
    assert_eq!(bench.ring.refill::<1>(|| None), None);
}

#[test]
fn a_ring_that_is_dropped_without_proof_leaks_its_buffers_instead_of_freeing_them() {
    let mut bench = Bench::new(64);
    bench.refill(10);
    drop(bench.ring);
    assert_eq!(bench.heap.count(), 10);
}

#[test]
fn a_ring_that_no_queue_was_started_with_frees_its_buffers() {
    let (heap, prepared) = prepared(3);
    drop(prepared);
    assert_eq!(heap.count(), 0);
}

#[test]
fn a_ring_that_is_started_keeps_the_buffers_that_it_was_prepared_with() {
    let (heap, prepared) = prepared(3);
    let ring = prepared.and_then(PreparedRx::start);
    assert_eq!(ring.map(|ring| ring.posted()), Some(3));
    assert_eq!(heap.count(), 3);
}

#[test]
fn a_ring_without_a_single_buffer_is_not_prepared() {
    assert!(prepared(0).1.is_none());
}

#[test]
fn a_store_smaller_than_the_ring_loses_no_buffer() {
    let size = RingSize::at_least(64);
    let heap = Heap::default();
    let mut store = Store::new(size);
    store.0.truncate(10);
    let mut ring: Ring = RxRing::new(Memory::new(size), store, Rc::new(RxIndexes::new()));
    let allocate = || {
        let buffer = heap.allocate();
        let address = buffer.address;
        Some([(buffer, address)])
    };
    assert_eq!(ring.refill(allocate), Some(10));
    assert_eq!(heap.count(), 10);
}

#[test]
fn a_descriptor_without_dd_is_the_cards() {
    assert!(written_back(0, 100 << 32 | END).is_none());
}

#[test]
fn a_frame_that_the_mac_found_bad_says_so() {
    // RXE, CXE, SEQ, SE and CE (7.1.5.2); of the other bits up to there none makes a frame bad.
    for bit in 2..32 {
        let frame = written_back(0, 100 << 32 | DONE | END | 1 << bit);
        let bad = matches!(bit, 24 | 25 | 26 | 28 | 31);
        assert_eq!(frame.map(|frame| frame.said.status.bad()), Some(bad), "bit {bit}");
    }
}

#[test]
fn an_impossible_length_arrives_as_the_card_wrote_it_for_the_driver_to_check() {
    assert_eq!(written_back(0, 0xffff << 32 | DONE | END).map(|frame| frame.said.status.length()), Some(65_535));
}

#[test]
fn a_frame_that_goes_on_in_the_next_buffer_says_so() {
    assert!(written_back(0, 100 << 32 | DONE).is_some_and(|frame| !frame.said.status.end_of_packet()));
}

#[test]
fn a_vlan_tag_is_there_when_the_card_stripped_one() {
    let tag = |flags| {
        written_back(0, 0x2005 << 48 | 60 << 32 | DONE | END | flags).and_then(|frame| frame.said.status.vlan_tag())
    };
    assert_eq!((tag(0), tag(1 << 3)), (None, Some(0x2005)));
}

#[test]
fn a_timestamp_is_in_the_registers_when_the_card_says_so() {
    let stamped = |flags| written_back(0, DONE | END | flags).is_some_and(|frame| frame.said.status.has_timestamp());
    assert_eq!((stamped(0), stamped(1 << 16)), (false, true));
}

#[test]
fn a_checksum_is_good_only_when_the_card_looked_and_found_no_error() {
    let checksum = |flags| written_back(0, DONE | END | flags).map(|frame| frame.said.status.checksum());
    assert_eq!(checksum(0), Some(Checksum::Unknown));
    assert_eq!(checksum(1 << 5), Some(Checksum::Good));
    assert_eq!(checksum(1 << 5 | 1 << 29), Some(Checksum::Bad));
    assert_eq!(checksum(1 << 30), Some(Checksum::Bad));
}

#[test]
fn a_hash_comes_with_the_kind_of_its_input() {
    let hash = |kind: u64| written_back(0xdead_beef << 32 | kind, DONE | END).and_then(|frame| frame.said.hash());
    assert_eq!(hash(0), None);
    for kind in 1..=9 {
        let with_ports = matches!(kind, 1 | 3 | 6..=9);
        assert_eq!(hash(kind), Some(Hash { value: 0xdead_beef, with_ports }), "RSS type {kind}");
    }
}

#[test]
fn a_posted_buffer_is_the_cards_once_it_is_published() {
    let mut bench = Bench::new(64);
    let buffer = bench.heap.allocate();
    let address = buffer.address;
    assert!(bench.ring.post(buffer, address).is_ok());
    assert_eq!((bench.ring.published(), bench.ring.posted()), (0, 1));
    assert_eq!(bench.ring.publish(), Some(1));
    assert_eq!((bench.ring.published(), bench.ring.publish()), (1, None));
    assert_eq!(bench.memory.read_word(0, 0), address);
}

#[test]
fn a_full_ring_gives_a_buffer_back() {
    let mut bench = Bench::new(64);
    bench.refill(1000);
    let buffer = bench.heap.allocate();
    let address = buffer.address;
    let given_back = bench.ring.post(buffer, address);
    assert_eq!(given_back.err().map(|buffer| buffer.address), Some(address));
}

#[test]
fn a_buffer_that_came_back_can_be_posted_again_at_once() {
    let mut bench = Bench::new(64);
    bench.refill(1000);
    for _ in 0..200 {
        let address = bench.arrive(60, DONE | END);
        let came = bench.ring.next().map(|received| received.buffer);
        assert_eq!(came.as_ref().map(|buffer| buffer.address), address);
        let posted = came.zip(address).map(|(buffer, address)| bench.ring.post(buffer, address).is_ok());
        assert_eq!(posted, Some(true));
        bench.refill(0);
        assert_eq!((bench.ring.posted(), bench.heap.count()), (63, 63));
    }
}

#[test]
fn buffers_that_come_in_pairs_are_posted_while_there_is_room_for_a_pair() {
    let mut bench = Bench::new(64);
    let heap = &bench.heap;
    let pair = || {
        let pair = [heap.allocate(), heap.allocate()];
        Some(pair.map(|buffer| {
            let address = buffer.address;
            (buffer, address)
        }))
    };
    assert_eq!(bench.ring.refill(pair), Some(62));
    assert_eq!((bench.ring.posted(), heap.count()), (62, 62));
}

#[test]
fn observers_see_what_was_posted_and_cleaned_with_the_next_publish() {
    let size = RingSize::at_least(64);
    let (memory, indexes, heap) = (Memory::new(size), Rc::new(RxIndexes::new()), Heap::default());
    let mut ring: Ring = RxRing::new(memory.clone(), Store::new(size), indexes.clone());
    let mut left = 3;
    ring.refill(|| {
        left = u32::checked_sub(left, 1)?;
        let buffer = heap.allocate();
        let address = buffer.address;
        Some([(buffer, address)])
    });
    memory.write_back(0, 60 << 32 | DONE | END);
    assert!(ring.next().is_some());
    assert_eq!((indexes.next_to_use(), indexes.next_to_clean()), (3, 0));
    assert_eq!(ring.publish(), None);
    assert_eq!((indexes.next_to_use(), indexes.next_to_clean()), (3, 1));
    ring.reclaim(&Quiesced::after_reset());
}

#[test]
fn a_plain_frame_is_good_whole_and_without_a_timestamp() {
    let plain = |flags| written_back(0, 60 << 32 | DONE | flags).is_some_and(|frame| frame.said.status.is_plain());
    assert!(plain(END) && plain(END | 1 << 3 | 1 << 5 | 1 << 29));
    assert!(!plain(0) && !plain(END | 1 << 16) && !plain(END | 1 << 31) && !plain(END | 1 << 24));
}
