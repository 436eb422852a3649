// SPDX-License-Identifier: GPL-2.0-only

use crate::ring::index::RingSize;
use proptest::prelude::*;

proptest! {
    #[test]
    fn a_size_is_a_power_of_two_that_holds_what_was_asked_for(requested in 0u32..100_000) {
        let size = RingSize::at_least(requested);
        prop_assert!(size.count().is_power_of_two());
        prop_assert!((RingSize::MIN..=RingSize::MAX).contains(&size.count()));
        prop_assert!(size.count() >= requested.min(RingSize::MAX));
    }

    #[test]
    fn as_many_steps_as_the_distance_lead_from_one_index_to_the_other(requested in 1u32..4096, from in 0u32..4096, steps in 0u32..4096) {
        let size = RingSize::at_least(requested);
        let (from, steps) = (from & size.mask(), steps & size.mask());
        let to = (0..steps).fold(from, |index, _| size.next(index));
        prop_assert!(to < size.count());
        prop_assert_eq!(size.distance(from, to), steps);
    }
}

#[test]
fn an_interface_starts_with_256_descriptors() {
    assert_eq!(RingSize::DEFAULT, RingSize::at_least(256));
}
