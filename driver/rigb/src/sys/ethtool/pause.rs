// SPDX-License-Identifier: GPL-2.0-only
//! `ethtool -a`, `-A`: pause frames.

use super::{Device, owner};
use crate::sys::operations::Operations;
use kernel::{bindings as c, error::from_result, prelude::*};

/// What is wanted of pause frames.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) struct Pause {
    /// What comes into force is negotiated with the partner, out of what is wanted.
    pub(crate) negotiated: bool,
    /// We stop sending when the partner asks.
    pub(crate) receive: bool,
    /// We ask the partner.
    pub(crate) transmit: bool,
}

/// Pause frames since the driver was bound.
pub(crate) struct PauseStatistics {
    /// Sent by the MAC.
    pub(crate) sent: u64,
    /// Received.
    pub(crate) received: u64,
}

/// Pause frames.
pub(crate) trait PauseOperations {
    /// What is wanted.
    fn pause(&self) -> Pause;
    /// To be changed. `EINVAL` when it cannot be negotiated, because the link is not.
    fn set_pause(&self, wanted: Pause) -> Result;
    /// The frames, counted up to now.
    fn pause_statistics(&self) -> PauseStatistics;
}

pub(super) unsafe extern "C" fn get_pauseparam<T: Operations>(
    netdev: *mut Device,
    parameters: *mut c::ethtool_pauseparam,
) {
    // SAFETY: the core calls this for a registered device.
    let pause = unsafe { owner::<T>(netdev) }.pause();
    // SAFETY: the core passes a place for the result.
    let parameters = unsafe { &mut *parameters };
    parameters.autoneg = pause.negotiated.into();
    parameters.rx_pause = pause.receive.into();
    parameters.tx_pause = pause.transmit.into();
}

pub(super) unsafe extern "C" fn set_pauseparam<T: Operations>(
    netdev: *mut Device,
    parameters: *mut c::ethtool_pauseparam,
) -> i32 {
    // SAFETY: the core calls this for a registered device.
    let owner = unsafe { owner::<T>(netdev) };
    // SAFETY: the core passes what is wanted.
    let parameters = unsafe { &*parameters };
    let wanted = Pause {
        negotiated: parameters.autoneg != 0,
        receive: parameters.rx_pause != 0,
        transmit: parameters.tx_pause != 0,
    };
    from_result(|| owner.set_pause(wanted).map(|()| 0))
}

pub(super) unsafe extern "C" fn get_pause_stats<T: Operations>(
    netdev: *mut Device,
    statistics: *mut c::ethtool_pause_stats,
) {
    // SAFETY: the core passes a place for the result, every value marked as not reported.
    let statistics = unsafe { &mut *statistics };
    if statistics.src != c::ethtool_mac_stats_src_ETHTOOL_MAC_STATS_SRC_AGGREGATE {
        // There is one MAC, no preemptible one beside it.
        return;
    }
    // SAFETY: the core calls this for a registered device.
    let counted = unsafe { owner::<T>(netdev) }.pause_statistics();
    // SAFETY: both members of the union are the same structure of numbers.
    let values = unsafe { &mut statistics.__bindgen_anon_1.stats };
    values.tx_pause_frames = counted.sent;
    values.rx_pause_frames = counted.received;
}
