// SPDX-License-Identifier: GPL-2.0-only

use crate::{
    hw::{receive_filter, reset},
    port::{CTRL, EIMC, EIMS, Faults, ICR, IMC, IMS, Port, STATUS, WUC},
};
use kernel::time::{Delta, Instant, Monotonic};

const MASTER_DISABLE: u32 = 1 << 2;
const RESET: u32 = 1 << 26;
const ADDRESS: [u8; 6] = [0x02, 0x1b, 0x21, 0x63, 0x4a, 0x5f];

#[test]
fn a_reset_begins_with_the_end_of_bus_mastering() {
    let port = Port::new();
    reset::reset(&port.registers());
    assert_eq!(port.writes().first(), Some(&(CTRL, MASTER_DISABLE)));
    assert_eq!(port.writes_to(CTRL), [MASTER_DISABLE, MASTER_DISABLE | RESET]);
}

#[test]
fn the_card_is_reset_only_once_it_is_silent_on_the_bus() {
    let port = Port::new();
    reset::reset(&port.registers());
    let accesses = port.accesses();
    let reset =
        accesses.iter().position(|access| access.is_write && access.offset == CTRL && access.value & RESET != 0);
    let silent = accesses.iter().position(|access| access.offset == STATUS && access.value & (1 << 19) == 0);
    assert!(silent.is_some() && silent < reset);
}

#[test]
fn nothing_touches_the_card_for_a_millisecond_after_it_was_told_to_reset() {
    let port = Port::new();
    reset::reset(&port.registers());
    assert_eq!(port.complaints(), [""; 0]);
}

#[test]
fn interrupts_are_masked_before_the_reset_and_again_after_it() {
    let port = Port::new();
    reset::reset(&port.registers());
    let writes = port.writes();
    let at = |offset| move |write: &(usize, u32)| *write == (offset, u32::MAX);
    let reset = writes.iter().position(|(offset, value)| *offset == CTRL && value & RESET != 0).expect("a reset");
    for mask in [IMC, EIMC] {
        assert!(writes[..reset].iter().any(at(mask)) && writes[reset..].iter().any(at(mask)));
    }
}

#[test]
fn after_a_reset_no_cause_is_pending_or_enabled_and_nothing_wakes_the_machine() {
    let port = Port::new();
    let registers = port.registers();
    port.poke(IMS, 0x4);
    port.poke(EIMS, 0x3);
    port.poke(WUC, 0x1);
    port.raise(0x4);
    reset::reset(&registers);
    assert_eq!([ICR, IMS, EIMS, WUC].map(|offset| port.peek(offset)), [0; 4]);
}

#[test]
fn a_card_that_never_reports_its_autoload_is_waited_for_ten_milliseconds() {
    let ends_after = |faults| {
        let begun: Instant<Monotonic> = Instant::now();
        reset::reset(&Port::with_faults(faults).registers());
        begun.elapsed()
    };
    let silent = ends_after(Faults { autoload_is_never_reported: true, ..Faults::default() });
    let well = ends_after(Faults::default());
    assert!(silent > well && silent < well + Delta::from_millis(11), "{silent:?}, else {well:?}");
}

#[test]
fn a_card_whose_requests_are_never_done_is_reset_after_80_milliseconds() {
    let begun: Instant<Monotonic> = Instant::now();
    let port = Port::with_faults(Faults { master_stays_busy: true, ..Faults::default() });
    reset::reset(&port.registers());
    assert!(port.writes_to(CTRL).iter().any(|value| value & RESET != 0));
    assert!(begun.elapsed() < Delta::from_millis(120), "{:?}", begun.elapsed());
}

#[test]
fn a_card_that_is_gone_is_not_reset() {
    let port = Port::new();
    let registers = port.registers();
    port.remove();
    reset::reset(&registers);
    assert_eq!(port.writes(), []);
}

#[test]
fn a_card_that_is_pulled_at_any_moment_of_a_reset_is_not_waited_for() {
    let whole = Port::new();
    reset::reset(&whole.registers());
    let all = whole.accesses().len();
    for moment in 0..all {
        let port = Port::new();
        let registers = port.registers();
        port.remove_after(moment);
        let begun: Instant<Monotonic> = Instant::now();
        reset::reset(&registers);
        assert!(port.accesses().len() <= all + 2, "pulled at access {moment}: {} accesses", port.accesses().len());
        assert!(begun.elapsed() < Delta::from_millis(20), "pulled at access {moment}");
        assert!(!registers.is_present());
    }
}

#[test]
fn the_address_is_the_eeproms_after_a_reset() {
    let port = Port::new();
    let registers = port.registers();
    receive_filter::set_own_address(&registers, [2, 0, 0, 0, 0, 1]);
    reset::reset(&registers);
    assert_eq!(reset::mac_address(&registers), ADDRESS);
}
