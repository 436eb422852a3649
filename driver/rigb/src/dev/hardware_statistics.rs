// SPDX-License-Identifier: GPL-2.0-only
//! When the MAC's statistics are read: on demand of ethtool, before a reset clears them, and by the watchdog, so that they cannot wrap.

use super::adapter::Adapter;
use crate::{
    hw::hardware_statistics::{HardwareStatistics, Statistic},
    sys::link_statistics::LinkStatistics,
};

impl Adapter {
    /// Adds what the card counted since the last time. A port that is down counts nothing and is not touched: it may be asleep.
    pub(crate) fn refresh_statistics(&self) {
        let mut state = self.state.lock();
        if state.is_running() {
            self.hardware.accumulate(&self.registers, &mut state.statistics_turn);
        }
    }
}

impl HardwareStatistics {
    /// What they add to the interface's statistics (the meanings are in the kernel's if_link.h). Frames shorter than 64 bytes are no error there.
    pub(crate) fn link_statistics(&self) -> LinkStatistics {
        let card = self.snapshot();
        let (aborted, late) = (card.get(Statistic::ExcessiveCollisions), card.get(Statistic::LateCollisions));
        LinkStatistics {
            rx_errors: card.sum(&[
                Statistic::CrcErrors,
                Statistic::AlignmentErrors,
                Statistic::ReceiveErrors,
                Statistic::Oversize,
            ]),
            tx_errors: aborted.wrapping_add(late),
            multicast: card.get(Statistic::MulticastReceived),
            collisions: card.get(Statistic::Collisions),
            rx_length_errors: card.get(Statistic::Oversize),
            rx_crc_errors: card.get(Statistic::CrcErrors),
            rx_frame_errors: card.get(Statistic::AlignmentErrors),
            rx_fifo_errors: card.dropped_by_queues(),
            rx_missed_errors: card.get(Statistic::Missed),
            tx_aborted_errors: aborted,
            tx_carrier_errors: card.get(Statistic::NoCarrier),
            tx_window_errors: late,
            ..LinkStatistics::default()
        }
    }
}
