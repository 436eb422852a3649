// SPDX-License-Identifier: GPL-2.0-only

use crate::hw::time_counter::{
    FRACTION_BITS, MAX_ADJUSTMENT_PPB, MAX_INCREMENT, NOMINAL_INCREMENT, RENEWAL_MS, TimeCounter, increment,
};
use proptest::prelude::*;

/// What the kernel makes of parts per billion.
fn scaled_ppm(ppb: i64) -> i64 {
    (ppb << 16) / 1000
}

/// An hour of the counter at its nominal rate.
const HOUR: u64 = 3_600_000_000_000 << FRACTION_BITS;

#[test]
fn a_clock_that_is_left_alone_grows_by_16_ns_every_16_ns() {
    assert_eq!(increment(0), Some(NOMINAL_INCREMENT));
    assert_eq!(NOMINAL_INCREMENT, 16 << 19);
}

#[test]
fn the_announced_range_of_frequencies_is_had_in_full_and_nothing_beyond_the_register() {
    for ppb in [MAX_ADJUSTMENT_PPB, -MAX_ADJUSTMENT_PPB] {
        assert!(increment(scaled_ppm(ppb.into())).is_some(), "{ppb} ppb");
    }
    assert_eq!(increment(scaled_ppm(i64::from(MAX_ADJUSTMENT_PPB) + 1_000)), None);
    assert_eq!(increment(scaled_ppm(-1_000_001_000)), None);
    assert_eq!(increment(i64::MAX), None);
    assert_eq!(increment(i64::MIN), None);
}

#[test]
fn readings_half_an_hour_apart_still_tell_the_time_after_the_counter_has_wrapped_twice() {
    let mut clock = TimeCounter::new(0, 0);
    let step = HOUR / 3_600_000 * u64::from(RENEWAL_MS);
    let mut counter = 0u64;
    for step_number in 1..=48i64 {
        counter = counter.wrapping_add(step);
        assert_eq!(clock.advance(counter), step_number * i64::from(RENEWAL_MS) * 1_000_000);
    }
    assert!(u128::from(step) * 48 > 2 * (1 << 64));
}

#[test]
fn the_time_of_a_clock_can_be_moved_both_ways() {
    let mut clock = TimeCounter::new(5 << FRACTION_BITS, 1_000);
    clock.shift(-2_000);
    clock.shift(500);
    assert_eq!(clock.time_of(7 << FRACTION_BITS), 1_000 - 2_000 + 500 + 2);
}

proptest! {
    #[test]
    fn an_increment_is_the_nearest_to_the_wanted_frequency(ppb in -999_999_000i64..999_999_000) {
        let increment = increment(scaled_ppm(ppb)).expect("within the range");
        prop_assert!(increment <= MAX_INCREMENT);
        let wanted = f64::from(NOMINAL_INCREMENT) * (1.0 + scaled_ppm(ppb) as f64 / 65_536e6);
        prop_assert!((f64::from(increment) - wanted).abs() <= 0.5 + 1e-6, "{increment} for {wanted}");
    }

    #[test]
    fn however_often_the_counter_is_read_no_time_is_lost(start in any::<u64>(), steps in proptest::collection::vec(0u64..HOUR, 1..50)) {
        let mut clock = TimeCounter::new(start, 0);
        let mut elapsed = 0u128;
        for step in steps {
            elapsed += u128::from(step);
            let time = clock.advance(start.wrapping_add(elapsed as u64));
            prop_assert_eq!(i128::from(time), (elapsed >> FRACTION_BITS) as i128);
        }
    }

    #[test]
    fn a_stamp_has_the_same_time_before_and_after_the_counter_is_read(start in any::<u64>(), first in 0..HOUR, second in 0..HOUR) {
        let mut clock = TimeCounter::new(start, 1_700_000_000_000_000_000);
        clock.advance(start.wrapping_add(first));
        let stamp = start.wrapping_add(second);
        let before = clock.time_of(stamp);
        clock.advance(start.wrapping_add(first.max(second)));
        prop_assert_eq!(clock.time_of(stamp), before);
    }
}
