// SPDX-License-Identifier: GPL-2.0-only
//! The time counter, and the time of frames on the wire (82576 datasheet 7.9 and 8.16; the filters that choose frames: 8.10).
//!
//! There is one stamp register a direction: the card stamps the next frame only after software has read the high half of the last stamp.

use super::{registers::Registers, time_counter};
use kernel::io::{Io, register, register::Array};

register! {
    /// Which frames are stamped on receive (8.16).
    pub(crate) TSYNCRXCTL(u32) @ 0xb620 { 0:0 valid; 3:1 kind; 4:4 enable; }
    /// Receive stamp, low.
    pub(crate) RXSTMPL(u32) @ 0xb624 { 31:0 value; }
    /// Receive stamp, high; reading it lets the next one be taken.
    pub(crate) RXSTMPH(u32) @ 0xb628 { 31:0 value; }
    /// Receive attributes, high: source port identity and sequence number of the stamped frame.
    pub(crate) RXSATRH(u32) @ 0xb630 { 31:0 value; }
    /// Whether frames are stamped on transmit.
    pub(crate) TSYNCTXCTL(u32) @ 0xb614 { 0:0 valid; 4:4 enable; }
    /// Transmit stamp, low.
    pub(crate) TXSTMPL(u32) @ 0xb618 { 31:0 value; }
    /// Transmit stamp, high; reading it lets the next one be taken.
    pub(crate) TXSTMPH(u32) @ 0xb61c { 31:0 value; }
    /// Time counter, low; reading it holds the high half.
    pub(crate) SYSTIML(u32) @ 0xb600 { 31:0 value; }
    /// Time counter, high.
    pub(crate) SYSTIMH(u32) @ 0xb604 { 31:0 value; }
    /// By how much the counter grows, and every how many 16 ns.
    pub(crate) TIMINCA(u32) @ 0xb608 { 23:0 increment; 31:24 period; }
    /// Which PTP messages are stamped: version 1's control field, version 2's message id.
    pub(crate) TSYNCRXCFG(u32) @ 0x5f50 { 7:0 v1_control; 15:8 v2_message; }
    /// Source port of a five-tuple filter, in network byte order.
    pub(crate) SPQF(u32)[8] @ 0x59c0 { 15:0 port; }
    /// Five-tuple filter: protocol, what it does, and which parts it does not compare.
    pub(crate) FTQF(u32)[8] @ 0x59e0 { 7:0 protocol; 15:15 any_pool; 27:27 timestamp; 28:28 any_protocol; 29:29 any_source; 30:30 any_destination; 31:31 any_source_port; }
    /// Destination port of a five-tuple filter, in network byte order.
    pub(crate) IMIR(u32)[8] @ 0x5a80 { 15:0 port; }
    /// What a five-tuple filter does not look at: the frame's size, TCP's flags.
    pub(crate) IMIREXT(u32)[8] @ 0x5aa0 { 12:12 any_size; 19:19 any_flags; }
    /// Ethertype filter.
    pub(crate) ETQF(u32)[8] @ 0x5cb0 { 15:0 ethertype; 26:26 enable; 30:30 timestamp; }
}

/// Ethertype of PTP.
const ETHERTYPE_PTP: u32 = 0x88f7;
/// UDP port of PTP's event messages, as the card compares it.
const EVENT_PORT: u32 = 319u16.to_be() as u32;
const PROTOCOL_UDP: u32 = 17;
// TSYNCRXCTL's kinds: PTP version 1 in UDP by its control field, and version 2's event messages in either.
const KIND_V1_UDP: u32 = 1 << 1;
const KIND_V2_EVENT: u32 = 5 << 1;
const ENABLE: u32 = 1 << 4;
/// The filters that are PTP's, of each eight; the in-tree driver has them there too.
const FILTER: usize = 3;

/// Frames that are stamped on receive. The card cannot stamp all.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum StampedFrames {
    /// None.
    None,
    /// PTP version 1 Sync in UDP.
    V1Sync,
    /// PTP version 1 Delay_Req in UDP.
    V1DelayRequest,
    /// PTP version 2 event messages, in UDP and in Ethernet.
    V2Event,
}

/// The counter now, in units of 2⁻¹⁹ ns.
pub(crate) fn counter(registers: &Registers) -> u64 {
    counter_between(registers, || (), || ())
}

/// The counter now; `before` and `after` are called right before and after the access that holds its value.
pub(crate) fn counter_between(registers: &Registers, before: impl FnOnce(), after: impl FnOnce()) -> u64 {
    before();
    let low = registers.io().read(SYSTIML).into_raw();
    after();
    join(low, registers.io().read(SYSTIMH).into_raw())
}

/// Makes the counter grow by `increment` every 16 ns.
pub(crate) fn set_increment(registers: &Registers, increment: u32) {
    let every_period = TIMINCA::from(increment & time_counter::MAX_INCREMENT).with_const_period::<1>();
    registers.io().write_reg(every_period);
}

/// Whether the counter runs with `increment`. It does not after a reset, nor when the card is gone.
pub(crate) fn is_counting(registers: &Registers, increment: u32) -> bool {
    registers.io().read(TIMINCA).into_raw() == TIMINCA::from(increment).with_const_period::<1>().into_raw()
}

/// Which frames are stamped from now on. Stamps that wait are forgotten.
pub(crate) fn configure(registers: &Registers, transmit: bool, receive: StampedFrames) {
    let io = registers.io();
    io.write_reg(TSYNCTXCTL::from(if transmit { ENABLE } else { 0 }));
    let (control, v1_control) = match receive {
        StampedFrames::None => (0, 0),
        StampedFrames::V1Sync => (ENABLE | KIND_V1_UDP, 0),
        StampedFrames::V1DelayRequest => (ENABLE | KIND_V1_UDP, 1),
        StampedFrames::V2Event => (ENABLE | KIND_V2_EVENT, 0),
    };
    io.write_reg(TSYNCRXCTL::from(control));
    io.write_reg(TSYNCRXCFG::from(v1_control));
    let ethernet = match receive {
        StampedFrames::V2Event => ETQF::from(ETHERTYPE_PTP).with_const_enable::<1>().with_const_timestamp::<1>(),
        _ => ETQF::from(0),
    };
    io.write(Array::at(FILTER), ethernet);
    filter_udp(registers, receive != StampedFrames::None);
    registers.flush();
    let _ = take_transmit_stamp(registers);
    let _ = take_receive_stamp(registers);
}

/// Event messages in UDP: from and to port 319, whatever the addresses.
fn filter_udp(registers: &Registers, on: bool) {
    let io = registers.io();
    let compare_nothing = FTQF::from(0)
        .with_const_any_protocol::<1>()
        .with_const_any_source::<1>()
        .with_const_any_destination::<1>()
        .with_const_any_source_port::<1>();
    if !on {
        io.write(Array::at(FILTER), compare_nothing);
        return;
    }
    io.write(Array::at(FILTER), IMIR::from(EVENT_PORT));
    io.write(Array::at(FILTER), IMIREXT::from(0).with_const_any_size::<1>().with_const_any_flags::<1>());
    io.write(Array::at(FILTER), SPQF::from(EVENT_PORT));
    let event = FTQF::from(PROTOCOL_UDP)
        .with_const_any_pool::<1>()
        .with_const_timestamp::<1>()
        .with_const_any_source::<1>()
        .with_const_any_destination::<1>();
    io.write(Array::at(FILTER), event);
}

/// The counter at which the marked frame left, once it has. The next one can be stamped then.
pub(crate) fn take_transmit_stamp(registers: &Registers) -> Option<u64> {
    let io = registers.io();
    let valid = has_transmit_stamp(registers);
    let low = io.read(TXSTMPL).into_raw();
    let high = io.read(TXSTMPH).into_raw();
    valid.then(|| join(low, high))
}

/// Whether a marked frame has been stamped.
pub(crate) fn has_transmit_stamp(registers: &Registers) -> bool {
    is_valid(registers.io().read(TSYNCTXCTL).into_raw())
}

/// The counter at which the stamped frame arrived. The next one can be stamped then.
pub(crate) fn take_receive_stamp(registers: &Registers) -> Option<u64> {
    let io = registers.io();
    let valid = is_valid(io.read(TSYNCRXCTL).into_raw());
    let low = io.read(RXSTMPL).into_raw();
    let high = io.read(RXSTMPH).into_raw();
    // The datasheet's card goes on once the stamp's high half is read, QEMU's only once the attributes are; last, as they may be the next frame's by now.
    let _ = io.read(RXSATRH);
    valid.then(|| join(low, high))
}

/// The low half of a receive stamp that waits to be taken, to tell whether it is still the same one later.
pub(crate) fn waiting_receive_stamp(registers: &Registers) -> Option<u32> {
    let io = registers.io();
    is_valid(io.read(TSYNCRXCTL).into_raw()).then(|| io.read(RXSTMPL).into_raw())
}

// Both control registers have their VALID there. A card that is gone has all bits set, those that do not exist too.
fn is_valid(control: u32) -> bool {
    control & 1 == 1 && control != u32::MAX
}

fn join(low: u32, high: u32) -> u64 {
    u64::from(high) << 32 | u64::from(low)
}
