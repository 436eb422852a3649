// SPDX-License-Identifier: GPL-2.0-only
//! Receive side scaling (datasheet 7.1.1.7): a Toeplitz hash over addresses and ports, and the table that leads from it to a queue.

use super::registers::*;
use kernel::io::{Io, register::Array};

/// Bytes of the key.
pub(crate) const KEY_BYTES: usize = 40;
/// Entries of the redirection table.
pub(crate) const TABLE_ENTRIES: usize = 128;

/// Whose ports are hashed; addresses always are.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) struct HashedFields {
    /// Ports of TCP over IPv4.
    pub(crate) tcp_ipv4_ports: bool,
    /// Ports of TCP over IPv6.
    pub(crate) tcp_ipv6_ports: bool,
    /// Ports of UDP over IPv4.
    pub(crate) udp_ipv4_ports: bool,
    /// Ports of UDP over IPv6.
    pub(crate) udp_ipv6_ports: bool,
}

/// How frames find their queue.
#[derive(Clone, Copy)]
pub(crate) struct Rss {
    /// The key.
    pub(crate) key: [u8; KEY_BYTES],
    /// A queue for each hash, by its low seven bits.
    pub(crate) table: [u8; TABLE_ENTRIES],
    /// What goes into the hash.
    pub(crate) fields: HashedFields,
}

impl Rss {
    /// A table that spreads over `queues` queues evenly.
    pub(crate) fn spread(key: [u8; KEY_BYTES], queues: u32) -> Self {
        let mut rss = Self {
            key,
            table: [0; TABLE_ENTRIES],
            fields: HashedFields {
                tcp_ipv4_ports: true,
                tcp_ipv6_ports: true,
                udp_ipv4_ports: true,
                udp_ipv6_ports: true,
            },
        };
        rss.spread_over(queues);
        rss
    }

    /// Spreads the table over `queues` queues evenly.
    pub(crate) fn spread_over(&mut self, queues: u32) {
        let mut queue = 0u32;
        for entry in &mut self.table {
            *entry = queue as u8;
            queue = queue.wrapping_add(1);
            if queue >= queues {
                queue = 0;
            }
        }
    }

    /// Whether the table leads to queues below `queues` only.
    pub(crate) fn fits(&self, queues: u32) -> bool {
        self.table.iter().all(|entry| u32::from(*entry) < queues)
    }
}

/// Writes key, table and what is hashed. The hash replaces the fragment checksum in descriptors; checksums are checked.
pub(crate) fn configure(registers: &Registers, rss: &Rss) {
    write_key(registers, rss);
    write_table(registers, rss);
    registers.io().write_reg(
        RXCSUM::from(0)
            .with_const_ip_checksum::<1>()
            .with_const_l4_checksum::<1>()
            .with_const_sctp_checksum::<1>()
            .with_const_hash_in_descriptor::<1>(),
    );
    write_fields(registers, rss.fields);
}

/// Writes the key alone; frames may come meanwhile.
pub(crate) fn write_key(registers: &Registers, rss: &Rss) {
    for (index, bytes) in rss.key.chunks_exact(4).enumerate() {
        if let (Some(place), [a, b, c, d]) = (RSSRK::try_at(index), bytes) {
            registers.io().write(place, RSSRK::from(u32::from_le_bytes([*a, *b, *c, *d])));
        }
    }
}

/// Writes the table alone; frames may come meanwhile.
pub(crate) fn write_table(registers: &Registers, rss: &Rss) {
    for (index, entries) in rss.table.chunks_exact(4).enumerate() {
        if let (Some(place), [a, b, c, d]) = (RETA::try_at(index), entries) {
            registers.io().write(place, RETA::from(u32::from_le_bytes([*a, *b, *c, *d])));
        }
    }
}

/// Writes what is hashed.
pub(crate) fn write_fields(registers: &Registers, fields: HashedFields) {
    // Mode 010b: RSS over all queues, without virtual machines.
    let mut control = MRQC::from(0).with_const_mode::<2>().with_const_ipv4::<1>().with_const_ipv6::<1>();
    if fields.tcp_ipv4_ports {
        control = control.with_const_tcp_ipv4::<1>();
    }
    if fields.tcp_ipv6_ports {
        control = control.with_const_tcp_ipv6::<1>().with_const_tcp_ipv6_ex::<1>();
    }
    if fields.udp_ipv4_ports {
        control = control.with_const_udp_ipv4::<1>();
    }
    if fields.udp_ipv6_ports {
        control = control.with_const_udp_ipv6::<1>();
    }
    registers.io().write_reg(control);
}
