// SPDX-License-Identifier: GPL-2.0-only
//! The sequences of `src/hw` against a modelled port, one file for each of its files.

mod interrupts;
mod link;
mod phy;
mod receive_filter;
mod reset;
mod time_counter;
mod timestamps;
