// SPDX-License-Identifier: GPL-2.0-only

use crate::{
    hw::interrupts,
    port::{EIMS, GPIE, ICR, IMS, Port},
};

#[test]
fn multiple_msix_is_chosen_before_any_vector_is_set_up() {
    let port = Port::new();
    interrupts::configure(&port.registers(), true);
    assert_eq!(port.writes().first(), Some(&(GPIE, 1 << 31 | 1 << 30 | 1 << 4 | 1)));
}

#[test]
fn reading_the_causes_takes_them() {
    let port = Port::new();
    let registers = port.registers();
    interrupts::configure(&registers, true);
    interrupts::enable(&registers, true);
    port.raise(1 << 2);
    assert_eq!(interrupts::take_causes(&registers).map(|causes| causes.link_changed().get()), Some(1));
    assert_eq!(port.peek(ICR), 0);
}

#[test]
fn an_interrupt_without_a_cause_is_somebody_elses() {
    assert!(interrupts::take_causes(&Port::new().registers()).is_none());
}

#[test]
fn a_card_that_is_gone_has_no_causes() {
    let port = Port::new();
    let registers = port.registers();
    port.remove();
    assert!(interrupts::take_causes(&registers).is_none());
}

#[test]
fn nothing_is_enabled_after_disabling() {
    let port = Port::new();
    let registers = port.registers();
    for msix in [true, false] {
        interrupts::configure(&registers, msix);
        interrupts::enable(&registers, msix);
        assert_ne!((port.peek(IMS), port.peek(EIMS)), (0, 0));
        interrupts::disable(&registers);
        assert_eq!((port.peek(IMS), port.peek(EIMS)), (0, 0));
    }
}
