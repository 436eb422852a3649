// SPDX-License-Identifier: GPL-2.0-only
//! Causes to vectors, throttling, masks (datasheet 7.3, 8.8). With MSI-X vector 0 is queue pair 0 and vector 1 everything else; without, all share one.

use super::registers::*;
use kernel::io::{Io, register::Array};

/// Vector of queue pair 0.
pub(crate) const QUEUE_VECTOR: usize = 0;
/// Vector of the other causes.
pub(crate) const OTHER_VECTOR: usize = 1;
/// Both, as bits of EIMS.
const BOTH: u32 = 0b11;
const QUEUE_BIT: u32 = 0b01;
const OTHER_BIT: u32 = 0b10;
/// An IVAR entry counts only with this bit.
const VALID: u32 = 0x80;

// Link changes, a card that resets itself, DMA that lost its place.
const OTHER_CAUSES: u32 = 1 << 2 | 1 << 28 | 1 << 30;
// And with one interrupt for all: descriptors written back, receive descriptors running low, receive overrun, receive timer.
const SHARED_CAUSES: u32 = OTHER_CAUSES | 1 << 0 | 1 << 3 | 1 << 4 | 1 << 7;

/// 20 000 interrupts a second at most, in units of 1 µs from bit 2; the running counter is kept when it is written.
const THROTTLE: u32 = 196 | 1 << 31;

/// Maps causes to vectors; everything stays masked.
pub(crate) fn configure(registers: &Registers, msix: bool) {
    let io = registers.io();
    if msix {
        // First, or what follows does not stick.
        io.write_reg(
            GPIE::from(0)
                .with_const_multiple_msix::<1>()
                .with_const_pba_support::<1>()
                .with_const_auto_mask::<1>()
                .with_const_non_selective_clear::<1>(),
        );
    } else {
        io.write_reg(GPIE::from(0));
    }
    io.write(Array::at(0), IVAR::from((QUEUE_VECTOR as u32 | VALID) << 8 | QUEUE_VECTOR as u32 | VALID));
    io.write_reg(IVAR_MISC::from((OTHER_VECTOR as u32 | VALID) << 8));
    io.write(Array::at(0), EITR::from(THROTTLE));
}

/// Lets the card interrupt.
pub(crate) fn enable(registers: &Registers, msix: bool) {
    let io = registers.io();
    let _cleared = io.read(ICR);
    if msix {
        io.write_reg(EIAC::from(BOTH));
        io.write_reg(EIAM::from(BOTH));
        io.write_reg(EIMS::from(BOTH));
        io.write_reg(IMS::from(OTHER_CAUSES));
    } else {
        io.write_reg(IMS::from(SHARED_CAUSES));
    }
}

/// No interrupt and no automatic change of masks any more.
pub(crate) fn disable(registers: &Registers) {
    let io = registers.io();
    io.write_reg(EIAM::from(0));
    io.write_reg(EIMC::from(u32::MAX));
    io.write_reg(EIAC::from(0));
    io.write_reg(IMC::from(u32::MAX));
    registers.flush();
}

/// Re-arms the queue's vector after a poll.
pub(crate) fn rearm_queue(registers: &Registers, msix: bool) {
    if msix {
        registers.io().write_reg(EIMS::from(QUEUE_BIT));
    } else {
        registers.io().write_reg(IMS::from(SHARED_CAUSES));
    }
}

/// Re-arms the vector of the other causes.
pub(crate) fn rearm_other(registers: &Registers) {
    registers.io().write_reg(EIMS::from(OTHER_BIT));
}

/// Masks the shared interrupt until the poll has run.
pub(crate) fn mask_shared(registers: &Registers) {
    registers.io().write_reg(IMC::from(SHARED_CAUSES));
}

/// What happened, read and thereby cleared. `None` when the interrupt was not this card's.
pub(crate) fn take_causes(registers: &Registers) -> Option<ICR> {
    let causes = registers.io().read(ICR);
    match causes.into_raw() {
        0 | u32::MAX => None,
        _ => Some(causes),
    }
}
