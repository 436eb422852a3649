// SPDX-License-Identifier: GPL-2.0-only
//! A transmit ring with the card at its other side.

use crate::{
    card::{Buffer, Heap, Memory},
    ring::{
        DescriptorMemory, PutSlot, TakeSlot,
        descriptor::{Context, FrameCommand, MOST_TX_BYTES},
        index::RingSize,
        tx::{TxConsumer, TxIndexes, TxProducer, TxSlot},
    },
};
use proptest::prelude::*;
use std::{cell::RefCell, rc::Rc};

pub type Slot = TxSlot<Buffer, Buffer>;

pub struct Half {
    slots: Rc<RefCell<Vec<Option<Slot>>>>,
    indexes: Rc<TxIndexes>,
    size: RingSize,
}

impl PutSlot<Slot> for Half {
    fn put(&mut self, index: u32, value: Slot) -> Result<(), Slot> {
        if !self.indexes.is_free(index, self.size) {
            return Err(value);
        }
        let before = self.slots.borrow_mut()[index as usize].replace(value);
        assert!(before.is_none(), "a slot that is in use was overwritten");
        Ok(())
    }

    fn withdraw(&mut self, index: u32) -> Option<Slot> {
        self.indexes.is_free(index, self.size).then(|| self.slots.borrow_mut()[index as usize].take())?
    }

    fn indexes(&self) -> &TxIndexes {
        &self.indexes
    }
}

impl TakeSlot<Slot> for Half {
    fn peek<R>(&self, index: u32, look: impl FnOnce(&Slot) -> R) -> Option<R> {
        self.indexes.is_published(index, self.size).then(|| self.slots.borrow()[index as usize].as_ref().map(look))?
    }

    fn take(&mut self, index: u32) -> Option<Slot> {
        self.indexes.is_published(index, self.size).then(|| self.slots.borrow_mut()[index as usize].take())?
    }

    fn indexes(&self) -> &TxIndexes {
        &self.indexes
    }
}

pub type Producer = TxProducer<Rc<Memory>, Half, Buffer, Buffer>;
pub type Consumer = TxConsumer<Rc<Memory>, Half, Buffer, Buffer>;

const CONTEXT: u64 = 2;
const END: u64 = 1 << 24;
const REPORT: u64 = 1 << 27;
const DONE: u64 = 1 << 32;

/// A ring with the card at its other side.
pub struct Bench {
    pub producer: Producer,
    pub consumer: Consumer,
    pub memory: Rc<Memory>,
    pub slots: Rc<RefCell<Vec<Option<Slot>>>>,
    pub heap: Heap,
    /// The card's.
    pub head: u32,
    pub tail: u32,
}

/// What a frame is made of: bytes of its first piece, of each further one, whether it has a context.
#[derive(Clone, Debug)]
pub struct Shape {
    pub first: u32,
    pub further: Vec<u32>,
    pub context: Option<u16>,
}

impl Shape {
    pub fn plain(first: u32) -> Self {
        Self { first, further: Vec::new(), context: None }
    }

    /// One descriptor is all that it takes.
    pub fn is_single(&self) -> bool {
        self.context.is_none() && self.further.is_empty() && self.first <= MOST_TX_BYTES
    }

    /// Descriptors, with one for a context.
    pub fn descriptors(&self) -> u32 {
        let data = |bytes: &u32| bytes.div_ceil(MOST_TX_BYTES);
        1 + data(&self.first) + self.further.iter().map(data).sum::<u32>()
    }

    pub fn any() -> impl Strategy<Value = Self> {
        let bytes = || prop_oneof![4 => 1u32..1600, 1 => 1..(3 * MOST_TX_BYTES), 1 => (1u32..4).prop_map(|full| full * MOST_TX_BYTES)];
        (bytes(), prop::collection::vec(bytes(), 0..4), prop::option::of(0u16..3))
            .prop_map(|(first, further, context)| Self { first, further, context })
    }
}

impl Bench {
    pub fn new(requested: u32) -> Self {
        let size = RingSize::at_least(requested);
        let memory = Memory::new(size);
        let slots = Rc::new(RefCell::new((0..size.count()).map(|_| None).collect()));
        let indexes = Rc::new(TxIndexes::new());
        let half = || Half { slots: slots.clone(), indexes: indexes.clone(), size };
        Self {
            producer: TxProducer::new(memory.clone(), half()),
            consumer: TxConsumer::new(memory.clone(), half()),
            memory,
            slots: slots.clone(),
            heap: Heap::default(),
            head: 0,
            tail: 0,
        }
    }

    /// Builds a frame up to (without) its end, and ends it or lets it go. Its address, when it was posted.
    pub fn build(&mut self, shape: &Shape, ends: bool) -> Option<u64> {
        let context = shape.context.map(Context::new);
        let frame = self.heap.allocate();
        let address = frame.address;
        let mut building = self.producer.begin(FrameCommand::new(shape.first), context);
        building.data(address, shape.first);
        for bytes in &shape.further {
            let piece = self.heap.allocate();
            let place = piece.address;
            assert!(building.piece(piece, place, *bytes));
        }
        if !ends {
            return None;
        }
        self.tail = building.finish(frame).ok().expect("room that was seen");
        Some(address)
    }

    /// Posts a frame if there is room for it.
    pub fn post(&mut self, shape: &Shape) -> Option<u64> {
        if self.producer.free() < shape.descriptors() {
            return None;
        }
        if shape.is_single() {
            let frame = self.heap.allocate();
            let address = frame.address;
            let command = FrameCommand::new(shape.first);
            self.tail = self.producer.single(command, frame, address, shape.first).ok().expect("room that was seen");
            return Some(address);
        }
        self.build(shape, true)
    }

    /// The card reads and sends up to the end of the next frame: the bytes of its pieces in order.
    pub fn send(&mut self) -> Option<Vec<(u64, u32)>> {
        let mut pieces = Vec::new();
        while self.head != self.tail {
            let index = self.head;
            self.head = self.memory.size().next(index);
            let [address, command] = self.memory.read(index).0;
            if (command >> 20) & 0xf == CONTEXT {
                continue;
            }
            assert!(self.heap.is_alive(address), "the card read memory that was freed");
            assert_eq!(command & END != 0, command & REPORT != 0);
            pieces.push((address, (command & 0xffff) as u32));
            if command & END != 0 {
                self.memory.write_back(index, command | DONE);
                return Some(pieces);
            }
        }
        assert!(pieces.is_empty(), "the tail lies inside of a frame");
        None
    }

    pub fn used_slots(&self) -> usize {
        self.slots.borrow().iter().filter(|slot| slot.is_some()).count()
    }
}
