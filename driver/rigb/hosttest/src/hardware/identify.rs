// SPDX-License-Identifier: GPL-2.0-only

use crate::{
    hw::identify,
    port::{LEDCTL, Port},
};

/// As a board may have it: link and activity, one LED lit by a low level.
const BOARD: u32 = 0x0706_4302;

#[test]
fn every_led_blinks_and_is_lit_by_the_level_that_the_board_wants() {
    let port = Port::new();
    port.poke(LEDCTL, BOARD);
    identify::blink(&port.registers());
    for led in port.peek(LEDCTL).to_le_bytes() {
        // Mode 1110b (always on) with BLINK; without it nothing blinks.
        assert_eq!(led & 0x8f, 0x8e);
    }
    assert_eq!(port.peek(LEDCTL) & 0x4040_4040, BOARD & 0x4040_4040);
}

#[test]
fn afterwards_the_leds_show_what_they_showed_before() {
    let port = Port::new();
    let registers = port.registers();
    port.poke(LEDCTL, BOARD);
    let before = identify::blink(&registers);
    identify::restore(&registers, before);
    assert_eq!(port.peek(LEDCTL), BOARD);
}
