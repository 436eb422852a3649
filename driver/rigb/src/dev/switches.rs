// SPDX-License-Identifier: GPL-2.0-only
//! What polls have to know of the port's configuration, changed while they run.

use crate::sys::features::Features;
use core::sync::atomic::{AtomicBool, Ordering::Relaxed};

/// Read by every poll; written under RTNL.
#[derive(Default)]
pub(crate) struct Switches {
    /// The port is going down: no transmit queue is woken any more.
    pub(crate) down: AtomicBool,
    /// Checksums that the card found right are believed.
    pub(crate) rx_checksum: AtomicBool,
    /// Hashes are delivered.
    pub(crate) rx_hash: AtomicBool,
}

impl Switches {
    /// Follows the interface's features.
    pub(crate) fn follow(&self, features: Features) {
        self.rx_checksum.store(features.has(Features::RX_CHECKSUM), Relaxed);
        self.rx_hash.store(features.has(Features::RX_HASH), Relaxed);
    }
}
