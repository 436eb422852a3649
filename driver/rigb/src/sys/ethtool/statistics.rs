// SPDX-License-Identifier: GPL-2.0-only
//! `ethtool -S` and the names of the self-test: the driver's own names and numbers.

use super::{Device, owner, self_test::SelfTestOperations};
use crate::sys::{operations::Operations, text::FixedText};
use core::fmt;
use kernel::{bindings as c, prelude::*};

/// Counters with names.
pub(crate) trait StatisticsOperations {
    /// Brings those up to date that come from the card.
    fn refresh_statistics(&self);
    /// Calls `each` with every name and count, always the same names in the same order.
    fn named_statistics(&self, each: &mut dyn FnMut(fmt::Arguments<'_>, u64));
}

/// `ETH_GSTRING_LEN`.
const NAME_BYTES: usize = 32;

pub(super) unsafe extern "C" fn get_sset_count<T: Operations>(netdev: *mut Device, set: i32) -> i32 {
    match set as u32 {
        c::ethtool_stringset_ETH_SS_TEST => <T as SelfTestOperations>::TESTS.len() as i32,
        c::ethtool_stringset_ETH_SS_STATS => {
            let mut count = 0i32;
            // SAFETY: the core calls this for a registered device.
            unsafe { owner::<T>(netdev) }.named_statistics(&mut |_, _| count = count.wrapping_add(1));
            count
        }
        _ => EOPNOTSUPP.to_errno(),
    }
}

pub(super) unsafe extern "C" fn get_strings<T: Operations>(netdev: *mut Device, set: u32, names: *mut u8) {
    let mut place = names.cast::<[u8; NAME_BYTES]>();
    let mut write = |name: fmt::Arguments<'_>| {
        // SAFETY: the buffer has room for as many names as `get_sset_count` said: always the same.
        unsafe { place.write(*FixedText::<NAME_BYTES>::new(name).as_array()) };
        place = place.wrapping_add(1);
    };
    match set {
        c::ethtool_stringset_ETH_SS_TEST => {
            for name in <T as SelfTestOperations>::TESTS {
                write(format_args!("{name}"));
            }
        }
        // SAFETY: the core calls this for a registered device.
        c::ethtool_stringset_ETH_SS_STATS => unsafe { owner::<T>(netdev) }.named_statistics(&mut |name, _| write(name)),
        _ => {}
    }
}

pub(super) unsafe extern "C" fn get_ethtool_stats<T: Operations>(
    netdev: *mut Device,
    _statistics: *mut c::ethtool_stats,
    values: *mut u64,
) {
    // SAFETY: the core calls this for a registered device.
    let owner = unsafe { owner::<T>(netdev) };
    owner.refresh_statistics();
    let mut place = values;
    owner.named_statistics(&mut |_, value| {
        // SAFETY: as for the names.
        unsafe { place.write(value) };
        place = place.wrapping_add(1);
    });
}
