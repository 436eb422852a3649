// SPDX-License-Identifier: GPL-2.0-only

use crate::{
    hw::{
        link::{self, LinkMode},
        phy::{Abilities, Crossover},
        registers::Registers,
    },
    port::{Faults, Port, SW_FW_SYNC, SWSM},
};
use kernel::{
    prelude::*,
    time::{Delta, Instant, Monotonic},
};

/// What both semaphores hold once everybody has let go.
fn semaphores(port: &Port) -> [u32; 2] {
    [port.peek(SWSM), port.peek(SW_FW_SYNC)]
}

fn negotiate(registers: &Registers) -> Result {
    link::configure(registers, LinkMode::Negotiated { offered: Abilities::SUPPORTED_MODES, crossover: Crossover::Auto })
}

#[test]
fn autonegotiation_is_started_under_the_phys_semaphore() {
    let port = Port::new();
    port.set_partner(Some((1000, true)));
    assert_eq!(negotiate(&port.registers()), Ok(()));
    assert_eq!(port.complaints(), [""; 0]);
    assert!(port.writes_to(SW_FW_SYNC).contains(&2));
}

#[test]
fn the_second_port_takes_the_second_phys_bit() {
    let port = Port::new();
    port.poke(crate::port::STATUS, 1 << 2);
    assert_eq!(negotiate(&port.registers()), Ok(()));
    assert_eq!(port.writes_to(SW_FW_SYNC), [4, 0]);
}

#[test]
fn both_semaphores_are_free_after_every_kind_of_transfer() {
    let faults = [
        (Faults::default(), Ok(())),
        (Faults { mdic_never_ready: true, ..Faults::default() }, Err(ETIMEDOUT)),
        (Faults { mdic_fails: true, ..Faults::default() }, Err(EIO)),
    ];
    for (faults, expected) in faults {
        let port = Port::with_faults(faults);
        assert_eq!(negotiate(&port.registers()), expected);
        assert_eq!(semaphores(&port), [0, 0], "after {expected:?}");
    }
}

#[test]
fn a_phy_that_firmware_holds_is_busy_after_200_milliseconds() {
    let port = Port::with_faults(Faults { firmware_holds: 2 << 16, ..Faults::default() });
    let begun: Instant<Monotonic> = Instant::now();
    assert_eq!(negotiate(&port.registers()), Err(EBUSY));
    assert!(begun.elapsed() >= Delta::from_millis(200) && begun.elapsed() < Delta::from_millis(250));
    assert_eq!(semaphores(&port), [0, 0]);
}

#[test]
fn the_other_ports_phy_in_firmwares_hands_is_no_obstacle() {
    let port = Port::with_faults(Faults { firmware_holds: 4 << 16, ..Faults::default() });
    assert_eq!(negotiate(&port.registers()), Ok(()));
}

#[test]
fn a_semaphore_that_another_driver_keeps_is_busy_and_not_taken_from_it() {
    let port = Port::with_faults(Faults { other_driver_keeps_semaphore: true, ..Faults::default() });
    assert_eq!(negotiate(&port.registers()), Err(EBUSY));
    assert_eq!(port.writes_to(SWSM), []);
}

#[test]
fn a_semaphore_that_firmware_keeps_is_busy_and_the_drivers_half_is_given_back() {
    let port = Port::with_faults(Faults { firmware_keeps_semaphore: true, ..Faults::default() });
    assert_eq!(negotiate(&port.registers()), Err(EBUSY));
    assert_eq!(semaphores(&port), [0, 0]);
}

#[test]
fn a_card_that_is_gone_is_not_taken_for_a_busy_one() {
    let port = Port::new();
    let registers = port.registers();
    port.remove();
    let begun: Instant<Monotonic> = Instant::now();
    assert_eq!(negotiate(&registers), Err(ENODEV));
    assert!(begun.elapsed() < Delta::from_millis(1));
}

#[test]
fn a_card_that_is_pulled_at_any_moment_of_a_transfer_ends_it() {
    let whole = Port::new();
    assert_eq!(negotiate(&whole.registers()), Ok(()));
    for moment in 0..whole.accesses().len() {
        let port = Port::new();
        let registers = port.registers();
        port.remove_after(moment);
        let begun: Instant<Monotonic> = Instant::now();
        let _any = negotiate(&registers);
        assert!(begun.elapsed() < Delta::from_millis(250), "pulled at access {moment}: {:?}", begun.elapsed());
    }
}
