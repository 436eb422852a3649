// SPDX-License-Identifier: GPL-2.0-only
//! `ethtool -g`, `-G`: descriptors of the rings.

use super::{Device, owner};
use crate::sys::operations::Operations;
use kernel::{bindings as c, error::from_result, prelude::*};

/// Descriptors of the rings of one queue pair.
#[derive(Clone, Copy)]
pub(crate) struct RingSizes {
    /// Receive.
    pub(crate) rx: u32,
    /// Transmit.
    pub(crate) tx: u32,
    /// The most of either.
    pub(crate) max: u32,
}

/// The rings.
pub(crate) trait RingOperations {
    /// As they are.
    fn ring_sizes(&self) -> RingSizes;
    /// The rings shall have (at least) these sizes, at most `max`. `EINVAL` when there are no rings so small.
    fn set_ring_sizes(&self, rx: u32, tx: u32) -> Result;
}

pub(super) unsafe extern "C" fn get_ringparam<T: Operations>(
    netdev: *mut Device,
    ring: *mut c::ethtool_ringparam,
    _kernel: *mut c::kernel_ethtool_ringparam,
    _ack: *mut c::netlink_ext_ack,
) {
    // SAFETY: the core calls this for a registered device.
    let sizes = unsafe { owner::<T>(netdev) }.ring_sizes();
    // SAFETY: the core passes a place for the result.
    let ring = unsafe { &mut *ring };
    ring.rx_max_pending = sizes.max;
    ring.tx_max_pending = sizes.max;
    ring.rx_pending = sizes.rx;
    ring.tx_pending = sizes.tx;
}

pub(super) unsafe extern "C" fn set_ringparam<T: Operations>(
    netdev: *mut Device,
    ring: *mut c::ethtool_ringparam,
    _kernel: *mut c::kernel_ethtool_ringparam,
    _ack: *mut c::netlink_ext_ack,
) -> i32 {
    // SAFETY: the core passes the wanted sizes, checked against the maximum.
    let ring = unsafe { &*ring };
    // SAFETY: the core calls this for a registered device.
    let owner = unsafe { owner::<T>(netdev) };
    from_result(|| owner.set_ring_sizes(ring.rx_pending, ring.tx_pending).map(|()| 0))
}
