// SPDX-License-Identifier: GPL-2.0-only
//! How long the card waits between two interrupts of a vector (EITR, datasheet 7.3.4.1, 8.8.15).

use super::registers::*;
use kernel::io::{Io, register::Array};

/// The longest interval: 13 bits of microseconds.
pub(crate) const MOST_INTERVAL_US: u32 = 0x1fff;

/// The user's wish.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) struct Moderation {
    /// The interval follows what arrives.
    pub(crate) adaptive: bool,
    /// The interval otherwise, in microseconds; also where adaptation begins.
    pub(crate) interval_us: u32,
}

impl Moderation {
    /// Adaptive, beginning with 20 000 interrupts a second.
    pub(crate) const DEFAULT: Self = Self { adaptive: true, interval_us: 49 };
}

/// What went one way since the interval was last judged.
#[derive(Clone, Copy, Default, Debug)]
pub(crate) struct Direction {
    /// Frames.
    pub(crate) frames: u32,
    /// Their bytes.
    pub(crate) bytes: u32,
    /// The most frames that one interrupt brought.
    pub(crate) most_frames: u32,
    /// The most bytes that one interrupt brought.
    pub(crate) most_bytes: u32,
}

impl Direction {
    /// Adds what one interrupt brought.
    #[inline]
    fn add(&mut self, (frames, bytes): (u32, u32)) {
        self.frames = self.frames.wrapping_add(frames);
        self.bytes = self.bytes.saturating_add(bytes);
        self.most_frames = self.most_frames.max(frames);
        self.most_bytes = self.most_bytes.max(bytes);
    }

    /// Whether its frames are large, of those there are.
    fn is_bulk(&self) -> bool {
        self.bytes > self.frames.saturating_mul(BULK_BYTES)
    }

    /// Whether it is so little beside the other that it can be the other's acknowledgements and no more.
    fn is_answer_to(&self, other: &Self) -> bool {
        self.bytes <= other.bytes / ANSWERED_BYTES_A_BYTE
    }
}

/// What a vector's queues did since its interval was last judged.
#[derive(Clone, Copy, Default, Debug)]
pub(crate) struct Activity {
    /// Frames received.
    pub(crate) received: Direction,
    /// Frames sent.
    pub(crate) sent: Direction,
    /// The interrupts that brought them.
    pub(crate) interrupts: u32,
}

impl Activity {
    /// Adds what one interrupt brought: frames and bytes each way.
    #[inline]
    pub(crate) fn add(&mut self, received: (u32, u32), sent: (u32, u32)) {
        self.received.add(received);
        self.sent.add(sent);
        self.interrupts = self.interrupts.wrapping_add(1);
    }

    /// Whether it is enough to judge by. A single interrupt is no measure: of two that come one right behind the other, the second finds a desert.
    #[inline]
    pub(crate) fn is_enough(&self) -> bool {
        self.interrupts >= JUDGED_INTERRUPTS
    }
}

/// How many frames may wait for an interrupt, each way: the descriptors of the queues' rings.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Room {
    /// For frames that arrive.
    pub(crate) receive: u32,
    /// For frames that were sent.
    pub(crate) transmit: u32,
}

const JUDGED_INTERRUPTS: u32 = 8;
// What one interrupt shall bring under load at most. Received: so much that the ring has room for what comes until it is polled, and in half of it if it is short.
// Sent: half of the ring, since nobody waits for them but the ring and who sends more.
const RECEIVED_AIM: u32 = 224;
/// Large frames that nobody answers: nothing is put together of them, and what one poll takes finds its buffers' heads among those that were just freed.
const UNANSWERED_AIM: u32 = 64;
const SENT_AIM: u32 = 128;
/// Frames that come until the ring is polled: of the shortest at line rate for 20 us.
const UNTIL_POLLED: u32 = 32;
/// A frame of the aim may be a buffer of usual length full.
const BYTES_A_FRAME: u32 = 2048;
/// Larger frames belong to a transfer, not to a conversation.
const BULK_BYTES: u32 = 600;
/// Less than this in 49 us is no load: a conversation, whose frames nobody gains by holding back.
const FEW_FRAMES: u64 = 4;
const FEW_BYTES: u64 = 768;
/// No load. The frames are further apart than the card could hold their interrupts back, so it is not told to; an emulated one would interrupt once more for it.
const UNHELD_US: u32 = 0;
const SHORTEST_US: u32 = 14;
const USUAL_US: u32 = 49;
/// Small frames that arrive: a conversation may be among them, and acknowledgements that let others be sent.
const LONGEST_US: u32 = 62;
/// Transfers that are received.
const LONGEST_BULK_US: u32 = 320;
/// Transfers that are sent: their frames hold memory until an interrupt frees them, and what is sent next waits for acknowledgements.
const LONGEST_SENT_BULK_US: u32 = 125;
/// What arrives is no more than acknowledgements if what is sent is so many times as large.
const ANSWERED_BYTES_A_BYTE: u32 = 16;
/// Small frames that are sent: if that begins at line rate, half of a ring of usual length is full by then.
const LONGEST_SENT_US: u32 = 85;

/// The interval that would suit better than `interval_us`, under which `activity` happened in `elapsed_ns`: none when little happens, so that a single frame does
/// not wait; under load as long as the wanted number of frames take to arrive. What one interrupt brought is compared with what it shall bring, so that a card
/// whose clock is not ours (QEMU's counts four microseconds for one) still ends there and no ring overflows meanwhile.
pub(crate) fn suitable_interval_us(activity: &Activity, elapsed_ns: u64, room: Room, interval_us: u32) -> u32 {
    let Activity { received, sent, .. } = activity;
    // What comes in the usual interval, at the rate of late.
    let per_usual = |one: u32, other: u32| {
        let count = u64::from(one).wrapping_add(other.into());
        count.saturating_mul(u64::from(USUAL_US).wrapping_mul(1000)).checked_div(elapsed_ns).unwrap_or(count)
    };
    if per_usual(received.frames, sent.frames) < FEW_FRAMES && per_usual(received.bytes, sent.bytes) < FEW_BYTES {
        return UNHELD_US;
    }
    if interval_us == UNHELD_US {
        return USUAL_US;
    }
    let by = |aim: u32, most: u32| {
        u64::from(aim).wrapping_mul(interval_us.into()).checked_div(most.into()).unwrap_or(u64::MAX)
    };
    let within =
        |way: &Direction, aim: u32| by(aim, way.most_frames).min(by(aim.wrapping_mul(BYTES_A_FRAME), way.most_bytes));
    let aim = if received.is_bulk() && sent.frames == 0 { UNANSWERED_AIM } else { RECEIVED_AIM };
    let received_aim = aim.min(room.receive.wrapping_sub(UNTIL_POLLED.min(room.receive >> 1)));
    let wanted = within(received, received_aim).min(within(sent, SENT_AIM.min(room.transmit >> 1)));
    let longest = if sent.is_bulk() && (received.is_bulk() || received.is_answer_to(sent)) {
        LONGEST_SENT_BULK_US
    } else if received.is_bulk() {
        LONGEST_BULK_US
    } else if received.frames == 0 {
        LONGEST_SENT_US
    } else {
        LONGEST_US
    };
    // One step at a time: what follows from a load that just began is not known yet.
    wanted.min(interval_us.saturating_mul(2).into()).min(longest.into()).max(SHORTEST_US.into()) as u32
}

/// Sets the least time between two interrupts of a vector, 0 for none. The counter that runs is kept.
pub(crate) fn set_interval(registers: &Registers, vector: u32, interval_us: u32) {
    if let Some(element) = EITR::try_at(vector as usize) {
        let interval = interval_us.min(MOST_INTERVAL_US).wrapping_shl(2);
        registers.io().write(element, EITR::from(interval).with_const_keep_counter::<1>());
    }
}
