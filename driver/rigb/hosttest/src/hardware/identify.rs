// SPDX-License-Identifier: GPL-2.0-only

use crate::{hw::identify, port::Port};

const LEDCTL: usize = 0xe00;
/// What QEMU's card starts with, but for LED 2, which a low level lights here.
const BEFORE: u32 = 0x0746_8302;

#[test]
fn all_leds_are_on_and_blink_and_those_that_are_inverted_stay_so() {
    let port = Port::new();
    port.poke(LEDCTL, BEFORE);
    let _before = identify::blink(&port.registers());
    assert_eq!(port.peek(LEDCTL), 0x8ece_8eae);
}

#[test]
fn afterwards_they_show_what_they_showed() {
    let port = Port::new();
    port.poke(LEDCTL, BEFORE);
    let registers = port.registers();
    let before = identify::blink(&registers);
    identify::restore(&registers, before);
    assert_eq!(port.peek(LEDCTL), BEFORE);
}
