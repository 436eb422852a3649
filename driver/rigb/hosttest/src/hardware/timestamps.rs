// SPDX-License-Identifier: GPL-2.0-only

use crate::{
    hw::{
        time_counter::{NOMINAL_INCREMENT, TimeCounter},
        timestamps::{self, StampedFrames},
    },
    port::{
        ETQF_3, FTQF_3, IMIR_3, Port, RXSATRH, RXSTMPH, RXSTMPL, SPQF_3, SYSTIMH, TIMINCA, TSYNCRXCFG, TSYNCRXCTL,
        TSYNCTXCTL, TXSTMPH, TXSTMPL,
    },
};
use kernel::time::{Delta, delay::fsleep};

const VALID: u32 = 1;
const ENABLE: u32 = 1 << 4;

#[test]
fn the_clock_runs_at_the_speed_of_time() {
    let port = Port::new();
    let registers = port.registers();
    timestamps::set_increment(&registers, NOMINAL_INCREMENT);
    let mut clock = TimeCounter::new(timestamps::counter(&registers), 0);
    fsleep(Delta::from_millis(1));
    let first = clock.advance(timestamps::counter(&registers));
    fsleep(Delta::from_secs(2));
    let second = clock.advance(timestamps::counter(&registers));
    assert!((second - first - 2_000_000_000).abs() < 100_000, "{first} {second}");
}

#[test]
fn a_reading_whose_low_half_wraps_is_still_one_value() {
    let port = Port::new();
    port.set_time_counter(0x0000_0001_ffff_ffff);
    let counter =
        timestamps::counter_between(&port.registers(), || (), || port.set_time_counter(0x0000_0002_0000_0000));
    assert_eq!(counter, 0x0000_0001_ffff_ffff);
    assert_eq!(port.peek(SYSTIMH), 1);
}

#[test]
fn a_card_that_was_reset_does_not_count() {
    let port = Port::new();
    let registers = port.registers();
    timestamps::set_increment(&registers, NOMINAL_INCREMENT);
    assert!(timestamps::is_counting(&registers, NOMINAL_INCREMENT));
    crate::hw::reset::reset(&registers);
    assert!(!timestamps::is_counting(&registers, NOMINAL_INCREMENT));
    assert_eq!(port.writes_to(TIMINCA), [1 << 24 | 16 << 19]);
}

#[test]
fn neither_does_one_that_is_gone() {
    let port = Port::new();
    let registers = port.registers();
    timestamps::set_increment(&registers, NOMINAL_INCREMENT);
    port.remove();
    assert!(!timestamps::is_counting(&registers, NOMINAL_INCREMENT));
    assert_eq!(timestamps::take_transmit_stamp(&registers), None);
    assert_eq!(timestamps::take_receive_stamp(&registers), None);
}

#[test]
fn event_messages_of_version_2_are_stamped_in_ethernet_and_in_udp() {
    let port = Port::new();
    timestamps::configure(&port.registers(), true, StampedFrames::V2Event);
    assert_eq!(port.peek(TSYNCTXCTL), ENABLE);
    assert_eq!(port.peek(TSYNCRXCTL), ENABLE | 0xa);
    assert_eq!(port.peek(ETQF_3), 1 << 30 | 1 << 26 | 0x88f7);
    // UDP from and to port 319, in network byte order.
    assert_eq!((port.peek(IMIR_3), port.peek(SPQF_3)), (0x3f01, 0x3f01));
    assert_eq!(port.peek(FTQF_3), 0x6000_0000 | 1 << 27 | 1 << 15 | 17);
}

#[test]
fn a_message_of_version_1_is_chosen_by_its_control_field_and_in_udp_only() {
    for (frames, control_field) in [(StampedFrames::V1Sync, 0), (StampedFrames::V1DelayRequest, 1)] {
        let port = Port::new();
        timestamps::configure(&port.registers(), false, frames);
        assert_eq!(port.peek(TSYNCTXCTL), 0);
        assert_eq!(port.peek(TSYNCRXCTL), ENABLE | 0x2);
        assert_eq!(port.peek(TSYNCRXCFG), control_field);
        assert_eq!(port.peek(ETQF_3), 0);
    }
}

#[test]
fn nothing_is_stamped_and_no_filter_left_after_it_is_turned_off() {
    let port = Port::new();
    let registers = port.registers();
    timestamps::configure(&registers, true, StampedFrames::V2Event);
    timestamps::configure(&registers, false, StampedFrames::None);
    assert_eq!([TSYNCTXCTL, TSYNCRXCTL, ETQF_3].map(|register| port.peek(register)), [0; 3]);
    assert_eq!(port.peek(FTQF_3), 0xf000_0000);
}

#[test]
fn a_stamp_from_before_is_not_taken_for_one_of_the_new_configuration() {
    let port = Port::new();
    let registers = port.registers();
    port.poke(TSYNCTXCTL, VALID);
    port.poke(TSYNCRXCTL, VALID);
    timestamps::configure(&registers, true, StampedFrames::V2Event);
    assert!(!timestamps::has_transmit_stamp(&registers));
    assert_eq!(timestamps::waiting_receive_stamp(&registers), None);
}

#[test]
fn a_transmit_stamp_is_taken_once() {
    let port = Port::new();
    let registers = port.registers();
    timestamps::configure(&registers, true, StampedFrames::None);
    assert_eq!(timestamps::take_transmit_stamp(&registers), None);
    port.poke(TXSTMPL, 0x89ab_cdef);
    port.poke(TXSTMPH, 0x0123_4567);
    port.poke(TSYNCTXCTL, ENABLE | VALID);
    assert_eq!(timestamps::take_transmit_stamp(&registers), Some(0x0123_4567_89ab_cdef));
    assert_eq!(timestamps::take_transmit_stamp(&registers), None);
}

#[test]
fn a_receive_stamp_is_read_before_anything_that_lets_the_card_take_the_next() {
    let port = Port::new();
    let registers = port.registers();
    port.poke(RXSTMPL, 7);
    port.poke(RXSTMPH, 1);
    port.poke(TSYNCRXCTL, ENABLE | VALID);
    assert_eq!(timestamps::waiting_receive_stamp(&registers), Some(7));
    port.forget_accesses();
    assert_eq!(timestamps::take_receive_stamp(&registers), Some(1 << 32 | 7));
    let read: Vec<usize> = port.accesses().iter().map(|access| access.offset).collect();
    assert_eq!(read.get(..4), Some(&[TSYNCRXCTL, RXSTMPL, RXSTMPH, RXSATRH][..]));
    assert_eq!(timestamps::waiting_receive_stamp(&registers), None);
}
