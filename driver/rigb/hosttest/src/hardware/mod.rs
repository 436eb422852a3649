// SPDX-License-Identifier: GPL-2.0-only
//! The sequences of `src/hw` against a modelled port, one file for each of its files.

mod flow_control;
mod hardware_statistics;
mod identify;
mod interrupts;
mod link;
mod moderation;
mod nvm;
mod phy;
mod queue_pairs;
mod queues;
mod receive_filter;
mod register_dump;
mod registers;
mod reset;
mod rss;
mod self_test;
mod time_counter;
mod timestamps;
