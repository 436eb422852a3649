// SPDX-License-Identifier: GPL-2.0-only

/// An Ethernet address.
pub type MacAddress = [u8; 6];
