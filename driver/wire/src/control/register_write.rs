// SPDX-License-Identifier: MIT OR Apache-2.0
//! Writing a register of a card.

use serde::Deserialize;

/// `write-register`.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct WriteRegister {
    /// A PCI address.
    pub device: String,
    /// Where in BAR 0, a multiple of four.
    pub offset: u32,
    /// What is written.
    pub value: u32,
    /// Whether a person has read what the write does and wants it.
    pub confirmed: bool,
}
