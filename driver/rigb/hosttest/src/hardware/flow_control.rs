// SPDX-License-Identifier: GPL-2.0-only

use crate::{
    hw::{
        flow_control::{self, FlowControl},
        phy::Abilities,
    },
    port::{CTRL, FCRTH, FCRTL, FCTTV, Port, RXPBS},
};

const NONE: FlowControl = FlowControl { receive: false, transmit: false };
const RECEIVE: FlowControl = FlowControl { receive: true, transmit: false };
const TRANSMIT: FlowControl = FlowControl { receive: false, transmit: true };
const BOTH: FlowControl = FlowControl { receive: true, transmit: true };

/// An offer: PAUSE, ASM_DIR.
fn offer(pause: bool, asymmetric: bool) -> Abilities {
    let none = Abilities::NONE;
    let pause = if pause { none.and(Abilities::PAUSE) } else { none };
    if asymmetric { pause.and(Abilities::ASYMMETRIC_PAUSE) } else { pause }
}

#[test]
fn two_offers_come_to_what_802_3_says() {
    // Table 28B-3 as printed: local PAUSE and ASM_DIR, the partner's, then what the local device does. `None` stands for "don't care".
    let (no, yes) = (Some(false), Some(true));
    let table = [
        ([no, no, None, None], NONE),
        ([no, yes, no, None], NONE),
        ([no, yes, yes, no], NONE),
        ([no, yes, yes, yes], TRANSMIT),
        ([yes, no, no, None], NONE),
        ([yes, None, yes, None], BOTH),
        ([yes, yes, no, no], NONE),
        ([yes, yes, no, yes], RECEIVE),
    ];
    for bits in 0..16 {
        let [a, b, c, d] = [8, 4, 2, 1].map(|bit| bits & bit != 0);
        let row = table
            .iter()
            .find(|(row, _)| row.iter().zip([a, b, c, d]).all(|(cell, bit)| cell.is_none_or(|cell| cell == bit)));
        let expected = row.map(|(_, result)| *result);
        assert_eq!(Some(FlowControl::resolve(offer(a, b), offer(c, d))), expected, "{a} {b} {c} {d}");
    }
}

#[test]
fn an_offer_says_what_was_wanted() {
    for (wanted, expected) in [
        (NONE, offer(false, false)),
        (BOTH, offer(true, false)),
        (RECEIVE, offer(true, true)),
        (TRANSMIT, offer(false, true)),
    ] {
        assert_eq!(wanted.advertised(), expected);
        assert_eq!(FlowControl::from_advertised(wanted.advertised()), wanted);
    }
}

#[test]
fn between_two_ends_the_one_never_pauses_whom_the_other_does_not_let() {
    for bits in 0..16 {
        let [a, b, c, d] = [8, 4, 2, 1].map(|bit| bits & bit != 0);
        let (ours, theirs) =
            (FlowControl::resolve(offer(a, b), offer(c, d)), FlowControl::resolve(offer(c, d), offer(a, b)));
        assert_eq!((ours.receive, ours.transmit), (theirs.transmit, theirs.receive));
    }
}

/// CTRL.RFCE and CTRL.TFCE, and the thresholds in bytes, with a packet buffer of 64 KiB.
fn applied(flow_control: FlowControl, longest_frame: u32) -> (u32, u32, u32) {
    let port = Port::new();
    port.poke(RXPBS, 64);
    flow_control::apply(&port.registers(), flow_control, longest_frame);
    assert_eq!(port.peek(FCTTV), 0xffff);
    (port.peek(CTRL) >> 27 & 3, port.peek(FCRTH), port.peek(FCRTL))
}

#[test]
fn each_direction_is_switched_by_itself() {
    assert_eq!(applied(NONE, 1518), (0, 0, 0));
    assert_eq!(applied(RECEIVE, 1518), (1, 0, 0));
    assert_eq!(applied(TRANSMIT, 1518).0, 2);
    assert_eq!(applied(BOTH, 1518).0, 3);
}

#[test]
fn above_the_high_threshold_fits_what_both_ends_may_still_be_sending() {
    for longest_frame in [1518, 9234] {
        let (_, high, low) = applied(BOTH, longest_frame);
        assert!(64 * 1024 - high >= longest_frame + 9728);
        assert_eq!(low, 1 << 31 | (high - 16));
        assert!(high % 16 == 0 && high > 32 * 1024);
    }
}

#[test]
fn flow_control_that_is_switched_off_again_leaves_nothing() {
    let port = Port::new();
    port.poke(RXPBS, 64);
    let registers = port.registers();
    flow_control::apply(&registers, BOTH, 1518);
    flow_control::apply(&registers, NONE, 1518);
    assert_eq!([CTRL, FCRTH, FCRTL].map(|offset| port.peek(offset)), [0; 3]);
}
