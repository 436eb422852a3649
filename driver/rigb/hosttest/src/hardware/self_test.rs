// SPDX-License-Identifier: GPL-2.0-only

use crate::{
    hw::{
        interrupts::VectorPlan,
        self_test::{self, RegisterFault},
    },
    port::{EICR, Faults, ICR, IMS, Port, RCTL, TCTL},
};

const RECEIVE_ENABLE: u32 = 1 << 1;
const MTA_LAST: usize = 0x53fc;

#[test]
fn registers_that_keep_what_they_are_told_pass() {
    assert_eq!(self_test::test_registers(&Port::new().registers()), Ok(()));
}

#[test]
fn a_single_bit_that_is_stuck_at_zero_is_found() {
    for (offset, bit) in [(0x28, 31), (0xc000, 7), (0xe3c8, 19), (0x5404, 0), (MTA_LAST, 16), (RCTL, 26)] {
        let port = Port::with_faults(Faults { stuck_at_zero: Some((offset, 1 << bit)), ..Faults::default() });
        let fault = self_test::test_registers(&port.registers()).expect_err("a bit is stuck");
        assert_eq!(fault.offset as usize, offset);
        assert_eq!(fault.written ^ fault.read, 1 << bit);
    }
}

#[test]
fn a_bit_that_the_register_need_not_keep_is_no_fault() {
    // RDBAL's lower seven bits are zero by alignment.
    let port = Port::with_faults(Faults { stuck_at_zero: Some((0xc000, 0x7f)), ..Faults::default() });
    assert_eq!(self_test::test_registers(&port.registers()), Ok(()));
}

#[test]
fn a_card_that_is_gone_fails_and_ends() {
    let port = Port::new();
    let registers = port.registers();
    port.remove();
    assert!(matches!(self_test::test_registers(&registers), Err(RegisterFault { offset: 0x28, .. })));
}

#[test]
fn nothing_is_let_run_while_registers_are_tried() {
    let port = Port::new();
    assert_eq!(self_test::test_registers(&port.registers()), Ok(()));
    assert!(port.writes_to(RCTL).iter().all(|control| control & RECEIVE_ENABLE == 0));
    for (offset, _) in port.writes() {
        let queue_register = (0xc000..0xf000).contains(&offset).then_some(offset & 0x3f);
        assert!(![Some(0x10), Some(0x18), Some(0x28)].contains(&queue_register), "head, tail or control: {offset:#x}");
        assert!(![TCTL, IMS, 0x0, 0x18, 0x1524].contains(&offset), "{offset:#x}");
    }
}

#[test]
fn a_vector_is_fired_alone_and_the_shared_interrupt_by_a_cause() {
    let port = Port::new();
    self_test::fire(&port.registers(), VectorPlan::Each { pairs: 4 }, 3);
    assert_eq!((port.peek(EICR), port.peek(ICR)), (1 << 3, 0));
    let port = Port::new();
    self_test::fire(&port.registers(), VectorPlan::Shared, 0);
    assert_eq!((port.peek(EICR), port.peek(ICR) & 1), (0, 1));
}
