// SPDX-License-Identifier: GPL-2.0-only
//! The home of all `unsafe`: safe Rust over what the `kernel` crate does not wrap (net_device, NAPI, sk_buff, page_pool, ethtool, procfs) and over what it
//! leaves to its user (coherent rings, self-referential interrupts). Nothing in here knows the 82576.
#![allow(
    clippy::missing_safety_doc,
    reason = "callbacks in C tables are unsafe by their type; what they rely on stands in them, operation by operation"
)]

pub(crate) mod binding;
pub(crate) mod bindings;
pub(crate) mod clock;
pub(crate) mod coherent_bytes;
pub(crate) mod copy_area;
pub(crate) mod cpus;
pub(crate) mod dynamic_debug;
pub(crate) mod ethtool;
pub(crate) mod extack;
pub(crate) mod features;
pub(crate) mod hwtstamp;
pub(crate) mod interrupts;
pub(crate) mod layout;
pub(crate) mod link_statistics;
pub(crate) mod mapping;
pub(crate) mod look;
pub(crate) mod napi;
pub(crate) mod netdev;
pub(crate) mod netdev_log;
pub(crate) mod operations;
pub(crate) mod page_pool;
pub(crate) mod pci_adapter;
pub(crate) mod procfs;
pub(crate) mod ptp;
pub(crate) mod queue_statistics;
pub(crate) mod random;
pub(crate) mod recurring_work;
pub(crate) mod registry;
pub(crate) mod ring_memory;
pub(crate) mod rx_frame;
pub(crate) mod rx_mode;
pub(crate) mod saved_configuration;
pub(crate) mod skb;
pub(crate) mod slots;
pub(crate) mod tail;
pub(crate) mod text;
pub(crate) mod trace;
pub(crate) mod transmit_queue;
pub(crate) mod work;
pub(crate) mod xdp;
pub(crate) mod xdp_frame;
