// SPDX-License-Identifier: GPL-2.0-only
//! Timestamps of frames: how they are configured (`kernel_hwtstamp_config`, what ethtool says about them), and how they reach a frame's sk_buff.

use super::{
    bindings,
    extack::ExtAck,
    operations::{Operations, owner},
    skb::SkBuff,
};
use core::ptr::NonNull;
use kernel::{bindings as c, error::from_result, prelude::*};

/// Which received frames are stamped, as `enum hwtstamp_rx_filters` has them (linux/net_tstamp.h).
#[derive(Clone, Copy, PartialEq, Eq)]
#[repr(u32)]
pub(crate) enum ReceiveFilter {
    /// None.
    None = c::hwtstamp_rx_filters_HWTSTAMP_FILTER_NONE,
    /// All.
    All = c::hwtstamp_rx_filters_HWTSTAMP_FILTER_ALL,
    /// PTP version 1, UDP, event messages.
    V1UdpEvent = c::hwtstamp_rx_filters_HWTSTAMP_FILTER_PTP_V1_L4_EVENT,
    /// PTP version 1, UDP, Sync.
    V1UdpSync = c::hwtstamp_rx_filters_HWTSTAMP_FILTER_PTP_V1_L4_SYNC,
    /// PTP version 1, UDP, Delay_Req.
    V1UdpDelayRequest = c::hwtstamp_rx_filters_HWTSTAMP_FILTER_PTP_V1_L4_DELAY_REQ,
    /// PTP version 2, UDP, event messages.
    V2UdpEvent = c::hwtstamp_rx_filters_HWTSTAMP_FILTER_PTP_V2_L4_EVENT,
    /// PTP version 2, UDP, Sync.
    V2UdpSync = c::hwtstamp_rx_filters_HWTSTAMP_FILTER_PTP_V2_L4_SYNC,
    /// PTP version 2, UDP, Delay_Req.
    V2UdpDelayRequest = c::hwtstamp_rx_filters_HWTSTAMP_FILTER_PTP_V2_L4_DELAY_REQ,
    /// PTP version 2, Ethernet, event messages.
    V2EthernetEvent = c::hwtstamp_rx_filters_HWTSTAMP_FILTER_PTP_V2_L2_EVENT,
    /// PTP version 2, Ethernet, Sync.
    V2EthernetSync = c::hwtstamp_rx_filters_HWTSTAMP_FILTER_PTP_V2_L2_SYNC,
    /// PTP version 2, Ethernet, Delay_Req.
    V2EthernetDelayRequest = c::hwtstamp_rx_filters_HWTSTAMP_FILTER_PTP_V2_L2_DELAY_REQ,
    /// PTP version 2, event messages.
    V2Event = c::hwtstamp_rx_filters_HWTSTAMP_FILTER_PTP_V2_EVENT,
    /// PTP version 2, Sync.
    V2Sync = c::hwtstamp_rx_filters_HWTSTAMP_FILTER_PTP_V2_SYNC,
    /// PTP version 2, Delay_Req.
    V2DelayRequest = c::hwtstamp_rx_filters_HWTSTAMP_FILTER_PTP_V2_DELAY_REQ,
}

impl ReceiveFilter {
    const ALL: [Self; 14] = [
        Self::None,
        Self::All,
        Self::V1UdpEvent,
        Self::V1UdpSync,
        Self::V1UdpDelayRequest,
        Self::V2UdpEvent,
        Self::V2UdpSync,
        Self::V2UdpDelayRequest,
        Self::V2EthernetEvent,
        Self::V2EthernetSync,
        Self::V2EthernetDelayRequest,
        Self::V2Event,
        Self::V2Sync,
        Self::V2DelayRequest,
    ];

    // `ERANGE` for a filter that is not a single one of the above.
    fn from_raw(raw: i32) -> Result<Self> {
        Self::ALL.into_iter().find(|filter| i64::from(*filter as u32) == i64::from(raw)).ok_or(ERANGE)
    }

    const fn bit(self) -> u32 {
        1u32.wrapping_shl(self as u32)
    }
}

/// Which frames are stamped.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) struct TimestampConfig {
    /// Sent frames whose socket asks for it.
    pub(crate) transmit: bool,
    /// Received frames.
    pub(crate) receive: ReceiveFilter,
}

/// What the device can stamp.
pub(crate) struct TimestampCapabilities {
    /// N of its clock's `/dev/ptpN`.
    pub(crate) clock_index: Option<i32>,
    /// What it can be told to stamp on receive, beside nothing.
    pub(crate) receive: &'static [ReceiveFilter],
}

/// Counts since the driver was bound.
#[derive(Clone, Copy, Default)]
pub(crate) struct TimestampStatistics {
    /// Sent frames whose stamp was delivered.
    pub(crate) sent: u64,
    /// Sent frames that were marked but whose stamp did not come in time, or was lost in a reset.
    pub(crate) lost: u64,
    /// Sent frames that wanted a stamp while another one was awaited.
    pub(crate) skipped: u64,
    /// Stamps of received frames that no frame came for, cleared so that others are stamped again.
    pub(crate) receive_cleared: u64,
}

/// What a driver does for its interface's timestamps. Under RTNL.
pub(crate) trait Timestamping {
    /// What is stamped now.
    fn timestamp_config(&self) -> TimestampConfig;
    /// Stamps what `wanted` says, or more; returns what is stamped from now on. `ERANGE` and a word to `ack` when the device cannot.
    fn set_timestamp_config(&self, wanted: TimestampConfig, ack: ExtAck<'_>) -> Result<TimestampConfig>;
    /// What could be stamped.
    fn timestamp_capabilities(&self) -> TimestampCapabilities;
    /// What was.
    fn timestamp_statistics(&self) -> TimestampStatistics;
}

/// `ndo_hwtstamp_get`.
pub(super) unsafe extern "C" fn get<T: Operations>(
    netdev: *mut bindings::net_device,
    config: *mut bindings::kernel_hwtstamp_config,
) -> i32 {
    // SAFETY: the stack calls this for a registered device.
    let now = unsafe { owner::<T>(netdev) }.timestamp_config();
    // SAFETY: the stack passes a place for the result.
    fill(unsafe { &mut *config }, now);
    0
}

/// `ndo_hwtstamp_set`.
pub(super) unsafe extern "C" fn set<T: Operations>(
    netdev: *mut bindings::net_device,
    config: *mut bindings::kernel_hwtstamp_config,
    ack: *mut c::netlink_ext_ack,
) -> i32 {
    // SAFETY: the stack calls this for a registered device.
    let owner = unsafe { owner::<T>(netdev) };
    // SAFETY: the stack passes what is wanted, and takes what is done from the same place.
    let config = unsafe { &mut *config };
    // SAFETY: the stack passes a place for the reason of a refusal.
    let ack = unsafe { ExtAck::from_raw(ack) };
    from_result(|| {
        let transmit = match u32::try_from(config.tx_type) {
            Ok(c::hwtstamp_tx_types_HWTSTAMP_TX_OFF) => false,
            Ok(c::hwtstamp_tx_types_HWTSTAMP_TX_ON) => true,
            _ => {
                ack.say(c"sent frames are stamped, or not; nothing is written into them");
                return Err(ERANGE);
            }
        };
        let wanted = TimestampConfig { transmit, receive: ReceiveFilter::from_raw(config.rx_filter)? };
        fill(config, owner.set_timestamp_config(wanted, ack)?);
        Ok(0)
    })
}

fn fill(config: &mut bindings::kernel_hwtstamp_config, now: TimestampConfig) {
    let transmit =
        if now.transmit { c::hwtstamp_tx_types_HWTSTAMP_TX_ON } else { c::hwtstamp_tx_types_HWTSTAMP_TX_OFF };
    config.flags = 0;
    config.tx_type = transmit as i32;
    config.rx_filter = now.receive as u32 as i32;
}

/// `get_ts_info`.
pub(super) unsafe extern "C" fn get_ts_info<T: Operations>(
    netdev: *mut c::net_device,
    info: *mut c::kernel_ethtool_ts_info,
) -> i32 {
    // SAFETY: the core calls this for a registered device.
    let capabilities = unsafe { owner::<T>(netdev.cast::<bindings::net_device>()) }.timestamp_capabilities();
    // SAFETY: the core passes a place for the result, with "no clock" filled in.
    let info = unsafe { &mut *info };
    info.so_timestamping = c::SOF_TIMESTAMPING_TX_SOFTWARE
        | c::SOF_TIMESTAMPING_TX_HARDWARE
        | c::SOF_TIMESTAMPING_RX_HARDWARE
        | c::SOF_TIMESTAMPING_RAW_HARDWARE;
    if let Some(index) = capabilities.clock_index {
        info.phc_index = index;
    }
    info.tx_types = 1 << c::hwtstamp_tx_types_HWTSTAMP_TX_OFF | 1 << c::hwtstamp_tx_types_HWTSTAMP_TX_ON;
    info.rx_filters = capabilities.receive.iter().fold(ReceiveFilter::None.bit(), |bits, filter| bits | filter.bit());
    0
}

/// `get_ts_stats`.
pub(super) unsafe extern "C" fn get_ts_stats<T: Operations>(
    netdev: *mut c::net_device,
    statistics: *mut c::ethtool_ts_stats,
) {
    // SAFETY: the core calls this for a registered device.
    let counts = unsafe { owner::<T>(netdev.cast::<bindings::net_device>()) }.timestamp_statistics();
    // SAFETY: the core passes a place for the result.
    let statistics = unsafe { &mut *statistics };
    // SAFETY: both members of the union are the same four counts.
    let place = unsafe { &mut statistics.__bindgen_anon_1.tx_stats };
    place.pkts = counts.sent;
    place.lost = counts.lost;
    place.err = counts.skipped;
}

/// A share of a frame under way whose stamp is awaited. Dropping it tells the socket nothing.
pub(crate) struct AwaitedStamp(NonNull<c::sk_buff>);

// SAFETY: a counted reference of an sk_buff belongs to no thread.
unsafe impl Send for AwaitedStamp {}

impl AwaitedStamp {
    /// Takes a share of `frame` and tells the stack that its stamp comes from the device. The frame must not be changed any more.
    pub(crate) fn of(frame: &SkBuff) -> Option<Self> {
        let skb = NonNull::new(frame.as_ptr())?;
        // SAFETY: the frame is valid; the reference taken here is given back by `drop`.
        unsafe { bindings::rigb_skb_await_stamp(frame.as_ptr()) };
        Some(Self(skb))
    }

    /// Tells the socket that the frame was on the wire at `nanoseconds` of the device's clock.
    pub(crate) fn deliver(self, nanoseconds: i64) {
        // SAFETY: we hold a reference of the frame; the function clones what it needs.
        unsafe { bindings::rigb_skb_stamp_sent(self.0.as_ptr(), nanoseconds) };
    }
}

impl Drop for AwaitedStamp {
    fn drop(&mut self) {
        // SAFETY: the reference that `of` took, given back once.
        unsafe { bindings::rigb_skb_forget_stamp(self.0.as_ptr()) };
    }
}
