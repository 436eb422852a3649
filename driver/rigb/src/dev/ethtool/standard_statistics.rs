// SPDX-License-Identifier: GPL-2.0-only
//! Counters by the standards. What the 82576 does not count is not reported: it knows of no frames lost inside, no length that contradicts the Ethertype, no excessive
//! deferral, and of MAC control frames only those that it makes and obeys itself, which are in the pause statistics.

use crate::{
    dev::operations::PortOperations,
    hw::hardware_statistics::{Snapshot, Statistic},
    sys::ethtool::standard_statistics::{
        ControlStatistics, LENGTH_RANGES, MacStatistics, RmonStatistics, StandardStatisticsOperations,
    },
};

impl PortOperations {
    fn counted_now(&self) -> Snapshot {
        self.adapter.refresh_statistics();
        self.adapter.hardware.snapshot()
    }
}

impl StandardStatisticsOperations for PortOperations {
    /// The last one ends with the longest frame of the card (datasheet 8.10.3).
    const RANGES: [(u16, u16); LENGTH_RANGES] =
        [(64, 64), (65, 127), (128, 255), (256, 511), (512, 1023), (1024, 9728)];

    fn mac_statistics(&self) -> MacStatistics {
        let card = self.counted_now();
        MacStatistics {
            frames_transmitted_ok: card.get(Statistic::GoodSent),
            single_collision_frames: card.get(Statistic::SingleCollisions),
            multiple_collision_frames: card.get(Statistic::MultipleCollisions),
            frames_received_ok: card.get(Statistic::GoodReceived),
            frame_check_sequence_errors: card.get(Statistic::CrcErrors),
            alignment_errors: card.get(Statistic::AlignmentErrors),
            octets_transmitted_ok: card.get(Statistic::GoodOctetsSent),
            frames_with_deferred_transmissions: card.get(Statistic::Deferred),
            late_collisions: card.get(Statistic::LateCollisions),
            frames_aborted_due_to_excess_collisions: card.get(Statistic::ExcessiveCollisions),
            carrier_sense_errors: card.get(Statistic::NoCarrier),
            octets_received_ok: card.get(Statistic::GoodOctetsReceived),
            multicast_frames_transmitted_ok: card.get(Statistic::MulticastSent),
            broadcast_frames_transmitted_ok: card.get(Statistic::BroadcastSent),
            multicast_frames_received_ok: card.get(Statistic::MulticastReceived),
            broadcast_frames_received_ok: card.get(Statistic::BroadcastReceived),
            frame_too_long_errors: card.get(Statistic::Oversize),
        }
    }

    fn control_statistics(&self) -> ControlStatistics {
        ControlStatistics {
            unsupported_opcodes_received: self.counted_now().get(Statistic::UnsupportedControlReceived),
        }
    }

    fn rmon_statistics(&self) -> RmonStatistics {
        let card = self.counted_now();
        RmonStatistics {
            undersize: card.get(Statistic::Undersize),
            oversize: card.get(Statistic::Oversize),
            fragments: card.get(Statistic::Fragments),
            jabbers: card.get(Statistic::Jabbers),
            received: [
                Statistic::Received64,
                Statistic::Received127,
                Statistic::Received255,
                Statistic::Received511,
                Statistic::Received1023,
                Statistic::Received1522,
            ]
            .map(|range| card.get(range)),
            sent: [
                Statistic::Sent64,
                Statistic::Sent127,
                Statistic::Sent255,
                Statistic::Sent511,
                Statistic::Sent1023,
                Statistic::Sent1522,
            ]
            .map(|range| card.get(range)),
        }
    }
}
