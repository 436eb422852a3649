// SPDX-License-Identifier: GPL-2.0-only

use crate::{
    hw::{
        phy::{Abilities, Crossover, Phy},
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

fn restart(registers: &Registers) -> Result {
    Phy::acquire(registers)?.negotiate(Abilities::SUPPORTED_MODES, Crossover::Auto)
}

#[test]
fn autonegotiation_is_restarted_under_the_phys_semaphore() {
    let port = Port::new();
    port.set_partner(Some((1000, true)));
    assert_eq!(restart(&port.registers()), Ok(()));
    assert_eq!(port.complaints(), [""; 0]);
    assert!(port.writes_to(SW_FW_SYNC).contains(&2));
}

#[test]
fn the_second_port_takes_the_second_phys_bit() {
    let port = Port::new();
    port.poke(crate::port::STATUS, 1 << 2);
    assert_eq!(restart(&port.registers()), Ok(()));
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
        assert_eq!(restart(&port.registers()), expected);
        assert_eq!(semaphores(&port), [0, 0], "after {expected:?}");
    }
}

#[test]
fn a_phy_that_firmware_holds_is_busy_after_200_milliseconds() {
    let port = Port::with_faults(Faults { firmware_holds: 2 << 16, ..Faults::default() });
    let begun: Instant<Monotonic> = Instant::now();
    assert_eq!(restart(&port.registers()), Err(EBUSY));
    assert!(begun.elapsed() >= Delta::from_millis(200) && begun.elapsed() < Delta::from_millis(250));
    assert_eq!(semaphores(&port), [0, 0]);
}

#[test]
fn the_other_ports_phy_in_firmwares_hands_is_no_obstacle() {
    let port = Port::with_faults(Faults { firmware_holds: 4 << 16, ..Faults::default() });
    assert_eq!(restart(&port.registers()), Ok(()));
}

#[test]
fn a_semaphore_that_another_driver_keeps_is_busy_and_not_taken_from_it() {
    let port = Port::with_faults(Faults { other_driver_keeps_semaphore: true, ..Faults::default() });
    assert_eq!(restart(&port.registers()), Err(EBUSY));
    assert_eq!(port.writes_to(SWSM), []);
}

#[test]
fn a_semaphore_that_firmware_keeps_is_busy_and_the_drivers_half_is_given_back() {
    let port = Port::with_faults(Faults { firmware_keeps_semaphore: true, ..Faults::default() });
    assert_eq!(restart(&port.registers()), Err(EBUSY));
    assert_eq!(semaphores(&port), [0, 0]);
}

#[test]
fn a_card_that_is_pulled_at_any_moment_of_a_transfer_ends_it() {
    let whole = Port::new();
    assert_eq!(restart(&whole.registers()), Ok(()));
    for moment in 0..whole.accesses().len() {
        let port = Port::new();
        let registers = port.registers();
        port.remove_after(moment);
        let begun: Instant<Monotonic> = Instant::now();
        let _any = restart(&registers);
        assert!(begun.elapsed() < Delta::from_millis(250), "pulled at access {moment}: {:?}", begun.elapsed());
    }
}

const ADVERTISEMENT: usize = 4;
const PARTNER: usize = 5;
const GIGABIT_CONTROL: usize = 9;
const GIGABIT_STATUS: usize = 10;
const PORT_STATUS: usize = 17;
const PORT_CONTROL: usize = 18;

/// Every ability with its place in the advertisement and in the 1000BASE-T control register (IEEE 802.3 tables 28-2 and 40-3).
const PLACES: [(Abilities, u16, u16); 7] = [
    (Abilities::TEN_HALF, 1 << 5, 0),
    (Abilities::TEN_FULL, 1 << 6, 0),
    (Abilities::HUNDRED_HALF, 1 << 7, 0),
    (Abilities::HUNDRED_FULL, 1 << 8, 0),
    (Abilities::PAUSE, 1 << 10, 0),
    (Abilities::ASYMMETRIC_PAUSE, 1 << 11, 0),
    (Abilities::THOUSAND_FULL, 0, 1 << 9),
];

#[test]
fn each_ability_is_offered_by_its_own_bit_beside_the_selector() {
    for (ability, base_page, gigabit) in PLACES {
        let port = Port::new();
        let registers = port.registers();
        assert_eq!(Phy::acquire(&registers).and_then(|phy| phy.negotiate(ability, Crossover::Auto)), Ok(()));
        assert_eq!(port.phy_register(ADVERTISEMENT), base_page | 1, "{ability:?}");
        assert_eq!(port.phy_register(GIGABIT_CONTROL), gigabit, "{ability:?}");
    }
}

#[test]
fn what_is_not_offered_any_more_is_taken_back_and_the_choice_of_the_clock_stays() {
    let port = Port::new();
    port.set_phy_register(GIGABIT_CONTROL, 0x1f00);
    assert_eq!(
        Phy::acquire(&port.registers()).and_then(|phy| phy.negotiate(Abilities::TEN_HALF, Crossover::Auto)),
        Ok(())
    );
    assert_eq!(port.phy_register(GIGABIT_CONTROL), 0x1c00);
}

#[test]
fn the_partners_offer_is_read_bit_by_bit() {
    let places = PLACES.map(|(ability, base_page, gigabit)| (ability, base_page, gigabit << 2));
    for (ability, base_page, gigabit_status) in places {
        let port = Port::new();
        port.set_phy_register(PARTNER, base_page | 1);
        port.set_phy_register(GIGABIT_STATUS, gigabit_status);
        let partner = Phy::acquire(&port.registers()).and_then(|phy| phy.partner()).expect("the PHY answers");
        assert_eq!(partner.offered, ability);
        assert!(!partner.negotiates && !partner.crossed);
    }
}

#[test]
fn a_partner_that_acknowledged_negotiates_and_crossed_pairs_are_seen() {
    let port = Port::new();
    port.set_phy_register(PARTNER, 1 << 14);
    port.set_phy_register(PORT_STATUS, 1 << 11);
    let partner = Phy::acquire(&port.registers()).and_then(|phy| phy.partner()).expect("the PHY answers");
    assert!(partner.negotiates && partner.crossed);
    assert!(partner.offered.is_empty());
}

#[test]
fn the_order_of_the_pairs_is_found_or_told() {
    for (crossover, expected) in [(Crossover::Auto, 0x1000), (Crossover::Straight, 0), (Crossover::Crossed, 0x2000)] {
        let port = Port::new();
        port.set_phy_register(PORT_CONTROL, 0x3004);
        let registers = port.registers();
        assert_eq!(Phy::acquire(&registers).and_then(|phy| phy.negotiate(Abilities::TEN_HALF, crossover)), Ok(()));
        assert_eq!(port.phy_register(PORT_CONTROL), expected | 4);
    }
}
