// SPDX-License-Identifier: GPL-2.0-only
//! Frames of the self-test: sent, looped back by the PHY, received and compared. On rings and in memory of its own, without the stack, interrupts or polls.

use crate::{
    dev::adapter::Adapter,
    hw::{
        link::{self, LinkMode},
        queues::{self, RingPlace},
        receive_filter, reset,
    },
    ring::{
        DescriptorMemory,
        descriptor::{self, ReceiveWriteBack},
        index::RingSize,
    },
    sys::{coherent_bytes::CoherentBytes, netdev::MacAddress, ring_memory::RingMemory},
};
use kernel::{
    prelude::*,
    time::{Delta, delay::fsleep},
};

/// Bytes of each frame, from destination address to the last of its payload: the shortest, the longest, and around where the card counts in other steps.
const LENGTHS: [u32; 8] = [60, 61, 127, 128, 256, 777, 1024, 1514];
const RECEIVE_BYTES: usize = 4096;
const TRANSMIT_BYTES: usize = 2048;
const ALL_RECEIVE_BYTES: usize = LENGTHS.len() * RECEIVE_BYTES;
/// IEEE 802's Ethertype for experiments.
const ETHERTYPE: [u8; 2] = [0x88, 0xb5];
const LARGEST_MTU: u32 = 1500;

/// How long the PHY may take to loop back, and the frames to come round, in milliseconds.
const LINK_MS: u32 = 3_000;
const FRAMES_MS: u32 = 500;

/// What went wrong.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Fault {
    /// There was no memory for rings or frames.
    NoMemory = 1,
    /// The PHY did not answer, or reported no link to itself.
    NoLink = 2,
    /// A frame was not sent.
    NotSent = 3,
    /// A frame did not come back.
    NotReceived = 4,
    /// It came back as another.
    Different = 5,
}

struct Bench {
    receive: RingMemory,
    transmit: RingMemory,
    bytes: CoherentBytes,
}

impl Bench {
    fn new(adapter: &Adapter) -> Result<Self> {
        let size = RingSize::at_least(RingSize::MIN);
        Ok(Self {
            receive: RingMemory::new(adapter.binding, size)?,
            transmit: RingMemory::new(adapter.binding, size)?,
            bytes: CoherentBytes::new(adapter.binding, ALL_RECEIVE_BYTES + LENGTHS.len() * TRANSMIT_BYTES)?,
        })
    }
}

fn place(memory: &RingMemory) -> RingPlace {
    RingPlace { dma_address: memory.dma_address(), size: memory.size() }
}

fn frame(address: MacAddress, index: u32, length: u32) -> impl Iterator<Item = u8> {
    let [type_high, type_low] = ETHERTYPE;
    (0..length).map(move |offset| match offset {
        0..=11 => address.get((offset % 6) as usize).copied().unwrap_or(0),
        12 => type_high,
        13 => type_low,
        _ => offset.wrapping_mul(7).wrapping_add(index.wrapping_mul(31)) as u8,
    })
}

fn within(limit_ms: u32, holds: impl Fn() -> bool) -> bool {
    for _ in 0..limit_ms {
        if holds() {
            return true;
        }
        fsleep(Delta::from_millis(1));
    }
    holds()
}

/// Sends frames to ourselves, on a port that is down. The card is reset before and afterwards.
pub(super) fn run(adapter: &Adapter) -> Result<(), Fault> {
    let bench = Bench::new(adapter).map_err(|_| Fault::NoMemory)?;
    let result = send_and_compare(adapter, &bench);
    // Before the memory goes.
    let _stopped = queues::quiesce(&adapter.registers);
    result
}

fn send_and_compare(adapter: &Adapter, bench: &Bench) -> Result<(), Fault> {
    let registers = &adapter.registers;
    let address = adapter.netdev.address();
    reset::reset(registers);
    reset::clear_tables(registers);
    reset::set_mac_address(registers, address);
    receive_filter::set_longest_frame(registers, LARGEST_MTU);
    link::configure(registers, LinkMode::Loopback).map_err(|_| Fault::NoLink)?;
    queues::start_transmit(registers, place(&bench.transmit));
    queues::start_receive(registers, place(&bench.receive));
    for (index, &length) in (0u32..).zip(&LENGTHS) {
        let received_at = (index as usize).wrapping_mul(RECEIVE_BYTES);
        let sent_from = (index as usize).wrapping_mul(TRANSMIT_BYTES).wrapping_add(ALL_RECEIVE_BYTES);
        bench.bytes.write(sent_from, frame(address, index, length));
        bench.receive.write(index, descriptor::receive(bench.bytes.dma_address(received_at)));
        bench.transmit.write(index, descriptor::transmit(bench.bytes.dma_address(sent_from), length));
    }
    bench.receive.publish();
    queues::set_receive_tail(registers, LENGTHS.len() as u32);
    if !within(LINK_MS, || link::state(registers).is_some()) {
        return Err(Fault::NoLink);
    }
    queues::set_transmit_tail(registers, LENGTHS.len() as u32);
    for (index, &length) in (0u32..).zip(&LENGTHS) {
        compare(bench, index, length, address)?;
    }
    Ok(())
}

fn compare(bench: &Bench, index: u32, length: u32, address: MacAddress) -> Result<(), Fault> {
    if !within(FRAMES_MS, || descriptor::transmit_done(bench.transmit.read_word(index, 1)).is_some()) {
        return Err(Fault::NotSent);
    }
    let written = || ReceiveWriteBack::from_word(bench.receive.read_word(index, 1));
    if !within(FRAMES_MS, || written().is_some()) {
        return Err(Fault::NotReceived);
    }
    let Some(received) = written() else { return Err(Fault::NotReceived) };
    bench.receive.observe();
    let bytes = bench.bytes.read((index as usize).wrapping_mul(RECEIVE_BYTES)).take(received.length as usize);
    let same = received.end_of_packet && !received.bad && bytes.eq(frame(address, index, length));
    if same { Ok(()) } else { Err(Fault::Different) }
}
