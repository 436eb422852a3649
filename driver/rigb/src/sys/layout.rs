// SPDX-License-Identifier: GPL-2.0-only
//! The bound C structures must be laid out as the C compiler of this module laid them out; otherwise nothing may be loaded.

use super::bindings;
use core::mem::{offset_of, size_of};
use kernel::prelude::*;

// bindgen's Rust types against what libclang computed from the headers.
const _: () = assert!(size_of::<bindings::net_device_ops>() == bindings::RIGB_SIZEOF_NET_DEVICE_OPS as usize);
const _: () =
    assert!(offset_of!(bindings::net_device_ops, ndo_start_xmit) == bindings::RIGB_OFFSETOF_NDO_START_XMIT as usize);
const _: () =
    assert!(offset_of!(bindings::net_device_ops, ndo_get_stats64) == bindings::RIGB_OFFSETOF_NDO_GET_STATS64 as usize);
const _: () = assert!(size_of::<bindings::rtnl_link_stats64>() == bindings::RIGB_SIZEOF_RTNL_LINK_STATS64 as usize);
const _: () = assert!(size_of::<bindings::napi_struct>() == bindings::RIGB_SIZEOF_NAPI_STRUCT as usize);
const _: () = assert!(size_of::<bindings::netdev_stat_ops>() == bindings::RIGB_SIZEOF_NETDEV_STAT_OPS as usize);
const _: () = assert!(size_of::<bindings::netdev_queue_stats_rx>() == bindings::RIGB_SIZEOF_QUEUE_STATS_RX as usize);
const _: () = assert!(size_of::<bindings::netdev_queue_stats_tx>() == bindings::RIGB_SIZEOF_QUEUE_STATS_TX as usize);
const _: () = assert!(size_of::<kernel::bindings::ethtool_ops>() == bindings::RIGB_SIZEOF_ETHTOOL_OPS as usize);

/// Compares what libclang computed with what the C compiler of this module did. `EINVAL` when they differ: the module was built wrongly.
pub(crate) fn check() -> Result {
    let expected = [
        bindings::RIGB_SIZEOF_NET_DEVICE_OPS,
        bindings::RIGB_OFFSETOF_NDO_START_XMIT,
        bindings::RIGB_OFFSETOF_NDO_GET_STATS64,
        bindings::RIGB_SIZEOF_RTNL_LINK_STATS64,
        bindings::RIGB_SIZEOF_NAPI_STRUCT,
        bindings::RIGB_SIZEOF_ETHTOOL_OPS,
        bindings::RIGB_SIZEOF_NETDEV_STAT_OPS,
        bindings::RIGB_SIZEOF_QUEUE_STATS_RX,
        bindings::RIGB_SIZEOF_QUEUE_STATS_TX,
        bindings::RIGB_OFFSETOF_NETDEV_PRIVATE,
        bindings::RIGB_OFFSETOF_SKB_QUEUE,
    ];
    // SAFETY: `rigb_layout` is a constant of the shim with as many elements as the bindings say; nobody writes it.
    let actual = unsafe { &*core::ptr::addr_of!(bindings::rigb_layout) };
    if expected != *actual {
        pr_err!(
            "the bindings do not match the compiler's layout of struct net_device_ops, napi_struct, sk_buff or ethtool_ops; build the module again\n"
        );
        return Err(EINVAL);
    }
    Ok(())
}
