// SPDX-License-Identifier: GPL-2.0-only
//! Sets of `NETIF_F_*`.

use super::bindings;
use core::ops::BitOr;

/// A set of features (`netdev_features_t`).
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) struct Features(pub(super) u64);

impl Features {
    /// Frames in several pieces.
    pub(crate) const SCATTER_GATHER: Self = Self(bindings::RIGB_F_SG);
    /// Checksums of TCP, UDP and whatever else sums like them are filled in.
    pub(crate) const TX_CHECKSUM: Self = Self(bindings::RIGB_F_HW_CSUM);
    /// SCTP's CRC32c is filled in.
    pub(crate) const TX_SCTP: Self = Self(bindings::RIGB_F_SCTP_CRC);
    /// Checksums of received frames are checked.
    pub(crate) const RX_CHECKSUM: Self = Self(bindings::RIGB_F_RXCSUM);
    /// The RSS hash of received frames is delivered.
    pub(crate) const RX_HASH: Self = Self(bindings::RIGB_F_RXHASH);
    /// TCP over IPv4 is cut into segments.
    pub(crate) const TSO: Self = Self(bindings::RIGB_F_TSO);
    /// TCP over IPv6 is cut into segments.
    pub(crate) const TSO6: Self = Self(bindings::RIGB_F_TSO6);
    /// DMA reaches all memory.
    pub(crate) const HIGH_DMA: Self = Self(bindings::RIGB_F_HIGHDMA);
    /// TCP segments in a tunnel may all have the same IPv4 identification.
    pub(crate) const TSO_SAME_ID: Self = Self(bindings::RIGB_F_TSO_MANGLEID);
    /// Frames of tunnels are cut when the stack has prepared their outer headers.
    pub(crate) const PARTIAL: Self = Self(bindings::RIGB_F_GSO_PARTIAL);
    /// The tunnels that can be so.
    pub(crate) const TUNNELS: Self = Self(bindings::RIGB_F_TUNNELS);
    /// What is sent comes back.
    pub(crate) const LOOPBACK: Self = Self(bindings::RIGB_F_LOOPBACK);
    /// VLAN tags are inserted.
    pub(crate) const VLAN_INSERT: Self = Self(bindings::RIGB_F_HW_VLAN_CTAG_TX);
    /// VLAN tags are stripped.
    pub(crate) const VLAN_STRIP: Self = Self(bindings::RIGB_F_HW_VLAN_CTAG_RX);
    /// Only VLANs that were asked for are received.
    pub(crate) const VLAN_FILTER: Self = Self(bindings::RIGB_F_HW_VLAN_CTAG_FILTER);

    /// Whether all of `features` are in it.
    pub(crate) const fn has(self, features: Self) -> bool {
        self.0 & features.0 == features.0
    }

    /// Without `features`.
    pub(crate) const fn without(self, features: Self) -> Self {
        Self(self.0 & !features.0)
    }

    /// In one of the two and not in both.
    pub(crate) const fn difference(self, other: Self) -> Self {
        Self(self.0 ^ other.0)
    }
}

impl BitOr for Features {
    type Output = Self;

    fn bitor(self, other: Self) -> Self {
        Self(self.0 | other.0)
    }
}
