// SPDX-License-Identifier: GPL-2.0-only
//! `netdev_stat_ops`: statistics of each queue, as netlink and `ynl` show them (Documentation/netlink/specs/netdev.yaml, qstats).

use super::{
    bindings,
    operations::{Operations, owner},
};
use core::marker::PhantomData;

/// What a receive queue counted (`netdev_queue_stats_rx`).
#[derive(Clone, Copy, Default)]
pub(crate) struct ReceiveStatistics {
    /// Frames, XDP's included.
    pub(crate) packets: u64,
    /// Their bytes, without FCS.
    pub(crate) bytes: u64,
    /// Times that no memory could be had for a buffer or an sk_buff.
    pub(crate) alloc_fail: u64,
    /// Frames whose checksums the card found right.
    pub(crate) csum_unnecessary: u64,
    /// Frames whose checksums it did not look at.
    pub(crate) csum_none: u64,
    /// Frames with a checksum that it found wrong.
    pub(crate) csum_bad: u64,
}

impl ReceiveStatistics {
    /// Adds another's counts.
    pub(crate) fn add(&mut self, other: &Self) {
        self.packets = self.packets.wrapping_add(other.packets);
        self.bytes = self.bytes.wrapping_add(other.bytes);
        self.alloc_fail = self.alloc_fail.wrapping_add(other.alloc_fail);
        self.csum_unnecessary = self.csum_unnecessary.wrapping_add(other.csum_unnecessary);
        self.csum_none = self.csum_none.wrapping_add(other.csum_none);
        self.csum_bad = self.csum_bad.wrapping_add(other.csum_bad);
    }
}

/// What a transmit queue counted (`netdev_queue_stats_tx`).
#[derive(Clone, Copy, Default)]
pub(crate) struct TransmitStatistics {
    /// Frames on the wire.
    pub(crate) packets: u64,
    /// Their bytes, without FCS.
    pub(crate) bytes: u64,
    /// Frames without a checksum to fill in.
    pub(crate) csum_none: u64,
    /// Frames with one.
    pub(crate) needs_csum: u64,
    /// Frames that the card cut into segments, as the stack gave them.
    pub(crate) hw_gso_packets: u64,
    /// Their bytes.
    pub(crate) hw_gso_bytes: u64,
    /// Segments that became of them.
    pub(crate) hw_gso_wire_packets: u64,
    /// Their bytes.
    pub(crate) hw_gso_wire_bytes: u64,
    /// Times the queue was stopped for want of descriptors.
    pub(crate) stop: u64,
    /// Times it was woken.
    pub(crate) wake: u64,
}

impl TransmitStatistics {
    /// Adds another's counts.
    pub(crate) fn add(&mut self, other: &Self) {
        self.packets = self.packets.wrapping_add(other.packets);
        self.bytes = self.bytes.wrapping_add(other.bytes);
        self.csum_none = self.csum_none.wrapping_add(other.csum_none);
        self.needs_csum = self.needs_csum.wrapping_add(other.needs_csum);
        self.hw_gso_packets = self.hw_gso_packets.wrapping_add(other.hw_gso_packets);
        self.hw_gso_bytes = self.hw_gso_bytes.wrapping_add(other.hw_gso_bytes);
        self.hw_gso_wire_packets = self.hw_gso_wire_packets.wrapping_add(other.hw_gso_wire_packets);
        self.hw_gso_wire_bytes = self.hw_gso_wire_bytes.wrapping_add(other.hw_gso_wire_bytes);
        self.stop = self.stop.wrapping_add(other.stop);
        self.wake = self.wake.wrapping_add(other.wake);
    }
}

/// The table of callbacks for `T`.
pub(super) fn table<T: Operations>() -> &'static bindings::netdev_stat_ops {
    Table::<T>::OPERATIONS
}

struct Table<T>(PhantomData<T>);

fn write_receive(place: &mut bindings::netdev_queue_stats_rx, statistics: ReceiveStatistics) {
    place.packets = statistics.packets;
    place.bytes = statistics.bytes;
    place.alloc_fail = statistics.alloc_fail;
    place.csum_unnecessary = statistics.csum_unnecessary;
    place.csum_none = statistics.csum_none;
    place.csum_bad = statistics.csum_bad;
}

fn write_transmit(place: &mut bindings::netdev_queue_stats_tx, statistics: TransmitStatistics) {
    place.packets = statistics.packets;
    place.bytes = statistics.bytes;
    place.csum_none = statistics.csum_none;
    place.needs_csum = statistics.needs_csum;
    place.hw_gso_packets = statistics.hw_gso_packets;
    place.hw_gso_bytes = statistics.hw_gso_bytes;
    place.hw_gso_wire_packets = statistics.hw_gso_wire_packets;
    place.hw_gso_wire_bytes = statistics.hw_gso_wire_bytes;
    place.stop = statistics.stop;
    place.wake = statistics.wake;
}

impl<T: Operations> Table<T> {
    const OPERATIONS: &'static bindings::netdev_stat_ops = &bindings::netdev_stat_ops {
        get_queue_stats_rx: Some(Self::receive),
        get_queue_stats_tx: Some(Self::transmit),
        get_base_stats: Some(Self::base),
    };

    unsafe extern "C" fn receive(
        netdev: *mut bindings::net_device,
        queue: i32,
        place: *mut bindings::netdev_queue_stats_rx,
    ) {
        // SAFETY: the core calls this for a registered device.
        let statistics = unsafe { owner::<T>(netdev) }.receive_statistics(queue as usize);
        // SAFETY: the core passes a place for the result.
        write_receive(unsafe { &mut *place }, statistics);
    }

    unsafe extern "C" fn transmit(
        netdev: *mut bindings::net_device,
        queue: i32,
        place: *mut bindings::netdev_queue_stats_tx,
    ) {
        // SAFETY: as in `receive`.
        let statistics = unsafe { owner::<T>(netdev) }.transmit_statistics(queue as usize);
        // SAFETY: as in `receive`.
        write_transmit(unsafe { &mut *place }, statistics);
    }

    unsafe extern "C" fn base(
        netdev: *mut bindings::net_device,
        receive: *mut bindings::netdev_queue_stats_rx,
        transmit: *mut bindings::netdev_queue_stats_tx,
    ) {
        // SAFETY: as in `receive`.
        let statistics = unsafe { owner::<T>(netdev) }.retired_statistics();
        // SAFETY: as in `receive`.
        write_receive(unsafe { &mut *receive }, statistics.0);
        // SAFETY: as in `receive`.
        write_transmit(unsafe { &mut *transmit }, statistics.1);
    }
}
