// SPDX-License-Identifier: GPL-2.0-only
//! The module's own `ring` and `hw` folders, compiled for the host. Models of the card play the other side: see README.md.
#![cfg(test)]
#![forbid(unsafe_code)]
#![allow(clippy::precedence, reason = "registers are ors of shifts, and everybody knows which comes first")]

#[path = "../../src/ring/mod.rs"]
#[allow(dead_code, reason = "the module's `sys` folder uses what no test does")]
mod ring;

#[path = "../../src/hw/mod.rs"]
#[allow(dead_code, reason = "the module's `dev` folder uses what no test does")]
mod hw;

mod card;
mod hardware;
mod look;
#[allow(dead_code, reason = "test equipment: what a test needs, not what today's tests need")]
mod port;
mod receive;
mod sizes;
mod sys;
mod transmit;
mod transmit_bench;
mod watching;
