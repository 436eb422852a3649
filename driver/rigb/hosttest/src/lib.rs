// SPDX-License-Identifier: GPL-2.0-only
//! The module's own `ring` folder, compiled for the host. A model of the card plays the other side.
#![cfg(test)]
#![forbid(unsafe_code)]

#[path = "../../src/ring/mod.rs"]
mod ring;

mod card;
mod receive;
mod sizes;
mod transmit;
