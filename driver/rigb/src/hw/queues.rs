// SPDX-License-Identifier: GPL-2.0-only
//! Queue pair 0: its rings' registers, its doorbells, and the proof that it has stopped.

use super::{registers::*, reset};
use crate::ring::{index::RingSize, slot::Quiesced};
use kernel::{
    io::{Io, register::Array},
    time::{Delta, delay::fsleep},
};

/// Bytes the card may write into a receive buffer, in KiB (SRRCTL.BSIZEPACKET).
const BUFFER_KIB: u32 = 3;
/// The same in bytes.
pub(crate) const BUFFER_BYTES: u32 = 3072;
// SRRCTL: advanced descriptors, one buffer each (DESCTYPE 001b), header buffer size 256 as the datasheet wants it even when unused.
const ADVANCED_ONE_BUFFER: u32 = 1 << 25 | 4 << 8;

/// Where a ring is.
#[derive(Clone, Copy)]
pub(crate) struct RingPlace {
    /// Bus address of descriptor 0.
    pub(crate) dma_address: u64,
    /// How many descriptors.
    pub(crate) size: RingSize,
}

impl RingPlace {
    fn low(self) -> u32 {
        self.dma_address as u32
    }

    fn high(self) -> u32 {
        (self.dma_address >> 32) as u32
    }

    fn bytes(self) -> u32 {
        self.size.count().wrapping_mul(16)
    }
}

/// Sets transmit queue 0 up and enables it (datasheet 4.5.10).
pub(crate) fn start_transmit(registers: &Registers, ring: RingPlace) {
    let io = registers.io();
    io.write(Array::at(0), TXDCTL::from(0));
    registers.flush();
    io.write(Array::at(0), TDLEN::from(ring.bytes()));
    io.write(Array::at(0), TDBAL::from(ring.low()));
    io.write(Array::at(0), TDBAH::from(ring.high()));
    io.write(Array::at(0), TDH::from(0));
    io.write(Array::at(0), TDT::from(0));
    // The 82576 with MSI-X wants a write-back threshold of 1 (its errata; as the in-tree driver does).
    io.write(
        Array::at(0),
        TXDCTL::from(0)
            .with_const_prefetch::<8>()
            .with_const_host::<1>()
            .with_const_write_back::<1>()
            .with_const_enable::<1>(),
    );
    io.write_reg(
        TCTL::from(0)
            .with_const_enable::<1>()
            .with_const_pad_short::<1>()
            .with_const_collision_threshold::<15>()
            .with_const_retransmit_late::<1>(),
    );
}

/// Sets receive queue 0 up and enables it, without buffers (datasheet 4.5.9).
pub(crate) fn start_receive(registers: &Registers, ring: RingPlace) {
    let io = registers.io();
    io.write(Array::at(0), RXDCTL::from(0));
    io.write_reg(MRQC::from(0));
    io.write_reg(RXCSUM::from(0).with_const_hash_in_descriptor::<1>());
    io.write(Array::at(0), RDBAL::from(ring.low()));
    io.write(Array::at(0), RDBAH::from(ring.high()));
    io.write(Array::at(0), RDLEN::from(ring.bytes()));
    io.write(Array::at(0), RDH::from(0));
    io.write(Array::at(0), RDT::from(0));
    io.write(Array::at(0), SRRCTL::from(ADVANCED_ONE_BUFFER | BUFFER_KIB));
    io.write(
        Array::at(0),
        RXDCTL::from(0)
            .with_const_prefetch::<8>()
            .with_const_host::<8>()
            .with_const_write_back::<1>()
            .with_const_enable::<1>(),
    );
    io.update(RCTL, |control| {
        control
            .with_const_enable::<1>()
            .with_const_long_packets::<1>()
            .with_const_broadcast::<1>()
            .with_const_strip_fcs::<1>()
    });
}

/// Tells the card up to where receive buffers are posted.
pub(crate) fn set_receive_tail(registers: &Registers, tail: u32) {
    registers.io().write(Array::at(0), RDT::from(tail));
}

/// Tells the card up to where frames are posted. QEMU's card sends them before this returns.
pub(crate) fn set_transmit_tail(registers: &Registers, tail: u32) {
    registers.io().write(Array::at(0), TDT::from(tail));
}

/// Head and tail of the receive queue, as the card has them.
pub(crate) fn receive_head_tail(registers: &Registers) -> (u32, u32) {
    (registers.io().read(RDH::at(0)).into_raw(), registers.io().read(RDT::at(0)).into_raw())
}

/// Head and tail of the transmit queue, as the card has them.
pub(crate) fn transmit_head_tail(registers: &Registers) -> (u32, u32) {
    (registers.io().read(TDH::at(0)).into_raw(), registers.io().read(TDT::at(0)).into_raw())
}

/// Stops both directions and resets the card. Afterwards it owns no buffer; neither does one that is gone from the bus.
pub(crate) fn quiesce(registers: &Registers) -> Quiesced {
    if registers.is_present() {
        let io = registers.io();
        io.update(RCTL, |control| control.with_const_enable::<0>());
        io.update(TCTL, |control| control.with_const_enable::<0>());
        registers.flush();
        fsleep(Delta::from_millis(10));
        io.write(Array::at(0), RXDCTL::from(0));
        io.write(Array::at(0), TXDCTL::from(0));
        registers.flush();
        reset::reset(registers);
    }
    Quiesced::after_reset()
}
