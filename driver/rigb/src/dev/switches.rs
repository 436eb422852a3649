// SPDX-License-Identifier: GPL-2.0-only
//! What polls have to know of the port's configuration, changed while they run.

use super::timestamps::SharedTimestamps;
use crate::sys::{copy_area::MOST_COPIED, features::Features, xdp::ProgramSlot};
use core::sync::atomic::{AtomicBool, AtomicU32, Ordering::Relaxed};

/// Read by every poll; written under RTNL.
pub(crate) struct Switches {
    /// The port is going down: no transmit queue is woken any more.
    pub(crate) down: AtomicBool,
    /// Checksums that the card found right are believed.
    pub(crate) rx_checksum: AtomicBool,
    /// Hashes are delivered.
    pub(crate) rx_hash: AtomicBool,
    /// How many queue pairs are open.
    pub(crate) active_pairs: AtomicU32,
    /// Frames up to as many bytes are copied, not mapped, to be sent (ETHTOOL_TX_COPYBREAK).
    pub(crate) tx_copybreak: AtomicU32,
    /// The program that frames run through.
    pub(crate) xdp: ProgramSlot,
    /// Which frames are stamped, and when they were on the wire.
    pub(crate) timestamps: SharedTimestamps,
}

impl Switches {
    /// Nothing is on.
    pub(crate) fn new(timestamps: SharedTimestamps) -> Self {
        Self {
            down: AtomicBool::new(false),
            rx_checksum: AtomicBool::new(false),
            rx_hash: AtomicBool::new(false),
            active_pairs: AtomicU32::new(0),
            tx_copybreak: AtomicU32::new(MOST_COPIED),
            xdp: ProgramSlot::new(),
            timestamps,
        }
    }

    /// Follows the interface's features.
    pub(crate) fn follow(&self, features: Features) {
        self.rx_checksum.store(features.has(Features::RX_CHECKSUM), Relaxed);
        self.rx_hash.store(features.has(Features::RX_HASH), Relaxed);
    }
}
