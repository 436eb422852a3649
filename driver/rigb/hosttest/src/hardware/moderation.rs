// SPDX-License-Identifier: GPL-2.0-only

use crate::{
    hw::moderation::{self, Activity, Direction, MOST_INTERVAL_US, Room},
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

const ROOM: Room = Room { receive: 256, transmit: 256 };

/// What a load brings: frames a second, each of so many bytes, and acknowledgements that are sent.
#[derive(Clone, Copy)]
struct Load {
    received: u64,
    sent: u64,
    bytes: u64,
    acknowledgements: u64,
}

const SILENCE: Load = Load { received: 0, sent: 0, bytes: 0, acknowledgements: 0 };
const ACKNOWLEDGEMENT_BYTES: u32 = 66;

/// A gigabit of frames of so many bytes; each has a preamble and a gap, a check sum too.
fn line_rate(bytes: u64) -> u64 {
    SECOND_NS / 8 / (bytes + 24)
}

/// The interval after `periods` of a load, where an interrupt comes each `clock` times the interval, and at `interval_us` 0 with each frame.
fn after(load: Load, room: Room, clock: u64, periods: u32, mut interval_us: u32) -> u32 {
    for _ in 0..periods {
        let mut activity = Activity::default();
        let gap_ns = match interval_us {
            0 => SECOND_NS / (load.received + load.sent).max(1),
            interval_us => u64::from(interval_us) * clock * 1000,
        };
        let mut elapsed_ns = 0;
        while !activity.is_enough() {
            elapsed_ns += gap_ns;
            let frames = |a_second: u64| (a_second * gap_ns).div_ceil(SECOND_NS) as u32;
            let (received, sent) = (frames(load.received), frames(load.sent));
            let acknowledgements = frames(load.acknowledgements);
            let sent_bytes = sent * load.bytes as u32 + acknowledgements * ACKNOWLEDGEMENT_BYTES;
            activity.add((received, received * load.bytes as u32), (sent + acknowledgements, sent_bytes));
        }
        interval_us = moderation::suitable_interval_us(&activity, elapsed_ns, room, interval_us);
    }
    interval_us
}

fn settled(load: Load) -> u32 {
    after(load, ROOM, 1, 20, 49)
}

/// How many frames a load brings in an interval.
fn waiting(frames_a_second: u64, interval_us: u32) -> u64 {
    frames_a_second * u64::from(interval_us) / 1_000_000
}

#[test]
fn a_single_frame_does_not_wait() {
    assert_eq!(settled(Load { received: 1000, bytes: 98, ..SILENCE }), 0);
    assert_eq!(settled(Load { received: 20_000, sent: 20_000, bytes: 98, ..SILENCE }), 0);
}

#[test]
fn a_conversation_is_not_held_back_any_more_after_eight_interrupts_of_a_transfer_s_interval() {
    assert_eq!(after(Load { received: 5000, sent: 5000, bytes: 98, ..SILENCE }, ROOM, 1, 1, 192), 0);
}

#[test]
fn a_load_that_begins_is_held_back_from_the_first_judgement_on() {
    for bytes in [60, 1514] {
        assert_eq!(after(Load { received: line_rate(bytes), bytes, ..SILENCE }, ROOM, 1, 1, 0), 49);
    }
}

#[test]
fn at_line_rate_every_interval_leaves_the_receive_ring_room_until_it_is_polled() {
    for count in [64, 256, 4096] {
        for bytes in [60, 508, 1514] {
            let room = Room { receive: count, transmit: count };
            let received = line_rate(bytes);
            for acknowledgements in [0, received / 32] {
                let load = Load { received, bytes, acknowledgements, ..SILENCE };
                let waiting = waiting(received, after(load, room, 1, 20, 49));
                assert!(
                    waiting <= (count - (count / 2).min(32)).into(),
                    "{waiting} frames of {bytes} bytes in a ring of {count}"
                );
            }
        }
    }
}

#[test]
fn at_line_rate_no_interval_lets_more_than_half_of_the_transmit_ring_wait() {
    for count in [64, 256, 4096] {
        for bytes in [60, 508, 1514] {
            let room = Room { receive: count, transmit: count };
            let sent = line_rate(bytes);
            let waiting = waiting(sent, after(Load { sent, bytes, ..SILENCE }, room, 1, 20, 49));
            assert!(waiting <= (count / 2).into(), "{waiting} frames of {bytes} bytes in a ring of {count}");
        }
    }
}

#[test]
fn small_frames_that_begin_to_arrive_at_line_rate_fit_the_ring_whatever_was_sent_before() {
    let interval_us = settled(Load { sent: 100_000, bytes: 60, ..SILENCE });
    assert!(waiting(line_rate(60), interval_us) < 128, "{interval_us} us");
}

#[test]
fn a_transfer_that_arrives_waits_for_a_third_of_a_millisecond_and_one_that_is_sent_less_than_half_as_long() {
    let of = |received, sent, acknowledgements| settled(Load { received, sent, bytes: 1514, acknowledgements });
    let rate = line_rate(1514);
    assert_eq!(of(rate, 0, rate / 32), 320);
    assert_eq!(of(0, rate, 0), 125);
    assert_eq!(of(rate, rate, 0), 125);
}

#[test]
fn acknowledgements_make_no_conversation_of_a_transfer_that_is_sent() {
    let transfer = Activity {
        sent: Direction { frames: 400, bytes: 400 * 1514, most_frames: 60, most_bytes: 60 * 1514 },
        received: Direction { frames: 200, bytes: 200 * 66, most_frames: 30, most_bytes: 30 * 66 },
        interrupts: 8,
    };
    assert_eq!(moderation::suitable_interval_us(&transfer, 2_000_000, ROOM, 125), 125);
    // As much both ways is no transfer and its acknowledgements.
    let conversation =
        Activity { received: Direction { bytes: 200 * 500, most_bytes: 30 * 500, ..transfer.received }, ..transfer };
    assert_eq!(moderation::suitable_interval_us(&conversation, 2_000_000, ROOM, 125), 62);
}

#[test]
fn small_frames_that_somebody_waits_for_are_not_held_back_as_long_as_a_transfer_s() {
    assert_eq!(settled(Load { received: 200_000, sent: 200_000, bytes: 60, ..SILENCE }), 62);
    assert_eq!(settled(Load { sent: 200_000, bytes: 60, ..SILENCE }), 85);
}

#[test]
fn an_interval_grows_to_the_double_at_most_and_shrinks_at_once() {
    let load = |received: u64| Load { received, bytes: 1514, acknowledgements: received / 32, ..SILENCE };
    assert_eq!(after(load(line_rate(1514)), ROOM, 1, 1, 49), 98);
    assert_eq!(after(load(1_000_000), ROOM, 1, 1, 250), 224);
}

#[test]
fn a_card_whose_microseconds_are_four_still_ends_where_an_interrupt_brings_the_wanted_frames() {
    let received = 300_000;
    let load = Load { received, bytes: 1514, acknowledgements: received / 32, ..SILENCE };
    let interval_us = after(load, ROOM, 4, 20, 49);
    let frames_an_interrupt = waiting(received, interval_us * 4);
    assert!((217..=224).contains(&frames_an_interrupt), "{frames_an_interrupt} frames in {interval_us} us");
}

#[test]
fn of_large_frames_that_nobody_answers_an_interrupt_brings_no_more_than_a_poll_takes() {
    for received in [300_000, 1_000_000] {
        let waiting = waiting(received, settled(Load { received, bytes: 1514, ..SILENCE }));
        assert!(waiting <= 64, "{waiting} of {received} frames a second");
    }
}

#[test]
fn segmented_frames_count_by_their_bytes() {
    let load = Load { sent: 20_000, bytes: 65_000, ..SILENCE };
    let bytes_an_interrupt = waiting(load.sent, settled(load)) * load.bytes;
    assert!(bytes_an_interrupt <= 256 * 1024, "{bytes_an_interrupt} bytes");
}

#[test]
fn an_interval_is_judged_by_eight_interrupts() {
    let mut activity = Activity::default();
    for _ in 0..7 {
        activity.add((1, 60), (0, 0));
    }
    assert!(!activity.is_enough());
    activity.add((0, 0), (0, 0));
    assert!(activity.is_enough());
    assert_eq!((activity.received.frames, activity.received.bytes, activity.received.most_frames), (7, 420, 1));
}

fn directions() -> impl Strategy<Value = Direction> {
    (any::<u32>(), any::<u32>(), any::<u32>(), any::<u32>())
        .prop_map(|(frames, bytes, most_frames, most_bytes)| Direction { frames, bytes, most_frames, most_bytes })
}

proptest! {
    #[test]
    fn whatever_arrives_an_interval_is_none_or_between_5_000_and_71_000_interrupts_a_second(
        received in directions(), sent in directions(), elapsed_ns: u64, receive: u32, transmit: u32,
        interval_us in 0u32..=MOST_INTERVAL_US,
    ) {
        let activity = Activity { received, sent, interrupts: 8 };
        let suitable = moderation::suitable_interval_us(&activity, elapsed_ns, Room { receive, transmit }, interval_us);
        prop_assert!(suitable == 0 || (14..=192).contains(&suitable), "{suitable}");
    }
}
