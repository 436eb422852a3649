// SPDX-License-Identifier: GPL-2.0-only
//! What the stack is told of an interface's counters.

use super::bindings;

/// `rtnl_link_stats64`, as far as this driver knows it.
#[derive(Default)]
pub(crate) struct LinkStatistics {
    /// Frames delivered to the stack.
    pub(crate) rx_packets: u64,
    /// Their bytes, without FCS.
    pub(crate) rx_bytes: u64,
    /// Frames that arrived bad.
    pub(crate) rx_errors: u64,
    /// Good frames that found no memory.
    pub(crate) rx_dropped: u64,
    /// Frames that the card sent.
    pub(crate) tx_packets: u64,
    /// Their bytes, without FCS.
    pub(crate) tx_bytes: u64,
    /// Frames lost in a reset.
    pub(crate) tx_errors: u64,
    /// Frames that could not be mapped or padded.
    pub(crate) tx_dropped: u64,
    /// Multicast frames received.
    pub(crate) multicast: u64,
    /// Collisions.
    pub(crate) collisions: u64,
    /// Good frames longer than allowed; shorter ones are no error of length by this counter's definition.
    pub(crate) rx_length_errors: u64,
    /// Frames with a wrong FCS.
    pub(crate) rx_crc_errors: u64,
    /// Frames that did not end at a byte.
    pub(crate) rx_frame_errors: u64,
    /// Good frames that a queue had no descriptor for.
    pub(crate) rx_fifo_errors: u64,
    /// Good frames that found the packet buffer full.
    pub(crate) rx_missed_errors: u64,
    /// Frames given up after 16 collisions.
    pub(crate) tx_aborted_errors: u64,
    /// Frames sent without a carrier.
    pub(crate) tx_carrier_errors: u64,
    /// Late collisions.
    pub(crate) tx_window_errors: u64,
}

impl LinkStatistics {
    /// Adds another's counts.
    pub(crate) fn add(&mut self, other: &Self) {
        self.rx_packets = self.rx_packets.wrapping_add(other.rx_packets);
        self.rx_bytes = self.rx_bytes.wrapping_add(other.rx_bytes);
        self.rx_errors = self.rx_errors.wrapping_add(other.rx_errors);
        self.rx_dropped = self.rx_dropped.wrapping_add(other.rx_dropped);
        self.tx_packets = self.tx_packets.wrapping_add(other.tx_packets);
        self.tx_bytes = self.tx_bytes.wrapping_add(other.tx_bytes);
        self.tx_errors = self.tx_errors.wrapping_add(other.tx_errors);
        self.tx_dropped = self.tx_dropped.wrapping_add(other.tx_dropped);
        self.multicast = self.multicast.wrapping_add(other.multicast);
        self.collisions = self.collisions.wrapping_add(other.collisions);
        self.rx_length_errors = self.rx_length_errors.wrapping_add(other.rx_length_errors);
        self.rx_crc_errors = self.rx_crc_errors.wrapping_add(other.rx_crc_errors);
        self.rx_frame_errors = self.rx_frame_errors.wrapping_add(other.rx_frame_errors);
        self.rx_fifo_errors = self.rx_fifo_errors.wrapping_add(other.rx_fifo_errors);
        self.rx_missed_errors = self.rx_missed_errors.wrapping_add(other.rx_missed_errors);
        self.tx_aborted_errors = self.tx_aborted_errors.wrapping_add(other.tx_aborted_errors);
        self.tx_carrier_errors = self.tx_carrier_errors.wrapping_add(other.tx_carrier_errors);
        self.tx_window_errors = self.tx_window_errors.wrapping_add(other.tx_window_errors);
    }

    /// Fills the kernel's own.
    pub(super) fn show_in(&self, place: &mut bindings::rtnl_link_stats64) {
        place.rx_packets = self.rx_packets;
        place.rx_bytes = self.rx_bytes;
        place.rx_errors = self.rx_errors;
        place.rx_dropped = self.rx_dropped;
        place.tx_packets = self.tx_packets;
        place.tx_bytes = self.tx_bytes;
        place.tx_errors = self.tx_errors;
        place.tx_dropped = self.tx_dropped;
        place.multicast = self.multicast;
        place.collisions = self.collisions;
        place.rx_length_errors = self.rx_length_errors;
        place.rx_crc_errors = self.rx_crc_errors;
        place.rx_frame_errors = self.rx_frame_errors;
        place.rx_fifo_errors = self.rx_fifo_errors;
        place.rx_missed_errors = self.rx_missed_errors;
        place.tx_aborted_errors = self.tx_aborted_errors;
        place.tx_carrier_errors = self.tx_carrier_errors;
        place.tx_window_errors = self.tx_window_errors;
    }
}
