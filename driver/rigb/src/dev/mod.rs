// SPDX-License-Identifier: GPL-2.0-only
//! The driver's life: probe, open, poll, send, link, reset. No unsafe.
#![forbid(unsafe_code)]

pub(crate) mod adapter;
mod assembly;
pub(crate) mod errors;
pub(crate) mod ethtool;
mod exchange;
pub(crate) mod buffer_look;
pub(crate) mod filters;
pub(crate) mod hardware_statistics;
pub(crate) mod interrupt;
mod kept_frames;
pub(crate) mod link;
pub(crate) mod link_control;
pub(crate) mod network_device;
pub(crate) mod offload;
pub(crate) mod open_close;
pub(crate) mod operations;
pub(crate) mod poll;
pub(crate) mod port_clock;
pub(crate) mod power;
pub(crate) mod queue_pair;
pub(crate) mod receive;
pub(crate) mod reset;
pub(crate) mod statistics;
pub(crate) mod switches;
pub(crate) mod timestamps;
pub(crate) mod traced_memory;
pub(crate) mod transmit;
pub(crate) mod vector;
pub(crate) mod watchdog;
