// SPDX-License-Identifier: GPL-2.0-only

use crate::{
    ring::{
        DescriptorMemory,
        descriptor::{Context, FrameCommand, MOST_TX_BYTES, Transport},
        slot::Quiesced,
    },
    transmit_bench::{Bench, Shape},
};
use proptest::prelude::*;
use std::{collections::VecDeque, sync::atomic::Ordering};

#[derive(Clone, Debug)]
enum Step {
    Post(Shape),
    Abandon(Shape),
    Send,
    Clean,
}

fn step() -> impl Strategy<Value = Step> {
    prop_oneof![
        3 => Shape::any().prop_map(Step::Post),
        1 => Shape::any().prop_map(Step::Abandon),
        3 => Just(Step::Send),
        3 => Just(Step::Clean),
    ]
}

proptest! {
    #[test]
    fn the_card_never_reads_freed_memory_and_frames_complete_in_order(steps in prop::collection::vec(step(), 1..500)) {
        let mut bench = Bench::new(64);
        let mut posted = VecDeque::new();
        let mut sent = VecDeque::new();
        for step in steps {
            match step {
                Step::Post(shape) => posted.extend(bench.post(&shape)),
                Step::Abandon(shape) => {
                    if bench.producer.free() >= shape.descriptors() {
                        let (before, slots) = (bench.heap.count(), bench.used_slots());
                        bench.build(&shape, false);
                        prop_assert_eq!((bench.heap.count(), bench.used_slots()), (before, slots));
                    }
                }
                Step::Send => {
                    if let Some(pieces) = bench.send() {
                        prop_assert_eq!(Some(pieces[0].0), posted.front().copied());
                        sent.extend(posted.pop_front());
                    }
                }
                Step::Clean => prop_assert_eq!(bench.clean().map(|frame| frame.address), sent.pop_front()),
            }
            prop_assert_eq!(bench.producer.free(), bench.consumer.indexes().free(bench.consumer.size()));
        }
        let under_way = posted.len() + sent.len();
        let Bench { producer, consumer, heap, .. } = bench;
        drop(producer);
        prop_assert_eq!(consumer.reclaim(&Quiesced::after_reset()) as usize, under_way);
        prop_assert_eq!(heap.count(), 0);
    }

    #[test]
    fn the_card_reads_every_byte_of_a_frame_once_and_in_order(shape in Shape::any()) {
        let mut bench = Bench::new(64);
        prop_assert!(bench.post(&shape).is_some());
        let pieces = bench.send().expect("a whole frame");
        let mut read: Vec<(u64, u32)> = Vec::new();
        for (address, length) in pieces {
            prop_assert!((1..=MOST_TX_BYTES).contains(&length));
            match read.last_mut() {
                Some((begin, bytes)) if *begin + u64::from(*bytes) == address => *bytes += length,
                _ => read.push((address, length)),
            }
        }
        let lengths: Vec<_> = read.iter().map(|(_, bytes)| *bytes).collect();
        let expected: Vec<_> = std::iter::once(shape.first).chain(shape.further).collect();
        prop_assert_eq!(lengths, expected);
    }

    #[test]
    fn whatever_the_card_writes_back_no_frame_is_freed_twice_or_lost(words in prop::collection::vec((0u32..64, any::<u64>()), 1..200)) {
        let mut bench = Bench::new(64);
        let mut posted = 0;
        let mut cleaned = 0;
        for (index, word) in words {
            posted += usize::from(bench.post(&Shape { first: 60, further: vec![60], context: None }).is_some());
            bench.memory.write_back(index, word);
            cleaned += usize::from(bench.clean().is_some());
            prop_assert_eq!(bench.heap.count(), 2 * (posted - cleaned));
        }
        let Bench { consumer, heap, .. } = bench;
        prop_assert_eq!(consumer.reclaim(&Quiesced::after_reset()) as usize, posted - cleaned);
        prop_assert_eq!(heap.count(), 0);
    }
}

#[test]
fn a_full_ring_leaves_one_descriptor_unused() {
    let mut bench = Bench::new(128);
    let mut posted = 0;
    while bench.producer.free() > 0 {
        bench.build(&Shape::plain(60), true);
        posted += 1;
    }
    assert_eq!(posted, 127);
    assert_eq!(bench.producer.size().count(), 128);
}

#[test]
fn in_a_full_ring_no_frame_begins() {
    let mut bench = Bench::new(64);
    (0..63).for_each(|_| assert!(bench.build(&Shape::plain(60), true).is_some()));
    assert!(bench.producer.begin(FrameCommand::new(60), None).is_none());
}

#[test]
fn a_piece_without_room_is_freed_and_so_are_those_before_it() {
    let mut bench = Bench::new(64);
    (0..61).for_each(|_| assert!(bench.build(&Shape::plain(60), true).is_some()));
    let before = bench.heap.count();
    let mut building = bench.producer.begin(FrameCommand::new(60), None).expect("room that was seen");
    building.data(0, 60);
    let pieces = [(); 2].map(|()| bench.heap.allocate());
    assert_eq!(pieces.map(|piece| building.piece(piece, 0, 60)), [true, false]);
    drop(building);
    assert_eq!(bench.heap.count(), before);
}

#[test]
fn a_frame_that_is_not_done_stays_the_cards() {
    let mut bench = Bench::new(64);
    bench.post(&Shape::plain(60));
    assert!(bench.clean().is_none());
    assert_eq!(bench.heap.count(), 1);
}

#[test]
fn a_context_is_written_once_for_frames_that_share_it() {
    let mut bench = Bench::new(64);
    let descriptors = [Some(5), Some(5), Some(6), None, Some(6)].map(|context| {
        let before = bench.producer.free();
        bench.post(&Shape { first: 60, further: Vec::new(), context });
        before - bench.producer.free()
    });
    assert_eq!(descriptors, [2, 1, 2, 1, 1]);
}

#[test]
fn the_context_of_an_abandoned_frame_is_written_again() {
    let mut bench = Bench::new(64);
    let shape = Shape { first: 60, further: Vec::new(), context: Some(5) };
    bench.build(&shape, false);
    bench.post(&shape);
    assert_eq!(bench.producer.free(), 61);
}

#[test]
fn observers_see_where_both_halves_stand() {
    let mut bench = Bench::new(64);
    bench.post(&Shape::plain(60));
    bench.post(&Shape::plain(60));
    bench.send();
    assert!(bench.clean().is_some());
    assert_eq!((bench.consumer.indexes().next_to_use(), bench.producer.indexes().next_to_clean()), (2, 1));
    // As the kernel's macros for stopping and waking read them.
    let (next_to_use, next_to_clean) = bench.producer.indexes().cells();
    assert_eq!([next_to_use, next_to_clean].map(|cell| cell.load(Ordering::Relaxed)), [2, 1]);
    assert_eq!(bench.consumer.size(), bench.producer.size());
}

#[test]
fn a_data_descriptor_carries_length_payload_and_what_is_to_be_done() {
    let mut bench = Bench::new(64);
    let command =
        FrameCommand::new(1448).segmented().with_l4_checksum().with_ip_checksum().with_vlan().with_timestamp();
    let mut building = bench.producer.begin(command, None).expect("room that was seen");
    building.data(0xabc0, 1514);
    building.finish(bench.heap.allocate());
    // PAYLEN, POPTS, DCMD (TSE, VLE, DEXT, RS, IFCS, EOP), DTYP, MAC (time stamp), length: datasheet 7.2.2.3.
    let word = 1448 << 46 | 0b11 << 40 | 0b1110_1011 << 24 | 0b0011 << 20 | 1 << 19 | 1514;
    assert_eq!(bench.memory.read(0).0, [0xabc0, word]);
}

#[test]
fn the_same_command_carries_frames_of_other_lengths() {
    let command = FrameCommand::new(0x3_ffff).with_l4_checksum();
    assert_eq!(command.carrying(60), FrameCommand::new(60).with_l4_checksum());
}

#[test]
fn who_looks_on_sees_what_a_frame_asks_for() {
    let command = FrameCommand::new(60);
    let commands = [
        command,
        command.with_l4_checksum(),
        command.with_ip_checksum(),
        command.segmented(),
        command.with_vlan(),
        command.with_timestamp(),
    ];
    let seen = commands.map(|command| {
        let mut bench = Bench::new(64);
        let mut building = bench.producer.begin(command, None).expect("room that was seen");
        building.data(0xabc0, 60);
        building.finish(bench.heap.allocate());
        let descriptor = bench.memory.read(0);
        assert_eq!(descriptor.dma_address(), 0xabc0);
        let data = descriptor.transmits().expect("a data descriptor");
        assert_eq!((data.length(), data.ends_frame()), (60, true));
        [data.inserts_checksum(), data.is_segmented(), data.inserts_vlan(), data.takes_timestamp()].map(u8::from)
    });
    let expected = [[0, 0, 0, 0], [1, 0, 0, 0], [1, 0, 0, 0], [0, 1, 0, 0], [0, 0, 1, 0], [0, 0, 0, 1]];
    assert_eq!(seen, expected);
}

#[test]
fn who_looks_on_sees_no_data_in_a_context_and_no_end_in_a_first_piece() {
    let mut bench = Bench::new(64);
    bench.post(&Shape { first: 60, further: vec![40], context: Some(5) });
    let seen = [0, 1, 2].map(|index| bench.memory.read(index).transmits().map(|data| data.ends_frame()));
    assert_eq!(seen, [None, Some(false), Some(true)]);
}

#[test]
fn the_last_descriptor_of_what_came_back_is_known_also_across_the_end_of_the_ring() {
    let mut bench = Bench::new(64);
    for _ in 0..40 {
        bench.post(&Shape { first: 60, further: vec![40], context: None });
        let last = bench.memory.size().previous(bench.tail);
        bench.send();
        assert_eq!(bench.consumer.clean().next().map(|(_, index)| index), Some(last));
    }
}

#[test]
fn a_context_descriptor_carries_headers_tag_and_segments() {
    let mut bench = Bench::new(64);
    let context = Context::new(0x2005).with_headers(14, 20).ipv4().segments(32, 1448);
    for (transport, bits) in [(Transport::Udp, 0), (Transport::Tcp, 1 << 11), (Transport::Sctp, 1 << 12)] {
        let index = bench.producer.indexes().next_to_use();
        let mut building = bench
            .producer
            .begin(FrameCommand::new(60), Some(context.transport(transport)))
            .expect("room that was seen");
        building.data(0x1000, 60);
        building.finish(bench.heap.allocate());
        // VLAN, MACLEN, IPLEN; MSS, L4LEN, DEXT, DTYP 0010b, TUCMD with IPV4: datasheet 7.2.2.2.
        let high = 1448 << 48 | 32 << 40 | 1 << 29 | 0b0010 << 20 | 1 << 10 | bits;
        assert_eq!(bench.memory.read(index).0, [0x2005 << 16 | 14 << 9 | 20, high]);
    }
}

#[test]
fn a_full_ring_has_no_room_for_a_frame_of_one_descriptor() {
    let mut bench = Bench::new(64);
    for left in (1..64).rev() {
        assert_eq!(bench.producer.room().map(|room| room.free()), Some(left));
        assert!(bench.post(&Shape::plain(60)).is_some() || bench.build(&Shape::plain(60), true).is_some());
    }
    assert!(bench.producer.room().is_none());
}

#[test]
fn what_a_pass_takes_back_is_room_when_the_pass_ends() {
    let mut bench = Bench::new(64);
    for context in [None, Some(5)] {
        bench.post(&Shape { first: 60, further: vec![40, 50], context });
        bench.send();
    }
    bench.post(&Shape::plain(60));
    let Bench { producer, consumer, heap, .. } = &mut bench;
    let before = producer.free();
    let mut cleaning = consumer.clean();
    assert!(!cleaning.is_empty());
    assert!(cleaning.next().is_some());
    assert!(cleaning.next().is_some());
    // The third was not sent.
    assert!(cleaning.next().is_none());
    assert_eq!(producer.free(), before);
    drop(cleaning);
    assert_eq!(producer.free(), before + 7);
    assert_eq!(heap.count(), 1);
}

#[test]
fn a_pass_ends_where_the_ring_ended_when_it_began() {
    let mut bench = Bench::new(64);
    assert!(bench.consumer.clean().is_empty());
    bench.post(&Shape::plain(60));
    bench.send();
    let Bench { producer, consumer, heap, memory, .. } = &mut bench;
    let mut cleaning = consumer.clean();
    let tail = producer.room().expect("room").post(FrameCommand::new(60), heap.allocate(), 0x1000, 60);
    memory.write_back(memory.size().previous(tail), u64::MAX);
    assert!(cleaning.next().is_some());
    assert!(cleaning.is_empty() && cleaning.next().is_none());
    drop(cleaning);
    assert!(bench.clean().is_some());
}
