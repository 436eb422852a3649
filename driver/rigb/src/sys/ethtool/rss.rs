// SPDX-License-Identifier: GPL-2.0-only
//! `ethtool -x`, `-X` and `-N rx-flow-hash`: key, table and fields of receive side scaling.

use super::{Device, owner};
use crate::sys::{extack::ExtAck, operations::Operations};
use kernel::{bindings as c, error::from_result, prelude::*};

/// What of a flow is hashed.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum HashedParts {
    /// Both addresses.
    Addresses,
    /// Both addresses and both ports.
    AddressesAndPorts,
}

/// Kinds of flows (`ethtool.h`) as the card tells them apart.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Flow {
    /// TCP over IPv4.
    TcpV4,
    /// TCP over IPv6.
    TcpV6,
    /// UDP over IPv4.
    UdpV4,
    /// UDP over IPv6.
    UdpV6,
    /// Whatever else has addresses.
    Other,
}

/// Receive side scaling.
pub(crate) trait RssOperations {
    /// Bytes of the key.
    const KEY_BYTES: usize;
    /// Entries of the table.
    const TABLE_ENTRIES: usize;

    /// How many receive queues there are to lead to.
    fn receive_queues(&self) -> u32;
    /// Writes key and table into the places given.
    fn rss(&self, key: Option<&mut [u8]>, table: Option<&mut [u32]>);
    /// Takes key and table; each entry of the table is below `receive_queues`.
    fn set_rss(&self, key: Option<&[u8]>, table: Option<&[u32]>);
    /// What is hashed of a flow.
    fn hashed(&self, flow: Flow) -> HashedParts;
    /// What shall be hashed of a flow. `EINVAL` when the card cannot.
    fn set_hashed(&self, flow: Flow, parts: HashedParts) -> Result;
}

const ADDRESSES: u32 = c::RXH_IP_SRC | c::RXH_IP_DST;
const PORTS: u32 = c::RXH_L4_B_0_1 | c::RXH_L4_B_2_3;
// ETH_RSS_HASH_TOP, and "as it is".
const TOEPLITZ: u8 = 1 << c::ETH_RSS_HASH_TOP_BIT;
const NO_CHANGE: u8 = c::ETH_RSS_HASH_NO_CHANGE as u8;

fn flow(kind: u32) -> Option<Flow> {
    Some(match kind {
        c::TCP_V4_FLOW => Flow::TcpV4,
        c::TCP_V6_FLOW => Flow::TcpV6,
        c::UDP_V4_FLOW => Flow::UdpV4,
        c::UDP_V6_FLOW => Flow::UdpV6,
        c::SCTP_V4_FLOW | c::AH_ESP_V4_FLOW | c::AH_V4_FLOW | c::ESP_V4_FLOW | c::IPV4_FLOW => Flow::Other,
        c::SCTP_V6_FLOW | c::AH_ESP_V6_FLOW | c::AH_V6_FLOW | c::ESP_V6_FLOW | c::IPV6_FLOW => Flow::Other,
        _ => return None,
    })
}

/// A slice over a buffer of the core's. `None` for none.
///
/// # Safety
///
/// `start` is null or valid for `length` values as long as the slice is used.
unsafe fn slice<'a, V>(start: *mut V, length: u32) -> Option<&'a mut [V]> {
    if start.is_null() {
        return None;
    }
    // SAFETY: the caller's promise.
    Some(unsafe { core::slice::from_raw_parts_mut(start, length as usize) })
}

pub(super) unsafe extern "C" fn get_rx_ring_count<T: Operations>(netdev: *mut Device) -> u32 {
    // SAFETY: the core calls this for a registered device.
    unsafe { owner::<T>(netdev) }.receive_queues()
}

pub(super) unsafe extern "C" fn get_rxfh_key_size<T: Operations>(_netdev: *mut Device) -> u32 {
    T::KEY_BYTES as u32
}

pub(super) unsafe extern "C" fn get_rxfh_indir_size<T: Operations>(_netdev: *mut Device) -> u32 {
    T::TABLE_ENTRIES as u32
}

pub(super) unsafe extern "C" fn get_rxfh<T: Operations>(netdev: *mut Device, place: *mut c::ethtool_rxfh_param) -> i32 {
    // SAFETY: the core calls this for a registered device.
    let owner = unsafe { owner::<T>(netdev) };
    // SAFETY: the core passes a place for the result.
    let place = unsafe { &mut *place };
    place.hfunc = TOEPLITZ;
    // SAFETY: the core's buffer of as many bytes as `get_rxfh_key_size` said.
    let key = unsafe { slice(place.key, T::KEY_BYTES as u32) };
    // SAFETY: the core's buffer of as many entries as `get_rxfh_indir_size` said.
    let table = unsafe { slice(place.indir, T::TABLE_ENTRIES as u32) };
    owner.rss(key, table);
    0
}

pub(super) unsafe extern "C" fn set_rxfh<T: Operations>(
    netdev: *mut Device,
    wanted: *mut c::ethtool_rxfh_param,
    ack: *mut c::netlink_ext_ack,
) -> i32 {
    // SAFETY: the core calls this for a registered device.
    let owner = unsafe { owner::<T>(netdev) };
    // SAFETY: the core passes what is wanted.
    let wanted = unsafe { &*wanted };
    // SAFETY: null or valid for the time of the call.
    let ack = unsafe { ExtAck::from_raw(ack) };
    if wanted.hfunc != NO_CHANGE && wanted.hfunc != TOEPLITZ {
        ack.say(c"the card hashes by Toeplitz only");
        return EOPNOTSUPP.to_errno();
    }
    // SAFETY: the core's buffer of as many bytes as `get_rxfh_key_size` said.
    let key = unsafe { slice(wanted.key, T::KEY_BYTES as u32) };
    // SAFETY: the core's buffer of as many entries as `get_rxfh_indir_size` said.
    let table = unsafe { slice(wanted.indir, T::TABLE_ENTRIES as u32) };
    let queues = owner.receive_queues();
    if table.as_ref().is_some_and(|table| table.iter().any(|queue| *queue >= queues)) {
        ack.say(c"the table leads to a queue that is not in use");
        return EINVAL.to_errno();
    }
    owner.set_rss(key.as_deref(), table.as_deref());
    0
}

pub(super) unsafe extern "C" fn get_rxfh_fields<T: Operations>(
    netdev: *mut Device,
    place: *mut c::ethtool_rxfh_fields,
) -> i32 {
    // SAFETY: the core calls this for a registered device.
    let owner = unsafe { owner::<T>(netdev) };
    // SAFETY: the core passes a place for the result.
    let place = unsafe { &mut *place };
    let Some(flow) = flow(place.flow_type) else { return EINVAL.to_errno() };
    place.data = match owner.hashed(flow) {
        HashedParts::Addresses => ADDRESSES,
        HashedParts::AddressesAndPorts => ADDRESSES | PORTS,
    };
    0
}

pub(super) unsafe extern "C" fn set_rxfh_fields<T: Operations>(
    netdev: *mut Device,
    wanted: *const c::ethtool_rxfh_fields,
    ack: *mut c::netlink_ext_ack,
) -> i32 {
    // SAFETY: the core calls this for a registered device.
    let owner = unsafe { owner::<T>(netdev) };
    // SAFETY: the core passes what is wanted.
    let wanted = unsafe { &*wanted };
    // SAFETY: null or valid for the time of the call.
    let ack = unsafe { ExtAck::from_raw(ack) };
    from_result(|| {
        const BOTH: u32 = ADDRESSES | PORTS;
        let parts = match wanted.data {
            ADDRESSES => HashedParts::Addresses,
            BOTH => HashedParts::AddressesAndPorts,
            _ => {
                ack.say(c"the card hashes both addresses (sd), or both addresses and both ports (sdfn)");
                return Err(EINVAL);
            }
        };
        let flow = flow(wanted.flow_type).ok_or(EINVAL)?;
        owner.set_hashed(flow, parts).inspect_err(|_| ack.say(c"the card hashes ports of TCP and UDP only")).map(|()| 0)
    })
}
