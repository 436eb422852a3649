// SPDX-License-Identifier: GPL-2.0-only

use crate::{
    hw::rss::{self, HashedFields, KEY_BYTES, Rss, TABLE_ENTRIES},
    port::{MRQC, Port, RETA, RSSRK, RXCSUM},
};
use proptest::prelude::*;

fn key() -> [u8; KEY_BYTES] {
    core::array::from_fn(|index| index as u8 * 3 + 1)
}

/// The bytes of registers from `offset` on, lowest first, as the card reads keys and tables (8.10.18, 8.10.19).
fn bytes(port: &Port, offset: usize, count: usize) -> Vec<u8> {
    (0..count / 4).flat_map(|word| port.peek(offset + 4 * word).to_le_bytes()).collect()
}

#[test]
fn the_card_gets_key_and_table_byte_by_byte() {
    let port = Port::new();
    let rss = Rss::spread(key(), 5);
    rss::configure(&port.registers(), &rss);
    assert_eq!(bytes(&port, RSSRK, KEY_BYTES), rss.key);
    assert_eq!(bytes(&port, RETA, TABLE_ENTRIES), rss.table);
}

#[test]
fn the_hash_is_in_descriptors_and_checksums_are_checked() {
    let port = Port::new();
    rss::configure(&port.registers(), &Rss::spread(key(), 1));
    // CRCOFL, TUOFL, IPOFL and PCSD (8.10.9).
    assert_eq!(port.peek(RXCSUM), 1 << 13 | 1 << 11 | 1 << 9 | 1 << 8);
}

#[test]
fn ports_are_hashed_of_whom_it_is_wanted_and_addresses_always() {
    for wanted in 0..16u32 {
        let wants = |bit: u32| wanted >> bit & 1 == 1;
        let fields = HashedFields {
            tcp_ipv4_ports: wants(0),
            tcp_ipv6_ports: wants(1),
            udp_ipv4_ports: wants(2),
            udp_ipv6_ports: wants(3),
        };
        let port = Port::new();
        rss::write_fields(&port.registers(), fields);
        // RSS over all queues; IPv4, IPv6; then TcpIPv4, TcpIPv6 with TcpIPv6Ex, UdpIPv4, UdpIPv6 (8.10.16).
        let by_wish = [1 << 16, 1 << 21 | 1 << 18, 1 << 22, 1 << 23];
        let expected = by_wish
            .iter()
            .zip(0..)
            .filter(|(_, bit)| wants(*bit))
            .fold(2 | 1 << 17 | 1 << 20, |bits, (more, _)| bits | more);
        assert_eq!(port.peek(MRQC), expected);
    }
}

#[test]
fn a_new_table_leaves_key_and_fields_alone() {
    let port = Port::new();
    let registers = port.registers();
    rss::configure(&registers, &Rss::spread(key(), 8));
    port.forget_accesses();
    rss::write_table(&registers, &Rss::spread([0; KEY_BYTES], 2));
    assert!(port.writes().iter().all(|(offset, _)| (RETA..RETA + TABLE_ENTRIES).contains(offset)));
}

proptest! {
    #[test]
    fn a_table_is_spread_evenly_over_the_queues_that_there_are(queues in 1u32..=16) {
        let rss = Rss::spread(key(), queues);
        prop_assert!(rss.fits(queues) && !rss.fits(queues - 1));
        let share = TABLE_ENTRIES / queues as usize;
        for queue in 0..queues {
            let entries = rss.table.iter().filter(|entry| u32::from(**entry) == queue).count();
            prop_assert!((share..=share + 1).contains(&entries));
        }
    }
}
