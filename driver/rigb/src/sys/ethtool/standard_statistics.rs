// SPDX-License-Identifier: GPL-2.0-only
//! `ethtool -S --groups`: counters whose names and meanings IEEE 802.3 and RFC 2819 define. What a card does not count stays marked as not reported.

use super::{Device, owner};
use crate::sys::operations::Operations;
use kernel::bindings as c;

/// Counters of the MAC, by their attributes in IEEE 802.3 clause 30.3.1.1.
pub(crate) struct MacStatistics {
    /// aFramesTransmittedOK.
    pub(crate) frames_transmitted_ok: u64,
    /// aSingleCollisionFrames.
    pub(crate) single_collision_frames: u64,
    /// aMultipleCollisionFrames.
    pub(crate) multiple_collision_frames: u64,
    /// aFramesReceivedOK.
    pub(crate) frames_received_ok: u64,
    /// aFrameCheckSequenceErrors.
    pub(crate) frame_check_sequence_errors: u64,
    /// aAlignmentErrors.
    pub(crate) alignment_errors: u64,
    /// aOctetsTransmittedOK.
    pub(crate) octets_transmitted_ok: u64,
    /// aFramesWithDeferredXmissions.
    pub(crate) frames_with_deferred_transmissions: u64,
    /// aLateCollisions.
    pub(crate) late_collisions: u64,
    /// aFramesAbortedDueToXSColls.
    pub(crate) frames_aborted_due_to_excess_collisions: u64,
    /// aCarrierSenseErrors.
    pub(crate) carrier_sense_errors: u64,
    /// aOctetsReceivedOK.
    pub(crate) octets_received_ok: u64,
    /// aMulticastFramesXmittedOK.
    pub(crate) multicast_frames_transmitted_ok: u64,
    /// aBroadcastFramesXmittedOK.
    pub(crate) broadcast_frames_transmitted_ok: u64,
    /// aMulticastFramesReceivedOK.
    pub(crate) multicast_frames_received_ok: u64,
    /// aBroadcastFramesReceivedOK.
    pub(crate) broadcast_frames_received_ok: u64,
    /// aFrameTooLongErrors.
    pub(crate) frame_too_long_errors: u64,
}

/// Counters of the MAC control sublayer, clause 30.3.3.
pub(crate) struct ControlStatistics {
    /// aUnsupportedOpcodesReceived.
    pub(crate) unsupported_opcodes_received: u64,
}

/// Ranges of frame lengths that are counted, in bytes with FCS.
pub(crate) const LENGTH_RANGES: usize = 6;

/// Counters of RFC 2819's etherStatsTable.
pub(crate) struct RmonStatistics {
    /// etherStatsUndersizePkts.
    pub(crate) undersize: u64,
    /// etherStatsOversizePkts.
    pub(crate) oversize: u64,
    /// etherStatsFragments.
    pub(crate) fragments: u64,
    /// etherStatsJabbers.
    pub(crate) jabbers: u64,
    /// Received frames of each range.
    pub(crate) received: [u64; LENGTH_RANGES],
    /// Sent frames of each range.
    pub(crate) sent: [u64; LENGTH_RANGES],
}

/// Counters by the standards, counted up to now.
pub(crate) trait StandardStatisticsOperations {
    /// Shortest and longest frame of each range.
    const RANGES: [(u16, u16); LENGTH_RANGES];

    /// The MAC's.
    fn mac_statistics(&self) -> MacStatistics;
    /// Its control sublayer's.
    fn control_statistics(&self) -> ControlStatistics;
    /// Remote monitoring's.
    fn rmon_statistics(&self) -> RmonStatistics;
}

/// There is one MAC; the preemptible one of IEEE 802.3 clause 99 would be asked for by itself.
fn is_whole_mac(source: c::ethtool_mac_stats_src) -> bool {
    source == c::ethtool_mac_stats_src_ETHTOOL_MAC_STATS_SRC_AGGREGATE
}

pub(super) unsafe extern "C" fn get_eth_mac_stats<T: Operations>(
    netdev: *mut Device,
    statistics: *mut c::ethtool_eth_mac_stats,
) {
    // SAFETY: the core passes a place for the result, every value marked as not reported.
    let statistics = unsafe { &mut *statistics };
    if !is_whole_mac(statistics.src) {
        return;
    }
    // SAFETY: the core calls this for a registered device.
    let counted = unsafe { owner::<T>(netdev) }.mac_statistics();
    // SAFETY: both members of the union are the same structure of numbers.
    let values = unsafe { &mut statistics.__bindgen_anon_1.stats };
    values.FramesTransmittedOK = counted.frames_transmitted_ok;
    values.SingleCollisionFrames = counted.single_collision_frames;
    values.MultipleCollisionFrames = counted.multiple_collision_frames;
    values.FramesReceivedOK = counted.frames_received_ok;
    values.FrameCheckSequenceErrors = counted.frame_check_sequence_errors;
    values.AlignmentErrors = counted.alignment_errors;
    values.OctetsTransmittedOK = counted.octets_transmitted_ok;
    values.FramesWithDeferredXmissions = counted.frames_with_deferred_transmissions;
    values.LateCollisions = counted.late_collisions;
    values.FramesAbortedDueToXSColls = counted.frames_aborted_due_to_excess_collisions;
    values.CarrierSenseErrors = counted.carrier_sense_errors;
    values.OctetsReceivedOK = counted.octets_received_ok;
    values.MulticastFramesXmittedOK = counted.multicast_frames_transmitted_ok;
    values.BroadcastFramesXmittedOK = counted.broadcast_frames_transmitted_ok;
    values.MulticastFramesReceivedOK = counted.multicast_frames_received_ok;
    values.BroadcastFramesReceivedOK = counted.broadcast_frames_received_ok;
    values.FrameTooLongErrors = counted.frame_too_long_errors;
}

pub(super) unsafe extern "C" fn get_eth_ctrl_stats<T: Operations>(
    netdev: *mut Device,
    statistics: *mut c::ethtool_eth_ctrl_stats,
) {
    // SAFETY: as in `get_eth_mac_stats`.
    let statistics = unsafe { &mut *statistics };
    if !is_whole_mac(statistics.src) {
        return;
    }
    // SAFETY: the core calls this for a registered device.
    let counted = unsafe { owner::<T>(netdev) }.control_statistics();
    // SAFETY: both members of the union are the same structure of numbers.
    let values = unsafe { &mut statistics.__bindgen_anon_1.stats };
    values.UnsupportedOpcodesReceived = counted.unsupported_opcodes_received;
}

/// The ranges as C wants them, with an empty one at the end.
struct Ranges<T>(core::marker::PhantomData<T>);

impl<T: StandardStatisticsOperations> Ranges<T> {
    const TABLE: &'static [c::ethtool_rmon_hist_range; LENGTH_RANGES + 1] = &{
        const fn range((low, high): (u16, u16)) -> c::ethtool_rmon_hist_range {
            c::ethtool_rmon_hist_range { low, high }
        }
        let [a, b, c, d, e, f] = T::RANGES;
        [range(a), range(b), range(c), range(d), range(e), range(f), range((0, 0))]
    };
}

pub(super) unsafe extern "C" fn get_rmon_stats<T: Operations>(
    netdev: *mut Device,
    statistics: *mut c::ethtool_rmon_stats,
    ranges: *mut *const c::ethtool_rmon_hist_range,
) {
    // SAFETY: as in `get_eth_mac_stats`.
    let statistics = unsafe { &mut *statistics };
    // SAFETY: the core passes a place for the table's address; the table is a constant.
    unsafe { ranges.write(Ranges::<T>::TABLE.as_ptr()) };
    if !is_whole_mac(statistics.src) {
        return;
    }
    // SAFETY: the core calls this for a registered device.
    let counted = unsafe { owner::<T>(netdev) }.rmon_statistics();
    // SAFETY: both members of the union are the same structure of numbers.
    let values = unsafe { &mut statistics.__bindgen_anon_1.stats };
    values.undersize_pkts = counted.undersize;
    values.oversize_pkts = counted.oversize;
    values.fragments = counted.fragments;
    values.jabbers = counted.jabbers;
    for (place, count) in values.hist.iter_mut().zip(counted.received) {
        *place = count;
    }
    for (place, count) in values.hist_tx.iter_mut().zip(counted.sent) {
        *place = count;
    }
}
