// SPDX-License-Identifier: GPL-2.0-only

use crate::{
    hw::register_dump::{self, REGISTERS},
    port::{EICR, ICR, Port, RXSATRH, RXSTMPH, STATISTICS, SWSM, SYSTIML, TXSTMPH},
};
use std::collections::BTreeSet;

const RQDPC: usize = 0xc030;
const BAR_BYTES: u32 = 0x2_0000;

#[test]
fn no_register_is_dumped_that_reading_changes() {
    for offset in register_dump::offsets() {
        let offset = offset as usize;
        assert!(![ICR, EICR, SWSM, SYSTIML, TXSTMPH, RXSTMPH, RXSATRH].contains(&offset), "{offset:#x}");
        assert!(!STATISTICS.contains(&offset), "{offset:#x}");
        assert!(offset < 0xc000 || offset >= 0xd000 || offset & 0x3f != RQDPC & 0x3f, "{offset:#x}");
    }
}

#[test]
fn each_register_is_dumped_once_at_its_place_in_the_bar() {
    let offsets: Vec<u32> = register_dump::offsets().collect();
    assert_eq!(offsets.len(), REGISTERS);
    assert_eq!(offsets.iter().collect::<BTreeSet<_>>().len(), REGISTERS);
    assert!(offsets.iter().all(|offset| offset % 4 == 0 && *offset < BAR_BYTES));
}

#[test]
fn a_dump_has_every_offset_with_its_value_and_writes_nothing() {
    let port = Port::new();
    port.poke(0xc018, 0x1234);
    let registers = port.registers();
    let dump: Vec<[u32; 2]> = register_dump::read(&registers).collect();
    assert_eq!(dump.len(), REGISTERS);
    assert!(dump.contains(&[0xc018, 0x1234]));
    assert!(port.writes().is_empty());
}

#[test]
fn a_card_that_is_gone_has_nothing_to_dump() {
    let port = Port::new();
    let registers = port.registers();
    port.remove();
    assert_eq!(register_dump::read(&registers).count(), 0);
}
