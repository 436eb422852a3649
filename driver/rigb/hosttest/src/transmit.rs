// SPDX-License-Identifier: GPL-2.0-only

use crate::{
    card::{Buffer, Heap, Memory},
    ring::{
        DescriptorMemory, PutSlot, TakeSlot,
        index::RingSize,
        slot::{Posted, Quiesced},
        tx::{TxConsumer, TxIndexes, TxProducer},
    },
};
use proptest::prelude::*;
use std::{cell::RefCell, collections::VecDeque, rc::Rc};

struct Half<T> {
    slots: Rc<RefCell<Vec<Option<T>>>>,
    indexes: Rc<TxIndexes>,
    size: RingSize,
}

impl<T> PutSlot<T> for Half<T> {
    fn put(&mut self, value: T) -> Result<u32, T> {
        let Some(index) = self.indexes.free_index(self.size) else { return Err(value) };
        let before = self.slots.borrow_mut()[index as usize].replace(value);
        assert!(before.is_none(), "a slot that is in use was overwritten");
        Ok(index)
    }

    fn indexes(&self) -> &TxIndexes {
        &self.indexes
    }
}

impl<T> TakeSlot<T> for Half<T> {
    fn take(&mut self) -> Option<T> {
        let index = self.indexes.used_index()?;
        self.slots.borrow_mut()[index as usize].take()
    }

    fn indexes(&self) -> &TxIndexes {
        &self.indexes
    }
}

type Halves = (
    TxProducer<Rc<Memory>, Half<Posted<Buffer>>, Buffer>,
    TxConsumer<Rc<Memory>, Half<Posted<Buffer>>, Buffer>,
    Rc<Memory>,
);

fn halves(requested: u32) -> Halves {
    let size = RingSize::at_least(requested);
    let memory = Memory::new(size);
    let slots = Rc::new(RefCell::new((0..size.count()).map(|_| None).collect()));
    let indexes = Rc::new(TxIndexes::new());
    let half = || Half { slots: slots.clone(), indexes: indexes.clone(), size };
    (TxProducer::new(memory.clone(), half()), TxConsumer::new(memory.clone(), half()), memory)
}

const DONE: u64 = 1 << 32;

proptest! {
    #[test]
    fn the_card_never_reads_freed_memory_and_frames_complete_in_order(steps in prop::collection::vec((0u8..3, 60u32..1600), 1..600)) {
        let heap = Heap::default();
        let (mut producer, mut consumer, memory) = halves(128);
        let mut card: VecDeque<(u32, u64)> = VecDeque::new();
        let mut sent = VecDeque::new();
        let mut tail = 0;
        for (step, length) in steps {
            match step {
                0 => {
                    let frame = heap.allocate();
                    let address = frame.address;
                    let free = producer.free();
                    match producer.post(frame, address, length) {
                        Ok(next) => {
                            card.push_back((tail, address));
                            tail = next;
                        }
                        Err(frame) => {
                            prop_assert_eq!(free, 0);
                            prop_assert_eq!(frame.address, address);
                        }
                    }
                }
                1 => {
                    if let Some((index, address)) = card.pop_front() {
                        prop_assert!(heap.is_alive(address), "the card read a frame that was freed");
                        let descriptor = memory.read(index);
                        prop_assert_eq!(descriptor.0[0], address);
                        memory.write_back(index, descriptor.0[1] | DONE);
                        sent.push_back(address);
                    }
                }
                _ => prop_assert_eq!(consumer.next().map(|frame| frame.address), sent.pop_front()),
            }
            prop_assert_eq!(producer.free(), consumer.free());
        }
        drop(producer);
        consumer.reclaim(&Quiesced::after_reset());
        prop_assert_eq!(heap.count(), 0);
    }
}

#[test]
fn a_full_ring_gives_the_frame_back() {
    let heap = Heap::default();
    let (mut producer, _consumer, _memory) = halves(128);
    for _ in 0..127 {
        let frame = heap.allocate();
        assert!(producer.post(frame, 0x1000, 60).is_ok());
    }
    assert_eq!(producer.free(), 0);
    let frame = heap.allocate();
    assert!(producer.post(frame, 0x1000, 60).is_err());
    assert_eq!(heap.count(), 127);
}

#[test]
fn a_descriptor_carries_length_and_payload_length_of_its_frame() {
    let heap = Heap::default();
    let (mut producer, _consumer, memory) = halves(128);
    assert!(producer.post(heap.allocate(), 0xabc0, 1514).is_ok());
    let [address, word] = memory.read(0).0;
    assert_eq!(address, 0xabc0);
    assert_eq!(word & 0xffff, 1514);
    assert_eq!(word >> 46, 1514);
    assert_eq!(word & DONE, 0);
}
