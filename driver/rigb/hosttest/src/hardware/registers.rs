// SPDX-License-Identifier: GPL-2.0-only

use crate::port::Port;

#[test]
fn a_card_that_once_read_as_ones_is_not_asked_again() {
    let port = Port::new();
    let registers = port.registers();
    port.remove();
    assert!(!registers.is_present());
    port.forget_accesses();
    assert!(!registers.is_present() && !registers.is_reachable());
    assert_eq!(port.accesses(), []);
}

#[test]
fn a_card_that_was_sent_away_is_not_touched_until_it_comes_back() {
    let port = Port::new();
    let registers = port.registers();
    registers.leave();
    assert!(!registers.is_present() && !registers.is_reachable());
    assert_eq!(port.accesses(), []);
    assert!(registers.come_back());
    assert!(registers.is_present() && registers.is_reachable());
}

#[test]
fn a_card_that_does_not_answer_does_not_come_back() {
    let port = Port::new();
    let registers = port.registers();
    registers.leave();
    port.remove();
    assert!(!registers.come_back());
    assert!(!registers.is_reachable());
}

#[test]
fn a_card_that_was_given_up_stays_lost() {
    let port = Port::new();
    let registers = port.registers();
    registers.give_up();
    registers.leave();
    assert!(!registers.come_back() && !registers.is_present());
    assert_eq!(port.accesses(), []);
}

#[test]
fn an_offset_outside_of_the_bar_reaches_nothing() {
    let port = Port::new();
    let registers = port.registers();
    registers.write_offset(0x2_0000, 1);
    assert_eq!(registers.read_offset(0x2_0000), None);
    assert_eq!(registers.read_offset(2), None);
    assert_eq!(port.accesses(), []);
}
