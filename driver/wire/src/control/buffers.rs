// SPDX-License-Identifier: MIT OR Apache-2.0
//! Permission to look into a card's buffers.

use serde::Deserialize;

/// `show-buffers`.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ShowBuffers {
    /// A PCI address.
    pub device: String,
    /// Whether its buffers may be read from now on.
    pub on: bool,
    /// Whether a person has read that the payload of frames is shown, and wants it.
    pub confirmed: bool,
}
