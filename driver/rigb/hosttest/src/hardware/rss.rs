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
fn ports_of_udp_are_hashed_as_wanted_and_the_rest_always() {
    for (udp_ipv4_ports, udp_ipv6_ports) in [(false, false), (true, false), (false, true), (true, true)] {
        let port = Port::new();
        rss::write_fields(&port.registers(), HashedFields { udp_ipv4_ports, udp_ipv6_ports });
        // RSS over all queues; TcpIPv4, IPv4, TcpIPv6Ex, IPv6, TcpIPv6 (8.10.16).
        let always = 2 | 1 << 16 | 1 << 17 | 1 << 18 | 1 << 20 | 1 << 21;
        assert_eq!(port.peek(MRQC), always | u32::from(udp_ipv4_ports) << 22 | u32::from(udp_ipv6_ports) << 23);
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
