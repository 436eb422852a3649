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

/// What a vector's queues did since the interval was last judged.
#[derive(Clone, Copy, Default, Debug)]
pub(crate) struct Activity {
    /// Frames received and sent.
    pub(crate) frames: u32,
    /// Their bytes.
    pub(crate) bytes: u32,
    /// The interrupts that this took.
    pub(crate) interrupts: u32,
    /// The time since, in nanoseconds.
    pub(crate) elapsed_ns: u64,
}

// What one interrupt shall bring under load: fewer frames than one poll takes, or as many bytes as fit no cache's first level twice.
const FRAMES_AIM: u64 = 40;
const BYTES_AIM: u64 = 64 * 1024;
/// With fewer frames in 49 µs nobody gains by waiting.
const FEW_FRAMES: u64 = 4;
const SHORTEST_US: u32 = 14;
const USUAL_US: u32 = 49;
const LONGEST_US: u32 = 100;

/// The interval that would suit better than `interval_us`, under which `activity` happened: short when little happens, so that a single frame does not wait; under
/// load as long as so many frames or bytes take to arrive. What one interrupt brought is compared with what it shall bring, so that a card whose clock
/// is not ours (QEMU's counts four microseconds for one) still ends there and no ring overflows meanwhile.
pub(crate) fn suitable_interval_us(activity: Activity, interval_us: u32) -> u32 {
    // Frames in the usual interval, at the rate of late.
    let per_usual = |count: u64| {
        count.saturating_mul(u64::from(USUAL_US).wrapping_mul(1000)).checked_div(activity.elapsed_ns).unwrap_or(count)
    };
    let (frames, bytes) = (u64::from(activity.frames), u64::from(activity.bytes));
    if per_usual(frames) < FEW_FRAMES && per_usual(bytes) < FEW_FRAMES.wrapping_mul(1500) {
        return SHORTEST_US;
    }
    let taken = u64::from(interval_us.max(SHORTEST_US)).wrapping_mul(activity.interrupts.into());
    let by_frames = FRAMES_AIM.wrapping_mul(taken).checked_div(frames).unwrap_or(u64::MAX);
    let by_bytes = BYTES_AIM.wrapping_mul(taken).checked_div(bytes).unwrap_or(u64::MAX);
    by_frames.min(by_bytes).min(u64::from(LONGEST_US)).max(u64::from(SHORTEST_US)) as u32
}

/// Whether enough time has passed under `interval_us` to judge by. A single interrupt is no measure: its frames are counted by the poll that follows, and where
/// two come one right behind the other, the second would find a flood and the next a desert.
pub(crate) fn is_judged_after(elapsed_ns: u64, interval_us: u32) -> bool {
    elapsed_ns >= u64::from(interval_us).wrapping_mul(4000)
}

/// Sets the least time between two interrupts of a vector, 0 for none. The counter that runs is kept.
pub(crate) fn set_interval(registers: &Registers, vector: u32, interval_us: u32) {
    if let Some(element) = EITR::try_at(vector as usize) {
        let interval = interval_us.min(MOST_INTERVAL_US).wrapping_shl(2);
        registers.io().write(element, EITR::from(interval).with_const_keep_counter::<1>());
    }
}
