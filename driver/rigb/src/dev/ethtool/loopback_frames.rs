// SPDX-License-Identifier: GPL-2.0-only
//! Frames of the self-test: sent, looped back by the PHY, received and compared. The driver's own rings over memory of their own, without the stack, interrupts or polls.

use crate::{
    dev::adapter::Adapter,
    hw::{
        link::{self, LinkMode},
        port::{PairPlaces, Port, PortConfiguration, Reset, Running},
        queues::RingPlace,
    },
    ring::{
        DescriptorMemory,
        descriptor::FrameCommand,
        index::RingSize,
        rx::{RxIndexes, RxRing},
        slot::Posted,
        tx::{TxConsumer, TxIndexes, TxProducer, TxSlot},
    },
    sys::{
        coherent_bytes::CoherentBytes,
        netdev::MacAddress,
        ring_memory::RingMemory,
        slots::{SlotPutter, SlotTaker, slots},
    },
};
use kernel::{
    prelude::*,
    sync::Arc,
    time::{Delta, delay::fsleep},
};

/// Bytes of each frame, from destination address to the last of its payload: the shortest, the longest, and around where the card counts in other steps.
const LENGTHS: [u32; 8] = [60, 61, 127, 128, 256, 777, 1024, 1514];
/// How often all of them go round: more than once around rings of the smallest size.
const ROUNDS: u32 = 9;
const _: () = assert!(ROUNDS as usize * LENGTHS.len() > RingSize::MIN as usize);

const RECEIVE_BYTES: usize = 4096;
const TRANSMIT_BYTES: usize = 2048;
const ALL_RECEIVE_BYTES: usize = LENGTHS.len() * RECEIVE_BYTES;
const ALL_BYTES: usize = ALL_RECEIVE_BYTES + LENGTHS.len() * TRANSMIT_BYTES;
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

type Receive = RxRing<Arc<RingMemory>, KVec<Option<Posted<usize>>>, Arc<RxIndexes>, usize>;
type Send = TxProducer<Arc<RingMemory>, SlotPutter<TxSlot<usize, ()>>, usize, ()>;
type Sent = TxConsumer<Arc<RingMemory>, SlotTaker<TxSlot<usize, ()>>, usize, ()>;

/// Rings whose buffers are places in `bytes`: the number of a frame.
struct Bench {
    receive: Receive,
    send: Send,
    sent: Sent,
    places: PairPlaces,
    bytes: CoherentBytes,
}

impl Bench {
    fn new(adapter: &Adapter) -> Result<Self> {
        let size = RingSize::at_least(RingSize::MIN);
        let receive = Arc::new(RingMemory::new(adapter.binding, size)?, GFP_KERNEL)?;
        let transmit = Arc::new(RingMemory::new(adapter.binding, size)?, GFP_KERNEL)?;
        let (putter, taker) = slots(size, Arc::new(TxIndexes::new(), GFP_KERNEL)?)?;
        let mut receive_slots = KVec::with_capacity(size.count() as usize, GFP_KERNEL)?;
        for _ in 0..size.count() {
            receive_slots.push(None, GFP_KERNEL)?;
        }
        let place = |memory: &RingMemory| RingPlace { dma_address: memory.dma_address(), size: memory.size() };
        Ok(Self {
            places: PairPlaces {
                receive: place(&receive),
                transmit: place(&transmit),
                buffer_bytes: RECEIVE_BYTES as u32,
            },
            receive: RxRing::new(receive, receive_slots, Arc::new(RxIndexes::new(), GFP_KERNEL)?),
            send: TxProducer::new(transmit.clone(), putter),
            sent: TxConsumer::new(transmit, taker),
            bytes: CoherentBytes::new(adapter.binding, ALL_BYTES)?,
        })
    }

    /// Sends every frame once, with contents of this round, and compares what comes back.
    fn round(&mut self, port: &Port<Running>, address: MacAddress, round: u32) -> Result<(), Fault> {
        let Self { receive, send, sent, bytes, .. } = self;
        let mut places = 0..LENGTHS.len();
        let tail = receive.refill(|| {
            let place = places.next()?;
            Some([(place, bytes.dma_address(place.wrapping_mul(RECEIVE_BYTES)))])
        });
        port.receive_doorbell(0).ring(tail.ok_or(Fault::NoMemory)?);
        let mut tail = None;
        for (number, &length) in LENGTHS.iter().enumerate() {
            let place = number.wrapping_mul(TRANSMIT_BYTES).wrapping_add(ALL_RECEIVE_BYTES);
            bytes.write(place, frame(address, round, number, length));
            let mut posted = send.begin(FrameCommand::new(length), None).ok_or(Fault::NotSent)?;
            posted.data(bytes.dma_address(place), length);
            tail = Some(posted.finish(number));
        }
        port.transmit_doorbell(0).ring(tail.ok_or(Fault::NotSent)?);
        for (number, &length) in LENGTHS.iter().enumerate() {
            if within(FRAMES_MS, || sent.clean().next().map(|(frame, _)| frame)) != Some(number) {
                return Err(Fault::NotSent);
            }
            let received = within(FRAMES_MS, || receive.next()).ok_or(Fault::NotReceived)?;
            let whole = received.said.status.end_of_packet() && !received.said.status.bad();
            let place = received.buffer.wrapping_mul(RECEIVE_BYTES);
            let came = bytes.read(place).take(received.said.status.length() as usize);
            if !whole || !came.eq(frame(address, round, number, length)) {
                return Err(Fault::Different);
            }
        }
        Ok(())
    }
}

fn frame(address: MacAddress, round: u32, number: usize, length: u32) -> impl Iterator<Item = u8> {
    let [type_high, type_low] = ETHERTYPE;
    let seed = round.wrapping_mul(101).wrapping_add((number as u32).wrapping_mul(31));
    (0..length).map(move |offset| match offset {
        0..=11 => address.get((offset % 6) as usize).copied().unwrap_or(0),
        12 => type_high,
        13 => type_low,
        _ => offset.wrapping_mul(7).wrapping_add(seed) as u8,
    })
}

fn within<T>(limit_ms: u32, mut attempt: impl FnMut() -> Option<T>) -> Option<T> {
    for _ in 0..limit_ms {
        if let Some(found) = attempt() {
            return Some(found);
        }
        fsleep(Delta::from_millis(1));
    }
    attempt()
}

/// Sends frames to ourselves, and gives the card back as it was: reset.
pub(super) fn run(adapter: &Adapter, port: Port<Reset>) -> (Port<Reset>, Result<(), Fault>) {
    let Ok(mut bench) = Bench::new(adapter) else { return (port, Err(Fault::NoMemory)) };
    let rss = adapter.state.lock().rss;
    let address = adapter.netdev.address();
    let configured = port.configure(&PortConfiguration {
        address,
        mtu: LARGEST_MTU,
        vectors: adapter.plan,
        rss: &rss,
        strips_vlan: false,
    });
    let running = configured.run([bench.places].into_iter());
    running.start_receiving();
    let result = send_and_compare(adapter, &running, &mut bench, address);
    let (port, proof) = running.stop(|| adapter.bus_master.withdraw());
    // Not before the card has stopped.
    let Bench { receive, sent, .. } = bench;
    receive.reclaim(&proof);
    sent.reclaim(&proof);
    (port, result)
}

fn send_and_compare(
    adapter: &Adapter,
    port: &Port<Running>,
    bench: &mut Bench,
    address: MacAddress,
) -> Result<(), Fault> {
    link::configure(&adapter.registers, LinkMode::Loopback).map_err(|_| Fault::NoLink)?;
    within(LINK_MS, || link::state(&adapter.registers)).ok_or(Fault::NoLink)?;
    (0..ROUNDS).try_for_each(|round| bench.round(port, address, round))
}
