// SPDX-License-Identifier: GPL-2.0-only
//! `ethtool -S`: what the card counts under the names of the in-tree driver where both mean the same, then the queues' own counts.

use crate::{
    dev::operations::PortOperations,
    hw::hardware_statistics::Statistic,
    sys::{ethtool::statistics::StatisticsOperations, operations::Operations},
};
use core::fmt;

const OF_THE_CARD: [(&str, Statistic); 48] = [
    ("rx_packets", Statistic::GoodReceived),
    ("tx_packets", Statistic::GoodSent),
    ("rx_bytes", Statistic::GoodOctetsReceived),
    ("tx_bytes", Statistic::GoodOctetsSent),
    ("rx_broadcast", Statistic::BroadcastReceived),
    ("tx_broadcast", Statistic::BroadcastSent),
    ("rx_multicast", Statistic::MulticastReceived),
    ("tx_multicast", Statistic::MulticastSent),
    ("multicast", Statistic::MulticastReceived),
    ("collisions", Statistic::Collisions),
    ("rx_crc_errors", Statistic::CrcErrors),
    ("rx_no_buffer_count", Statistic::NoBuffers),
    ("rx_missed_errors", Statistic::Missed),
    ("tx_aborted_errors", Statistic::ExcessiveCollisions),
    ("tx_carrier_errors", Statistic::NoCarrier),
    ("tx_window_errors", Statistic::LateCollisions),
    ("tx_abort_late_coll", Statistic::LateCollisions),
    ("tx_deferred_ok", Statistic::Deferred),
    ("tx_single_coll_ok", Statistic::SingleCollisions),
    ("tx_multi_coll_ok", Statistic::MultipleCollisions),
    ("rx_long_length_errors", Statistic::Oversize),
    ("rx_short_length_errors", Statistic::Undersize),
    ("rx_align_errors", Statistic::AlignmentErrors),
    ("rx_phy_errors", Statistic::ReceiveErrors),
    ("rx_fragments", Statistic::Fragments),
    ("rx_jabbers", Statistic::Jabbers),
    ("tx_tcp_seg_good", Statistic::SegmentationsDone),
    ("tx_tcp_seg_failed", Statistic::SegmentationsFailed),
    ("rx_flow_control_xon", Statistic::XonReceived),
    ("rx_flow_control_xoff", Statistic::XoffReceived),
    ("tx_flow_control_xon", Statistic::XonSent),
    ("tx_flow_control_xoff", Statistic::XoffSent),
    ("rx_flow_control_unsupported", Statistic::UnsupportedControlReceived),
    ("tx_smbus", Statistic::ManagementSent),
    ("rx_smbus", Statistic::ManagementReceived),
    ("dropped_smbus", Statistic::ManagementDropped),
    ("rx_size_64_packets", Statistic::Received64),
    ("rx_size_65_to_127_packets", Statistic::Received127),
    ("rx_size_128_to_255_packets", Statistic::Received255),
    ("rx_size_256_to_511_packets", Statistic::Received511),
    ("rx_size_512_to_1023_packets", Statistic::Received1023),
    ("rx_size_1024_up_packets", Statistic::Received1522),
    ("tx_size_64_packets", Statistic::Sent64),
    ("tx_size_65_to_127_packets", Statistic::Sent127),
    ("tx_size_128_to_255_packets", Statistic::Sent255),
    ("tx_size_256_to_511_packets", Statistic::Sent511),
    ("tx_size_512_to_1023_packets", Statistic::Sent1023),
    ("tx_size_1024_up_packets", Statistic::Sent1522),
];

impl StatisticsOperations for PortOperations {
    fn refresh_statistics(&self) {
        self.adapter.refresh_statistics();
    }

    fn named_statistics(&self, each: &mut dyn FnMut(fmt::Arguments<'_>, u64)) {
        let card = self.adapter.hardware.snapshot();
        for (name, statistic) in OF_THE_CARD {
            each(format_args!("{name}"), card.get(statistic));
        }
        let interface = Operations::statistics(self);
        each(format_args!("rx_errors"), interface.rx_errors);
        each(format_args!("tx_errors"), interface.tx_errors);
        each(format_args!("tx_dropped"), interface.tx_dropped);
        each(format_args!("rx_length_errors"), interface.rx_length_errors);
        each(format_args!("rx_frame_errors"), interface.rx_frame_errors);
        each(format_args!("rx_fifo_errors"), interface.rx_fifo_errors);
        let stamps = self.adapter.switches.timestamps.statistics();
        each(format_args!("tx_hwtstamp_timeouts"), stamps.lost);
        each(format_args!("tx_hwtstamp_skipped"), stamps.skipped);
        each(format_args!("rx_hwtstamp_cleared"), stamps.receive_cleared);
        each(format_args!("tx_timeout_count"), self.adapter.timeouts.count());
        each(format_args!("resets"), self.adapter.resets.get());
        // Of all pairs, in use or not: the number of names must stay, because ethtool asks for names and counts one after the other, and the kernel gives zeros
        // for all when there are more or fewer by then.
        for (index, pair) in self.adapter.pairs.iter().enumerate() {
            let tx = &pair.counters.tx;
            each(format_args!("tx_queue_{index}_packets"), tx.packets.get());
            each(format_args!("tx_queue_{index}_bytes"), tx.bytes.get());
            each(format_args!("tx_queue_{index}_dropped"), tx.dropped.get());
            each(format_args!("tx_queue_{index}_stopped"), tx.stops.get());
            each(format_args!("tx_queue_{index}_restart"), tx.wakes.get());
        }
        for (index, pair) in self.adapter.pairs.iter().enumerate() {
            let rx = &pair.counters.rx;
            each(format_args!("rx_queue_{index}_packets"), rx.packets.get());
            each(format_args!("rx_queue_{index}_bytes"), rx.bytes.get());
            each(format_args!("rx_queue_{index}_drops"), card.dropped_by_queue(index));
            each(format_args!("rx_queue_{index}_csum_err"), rx.checksum_bad.get());
            each(format_args!("rx_queue_{index}_alloc_failed"), rx.no_buffer.get());
            each(format_args!("rx_queue_{index}_xdp_pass"), rx.verdicts.pass.get());
            each(format_args!("rx_queue_{index}_xdp_drop"), rx.verdicts.drop.get());
            each(format_args!("rx_queue_{index}_xdp_tx"), rx.verdicts.transmit.get());
            each(format_args!("rx_queue_{index}_xdp_redirect"), rx.verdicts.redirect.get());
            each(format_args!("rx_queue_{index}_xdp_aborted"), rx.verdicts.invalid.get());
        }
    }
}
