// SPDX-License-Identifier: GPL-2.0-only
//! Sizes of the rings.

use crate::{
    dev::operations::PortOperations,
    ring::index::RingSize,
    sys::ethtool::ring::{RingOperations, RingSizes},
};
use kernel::prelude::*;

impl RingOperations for PortOperations {
    fn ring_sizes(&self) -> RingSizes {
        let configuration = self.adapter.state.lock().configuration;
        RingSizes { rx: configuration.rx_size.count(), tx: configuration.tx_size.count(), max: RingSize::MAX }
    }

    fn set_ring_sizes(&self, rx: u32, tx: u32) -> Result {
        if rx < RingSize::MIN || tx < RingSize::MIN {
            return Err(EINVAL);
        }
        self.reconfigure(|configuration| {
            configuration.rx_size = RingSize::at_least(rx);
            configuration.tx_size = RingSize::at_least(tx);
        })
    }
}
