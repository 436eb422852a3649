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
fn words_are_read_by_their_address() {
    let port = Port::new();
    port.set_nvm_word(0x42, 0x1234);
    assert_eq!(
        [0, 1, 2, 0x42].map(|word| nvm::read(&port.registers(), word)),
        [0x1b02, 0x6321, 0x5f4a, 0x1234].map(Ok)
    );
}

#[test]
fn a_card_without_an_eeprom_is_not_waited_for_longer_than_10_milliseconds() {
    let port = Port::with_faults(Faults { eerd_never_done: true, ..Faults::default() });
    let begun: Instant<Monotonic> = Instant::now();
    assert_eq!(nvm::read(&port.registers(), 0), Err(ETIMEDOUT));
    assert!(begun.elapsed() <= Delta::from_millis(10));
}

#[test]
fn the_checksum_is_right_until_a_word_changes() {
    let port = Port::new();
    let registers = port.registers();
    assert_eq!(nvm::has_valid_checksum(&registers), Ok(true));
    port.set_nvm_word(0x10, 1);
    assert_eq!(nvm::has_valid_checksum(&registers), Ok(false));
}

#[test]
fn words_behind_the_checksum_do_not_count() {
    let port = Port::new();
    port.set_nvm_word(0x40, 0xffff);
    assert_eq!(nvm::has_valid_checksum(&port.registers()), Ok(true));
}

#[test]
fn the_size_is_the_one_that_the_card_names() {
    let port = Port::new();
    assert_eq!(nvm::words(&port.registers()), 128);
    // Exponents above 64 words; more than 32 Ki words there are not.
    for (field, words) in [(2, 256), (9, 32_768), (15, 32_768)] {
        port.poke(EECD, field << 11);
        assert_eq!(nvm::words(&port.registers()), words, "size field {field}");
    }
}

fn image_version(version: u16, tracking: [u16; 2]) -> Result<ImageVersion> {
    let port = Port::new();
    for (word, value) in [(0x05, version), (0x42, tracking[0]), (0x43, tracking[1])] {
        port.set_nvm_word(word, value);
    }
    nvm::image_version(&port.registers())
}

#[test]
fn an_image_with_a_tracking_number_counts_in_decimal_digits() {
    let detail = ImageDetail::Tracking(0x8000_0123);
    assert_eq!(image_version(0x1450, [0x0123, 0x8000]), Ok(ImageVersion { major: 1, minor: 45, detail }));
    assert_eq!(image_version(0x1063, [0x0123, 0x8000]), Ok(ImageVersion { major: 1, minor: 63, detail }));
}

#[test]
fn an_image_without_one_has_a_build() {
    let expected = ImageVersion { major: 1, minor: 0x45, detail: ImageDetail::Build(7) };
    assert_eq!(image_version(0x1457, [0xffff, 0xffff]), Ok(expected));
}
