// SPDX-License-Identifier: GPL-2.0-only

use crate::{
    hw::nvm::{self, ImageDetail, ImageVersion},
    port::{EECD, Faults, Port},
};
use kernel::{
    prelude::*,
    time::{Delta, Instant, Monotonic},
};

#[test]
fn words_are_read_as_they_are() {
    let port = Port::new();
    let registers = port.registers();
    for (address, word) in [(0, 0x1234), (0x2f, 0xffff), (0x80, 0x8001)] {
        port.set_nvm_word(address, word);
        assert_eq!(nvm::read(&registers, address as u32), Ok(word));
    }
}

#[test]
fn the_checksum_of_a_fresh_card_is_right_and_any_changed_word_makes_it_wrong() {
    let port = Port::new();
    let registers = port.registers();
    assert_eq!(nvm::has_valid_checksum(&registers), Ok(true));
    for address in 0..0x40 {
        let before = nvm::read(&registers, address as u32).expect("it has this word");
        port.set_nvm_word(address, before ^ 1);
        assert_eq!(nvm::has_valid_checksum(&registers), Ok(false), "word {address:#x}");
        port.set_nvm_word(address, before);
    }
}

#[test]
fn words_behind_the_checksum_do_not_count() {
    let port = Port::new();
    port.set_nvm_word(0x40, 1);
    assert_eq!(nvm::has_valid_checksum(&port.registers()), Ok(true));
}

#[test]
fn an_eeprom_that_does_not_answer_is_given_up_after_ten_milliseconds() {
    let port = Port::with_faults(Faults { eerd_never_done: true, ..Faults::default() });
    let begun: Instant<Monotonic> = Instant::now();
    assert_eq!(nvm::read(&port.registers(), 0), Err(ETIMEDOUT));
    assert!(begun.elapsed() >= Delta::from_millis(10) && begun.elapsed() < Delta::from_millis(20));
}

#[test]
fn a_card_that_is_gone_ends_every_reading() {
    let port = Port::new();
    let registers = port.registers();
    port.remove();
    let _any = nvm::has_valid_checksum(&registers);
    let _any = nvm::image_version(&registers);
    assert!(nvm::words(&registers) <= 1 << 15);
}

#[test]
fn the_size_is_a_power_of_two_from_64_words_to_32_ki() {
    for (exponent, words) in [(0, 64), (2, 256), (9, 32768), (15, 32768)] {
        let port = Port::new();
        port.poke(EECD, exponent << 11);
        assert_eq!(nvm::words(&port.registers()), words);
    }
}

#[test]
fn the_version_of_an_image_is_told_by_its_kind() {
    let tracked = |major, minor, number| ImageVersion { major, minor, detail: ImageDetail::Tracking(number) };
    let built = |major, minor, build| ImageVersion { major, minor, detail: ImageDetail::Build(build) };
    let images = [
        // An older image: three numbers.
        ([0x2106, 0x0000, 0x0000], built(2, 0x10, 6)),
        ([0x2106, 0xffff, 0xffff], built(2, 0x10, 6)),
        // Newer ones: the minor version in decimal digits, in either place.
        ([0x1690, 0x0208, 0x8000], tracked(1, 69, 0x8000_0208)),
        ([0x1063, 0xbeef, 0x8001], tracked(1, 63, 0x8001_beef)),
    ];
    for ([version, low, high], expected) in images {
        let port = Port::new();
        for (address, word) in [(0x05, version), (0x42, low), (0x43, high)] {
            port.set_nvm_word(address, word);
        }
        assert_eq!(nvm::image_version(&port.registers()), Ok(expected));
    }
}
