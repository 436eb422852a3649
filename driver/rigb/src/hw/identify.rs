// SPDX-License-Identifier: GPL-2.0-only
//! Blinking LEDs that show a person which port it is (datasheet 8.2.9).

use super::registers::*;
use kernel::io::{Io, register};

register! {
    /// LED control (8.2.9): a byte for each of four LEDs.
    pub(crate) LEDCTL(u32) @ 0xe00 { 7:0 led_0; 15:8 led_1; 23:16 led_2; 31:24 led_3; }
}

/// In each byte: always on (mode Eh), and blinking. Blinking works in that mode only.
const ALL_BLINK: u32 = 0x8e8e_8e8e;
/// In each byte: lit by a low level. The board decides that, so it stays.
const ALL_INVERT: u32 = 0x4040_4040;
/// In the first byte, for all: 83 ms on and off; 200 ms without it.
const FAST_BLINK: u32 = 0x20;

/// What the LEDs showed before.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) struct Leds(u32);

/// Lets all LEDs of the port blink, by the card's own clock.
pub(crate) fn blink(registers: &Registers) -> Leds {
    let before = registers.io().read(LEDCTL).into_raw();
    registers.io().write_reg(LEDCTL::from(before & ALL_INVERT | ALL_BLINK | FAST_BLINK));
    registers.flush();
    Leds(before)
}

/// Back to what they showed.
pub(crate) fn restore(registers: &Registers, leds: Leds) {
    registers.io().write_reg(LEDCTL::from(leds.0));
    registers.flush();
}
