// SPDX-License-Identifier: GPL-2.0-only
//! The EEPROM (datasheet 3.3, 6, 8.4): words read through EERD, the checksum over them, the version of its image.
//!
//! It is read only. Writing goes bit by bit over the SPI pins, no emulated card has them, and a word written wrongly can end a card: that stays with Intel's tool.

use super::registers::*;
use kernel::{
    io::{Io, register},
    prelude::*,
    time::{Delta, delay::fsleep},
};

register! {
    /// EEPROM read (8.4.2): start and word address in, done and data out. The card arbitrates between its users itself.
    pub(crate) EERD(u32) @ 0x14 { 0:0 start; 1:1 done; 15:2 address; 31:16 data; }
}

/// Words 0 to 3Fh add up to this.
const CHECKSUM: u16 = 0xbaba;
const CHECKSUM_WORDS: u32 = 0x40;
/// A card names its size as a power of two above 64 words, 32 Ki at most.
const SMALLEST_SIZE_EXPONENT: u32 = 6;
const LARGEST_SIZE_EXPONENT: u32 = 15;

/// Version of the image, and where Intel's tool leaves its tracking number.
const VERSION_WORD: u32 = 0x05;
const TRACKING_WORD: u32 = 0x42;
/// The tracking number's upper word starts with this digit, or there is none.
const TRACKING_DIGIT: u16 = 0x8;

/// How many 16-bit words the EEPROM has.
pub(crate) fn words(registers: &Registers) -> u32 {
    let exponent = registers.io().read(EECD).size().get().wrapping_add(SMALLEST_SIZE_EXPONENT);
    1u32.wrapping_shl(exponent.min(LARGEST_SIZE_EXPONENT))
}

/// One word. `ETIMEDOUT` when the card does not deliver it within 10 ms (there is no such word, or no EEPROM).
pub(crate) fn read(registers: &Registers, word: u32) -> Result<u16> {
    let io = registers.io();
    io.write_reg(EERD::from((word & 0x3fff).wrapping_shl(2)).with_const_start::<1>());
    for _ in 0..200 {
        let answer = io.read(EERD);
        if answer.done().get() == 1 {
            return Ok((answer.into_raw() >> 16) as u16);
        }
        fsleep(Delta::from_micros(50));
    }
    Err(ETIMEDOUT)
}

/// Whether the checksum is right. Errors as of `read`.
pub(crate) fn has_valid_checksum(registers: &Registers) -> Result<bool> {
    let mut sum = 0u16;
    for word in 0..CHECKSUM_WORDS {
        sum = sum.wrapping_add(read(registers, word)?);
    }
    Ok(sum == CHECKSUM)
}

/// What the image says about itself.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) struct ImageVersion {
    /// Before the dot.
    pub(crate) major: u16,
    /// After it.
    pub(crate) minor: u16,
    /// How the image goes on to name itself.
    pub(crate) detail: ImageDetail,
}

/// Images carry one or the other.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum ImageDetail {
    /// A number that Intel's tool tracks the image by.
    Tracking(u32),
    /// A build.
    Build(u16),
}

impl ImageVersion {
    /// From the version word and the two words of the tracking number, lower first. Newer images count their minor version in decimal digits.
    const fn from_words(version: u16, tracking: [u16; 2]) -> Self {
        let [low, high] = tracking;
        let major = version >> 12;
        if high >> 12 != TRACKING_DIGIT {
            return Self { major, minor: version >> 4 & 0xff, detail: ImageDetail::Build(version & 0xf) };
        }
        let digits = if version & 0x0f00 == 0 { version & 0xff } else { version >> 4 & 0xff };
        let minor = (digits >> 4).wrapping_mul(10).wrapping_add(digits & 0xf);
        Self { major, minor, detail: ImageDetail::Tracking((high as u32) << 16 | low as u32) }
    }
}

/// The version of the image. Errors as of `read`.
pub(crate) fn image_version(registers: &Registers) -> Result<ImageVersion> {
    let tracking = [read(registers, TRACKING_WORD)?, read(registers, TRACKING_WORD.wrapping_add(1))?];
    Ok(ImageVersion::from_words(read(registers, VERSION_WORD)?, tracking))
}
