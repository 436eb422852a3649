// SPDX-License-Identifier: GPL-2.0-only

use crate::{
    explore,
    memory::{Barriers, Memory},
    ring::{
        SlotStore,
        index::RingSize,
        rx::{RxIndexes, RxRing},
        slot::{Posted, Quiesced},
    },
};
use loom::{sync::Arc, thread};

/// The poll alone reaches the receive slots.
struct Slots(Vec<Option<Posted<u32>>>);

impl SlotStore<Posted<u32>> for Slots {
    fn put(&mut self, index: u32, value: Posted<u32>) -> Result<(), Posted<u32>> {
        self.0[index as usize] = Some(value);
        Ok(())
    }

    fn take(&mut self, index: u32) -> Option<Posted<u32>> {
        self.0[index as usize].take()
    }

    fn look(&self, index: u32) -> Option<&Posted<u32>> {
        self.0[index as usize].as_ref()
    }
}

#[test]
fn a_buffer_comes_back_with_all_that_the_card_wrote_of_it() {
    explore(3, || {
        let size = RingSize::at_least(0);
        let memory = Arc::new(Memory::new(size, Barriers::Dma));
        let slots = Slots((0..size.count()).map(|_| None).collect());
        let mut ring = RxRing::new(memory.clone(), slots, Arc::new(RxIndexes::new()));
        let card = {
            let memory = memory.clone();
            thread::spawn(move || {
                let head = memory.receive(0);
                memory.receive(head)
            })
        };
        let mut buffers = 1..=2;
        let mut received = 0;
        for _ in 0..2 {
            let mut one = buffers.next();
            let tail = ring.refill(|| one.take().map(|buffer| [(buffer, u64::from(buffer))])).expect("room");
            memory.ring_doorbell(tail);
            while let Some(frame) = ring.next() {
                received += 1;
                assert_eq!(frame.buffer, received);
                assert_eq!(frame.said.status.length(), 60);
                assert_eq!(
                    frame.said.hash().map(|hash| hash.value),
                    Some(frame.buffer),
                    "a hash from before the frame"
                );
            }
        }
        card.join().unwrap();
        ring.reclaim(&Quiesced::after_reset());
    });
}
