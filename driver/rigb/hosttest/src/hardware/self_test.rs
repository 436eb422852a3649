// SPDX-License-Identifier: GPL-2.0-only

use crate::{
    hw::{
        interrupts::VectorPlan,
        self_test::{self, RegisterFault},
    },
    port::{EICR, EIMS, ICR, IMS, Port, RCTL, RXDCTL, TCTL, TXDCTL},
};

#[test]
fn the_registers_of_a_sound_card_keep_what_they_are_told() {
    assert_eq!(self_test::test_registers(&Port::new().registers()), Ok(()));
}

#[test]
fn a_bit_that_nothing_sets_is_named() {
    for (offset, bit) in [(0xc204, 1 << 31), (0x5464, 1 << 3), (0x53fc, 1 << 0), (0x170, 1 << 15)] {
        let port = Port::new();
        port.stick_low(offset, bit);
        let fault = self_test::test_registers(&port.registers()).err();
        let Some(RegisterFault { offset: found, written, read }) = fault else { panic!("{offset:#x} was not found") };
        assert_eq!((found as usize, written ^ read), (offset, bit));
    }
}

#[test]
fn the_card_neither_runs_nor_interrupts_while_its_registers_are_tried() {
    let port = Port::new();
    assert_eq!(self_test::test_registers(&port.registers()), Ok(()));
    assert!(port.writes_to(RCTL).iter().all(|control| control & 1 << 1 == 0));
    for offset in [TCTL, RXDCTL, TXDCTL, IMS, EIMS] {
        assert_eq!(port.writes_to(offset), []);
    }
}

#[test]
fn a_card_that_is_gone_fails_the_test() {
    let port = Port::new();
    let registers = port.registers();
    port.remove();
    assert!(self_test::test_registers(&registers).is_err());
}

#[test]
fn a_vector_is_fired_by_its_own_cause() {
    let port = Port::new();
    let registers = port.registers();
    self_test::fire(&registers, VectorPlan::Each { pairs: 4 }, 4);
    assert_eq!((port.peek(EICR), port.peek(ICR)), (1 << 4, 0));
    self_test::fire(&registers, VectorPlan::Shared, 0);
    assert_eq!((port.peek(EICR), port.peek(ICR)), (1 << 4, 1));
}
