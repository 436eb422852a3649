// SPDX-License-Identifier: GPL-2.0-only
//! The states that a device can be in, as types.

/// A driver is bound to the device.
pub struct Bound;
