// SPDX-License-Identifier: GPL-2.0-only
//! What the tracepoints take out of a transmit descriptor, against the bits of the datasheet (7.2.2.2 and 7.2.2.3).

use crate::ring::{descriptor::Descriptor, index::RingSize};
use proptest::prelude::*;

const DATA: u64 = 3 << 20;
const CONTEXT: u64 = 2 << 20;
const ADVANCED: u64 = 1 << 29;

#[test]
fn a_context_has_no_data() {
    assert!(Descriptor([0x5_0000_0e14, CONTEXT | ADVANCED | 1448 << 48]).transmits().is_none());
}

#[test]
fn each_command_bit_is_told_as_what_it_asks_for() {
    let told = |bits: u64| {
        let data = Descriptor([0, DATA | ADVANCED | bits]).transmits().expect("a data descriptor");
        [data.ends_frame(), data.inserts_checksum(), data.is_segmented(), data.inserts_vlan(), data.takes_timestamp()]
    };
    assert_eq!(told(0), [false; 5]);
    assert_eq!(told(1 << 24), [true, false, false, false, false]);
    // IXSM and TXSM.
    assert_eq!(told(1 << 40), [false, true, false, false, false]);
    assert_eq!(told(1 << 41), [false, true, false, false, false]);
    assert_eq!(told(1 << 31), [false, false, true, false, false]);
    assert_eq!(told(1 << 30), [false, false, false, true, false]);
    assert_eq!(told(1 << 19), [false, false, false, false, true]);
}

proptest! {
    #[test]
    fn address_and_length_are_those_of_the_buffer(address: u64, length in 0u32..0x1_0000, payload in 0u64..0x4_0000) {
        let descriptor = Descriptor([address, payload << 46 | DATA | ADVANCED | u64::from(length)]);
        prop_assert_eq!(descriptor.dma_address(), address);
        prop_assert_eq!(descriptor.transmits().map(|data| data.length()), Some(length));
    }

    #[test]
    fn the_index_before_the_next_is_the_index_itself(requested in 1u32..5000, index: u32) {
        let size = RingSize::at_least(requested);
        let index = index & size.mask();
        prop_assert_eq!(size.previous(size.next(index)), index);
        prop_assert!(size.previous(index) < size.count());
    }
}
