// SPDX-License-Identifier: GPL-2.0-only
//! Pause frames: what is wanted is offered to the partner; what comes of it is settled when the link is up again.

use crate::{
    dev::operations::PortOperations,
    hw::hardware_statistics::Statistic,
    sys::ethtool::pause::{Pause, PauseOperations, PauseStatistics},
};
use kernel::prelude::*;

impl PauseOperations for PortOperations {
    fn pause(&self) -> Pause {
        let state = self.adapter.state.lock();
        let control = &state.link_control;
        Pause { negotiated: control.pause.negotiated && control.forced.is_none(), ..control.pause }
    }

    fn set_pause(&self, wanted: Pause) -> Result {
        {
            let mut state = self.adapter.state.lock();
            let control = &mut state.link_control;
            if wanted.negotiated && control.forced.is_some() {
                return Err(EINVAL);
            }
            let before = control.advertised();
            control.pause = wanted;
            // What is offered changes only together with a new negotiation; without one, only the MAC's part does.
            if state.is_running() && state.link_control.is_negotiated() && state.link_control.advertised() != before {
                self.adapter.configure_link(&state);
            }
        }
        self.link_check.queue();
        Ok(())
    }

    fn pause_statistics(&self) -> PauseStatistics {
        self.adapter.refresh_statistics();
        let counted = self.adapter.hardware.snapshot();
        PauseStatistics {
            sent: counted.sum(&[Statistic::XonSent, Statistic::XoffSent]),
            received: counted.sum(&[Statistic::XonReceived, Statistic::XoffReceived]),
        }
    }
}
