// SPDX-License-Identifier: GPL-2.0-only
//! The 82576: its registers and the sequences that bring it up and down. No unsafe, no kernel objects but the mapped registers.
#![forbid(unsafe_code)]

pub(crate) mod flow_control;
pub(crate) mod hardware_statistics;
pub(crate) mod identify;
pub(crate) mod interrupts;
pub(crate) mod link;
pub(crate) mod moderation;
pub(crate) mod nvm;
pub(crate) mod phy;
pub(crate) mod port;
pub(crate) mod queues;
pub(crate) mod receive_filter;
pub(crate) mod register_dump;
pub(crate) mod registers;
pub(crate) mod reset;
pub(crate) mod rss;
pub(crate) mod self_test;
pub(crate) mod time_counter;
pub(crate) mod timestamps;
