// SPDX-License-Identifier: GPL-2.0-only
//! `ethtool -p`: the port shows itself.

use super::{Device, owner};
use crate::sys::operations::Operations;
use kernel::{bindings as c, error::from_result, prelude::*};

/// Showing which port is meant.
pub(crate) trait IdentifyOperations {
    /// Shows it, by the card's own means, until it is told not to. RTNL is not held in between.
    fn identify(&self, on: bool) -> Result;
}

pub(super) unsafe extern "C" fn set_phys_id<T: Operations>(
    netdev: *mut Device,
    state: c::ethtool_phys_id_state,
) -> i32 {
    // SAFETY: the core calls this for a registered device.
    let owner = unsafe { owner::<T>(netdev) };
    from_result(|| {
        match state {
            // Zero says that the card blinks by itself.
            c::ethtool_phys_id_state_ETHTOOL_ID_ACTIVE => owner.identify(true)?,
            c::ethtool_phys_id_state_ETHTOOL_ID_INACTIVE => owner.identify(false)?,
            _ => return Err(EINVAL),
        }
        Ok(0)
    })
}
