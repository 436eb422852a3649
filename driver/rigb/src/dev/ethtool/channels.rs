// SPDX-License-Identifier: GPL-2.0-only
//! Queue pairs in use.

use crate::{
    dev::operations::PortOperations,
    hw::interrupts::VectorPlan,
    sys::ethtool::channels::{ChannelOperations, Channels},
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
