// SPDX-License-Identifier: GPL-2.0-only

use crate::{
    hw::{
        flow_control::{self, FlowControl},
        phy::Abilities,
    },
    port::{CTRL, Port},
};

const RECEIVE: u32 = 1 << 27;
const TRANSMIT: u32 = 1 << 28;
const FCRTL: usize = 0x2160;
const FCRTH: usize = 0x2168;
const RXPBS: usize = 0x2404;
const SEND_XON: u32 = 1 << 31;

const ALL: [FlowControl; 4] = [
    FlowControl { receive: false, transmit: false },
    FlowControl { receive: false, transmit: true },
    FlowControl { receive: true, transmit: false },
    FlowControl { receive: true, transmit: true },
];

fn offer(pause: bool, asymmetric: bool) -> Abilities {
    let pause = if pause { Abilities::PAUSE } else { Abilities::NONE };
    pause.and(if asymmetric { Abilities::ASYMMETRIC_PAUSE } else { Abilities::NONE })
}

#[test]
fn two_offers_resolve_as_table_28b_3_of_the_standard_says() {
    let (none, all) = ((false, false), (true, true));
    // Ours: pause, asymmetric; the partner's: pause, asymmetric; receive and transmit that follow.
    let table = [
        ([false, false, false, false], none),
        ([false, false, false, true], none),
        ([false, false, true, false], none),
        ([false, false, true, true], none),
        ([false, true, false, false], none),
        ([false, true, false, true], none),
        ([false, true, true, false], none),
        ([false, true, true, true], (false, true)),
        ([true, false, false, false], none),
        ([true, false, false, true], none),
        ([true, false, true, false], all),
        ([true, false, true, true], all),
        ([true, true, false, false], none),
        ([true, true, false, true], (true, false)),
        ([true, true, true, false], all),
        ([true, true, true, true], all),
    ];
    for ([pause, asymmetric, partners_pause, partners_asymmetric], (receive, transmit)) in table {
        let resolved = FlowControl::resolve(offer(pause, asymmetric), offer(partners_pause, partners_asymmetric));
        assert_eq!(
            resolved,
            FlowControl { receive, transmit },
            "{pause} {asymmetric} {partners_pause} {partners_asymmetric}"
        );
    }
}

#[test]
fn what_one_end_may_do_the_other_obeys() {
    let offers = [false, true].into_iter().flat_map(|pause| [false, true].map(|asymmetric| offer(pause, asymmetric)));
    for ours in offers.clone() {
        for theirs in offers.clone() {
            let (here, there) = (FlowControl::resolve(ours, theirs), FlowControl::resolve(theirs, ours));
            assert_eq!((here.receive, here.transmit), (there.transmit, there.receive));
        }
    }
}

#[test]
fn what_is_wanted_is_understood_again_from_its_advertisement() {
    for wanted in ALL {
        assert_eq!(FlowControl::from_advertised(wanted.advertised()), wanted);
        assert_eq!(FlowControl::from_advertised(wanted.advertised().and(Abilities::SUPPORTED_MODES)), wanted);
    }
}

#[test]
fn the_mac_obeys_and_sends_pause_frames_as_it_is_told_and_keeps_its_other_settings() {
    for (flow_control, bits) in ALL.into_iter().zip([0, TRANSMIT, RECEIVE, RECEIVE | TRANSMIT]) {
        let port = Port::new();
        port.poke(RXPBS, 64);
        port.poke(CTRL, RECEIVE | TRANSMIT | 1 << 6);
        flow_control::apply(&port.registers(), flow_control, 1522);
        assert_eq!(port.peek(CTRL), bits | 1 << 6);
    }
}

#[test]
fn pause_frames_are_those_of_annex_31b() {
    let port = Port::new();
    flow_control::apply(&port.registers(), FlowControl::default(), 1522);
    // 01-80-C2-00-00-01, Ethertype 88-08.
    assert_eq!([0x28, 0x2c, 0x30].map(|offset| port.peek(offset)), [0x00c2_8001, 0x0100, 0x8808]);
}

#[test]
fn above_the_upper_threshold_there_is_room_for_both_frames_that_are_under_way() {
    for longest_frame in [1522, 9238] {
        let port = Port::new();
        port.poke(RXPBS, 64);
        flow_control::apply(&port.registers(), FlowControl { receive: false, transmit: true }, longest_frame);
        let high = port.peek(FCRTH);
        assert!(high + longest_frame + 9728 <= 65536 && high > 32768, "{high}");
        assert_eq!(port.peek(FCRTL), (high - 16) | SEND_XON);
        assert_eq!((high & 0xf, high >> 16), (0, 0));
    }
}

#[test]
fn without_pause_frames_of_ours_there_is_no_threshold() {
    let port = Port::new();
    port.poke(RXPBS, 64);
    flow_control::apply(&port.registers(), FlowControl { receive: true, transmit: true }, 1522);
    flow_control::apply(&port.registers(), FlowControl { receive: true, transmit: false }, 1522);
    assert_eq!([port.peek(FCRTL), port.peek(FCRTH)], [0, 0]);
}

#[test]
fn a_packet_buffer_smaller_than_two_frames_makes_no_threshold_below_zero() {
    let port = Port::new();
    port.poke(RXPBS, 8);
    flow_control::apply(&port.registers(), FlowControl { receive: false, transmit: true }, 9238);
    assert_eq!([port.peek(FCRTL), port.peek(FCRTH)], [SEND_XON, 0]);
}
