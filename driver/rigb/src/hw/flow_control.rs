// SPDX-License-Identifier: GPL-2.0-only
//! Pause frames (datasheet 3.5.5; IEEE 802.3 annexes 28B and 31B): what is offered, what comes out of the offers, and the MAC's part in it.

use super::{phy::Abilities, registers::*};
use kernel::io::{Io, register};

register! {
    /// Flow control address, low.
    pub(crate) FCAL(u32) @ 0x28 { 31:0 address; }
    /// Flow control address, high.
    pub(crate) FCAH(u32) @ 0x2c { 15:0 address; }
    /// Flow control type.
    pub(crate) FCT(u32) @ 0x30 { 15:0 ethertype; }
    /// Flow control transmit timer value.
    pub(crate) FCTTV(u32) @ 0x170 { 15:0 quanta; }
    /// Flow control receive threshold, low: room again.
    pub(crate) FCRTL(u32) @ 0x2160 { 15:4 bytes_16; 31:31 send_xon; }
    /// Flow control receive threshold, high: pause.
    pub(crate) FCRTH(u32) @ 0x2168 { 15:4 bytes_16; }
    /// Receive packet buffer size.
    pub(crate) RXPBS(u32) @ 0x2404 { 6:0 kib; }
}

/// Destination and Ethertype of pause frames, as the MAC compares them.
const PAUSE_ADDRESS_LOW: u32 = 0x00c2_8001;
const PAUSE_ADDRESS_HIGH: u32 = 0x0100;
const MAC_CONTROL: u32 = 0x8808;
/// How long one pause frame stops the partner, in times of 512 bits: as long as can be said, and taken back when there is room.
const PAUSE_QUANTA: u32 = 0xffff;
/// The longest frame that the partner may be in the middle of sending.
const LONGEST_FRAME: u32 = 0x2600;
/// Thresholds count in 16 bytes.
const GRANULE: u32 = 16;

/// Who may stop whom.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub(crate) struct FlowControl {
    /// We stop sending when the partner asks.
    pub(crate) receive: bool,
    /// We ask the partner to stop when our packet buffer fills.
    pub(crate) transmit: bool,
}

impl FlowControl {
    /// How this is said in an advertisement (802.3 table 28B-2). Symmetric pause and direction are two bits, so receive only can be offered only together with both.
    pub(crate) fn advertised(self) -> Abilities {
        match (self.receive, self.transmit) {
            (false, false) => Abilities::NONE,
            (true, true) => Abilities::PAUSE,
            (true, false) => Abilities::PAUSE.and(Abilities::ASYMMETRIC_PAUSE),
            (false, true) => Abilities::ASYMMETRIC_PAUSE,
        }
    }

    /// The other way round.
    pub(crate) fn from_advertised(abilities: Abilities) -> Self {
        let (pause, asymmetric) = (abilities.has(Abilities::PAUSE), abilities.has(Abilities::ASYMMETRIC_PAUSE));
        Self { receive: pause, transmit: pause != asymmetric }
    }

    /// What two ends of a full-duplex link agree on (802.3 table 28B-3).
    pub(crate) fn resolve(ours: Abilities, partners: Abilities) -> Self {
        if ours.has(Abilities::PAUSE) && partners.has(Abilities::PAUSE) {
            return Self { receive: true, transmit: true };
        }
        if !ours.has(Abilities::ASYMMETRIC_PAUSE) || !partners.has(Abilities::ASYMMETRIC_PAUSE) {
            return Self::default();
        }
        Self { receive: ours.has(Abilities::PAUSE), transmit: partners.has(Abilities::PAUSE) }
    }
}

/// At how many bytes in the packet buffer the partner is stopped, and at how many it may go on: above the first there is room for the frame that we are just
/// sending ahead of the pause frame, and for the one that the partner is just sending.
const fn thresholds(buffer_bytes: u32, longest_frame: u32) -> (u32, u32) {
    let high = buffer_bytes.saturating_sub(longest_frame).saturating_sub(LONGEST_FRAME) & 0xfff0;
    (high, high.saturating_sub(GRANULE))
}

/// Sets the MAC's part. `longest_frame`: what we send, in bytes with header and FCS.
pub(crate) fn apply(registers: &Registers, flow_control: FlowControl, longest_frame: u32) {
    let io = registers.io();
    io.write_reg(FCT::from(MAC_CONTROL));
    io.write_reg(FCAH::from(PAUSE_ADDRESS_HIGH));
    io.write_reg(FCAL::from(PAUSE_ADDRESS_LOW));
    io.write_reg(FCTTV::from(PAUSE_QUANTA));
    let (mut high, mut low) = (0, 0);
    if flow_control.transmit {
        (high, low) = thresholds(io.read(RXPBS).kib().get().wrapping_mul(1024), longest_frame);
    }
    io.write_reg(if flow_control.transmit { FCRTL::from(low).with_const_send_xon::<1>() } else { FCRTL::from(0) });
    io.write_reg(FCRTH::from(high));
    io.update(CTRL, |control| {
        let control = if flow_control.receive {
            control.with_const_receive_flow_control::<1>()
        } else {
            control.with_const_receive_flow_control::<0>()
        };
        if flow_control.transmit {
            control.with_const_transmit_flow_control::<1>()
        } else {
            control.with_const_transmit_flow_control::<0>()
        }
    });
}
