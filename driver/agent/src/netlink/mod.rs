// SPDX-License-Identifier: MIT OR Apache-2.0
//! The kernel's netlink: rtnetlink requests, link changes, uevents. See rtnetlink(7).

mod links;
mod message;
mod monitor;
mod socket;
mod statistics;

pub use links::{Link, links, set_link};
pub use monitor::{Monitor, uevents};
pub use socket::RouteSocket;
pub use statistics::{STATISTICS, read_statistics};
