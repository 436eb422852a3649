// SPDX-License-Identifier: GPL-2.0-only

use crate::{
    hw::moderation::{self, Activity, MOST_INTERVAL_US},
    port::{EITR, Port},
};
use proptest::prelude::*;

const SECOND_NS: u64 = 1_000_000_000;

#[test]
fn an_interval_reaches_its_vector_in_microseconds_and_keeps_the_running_counter() {
    let port = Port::new();
    let registers = port.registers();
    // Bits 14 to 2 count microseconds (8.8.15): 162, 49 and 14 are about 6000, 20 000 and 70 000 interrupts a second.
    for (vector, interval_us, written) in [(0, 162, 648), (3, 49, 196), (8, 14, 56), (9, 0, 0)] {
        moderation::set_interval(&registers, vector, interval_us);
        assert_eq!(port.peek(EITR + 4 * vector as usize), 1 << 31 | written);
    }
}

#[test]
fn an_interval_beyond_the_register_is_the_longest_there_is() {
    let port = Port::new();
    moderation::set_interval(&port.registers(), 1, MOST_INTERVAL_US + 1);
    assert_eq!(port.peek(EITR + 4), 1 << 31 | 0x7ffc);
}

#[test]
fn a_vector_that_the_card_does_not_have_gets_no_interval() {
    let port = Port::new();
    moderation::set_interval(&port.registers(), 10, 49);
    assert_eq!(port.writes(), []);
}

#[test]
fn a_single_frame_does_not_wait() {
    let idle = Activity { frames: 1, bytes: 60, elapsed_ns: SECOND_NS / 1000 };
    assert_eq!(moderation::suitable_interval_us(idle), 14);
}

#[test]
fn at_line_rate_no_interval_lets_more_frames_wait_than_the_smallest_ring_has() {
    for bytes in [60u32, 508, 1514] {
        let frames = 1_000_000_000 / 8 / (bytes + 24);
        let load = Activity { frames, bytes: frames * bytes, elapsed_ns: SECOND_NS };
        let waiting = u64::from(frames) * u64::from(moderation::suitable_interval_us(load)) / 1_000_000;
        assert!(waiting <= 64, "{waiting} frames of {bytes} bytes");
    }
}

proptest! {
    #[test]
    fn whatever_arrives_an_interval_is_between_5000_and_71_000_interrupts_a_second(frames: u32, bytes: u32, elapsed_ns: u64) {
        let interval_us = moderation::suitable_interval_us(Activity { frames, bytes, elapsed_ns });
        prop_assert!((14..=200).contains(&interval_us));
    }
}
