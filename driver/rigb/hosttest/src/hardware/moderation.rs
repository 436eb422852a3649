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

/// What a load brings in `interrupts` interrupts that are `interval_us` apart.
fn under_load(frames_a_second: u64, frame_bytes: u64, interval_us: u32, interrupts: u32) -> Activity {
    let elapsed_ns = u64::from(interval_us) * u64::from(interrupts) * 1000;
    let frames = (frames_a_second * elapsed_ns / SECOND_NS) as u32;
    Activity { frames, bytes: frames * frame_bytes as u32, interrupts, elapsed_ns }
}

/// Where an interval comes to rest when the load stays.
fn settled(frames_a_second: u64, frame_bytes: u64) -> u32 {
    (0..20).fold(49, |interval_us, _| {
        let activity = under_load(frames_a_second, frame_bytes, interval_us, 4);
        moderation::suitable_interval_us(activity, interval_us)
    })
}

#[test]
fn a_single_frame_does_not_wait() {
    let idle = Activity { frames: 1, bytes: 60, interrupts: 1, elapsed_ns: SECOND_NS / 1000 };
    assert_eq!(moderation::suitable_interval_us(idle, 49), 14);
}

#[test]
fn at_line_rate_no_interval_lets_more_frames_wait_than_the_smallest_ring_has() {
    for frame_bytes in [60, 508, 1514] {
        let frames_a_second = 1_000_000_000 / 8 / (frame_bytes + 24);
        let interval_us = settled(frames_a_second, frame_bytes);
        let waiting = frames_a_second * u64::from(interval_us) / 1_000_000;
        assert!(waiting < 64, "{waiting} frames of {frame_bytes} bytes in {interval_us} us");
    }
}

#[test]
fn an_interval_that_suits_a_load_stays_while_the_load_does() {
    let frames_a_second = 1_000_000_000 / 8 / (508 + 24);
    let interval_us = settled(frames_a_second, 508);
    let next = moderation::suitable_interval_us(under_load(frames_a_second, 508, interval_us, 4), interval_us);
    assert!(next.abs_diff(interval_us) <= 1, "{interval_us} us became {next} us");
}

#[test]
fn a_card_whose_microseconds_are_four_still_ends_where_an_interrupt_brings_the_wanted_frames() {
    let frames_a_second = 300_000;
    let interval_us = (0..20).fold(49, |interval_us, _| {
        let activity = under_load(frames_a_second, 60, interval_us * 4, 4);
        moderation::suitable_interval_us(activity, interval_us)
    });
    let frames_an_interrupt = frames_a_second * u64::from(interval_us) * 4 / 1_000_000;
    assert!((36..=44).contains(&frames_an_interrupt), "{frames_an_interrupt} frames in {interval_us} us");
}

#[test]
fn an_interval_is_judged_after_four_of_its_kind() {
    assert!(!moderation::is_judged_after(4 * 49_000 - 1, 49));
    assert!(moderation::is_judged_after(4 * 49_000, 49));
}

proptest! {
    #[test]
    fn whatever_arrives_an_interval_is_between_16_000_and_71_000_interrupts_a_second(
        frames: u32, bytes: u32, interrupts: u32, elapsed_ns: u64, interval_us in 0u32..=MOST_INTERVAL_US,
    ) {
        let activity = Activity { frames, bytes, interrupts, elapsed_ns };
        prop_assert!((14..=62).contains(&moderation::suitable_interval_us(activity, interval_us)));
    }
}
