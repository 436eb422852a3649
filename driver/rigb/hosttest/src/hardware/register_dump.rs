// SPDX-License-Identifier: GPL-2.0-only

use crate::{
    hw::register_dump,
    port::{EICR, ICR, MDIC, Port, RQDPC, STATISTICS, SWSM, TXSTMPH},
};

#[test]
fn a_dump_has_every_offset_with_its_content() {
    let port = Port::new();
    port.poke(0x5604, 0xabcd);
    let dump: Vec<_> = register_dump::read(&port.registers()).collect();
    assert_eq!(dump.len(), register_dump::REGISTERS);
    assert!(dump.contains(&[0x5604, 0xabcd]));
    assert!(register_dump::offsets().eq(dump.iter().map(|[offset, _]| *offset)));
}

#[test]
fn no_offset_is_there_twice() {
    let mut offsets: Vec<_> = register_dump::offsets().collect();
    offsets.sort_unstable();
    offsets.dedup();
    assert_eq!(offsets.len(), register_dump::REGISTERS);
}

#[test]
fn a_dump_takes_no_cause_no_count_and_no_semaphore_from_anybody() {
    let port = Port::new();
    let registers = port.registers();
    let all = || (0..0x2_0000).step_by(4).map(|offset| port.peek(offset)).collect::<Vec<_>>();
    for offset in [ICR, EICR, RQDPC, TXSTMPH].into_iter().chain(STATISTICS.step_by(4)) {
        port.poke(offset, 5);
    }
    let before = all();
    assert_eq!(register_dump::read(&registers).count(), register_dump::REGISTERS);
    assert_eq!(all(), before);
    assert_eq!((port.peek(SWSM), port.writes_to(MDIC)), (0, vec![]));
}

#[test]
fn a_card_that_is_gone_has_nothing_to_show() {
    let port = Port::new();
    let registers = port.registers();
    port.remove();
    assert_eq!(register_dump::read(&registers).count(), 0);
}
