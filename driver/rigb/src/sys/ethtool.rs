// SPDX-License-Identifier: GPL-2.0-only
//! `ethtool_ops`: driver, link and ring sizes, answered by the same trait as the interface's operations.

use super::{
    bindings, hwtstamp,
    operations::{Operations, owner},
};
use core::marker::PhantomData;
use kernel::{bindings as c, error::from_result};

/// The table of callbacks for `T`.
pub(super) fn table<T: Operations>() -> &'static c::ethtool_ops {
    Table::<T>::OPERATIONS
}

struct Table<T>(PhantomData<T>);

// `net_device` is opaque to both sets of bindings; only the pointer's type differs.
type Device = c::net_device;

// ethtool.h's link mode bits: 10/100 half and full, 1000 full, autonegotiation, twisted pair.
const COPPER_MODES: usize = 1 << 0 | 1 << 1 | 1 << 2 | 1 << 3 | 1 << 5 | 1 << 6 | 1 << 7;
const SPEED_UNKNOWN: u32 = u32::MAX;
const DUPLEX_UNKNOWN: u8 = 0xff;
const AUTONEG_ENABLE: u8 = 1;
const PHY_ADDRESS: u8 = 1;

impl<T: Operations> Table<T> {
    const OPERATIONS: &'static c::ethtool_ops = &c::ethtool_ops {
        get_drvinfo: Some(Self::get_drvinfo),
        get_link: Some(c::ethtool_op_get_link),
        get_link_ksettings: Some(Self::get_link_ksettings),
        get_ringparam: Some(Self::get_ringparam),
        set_ringparam: Some(Self::set_ringparam),
        get_ts_info: Some(hwtstamp::get_ts_info::<T>),
        get_ts_stats: Some(hwtstamp::get_ts_stats::<T>),
        // SAFETY: a table of optional function pointers and numbers; all zeros means none.
        ..unsafe { core::mem::zeroed() }
    };

    unsafe extern "C" fn get_drvinfo(_netdev: *mut Device, info: *mut c::ethtool_drvinfo) {
        // SAFETY: the core passes a place for the result, with driver and bus already filled in.
        let version = unsafe { &mut (*info).version };
        for (place, byte) in version.iter_mut().zip(T::VERSION) {
            *place = *byte as _;
        }
    }

    unsafe extern "C" fn get_link_ksettings(netdev: *mut Device, settings: *mut c::ethtool_link_ksettings) -> i32 {
        // SAFETY: the core calls this for a registered device.
        let link = unsafe { owner::<T>(netdev.cast::<bindings::net_device>()) }.link();
        // SAFETY: the core passes a place for the result.
        let settings = unsafe { &mut *settings };
        settings.base.speed = link.map_or(SPEED_UNKNOWN, |link| link.speed_mbps);
        settings.base.duplex = link.map_or(DUPLEX_UNKNOWN, |link| u8::from(link.full_duplex));
        settings.base.autoneg = AUTONEG_ENABLE;
        settings.base.phy_address = PHY_ADDRESS;
        if let Some(modes) = settings.link_modes.supported.first_mut() {
            *modes |= COPPER_MODES;
        }
        if let Some(modes) = settings.link_modes.advertising.first_mut() {
            *modes |= COPPER_MODES;
        }
        0
    }

    unsafe extern "C" fn get_ringparam(
        netdev: *mut Device,
        ring: *mut c::ethtool_ringparam,
        _kernel: *mut c::kernel_ethtool_ringparam,
        _ack: *mut c::netlink_ext_ack,
    ) {
        // SAFETY: as in `get_link_ksettings`.
        let sizes = unsafe { owner::<T>(netdev.cast::<bindings::net_device>()) }.ring_sizes();
        // SAFETY: the core passes a place for the result.
        let ring = unsafe { &mut *ring };
        ring.rx_max_pending = sizes.max;
        ring.tx_max_pending = sizes.max;
        ring.rx_pending = sizes.rx;
        ring.tx_pending = sizes.tx;
    }

    unsafe extern "C" fn set_ringparam(
        netdev: *mut Device,
        ring: *mut c::ethtool_ringparam,
        _kernel: *mut c::kernel_ethtool_ringparam,
        _ack: *mut c::netlink_ext_ack,
    ) -> i32 {
        // SAFETY: the core passes the wanted sizes, checked against the maximum.
        let (rx, tx) = unsafe { ((*ring).rx_pending, (*ring).tx_pending) };
        // SAFETY: as in `get_link_ksettings`.
        let owner = unsafe { owner::<T>(netdev.cast::<bindings::net_device>()) };
        from_result(|| owner.set_ring_sizes(rx, tx).map(|()| 0))
    }
}
