// SPDX-License-Identifier: GPL-2.0-only
//! The moderation of interrupts.

use crate::{
    dev::operations::PortOperations,
    hw::moderation::{MOST_INTERVAL_US, Moderation},
    sys::ethtool::coalesce::{Coalesce, CoalesceOperations},
};

impl CoalesceOperations for PortOperations {
    const MOST_USECS: u32 = MOST_INTERVAL_US;

    fn coalesce(&self) -> (Coalesce, u32) {
        let Moderation { adaptive, interval_us } = self.adapter.state.lock().moderation;
        (if adaptive { Coalesce::Adaptive } else { Coalesce::Fixed(interval_us) }, interval_us)
    }

    fn set_coalesce(&self, wanted: Coalesce) {
        let mut state = self.adapter.state.lock();
        state.moderation = match wanted {
            Coalesce::Adaptive => Moderation { adaptive: true, ..state.moderation },
            Coalesce::Fixed(interval_us) => Moderation { adaptive: false, interval_us },
        };
        if state.is_running() {
            self.adapter.moderate(&state);
        }
    }
}
