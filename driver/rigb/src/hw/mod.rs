// SPDX-License-Identifier: GPL-2.0-only
//! The 82576: its registers and the sequences that bring it up and down. No unsafe, no kernel objects but the mapped registers.
#![forbid(unsafe_code)]

pub(crate) mod interrupts;
pub(crate) mod link;
pub(crate) mod phy;
pub(crate) mod port;
pub(crate) mod queues;
pub(crate) mod receive_filter;
pub(crate) mod registers;
pub(crate) mod reset;
pub(crate) mod rss;
