// SPDX-License-Identifier: GPL-2.0-only
//! A transmit ring with the card at its other side.

use crate::{
    card::{Buffer, Heap, Memory},
    ring::{
        DescriptorMemory, FreeSlot, FreeSlots, PutSlot, SlotWalk, TakeSlot,
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
    type Place<'a> = Place<'a>;
    type Behind<'a> = Behind<'a>;

    fn places(&mut self) -> Option<(Place<'_>, Behind<'_>)> {
        let (index, free) = self.indexes.next_free(self.size);
        (free > 0).then_some((Place { half: self, index, free }, Behind { half: self, next: index, free }))
    }

    fn indexes(&self) -> &TxIndexes {
        &self.indexes
    }
}

/// The free slots behind it.
pub struct Behind<'a> {
    half: &'a Half,
    next: u32,
    free: u32,
}

impl Behind<'_> {
    fn has(&self, index: u32) -> bool {
        (1..self.free).contains(&self.half.size.distance(self.next, index))
    }
}

impl FreeSlots<Slot> for Behind<'_> {
    fn put(&mut self, index: u32, value: Slot) -> Result<(), Slot> {
        if !self.has(index) {
            return Err(value);
        }
        let before = self.half.slots.borrow_mut()[index as usize].replace(value);
        assert!(before.is_none(), "a slot that is in use was overwritten");
        Ok(())
    }

    fn withdraw(&mut self, index: u32) -> Option<Slot> {
        self.has(index).then(|| self.half.slots.borrow_mut()[index as usize].take())?
    }
}

/// The slot at `next_to_use`.
pub struct Place<'a> {
    half: &'a Half,
    index: u32,
    free: u32,
}

impl<'a> FreeSlot<'a, Slot> for Place<'a> {
    fn index(&self) -> u32 {
        self.index
    }

    fn free(&self) -> u32 {
        self.free
    }

    fn put(self, value: Slot) -> &'a TxIndexes {
        let before = self.half.slots.borrow_mut()[self.index as usize].replace(value);
        assert!(before.is_none(), "a slot that is in use was overwritten");
        &self.half.indexes
    }
}

/// The published slots, out of the ring for as long as the walk takes.
pub struct Walk<'a> {
    half: &'a Half,
    index: u32,
    left: u32,
    next: Option<Slot>,
}

impl Walk<'_> {
    fn take_at(&self, distance: u32) -> Option<Slot> {
        self.half.slots.borrow_mut()[self.half.size.after(self.index, distance) as usize].take()
    }
}

impl SlotWalk<Slot> for Walk<'_> {
    fn index(&self) -> u32 {
        self.index
    }

    fn left(&self) -> u32 {
        self.left
    }

    fn peek(&self) -> Option<&Option<Slot>> {
        (self.left > 0).then_some(&self.next)
    }

    fn look_behind<R>(&self, distance: u32, look: impl FnOnce(&Slot) -> R) -> Option<R> {
        match distance {
            0 => self.next.as_ref().map(look),
            _ if distance >= self.left => None,
            _ => self.half.slots.borrow()[self.half.size.after(self.index, distance) as usize].as_ref().map(look),
        }
    }

    fn take_behind(&mut self, further: u32) -> impl Iterator<Item = Slot> {
        (1..=further).take_while(|distance| *distance < self.left).filter_map(|distance| self.take_at(distance))
    }

    fn take(&mut self, further: u32) -> Option<Slot> {
        if further >= self.left {
            return None;
        }
        let taken = self.next.take();
        self.index = self.half.size.after(self.index, further + 1);
        self.left -= further + 1;
        self.next = if self.left > 0 { self.take_at(0) } else { None };
        taken
    }

    fn indexes(&self) -> &TxIndexes {
        &self.half.indexes
    }
}

impl Drop for Walk<'_> {
    fn drop(&mut self) {
        if let Some(slot) = self.next.take() {
            self.half.slots.borrow_mut()[self.index as usize] = Some(slot);
        }
    }
}

impl TakeSlot<Slot> for Half {
    type Walk<'a> = Walk<'a>;

    fn walk(&mut self) -> Walk<'_> {
        let index = self.indexes.next_to_clean();
        let left = self.size.distance(index, self.indexes.next_to_use());
        let mut walk = Walk { half: self, index, left, next: None };
        walk.next = if left > 0 { walk.take_at(0) } else { None };
        walk
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
        let mut building = self.producer.begin(FrameCommand::new(shape.first), context).expect("room that was seen");
        building.data(address, shape.first);
        for bytes in &shape.further {
            let piece = self.heap.allocate();
            let place = piece.address;
            assert!(building.piece(piece, place, *bytes));
        }
        if !ends {
            return None;
        }
        self.tail = building.finish(frame);
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
            let room = self.producer.room().expect("room that was seen");
            self.tail = room.post(command, frame, address, shape.first);
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

    /// A pass of the poll that takes one frame back at most.
    pub fn clean(&mut self) -> Option<Buffer> {
        self.consumer.clean().next().map(|(frame, _)| frame)
    }

    pub fn used_slots(&self) -> usize {
        self.slots.borrow().iter().filter(|slot| slot.is_some()).count()
    }
}
