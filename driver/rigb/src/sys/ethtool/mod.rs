// SPDX-License-Identifier: GPL-2.0-only
//! `ethtool_ops` as traits, one a topic: the callbacks arrive with a valid owner, their buffers as slices, their results as `Result`s. All of them run in process
//! context under RTNL, and may sleep.

use super::{
    bindings, hwtstamp,
    operations::{self, Operations},
    text::FixedText,
};
use core::marker::PhantomData;
use kernel::bindings as c;

pub(crate) mod channels;
pub(crate) mod coalesce;
pub(crate) mod identify;
pub(crate) mod link;
pub(crate) mod pause;
pub(crate) mod registers_and_eeprom;
pub(crate) mod ring;
pub(crate) mod rss;
pub(crate) mod self_test;
pub(crate) mod standard_statistics;
pub(crate) mod statistics;
pub(crate) mod tunable;

/// Everything that ethtool asks of a driver.
pub(crate) trait EthtoolOperations:
    channels::ChannelOperations
    + coalesce::CoalesceOperations
    + identify::IdentifyOperations
    + link::LinkOperations
    + pause::PauseOperations
    + registers_and_eeprom::RegisterOperations
    + ring::RingOperations
    + rss::RssOperations
    + self_test::SelfTestOperations
    + standard_statistics::StandardStatisticsOperations
    + statistics::StatisticsOperations
    + tunable::TunableOperations
{
    /// The driver's version.
    const VERSION: &'static str;

    /// The version of what the card's own memory holds.
    fn firmware_version(&self) -> FixedText<32>;
    /// Which kinds of messages the driver writes to the log (`NETIF_MSG_*`).
    fn message_level(&self) -> u32;
    /// The same, to be changed.
    fn set_message_level(&self, level: u32);
}

/// The table of callbacks for `T`.
pub(super) fn table<T: Operations>() -> &'static c::ethtool_ops {
    Table::<T>::OPERATIONS
}

struct Table<T>(PhantomData<T>);

// `net_device` is opaque to both sets of bindings; only the pointer's type differs.
type Device = c::net_device;

/// # Safety
///
/// `netdev` is the device of a live `Registration<T>`.
unsafe fn owner<'a, T: Operations>(netdev: *mut Device) -> &'a T {
    // SAFETY: the caller's promise.
    unsafe { operations::owner::<T>(netdev.cast::<bindings::net_device>()) }
}

/// Copies a text into a field of C.
fn copy_text(into: &mut [kernel::ffi::c_char; 32], text: &FixedText<32>) {
    *into = *text.as_array();
}

impl<T: Operations> Table<T> {
    const OPERATIONS: &'static c::ethtool_ops = &c::ethtool_ops {
        get_drvinfo: Some(Self::get_drvinfo),
        get_msglevel: Some(Self::get_msglevel),
        set_msglevel: Some(Self::set_msglevel),
        get_link: Some(c::ethtool_op_get_link),
        get_ts_info: Some(hwtstamp::get_ts_info::<T>),
        get_ts_stats: Some(hwtstamp::get_ts_stats::<T>),
        get_link_ksettings: Some(link::get_link_ksettings::<T>),
        set_link_ksettings: Some(link::set_link_ksettings::<T>),
        nway_reset: Some(link::nway_reset::<T>),
        get_pauseparam: Some(pause::get_pauseparam::<T>),
        set_pauseparam: Some(pause::set_pauseparam::<T>),
        get_pause_stats: Some(pause::get_pause_stats::<T>),
        supported_coalesce_params: bindings::RIGB_COALESCE,
        get_coalesce: Some(coalesce::get_coalesce::<T>),
        set_coalesce: Some(coalesce::set_coalesce::<T>),
        get_channels: Some(channels::get_channels::<T>),
        set_channels: Some(channels::set_channels::<T>),
        get_rx_ring_count: Some(rss::get_rx_ring_count::<T>),
        get_rxfh_key_size: Some(rss::get_rxfh_key_size::<T>),
        get_rxfh_indir_size: Some(rss::get_rxfh_indir_size::<T>),
        get_rxfh: Some(rss::get_rxfh::<T>),
        set_rxfh: Some(rss::set_rxfh::<T>),
        get_rxfh_fields: Some(rss::get_rxfh_fields::<T>),
        set_rxfh_fields: Some(rss::set_rxfh_fields::<T>),
        get_ringparam: Some(ring::get_ringparam::<T>),
        set_ringparam: Some(ring::set_ringparam::<T>),
        get_regs_len: Some(registers_and_eeprom::get_regs_len::<T>),
        get_regs: Some(registers_and_eeprom::get_regs::<T>),
        get_eeprom_len: Some(registers_and_eeprom::get_eeprom_len::<T>),
        get_eeprom: Some(registers_and_eeprom::get_eeprom::<T>),
        get_sset_count: Some(statistics::get_sset_count::<T>),
        get_strings: Some(statistics::get_strings::<T>),
        get_ethtool_stats: Some(statistics::get_ethtool_stats::<T>),
        get_eth_mac_stats: Some(standard_statistics::get_eth_mac_stats::<T>),
        get_eth_ctrl_stats: Some(standard_statistics::get_eth_ctrl_stats::<T>),
        get_rmon_stats: Some(standard_statistics::get_rmon_stats::<T>),
        get_tunable: Some(tunable::get_tunable::<T>),
        set_tunable: Some(tunable::set_tunable::<T>),
        self_test: Some(self_test::self_test::<T>),
        set_phys_id: Some(identify::set_phys_id::<T>),
        // SAFETY: a table of optional function pointers and numbers; all zeros means none.
        ..unsafe { core::mem::zeroed() }
    };

    unsafe extern "C" fn get_drvinfo(netdev: *mut Device, info: *mut c::ethtool_drvinfo) {
        // SAFETY: the core calls this for a registered device.
        let owner = unsafe { owner::<T>(netdev) };
        // SAFETY: the core passes a place for the result, with driver and bus already filled in.
        let info = unsafe { &mut *info };
        copy_text(&mut info.version, &FixedText::new(format_args!("{}", T::VERSION)));
        copy_text(&mut info.fw_version, &owner.firmware_version());
    }

    unsafe extern "C" fn get_msglevel(netdev: *mut Device) -> u32 {
        // SAFETY: as in `get_drvinfo`.
        unsafe { owner::<T>(netdev) }.message_level()
    }

    unsafe extern "C" fn set_msglevel(netdev: *mut Device, level: u32) {
        // SAFETY: as in `get_drvinfo`.
        unsafe { owner::<T>(netdev) }.set_message_level(level);
    }
}
