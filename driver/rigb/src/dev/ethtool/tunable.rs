// SPDX-License-Identifier: GPL-2.0-only
//! Up to which length frames are copied to be sent.

use crate::{
    dev::operations::PortOperations,
    sys::{copy_area::MOST_COPIED, ethtool::tunable::TunableOperations},
};
use core::sync::atomic::Ordering::Relaxed;

impl TunableOperations for PortOperations {
    const MOST_TX_COPYBREAK: u32 = MOST_COPIED;

    fn tx_copybreak(&self) -> u32 {
        self.adapter.switches.tx_copybreak.load(Relaxed)
    }

    fn set_tx_copybreak(&self, bytes: u32) {
        self.adapter.switches.tx_copybreak.store(bytes, Relaxed);
    }
}
