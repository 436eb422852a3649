// SPDX-License-Identifier: GPL-2.0-only

/// The link as ethtool shows it.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct LinkState {
    /// 10, 100 or 1000.
    pub speed_mbps: u32,
    /// Both directions at once.
    pub full_duplex: bool,
}
