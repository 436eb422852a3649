// SPDX-License-Identifier: GPL-2.0-only
//! `ethtool --get-tunable`, `--set-tunable`: single numbers for which there is no other place.

use super::{Device, owner};
use crate::sys::operations::Operations;
use kernel::{bindings as c, ffi::c_void, prelude::*};

/// The tunables.
pub(crate) trait TunableOperations {
    /// The longest frame that can be copied to be sent, in bytes.
    const MOST_TX_COPYBREAK: u32;

    /// The longest frame that is copied to be sent, in bytes (ETHTOOL_TX_COPYBREAK).
    fn tx_copybreak(&self) -> u32;
    /// As it shall be.
    fn set_tx_copybreak(&self, bytes: u32);
}

/// The one that there is is a number of 32 bits.
fn is_known(tunable: &c::ethtool_tunable) -> bool {
    tunable.id == c::tunable_id_ETHTOOL_TX_COPYBREAK
        && tunable.type_id == c::tunable_type_id_ETHTOOL_TUNABLE_U32
        && tunable.len as usize == size_of::<u32>()
}

pub(super) unsafe extern "C" fn get_tunable<T: Operations>(
    netdev: *mut Device,
    tunable: *const c::ethtool_tunable,
    place: *mut c_void,
) -> i32 {
    // SAFETY: the core passes what is asked for.
    if !is_known(unsafe { &*tunable }) {
        return EINVAL.to_errno();
    }
    // SAFETY: the core calls this for a registered device.
    let bytes = unsafe { owner::<T>(netdev) }.tx_copybreak();
    // SAFETY: the core passes a place of the tunable's length.
    unsafe { place.cast::<u32>().write_unaligned(bytes) };
    0
}

pub(super) unsafe extern "C" fn set_tunable<T: Operations>(
    netdev: *mut Device,
    tunable: *const c::ethtool_tunable,
    place: *const c_void,
) -> i32 {
    // SAFETY: the core passes what is asked for.
    if !is_known(unsafe { &*tunable }) {
        return EINVAL.to_errno();
    }
    // SAFETY: the core passes a value of the tunable's length.
    let bytes = unsafe { place.cast::<u32>().read_unaligned() };
    if bytes > T::MOST_TX_COPYBREAK {
        return ERANGE.to_errno();
    }
    // SAFETY: the core calls this for a registered device.
    unsafe { owner::<T>(netdev) }.set_tx_copybreak(bytes);
    0
}
