// SPDX-License-Identifier: GPL-2.0-only
//! `ethtool -c`, `-C`: the moderation of interrupts.

use super::{Device, owner};
use crate::sys::{extack::ExtAck, operations::Operations};
use kernel::{bindings as c, prelude::*};

/// Moderation of interrupts; both directions of a queue pair share a vector.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Coalesce {
    /// The least time between two interrupts of a vector, in microseconds; 0 is none.
    Fixed(u32),
    /// Chosen by what arrives.
    Adaptive,
}

/// Moderation.
pub(crate) trait CoalesceOperations {
    /// The longest time that can be set, in microseconds.
    const MOST_USECS: u32;

    /// As it is, and the time that `Fixed` would have, in microseconds.
    fn coalesce(&self) -> (Coalesce, u32);
    /// As it shall be.
    fn set_coalesce(&self, wanted: Coalesce);
}

pub(super) unsafe extern "C" fn get_coalesce<T: Operations>(
    netdev: *mut Device,
    place: *mut c::ethtool_coalesce,
    _kernel: *mut c::kernel_ethtool_coalesce,
    _ack: *mut c::netlink_ext_ack,
) -> i32 {
    // SAFETY: the core calls this for a registered device.
    let (coalesce, usecs) = unsafe { owner::<T>(netdev) }.coalesce();
    // SAFETY: the core passes a place for the result.
    let place = unsafe { &mut *place };
    let adaptive = u32::from(coalesce == Coalesce::Adaptive);
    place.use_adaptive_rx_coalesce = adaptive;
    place.use_adaptive_tx_coalesce = adaptive;
    place.rx_coalesce_usecs = usecs;
    place.tx_coalesce_usecs = usecs;
    0
}

/// The one of two values that the user changed; `None` when both were, and differ.
fn changed(before: u32, rx: u32, tx: u32) -> Option<u32> {
    match (rx == before, tx == before) {
        (true, _) => Some(tx),
        (_, true) => Some(rx),
        _ if rx == tx => Some(rx),
        _ => None,
    }
}

pub(super) unsafe extern "C" fn set_coalesce<T: Operations>(
    netdev: *mut Device,
    wanted: *mut c::ethtool_coalesce,
    _kernel: *mut c::kernel_ethtool_coalesce,
    ack: *mut c::netlink_ext_ack,
) -> i32 {
    // SAFETY: the core passes the wanted values; those that the driver does not know are refused already.
    let wanted = unsafe { &*wanted };
    // SAFETY: null or valid for the time of the call.
    let ack = unsafe { ExtAck::from_raw(ack) };
    // SAFETY: the core calls this for a registered device.
    let owner = unsafe { owner::<T>(netdev) };
    let (before, usecs_before) = owner.coalesce();
    let adaptive_before = u32::from(before == Coalesce::Adaptive);
    let usecs = changed(usecs_before, wanted.rx_coalesce_usecs, wanted.tx_coalesce_usecs);
    let adaptive = changed(adaptive_before, wanted.use_adaptive_rx_coalesce, wanted.use_adaptive_tx_coalesce);
    let (Some(usecs), Some(adaptive)) = (usecs, adaptive) else {
        ack.say(c"both directions of a queue pair share a vector: they cannot be moderated differently");
        return EINVAL.to_errno();
    };
    if usecs > T::MOST_USECS {
        ack.say(c"the card counts at most 8191 microseconds between interrupts");
        return EINVAL.to_errno();
    }
    // A time that was given ends adaptation, unless that was asked for as well.
    let adapts = adaptive != 0 && (usecs == usecs_before || adaptive_before == 0);
    owner.set_coalesce(if adapts { Coalesce::Adaptive } else { Coalesce::Fixed(usecs) });
    0
}
