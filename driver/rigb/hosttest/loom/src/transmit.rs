// SPDX-License-Identifier: GPL-2.0-only

use crate::{
    explore,
    memory::{Barriers, Memory},
    queue::{Queue, Without},
    ring::{
        descriptor::{FrameCommand, MOST_TX_BYTES},
        index::RingSize,
        slot::Quiesced,
        tx::{TxConsumer, TxIndexes, TxProducer, TxSlot},
    },
    slots::{SlotPutter, SlotTaker, slots},
};
use loom::{sync::Arc, thread};

type Producer = TxProducer<Arc<Memory>, SlotPutter<TxSlot<u32, u32>>, u32, u32>;
type Consumer = TxConsumer<Arc<Memory>, SlotTaker<TxSlot<u32, u32>>, u32, u32>;

fn ring(barriers: Barriers) -> (Producer, Consumer, Arc<Memory>) {
    let size = RingSize::at_least(0);
    let memory = Arc::new(Memory::new(size, barriers));
    let (putter, taker) = slots(size, Arc::new(TxIndexes::new()));
    let consumer = TxConsumer::new(memory.clone(), taker);
    consumer.indexes().cells().1.claim();
    (TxProducer::new(memory.clone(), putter), consumer, memory)
}

/// Passes of the poll, each of which takes one frame back, until one takes none.
fn passes(consumer: &mut Consumer) -> impl Iterator<Item = u32> + use<'_> {
    std::iter::from_fn(|| consumer.clean().next().map(|(frame, _)| frame))
}

/// What one pass of the poll takes back.
fn pass(consumer: &mut Consumer) -> Vec<u32> {
    let mut cleaning = consumer.clean();
    std::iter::from_fn(|| cleaning.next().map(|(frame, _)| frame)).collect()
}

/// Posts a frame of `descriptors` descriptors in one piece. The new tail.
fn post(producer: &mut Producer, frame: u32, descriptors: u32) -> u32 {
    assert!(producer.free() >= descriptors);
    if descriptors == 1 {
        return producer.room().expect("room that was seen").post(FrameCommand::new(60), frame, 0x1000, 60);
    }
    let mut building = producer.begin(FrameCommand::new(60), None).expect("room that was seen");
    building.data(0x1000, descriptors * MOST_TX_BYTES);
    building.finish(frame)
}

/// Posts a frame of two pieces. The new tail.
fn post_pieces(producer: &mut Producer, frame: u32) -> u32 {
    assert!(producer.free() >= 2);
    let mut building = producer.begin(FrameCommand::new(120), None).expect("room that was seen");
    building.data(0x1000, 60);
    assert!(building.piece(frame, 0x2000, 60));
    building.finish(frame)
}

#[test]
fn frames_pass_from_the_one_half_to_the_other_whole_and_in_order() {
    explore(3, || {
        let (mut producer, mut consumer, memory) = ring(Barriers::None);
        let posting = thread::spawn(move || {
            producer.indexes().cells().0.claim();
            let tail = post(&mut producer, 1, 1);
            memory.ring_doorbell(tail);
            let head = memory.send(0);
            let tail = post_pieces(&mut producer, 2);
            memory.ring_doorbell(tail);
            memory.send(head);
        });
        let mut received = Vec::new();
        for _ in 0..3 {
            received.extend(passes(&mut consumer).next());
        }
        posting.join().unwrap();
        received.extend(passes(&mut consumer));
        assert_eq!(received, [1, 2]);
    });
}

#[test]
fn the_card_sees_whole_descriptors_and_the_poll_sees_whole_frames() {
    explore(2, || {
        let (mut producer, mut consumer, memory) = ring(Barriers::Dma);
        let card = {
            let memory = memory.clone();
            thread::spawn(move || {
                let head = memory.send(0);
                memory.send(head)
            })
        };
        let posting = {
            let memory = memory.clone();
            thread::spawn(move || {
                producer.indexes().cells().0.claim();
                let tail = post(&mut producer, 1, 1);
                memory.ring_doorbell(tail);
                let tail = post_pieces(&mut producer, 2);
                memory.ring_doorbell(tail);
            })
        };
        let mut received = Vec::new();
        received.extend(passes(&mut consumer).next());
        received.extend(passes(&mut consumer).next());
        posting.join().unwrap();
        memory.send(card.join().unwrap());
        received.extend(passes(&mut consumer));
        assert_eq!(received, [1, 2]);
    });
}

#[test]
fn a_full_ring_is_filled_again_only_behind_what_was_cleaned() {
    explore(3, || {
        let (mut producer, mut consumer, memory) = ring(Barriers::None);
        // Two frames fill all but one descriptor; the next two need what the first leaves, and wrap around.
        post(&mut producer, 1, 31);
        let tail = post(&mut producer, 2, 31);
        memory.ring_doorbell(tail);
        let mut head = memory.send(0);
        let posting = thread::spawn(move || {
            producer.indexes().cells().0.claim();
            let mut posted = 2;
            for _ in 0..2 {
                if producer.free() >= 2 {
                    posted += 1;
                    let tail = post_pieces(&mut producer, posted);
                    memory.ring_doorbell(tail);
                    head = memory.send(head);
                }
            }
            posted
        });
        let mut received = Vec::new();
        received.extend(pass(&mut consumer));
        received.extend(pass(&mut consumer));
        let posted = posting.join().unwrap();
        received.extend(passes(&mut consumer));
        assert_eq!(received, (1..=posted).collect::<Vec<_>>());
    });
}

/// One side posts until it is stopped, the other polls: then a stopped queue must have something under way that will wake it.
fn stop_and_wake(without: Without) {
    explore(3, move || {
        const STOP: u32 = 4;
        let (mut producer, mut consumer, memory) = ring(Barriers::None);
        let size = RingSize::at_least(0);
        let queue = Arc::new(Queue::new(without));
        let tail = post(&mut producer, 1, 58);
        memory.ring_doorbell(tail);
        let head = memory.send(0);
        let posting = {
            let queue = queue.clone();
            thread::spawn(move || {
                producer.indexes().cells().0.claim();
                let tail = post(&mut producer, 2, 2);
                memory.ring_doorbell(tail);
                queue.posted(producer.indexes(), size, STOP, STOP);
                memory.send(head);
            })
        };
        let frames = passes(&mut consumer).take(2).count() as u32;
        queue.cleaned(frames, consumer.indexes(), size, STOP);
        posting.join().unwrap();
        assert!(
            !queue.is_stopped() || consumer.indexes().free(consumer.size()) < STOP,
            "a queue with room is stopped and nobody will wake it"
        );
    });
}

#[test]
fn a_stopped_queue_is_woken_by_the_poll_that_makes_room() {
    stop_and_wake(Without::Nothing);
}

#[test]
#[should_panic(expected = "nobody will wake it")]
fn without_the_barrier_after_stopping_a_wake_is_lost() {
    stop_and_wake(Without::BarrierAfterStop);
}

#[test]
#[should_panic(expected = "nobody will wake it")]
fn without_the_barrier_before_waking_a_wake_is_lost() {
    stop_and_wake(Without::BarrierBeforeWake);
}

#[test]
#[should_panic(expected = "nobody will wake it")]
fn without_a_second_look_after_stopping_a_wake_is_lost() {
    stop_and_wake(Without::LookAfterStop);
}

#[test]
fn a_stopped_ring_gives_every_frame_back_once() {
    explore(3, || {
        let (mut producer, mut consumer, memory) = ring(Barriers::None);
        let posting = thread::spawn(move || {
            producer.indexes().cells().0.claim();
            let tail = post(&mut producer, 1, 1);
            memory.ring_doorbell(tail);
            memory.send(0);
            post_pieces(&mut producer, 2);
        });
        let received = passes(&mut consumer).next().is_some();
        posting.join().unwrap();
        assert_eq!(consumer.reclaim(&Quiesced::after_reset()), if received { 1 } else { 2 });
    });
}
