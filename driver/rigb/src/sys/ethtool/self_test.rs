// SPDX-License-Identifier: GPL-2.0-only
//! `ethtool -t`.

use super::{Device, owner};
use crate::sys::operations::Operations;
use kernel::bindings as c;

/// Tests of the card.
pub(crate) trait SelfTestOperations {
    /// What is tested, in the order of the results.
    const TESTS: &'static [&'static str];

    /// Tests the card; with `offline` also what interrupts its work, and it works again afterwards. A result is 0 when its test passed or was not made. There is a
    /// place for each of `TESTS`. True when all passed.
    fn self_test(&self, offline: bool, results: &mut [u64]) -> bool;
}

pub(super) unsafe extern "C" fn self_test<T: Operations>(
    netdev: *mut Device,
    test: *mut c::ethtool_test,
    data: *mut u64,
) {
    // SAFETY: the core passes the request.
    let test = unsafe { &mut *test };
    // SAFETY: the buffer has room for as many results as `get_sset_count` says, zeroed.
    let results = unsafe { core::slice::from_raw_parts_mut(data, T::TESTS.len()) };
    let offline = test.flags & c::ethtool_test_flags_ETH_TEST_FL_OFFLINE != 0;
    // SAFETY: the core calls this for a registered device.
    if !unsafe { owner::<T>(netdev) }.self_test(offline, results) {
        test.flags |= c::ethtool_test_flags_ETH_TEST_FL_FAILED;
    }
}
