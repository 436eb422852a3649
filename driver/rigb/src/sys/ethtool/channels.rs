// SPDX-License-Identifier: GPL-2.0-only
//! `ethtool -l`, `-L`: how many queue pairs are used.

use super::{Device, owner};
use crate::sys::operations::Operations;
use kernel::{bindings as c, error::from_result, prelude::*};

/// Queue pairs.
#[derive(Clone, Copy)]
pub(crate) struct Channels {
    /// In use.
    pub(crate) combined: u32,
    /// That could be.
    pub(crate) most: u32,
    /// Vectors for other causes.
    pub(crate) other: u32,
}

/// The channels.
pub(crate) trait ChannelOperations {
    /// As they are.
    fn channels(&self) -> Channels;
    /// So many queue pairs shall be used, from 1 to `most`.
    fn set_channels(&self, combined: u32) -> Result;
}

pub(super) unsafe extern "C" fn get_channels<T: Operations>(netdev: *mut Device, place: *mut c::ethtool_channels) {
    // SAFETY: the core calls this for a registered device.
    let channels = unsafe { owner::<T>(netdev) }.channels();
    // SAFETY: the core passes a place for the result.
    let place = unsafe { &mut *place };
    place.max_combined = channels.most;
    place.combined_count = channels.combined;
    place.max_other = channels.other;
    place.other_count = channels.other;
}

pub(super) unsafe extern "C" fn set_channels<T: Operations>(
    netdev: *mut Device,
    wanted: *mut c::ethtool_channels,
) -> i32 {
    // SAFETY: the core passes the wanted counts, each checked against its maximum.
    let wanted = unsafe { &*wanted };
    // SAFETY: the core calls this for a registered device.
    let owner = unsafe { owner::<T>(netdev) };
    from_result(|| {
        if wanted.combined_count == 0 || wanted.other_count != owner.channels().other {
            return Err(EINVAL);
        }
        owner.set_channels(wanted.combined_count).map(|()| 0)
    })
}
