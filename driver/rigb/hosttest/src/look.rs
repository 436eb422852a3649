// SPDX-License-Identifier: GPL-2.0-only
//! Looking into slots that hold buffers: what is seen is what the slot holds, and nothing moves.

use crate::{
    card::{Heap, Memory, Store},
    ring::{
        DescriptorMemory,
        index::RingSize,
        rx::{RxIndexes, RxRing},
        slot::Quiesced,
    },
    transmit_bench::{Bench, Shape},
};
use proptest::prelude::*;
use std::rc::Rc;

const DONE: u64 = 1;

proptest! {
    #[test]
    fn a_look_finds_the_frame_of_every_posted_descriptor_and_of_no_other(
        sent in 0usize..40,
        shapes in prop::collection::vec(Shape::any(), 0..12),
        sends in 0usize..12,
    ) {
        let mut bench = Bench::new(64);
        for _ in 0..sent {
            bench.post(&Shape::plain(60));
            bench.send();
            bench.clean();
        }
        let size = bench.memory.size();
        let mut frames = Vec::new();
        for shape in &shapes {
            let first = bench.tail;
            if let Some(address) = bench.post(shape) {
                frames.push((first, size.previous(bench.tail), address));
            }
        }
        let done = (0..sends.min(frames.len())).filter_map(|_| bench.send()).count();
        let posted = frames.clone();
        let expected = |index: u32| {
            posted.iter().enumerate().find_map(|(place, &(first, last, address))| {
                (size.distance(first, index) <= size.distance(first, last)).then_some((first, last, place < done, address))
            })
        };
        for index in 0..size.count() {
            let seen = bench.consumer.look(index, |frame, looked| (looked.first, looked.last, looked.done, frame.address));
            prop_assert_eq!(seen, expected(index), "descriptor {}", index);
        }
        // Nothing has moved: all of them come back, in order.
        for (_, _, address) in frames.iter().take(done) {
            prop_assert_eq!(bench.clean().map(|frame| frame.address), Some(*address));
        }
        prop_assert!(bench.clean().is_none());
    }
}

#[test]
fn there_is_nothing_to_see_outside_of_a_transmit_ring() {
    let mut bench = Bench::new(64);
    bench.post(&Shape::plain(60));
    assert!(bench.consumer.look(0, |_, _| ()).is_some());
    assert!(bench.consumer.look(64, |_, _| ()).is_none());
    assert!(bench.consumer.look(u32::MAX, |_, _| ()).is_none());
}

#[test]
fn the_posting_half_reads_a_descriptor_as_the_card_will() {
    let mut bench = Bench::new(64);
    let address = bench.post(&Shape::plain(60)).expect("there is room");
    assert_eq!(bench.producer.descriptor(0), bench.memory.read(0));
    assert_eq!(bench.producer.descriptor(0).0[0], address);
    assert_eq!(bench.producer.descriptor(1).0, [0, 0]);
}

#[test]
fn a_receive_buffer_is_seen_from_its_posting_until_it_is_taken() {
    let size = RingSize::at_least(64);
    let (memory, heap) = (Memory::new(size), Heap::default());
    let mut ring = RxRing::new(memory.clone(), Store::new(size), Rc::new(RxIndexes::new()));
    assert!(ring.look(0).is_none());
    let mut addresses = Vec::new();
    ring.refill(|| {
        (addresses.len() < 3).then(|| {
            let buffer = heap.allocate();
            let address = buffer.address;
            addresses.push(address);
            [(buffer, address)]
        })
    });
    let seen = |ring: &RxRing<_, _, _, _>, index| {
        let (buffer, status): (&crate::card::Buffer, _) = RxRing::look(ring, index)?;
        Some((buffer.address, status.map(|status| status.length())))
    };
    assert_eq!(seen(&ring, 1), Some((addresses[1], None)));
    assert_eq!(seen(&ring, 3), None);
    assert_eq!(seen(&ring, 64), None);
    memory.write_back(0, 1514 << 32 | DONE);
    assert_eq!(seen(&ring, 0), Some((addresses[0], Some(1514))));
    assert_eq!(ring.next().map(|frame| frame.buffer.address), Some(addresses[0]));
    assert_eq!(seen(&ring, 0), None);
    assert_eq!(seen(&ring, 2), Some((addresses[2], None)));
    ring.reclaim(&Quiesced::after_reset());
}
