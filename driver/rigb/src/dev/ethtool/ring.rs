// SPDX-License-Identifier: GPL-2.0-only
//! Sizes of the rings.

use crate::{
    dev::operations::PortOperations,
    ring::index::RingSize,
    sys::ethtool::ring::{RingOperations, RingSizes},
};
use kernel::prelude::*;

/// The fewest descriptors that may be asked for. The rings may be larger than what is asked.
const FEWEST: u32 = 64;

impl RingOperations for PortOperations {
    fn ring_sizes(&self) -> RingSizes {
        let state = self.adapter.state.lock();
        RingSizes { rx: state.rx_size.count(), tx: state.tx_size.count(), max: RingSize::MAX }
    }

    fn set_ring_sizes(&self, rx: u32, tx: u32) -> Result {
        if rx.min(tx) < FEWEST {
            return Err(EINVAL);
        }
        let (before_rx, before_tx) = {
            let state = self.adapter.state.lock();
            (state.rx_size, state.tx_size)
        };
        let set = |rx, tx| {
            let mut state = self.adapter.state.lock();
            state.rx_size = rx;
            state.tx_size = tx;
        };
        self.reconfigure(|| set(RingSize::at_least(rx), RingSize::at_least(tx))).inspect_err(|_| {
            // The old rings did fit: an interface that was up stays up.
            set(before_rx, before_tx);
            if self.adapter.netdev.is_running() {
                let _ = self.adapter.up();
            }
        })
    }
}
