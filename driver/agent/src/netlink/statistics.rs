// SPDX-License-Identifier: MIT OR Apache-2.0
//! RTM_GETSTATS: `struct rtnl_link_stats64` of one interface, which asks that interface's driver alone.

use super::message::{attributes, u64_at};
use super::socket::RequestSocket;
use rustix::io::Errno;

const RTM_GETSTATS: u16 = 94;
const IFLA_STATS_LINK_64: u16 = 1;
const MESSAGE_BYTES: usize = 12;

/// The counters that are told, by sysfs' names, with units, in the order of `struct rtnl_link_stats64`, which begins with them.
pub const STATISTICS: [(&str, &str); 16] = [
    ("rx_packets", "packets"),
    ("tx_packets", "packets"),
    ("rx_bytes", "bytes"),
    ("tx_bytes", "bytes"),
    ("rx_errors", "count"),
    ("tx_errors", "count"),
    ("rx_dropped", "packets"),
    ("tx_dropped", "packets"),
    ("multicast", "packets"),
    ("collisions", "count"),
    ("rx_length_errors", "count"),
    ("rx_over_errors", "count"),
    ("rx_crc_errors", "count"),
    ("rx_frame_errors", "count"),
    ("rx_fifo_errors", "count"),
    ("rx_missed_errors", "count"),
];

/// The counters of one interface, in the order of [`STATISTICS`].
pub fn read_statistics(socket: &mut RequestSocket, index: u32) -> Result<[u64; STATISTICS.len()], Errno> {
    // `struct if_stats_msg`: family, padding, index, filter with one bit an attribute.
    let mut body = [0; MESSAGE_BYTES];
    body[4..8].copy_from_slice(&index.to_ne_bytes());
    body[8..12].copy_from_slice(&(1_u32 << (IFLA_STATS_LINK_64 - 1)).to_ne_bytes());
    let mut values = None;
    socket.ask(RTM_GETSTATS, 0, &body, |message| {
        let of_link = attributes(message.body.get(MESSAGE_BYTES..).unwrap_or_default());
        for (_, content) in of_link.filter(|(kind, _)| *kind == IFLA_STATS_LINK_64) {
            let mut read = [0; STATISTICS.len()];
            for (place, value) in read.iter_mut().enumerate() {
                *value = u64_at(content, 8 * place).unwrap_or(0);
            }
            values = Some(read);
        }
    })?;
    values.ok_or(Errno::NODATA)
}
