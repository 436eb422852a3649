// SPDX-License-Identifier: GPL-2.0-only
//! `hw/port.rs` and `hw/queues.rs`: the port's states, and the rings that it is given.

use crate::{
    hw::{
        interrupts::VectorPlan,
        port::{self as states, PairPlaces, PortConfiguration},
        queues::{self, RingPlace},
        registers::Registers,
        rss::Rss,
    },
    port::*,
    ring::index::RingSize,
};
use kernel::{
    sync::Arc,
    time::{Delta, Instant, Monotonic},
};

const ADDRESS: [u8; 6] = [0x02, 0x11, 0x22, 0x33, 0x44, 0x55];
const ENABLE: u32 = 1 << 25;

fn place(pair: u32, direction: u64) -> RingPlace {
    let dma_address = 0x12_3456_0000 + (u64::from(pair) << 32) + (direction << 16);
    RingPlace { dma_address, size: RingSize::at_least(256 << direction) }
}

fn places(pairs: u32) -> impl ExactSizeIterator<Item = PairPlaces> {
    (0..pairs).map(|pair| PairPlaces { receive: place(pair, 0), transmit: place(pair, 1), buffer_bytes: 3072 })
}

fn configured(registers: Arc<Registers>, pairs: u32) -> states::Port<states::Configured> {
    let rss = Rss::spread([7; 40], pairs);
    states::Port::reset(registers).configure(&PortConfiguration {
        address: ADDRESS,
        mtu: 1500,
        vectors: VectorPlan::Each { pairs },
        rss: &rss,
        strips_vlan: true,
    })
}

fn running(port: &Port, pairs: u32) -> states::Port<states::Running> {
    let running = configured(Arc::new(port.registers()), pairs).run(places(pairs));
    running.start_receiving();
    running
}

#[test]
fn a_configured_port_has_its_address_its_vectors_and_filters_and_runs_no_queue() {
    let port = Port::new();
    (UTA..UTA + 512).step_by(4).for_each(|word| port.poke(word, u32::MAX));
    configured(Arc::new(port.registers()), 4);
    assert_eq!((port.peek(RAL), port.peek(RAH) & 0xffff), (0x3322_1102, 0x5544));
    assert!((UTA..UTA + 512).step_by(4).all(|word| port.peek(word) == 0));
    assert_eq!((port.peek(GPIE) >> 4 & 1, port.peek(IVAR_MISC)), (1, 0x84 << 8));
    // RSS, its table over four queues; the longest frame with a VLAN tag; tags taken out.
    assert_eq!((port.peek(MRQC) & 7, port.peek(RETA)), (2, 0x0302_0100));
    assert_eq!((port.peek(RLPML), port.peek(CTRL) >> 30 & 1), (1522, 1));
    for queue in 0..16 {
        assert_eq!((port.peek(RXDCTL + queue * QUEUE_STRIDE), port.peek(TXDCTL + queue * QUEUE_STRIDE)), (0, 0));
    }
    assert_eq!((port.peek(RCTL) & 1 << 1, port.peek(TCTL) & 1 << 1), (0, 0));
}

#[test]
fn each_pair_of_a_running_port_has_its_own_rings() {
    for pairs in 1..=8 {
        let port = Port::new();
        running(&port, pairs);
        for pair in 0..pairs {
            let at = |offset| port.peek(offset + pair as usize * QUEUE_STRIDE);
            for (low, high, length, control, ring) in
                [(RDBAL, RDBAH, RDLEN, RXDCTL, place(pair, 0)), (TDBAL, TDBAH, TDLEN, TXDCTL, place(pair, 1))]
            {
                assert_eq!(u64::from(at(high)) << 32 | u64::from(at(low)), ring.dma_address);
                assert_eq!(at(length), ring.size.count() * 16);
                assert_eq!(at(control) & ENABLE, ENABLE);
            }
        }
        let after = pairs as usize * QUEUE_STRIDE;
        assert_eq!((port.peek(RXDCTL + after), port.peek(TXDCTL + after)), (0, 0));
    }
}

#[test]
fn a_queue_is_enabled_only_after_its_ring_is_in_place() {
    let port = Port::new();
    running(&port, 2);
    let writes = port.writes();
    for (control, ring) in
        [(RXDCTL, [RDBAL, RDBAH, RDLEN, RDH, RDT, SRRCTL]), (TXDCTL, [TDBAL, TDBAH, TDLEN, TDH, TDT, TDT])]
    {
        let enabled = writes.iter().position(|(offset, value)| *offset == control && value & ENABLE != 0);
        for register in ring {
            let last = writes.iter().rposition(|(offset, _)| *offset == register);
            assert!(last.is_some() && last < enabled, "{register:#x}");
        }
    }
}

#[test]
fn the_mac_is_let_go_after_the_last_queue() {
    let port = Port::new();
    running(&port, 8);
    let writes = port.writes();
    let queue = writes.iter().rposition(|(offset, _)| *offset >= RDBAL);
    for control in [RCTL, TCTL] {
        let enabled = writes.iter().position(|(offset, value)| *offset == control && value & 1 << 1 != 0);
        assert!(queue < enabled);
    }
}

#[test]
fn a_queue_that_never_says_that_it_works_is_waited_for_in_bounded_time() {
    let port = Port::new();
    let state = configured(Arc::new(port.registers()), 2);
    port.stick_low(TXDCTL + QUEUE_STRIDE, ENABLE);
    let begun: Instant<Monotonic> = Instant::now();
    state.run(places(2));
    let took = begun.elapsed();
    assert!(took >= Delta::from_millis(10) && took < Delta::from_millis(200), "{took:?}");
}

#[test]
fn nothing_is_received_before_the_queues_have_buffers() {
    let port = Port::new();
    let state = configured(Arc::new(port.registers()), 2).run(places(2));
    assert_eq!(port.peek(RCTL) & 1 << 1, 0);
    state.receive_doorbell(0).ring(255);
    state.start_receiving();
    assert_eq!(port.peek(RCTL) & 1 << 1, 1 << 1);
}

#[test]
fn receive_queues_take_buffers_of_3_kib_and_drop_alone_when_there_are_several() {
    for (pairs, drops) in [(1, 0), (2, 1 << 31)] {
        let port = Port::new();
        running(&port, pairs);
        // BSIZEPACKET 3 KiB, BSIZEHEADER 256, one buffer a descriptor (8.10.4).
        assert_eq!(port.peek(SRRCTL), 3 | 4 << 8 | 1 << 25 | drops);
    }
}

#[test]
fn a_doorbell_reaches_its_own_queue_alone() {
    let port = Port::new();
    let state = running(&port, 8);
    port.forget_accesses();
    state.receive_doorbell(3).ring(17);
    state.transmit_doorbell(5).ring(18);
    assert_eq!(port.writes(), [(RDT + 3 * QUEUE_STRIDE, 17), (TDT + 5 * QUEUE_STRIDE, 18)]);
    let registers = port.registers();
    assert_eq!(queues::receive_head_tail(&registers, 3), (0, 17));
    assert_eq!(queues::transmit_head_tail(&registers, 5), (0, 18));
    assert_eq!(
        (queues::receive_head_tail(&registers, 16), queues::transmit_head_tail(&registers, 16)),
        ((0, 0), (0, 0))
    );
}

#[test]
fn a_stopped_port_is_told_to_stop_before_it_is_reset_and_owns_nothing_after() {
    let port = Port::new();
    let state = running(&port, 4);
    port.forget_accesses();
    let (_reset, _proof) = state.stop(|| ());
    let writes = port.writes();
    let reset = writes.iter().position(|(offset, value)| *offset == CTRL && value & 1 << 26 != 0);
    for (offset, bit) in [(RCTL, 1 << 1), (TCTL, 1 << 1), (RXDCTL, ENABLE), (TXDCTL, ENABLE)] {
        let stopped = writes.iter().position(|(written, value)| *written == offset && value & bit == 0);
        assert!(stopped.is_some() && stopped < reset, "{offset:#x}");
    }
    for queue in 0..16 {
        assert_eq!((port.peek(RXDCTL + queue * QUEUE_STRIDE), port.peek(TXDCTL + queue * QUEUE_STRIDE)), (0, 0));
    }
    assert_eq!(port.complaints(), [""; 0]);
}

#[test]
fn queues_are_exchanged_without_a_reset_and_without_a_word_to_link_or_filters() {
    let port = Port::new();
    let state = running(&port, 4);
    port.forget_accesses();
    state.stop_receiving();
    let Ok((state, _proof)) = state.release() else { panic!("the queues are idle") };
    for queue in 0..4 {
        assert_eq!((port.peek(RXDCTL + queue * QUEUE_STRIDE), port.peek(TXDCTL + queue * QUEUE_STRIDE)), (0, 0));
    }
    let rss = Rss::spread([7; 40], 8);
    state.change(3000, &rss);
    state.run(places(8)).start_receiving();
    assert_eq!((port.peek(RLPML), port.peek(RETA + 4)), (3022, 0x0706_0504));
    for queue in 0..8 {
        assert_eq!(port.peek(RXDCTL + queue * QUEUE_STRIDE) & ENABLE, ENABLE);
    }
    for untouched in [CTRL, RAL, RAH, MRQC, GPIE, IVAR, EIMC, IMC, MDIC] {
        assert_eq!(port.writes_to(untouched), [], "{untouched:#x}");
    }
    assert_eq!(port.complaints(), [""; 0]);
}

#[test]
fn receive_stops_before_its_queues_and_those_before_their_rings_are_given_up() {
    let port = Port::new();
    let state = running(&port, 2);
    port.forget_accesses();
    state.stop_receiving();
    drop(state.release());
    let writes = port.writes();
    let first =
        |register: usize, bit: u32| writes.iter().position(|(offset, value)| *offset == register && value & bit == 0);
    assert!(first(RCTL, 1 << 1) < first(RXDCTL, ENABLE));
    assert!(first(RXDCTL, ENABLE) < first(TXDCTL, ENABLE));
}

#[test]
fn a_queue_with_frames_to_send_is_not_taken_out_of_use_and_the_port_stays_as_it_is() {
    let port = Port::new();
    let state = running(&port, 2);
    state.transmit_doorbell(1).ring(5);
    state.stop_receiving();
    let Err(state) = state.release() else { panic!("five frames wait") };
    assert_eq!(port.peek(TXDCTL + QUEUE_STRIDE) & ENABLE, ENABLE);
    let (_reset, _proof) = state.stop(|| ());
}

#[test]
fn a_card_that_is_pulled_during_an_exchange_gives_no_proof_of_rest() {
    let accesses = |pulled_after: Option<usize>| {
        let port = Port::new();
        let state = running(&port, 2);
        let begun = port.accesses().len();
        if let Some(count) = pulled_after {
            port.remove_after(count);
        }
        state.stop_receiving();
        (state.release().is_ok(), port.accesses().len() - begun)
    };
    let (rests, count) = accesses(None);
    assert!(rests);
    for moment in 0..count {
        assert!(!accesses(Some(moment)).0, "pulled at access {moment} of {count}");
    }
}

#[test]
fn only_a_card_that_does_not_answer_is_silenced_by_another_path() {
    for removed in [false, true] {
        let port = Port::new();
        let state = running(&port, 1);
        if removed {
            port.remove();
        }
        let mut silenced = false;
        let (_reset, _proof) = state.stop(|| silenced = true);
        assert_eq!(silenced, removed);
    }
}

#[test]
fn a_port_can_be_configured_again_after_it_was_stopped() {
    let port = Port::new();
    let rss = Rss::spread([7; 40], 2);
    let (state, _proof) = running(&port, 4).stop(|| ());
    let configuration = PortConfiguration {
        address: ADDRESS,
        mtu: 9000,
        vectors: VectorPlan::Each { pairs: 2 },
        rss: &rss,
        strips_vlan: false,
    };
    state.configure(&configuration).run(places(2));
    assert_eq!([0, 1, 2].map(|queue| port.peek(RXDCTL + queue * QUEUE_STRIDE) & ENABLE), [ENABLE, ENABLE, 0]);
}

#[test]
fn a_card_that_is_pulled_at_any_moment_of_its_life_is_stopped_in_bounded_time() {
    let whole = Port::new();
    let state = running(&whole, 2);
    drop(state.stop(|| ()));
    for moment in (0..whole.accesses().len()).step_by(7) {
        let port = Port::new();
        let registers = Arc::new(port.registers());
        port.remove_after(moment);
        let begun: Instant<Monotonic> = Instant::now();
        let (_reset, _proof) = configured(registers, 2).run(places(2)).stop(|| ());
        assert!(begun.elapsed() < Delta::from_millis(200), "pulled at access {moment}: {:?}", begun.elapsed());
    }
}
