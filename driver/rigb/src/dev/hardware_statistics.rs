// SPDX-License-Identifier: GPL-2.0-only
//! When the MAC's statistics are read: on demand of ethtool, before a reset clears them, and every two seconds, so that they cannot wrap.

use super::adapter::Adapter;
use crate::sys::delayed_work::PeriodicTask;
use kernel::sync::Arc;

/// The work that reads them from time to time.
pub(crate) struct ReadStatistics(pub(crate) Arc<Adapter>);

impl PeriodicTask for ReadStatistics {
    const PERIOD_MS: u32 = 2_000;

    fn run(&self) {
        self.0.refresh_statistics();
    }
}

impl Adapter {
    /// Adds what the card counted since the last time. A port that is down counts nothing and is not touched: it may be asleep.
    pub(crate) fn refresh_statistics(&self) {
        let mut state = self.state.lock();
        if state.running {
            self.hardware.accumulate(&self.registers, &mut state.statistics_turn);
        }
    }
}
