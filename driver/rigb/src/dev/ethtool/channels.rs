// SPDX-License-Identifier: GPL-2.0-only
//! Queue pairs, and the moderation of their interrupts.

use crate::{
    dev::operations::PortOperations,
    hw::{
        interrupts::VectorPlan,
        moderation::{MOST_INTERVAL_US, Moderation},
    },
    sys::ethtool::channels::{ChannelOperations, Channels, Coalesce, CoalesceOperations},
};
use kernel::prelude::*;

impl ChannelOperations for PortOperations {
    fn channels(&self) -> Channels {
        Channels {
            combined: self.adapter.state.lock().configuration.pairs,
            most: self.adapter.plan.pairs(),
            other: u32::from(matches!(self.adapter.plan, VectorPlan::Each { .. })),
        }
    }

    fn set_channels(&self, combined: u32) -> Result {
        if combined == 0 || combined > self.adapter.plan.pairs() {
            return Err(EINVAL);
        }
        self.reconfigure(|configuration| configuration.pairs = combined)
    }
}

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
