// SPDX-License-Identifier: MIT OR Apache-2.0
//! The kernel's netlink: rtnetlink requests, link changes, uevents, and the generic families `netdev` and `ethtool`. See rtnetlink(7) and the kernel's
//! Documentation/netlink/specs.

mod addresses;
mod ethtool;
mod generic;
mod links;
mod message;
mod monitor;
mod netdev;
mod page_pool;
mod routes;
mod rss;
mod socket;
mod statistics;

pub use addresses::{Address, addresses};
pub use ethtool::{channels, coalesce, link_settings, named as named_coalesce, rings, set_coalesce};
pub use generic::{Family, GenericSocket};
pub use links::{Link, links, rename_link, set_link, set_mtu};
pub use monitor::{Monitor, uevents};
pub use netdev::{napis, queue_statistics, queues};
pub use page_pool::page_pools;
pub use routes::{Route, is_reached_through, routes};
pub use rss::rss;
pub use socket::RequestSocket;
pub use statistics::{STATISTICS, read_statistics};
