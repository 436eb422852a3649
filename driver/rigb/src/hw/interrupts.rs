// SPDX-License-Identifier: GPL-2.0-only
//! Causes to vectors, throttling, masks (datasheet 7.3, 8.8). With MSI-X vector n is queue pair n and the last everything else; without, all share one.

use super::registers::*;
use kernel::io::{Io, register::Array};

/// Which vectors the port has.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum VectorPlan {
    /// MSI-X: one for each of `pairs` queue pairs, then one for the other causes.
    Each {
        /// How many queue pairs.
        pairs: u32,
    },
    /// MSI or INTx: one for all, and one queue pair.
    Shared,
}

impl VectorPlan {
    /// What comes of so many vectors: MSI-X ones, or one of another kind.
    pub(crate) const fn of(vectors: u32, is_msix: bool) -> Self {
        match vectors {
            2.. if is_msix => Self::Each { pairs: vectors.wrapping_sub(1) },
            _ => Self::Shared,
        }
    }

    /// How many queue pairs can be used.
    pub(crate) const fn pairs(self) -> u32 {
        match self {
            Self::Each { pairs } => pairs,
            Self::Shared => 1,
        }
    }

    /// The other causes' vector, as its bit in EIMS.
    const fn other_bit(self) -> u32 {
        1u32.wrapping_shl(self.pairs())
    }

    /// All vectors, as bits in EIMS.
    const fn all_bits(self) -> u32 {
        self.other_bit().wrapping_shl(1).wrapping_sub(1)
    }
}

/// An IVAR entry counts only with this bit.
const VALID: u32 = 0x80;

// Link changes, a card that resets itself, DMA that lost its place.
const OTHER_CAUSES: u32 = 1 << 2 | 1 << 28 | 1 << 30;
// And with one interrupt for all: descriptors written back, receive descriptors running low, receive overrun, receive timer.
const SHARED_CAUSES: u32 = OTHER_CAUSES | 1 << 0 | 1 << 3 | RECEIVE_DESCRIPTORS_LOW | 1 << 7;
const RECEIVE_DESCRIPTORS_LOW: u32 = 1 << 4;

/// Maps causes to vectors; everything stays masked.
pub(crate) fn configure(registers: &Registers, plan: VectorPlan) {
    let io = registers.io();
    match plan {
        VectorPlan::Each { pairs } => {
            // First, or what follows does not stick.
            io.write_reg(
                GPIE::from(0)
                    .with_const_multiple_msix::<1>()
                    .with_const_pba_support::<1>()
                    .with_const_auto_mask::<1>()
                    .with_const_non_selective_clear::<1>(),
            );
            // Element n holds queue n, and queue n + 8 in its upper half, which we do not use.
            for pair in 0..pairs {
                if let Some(element) = IVAR::try_at(pair as usize) {
                    io.write(element, IVAR::from((pair | VALID) << 8 | pair | VALID));
                }
            }
            io.write_reg(IVAR_MISC::from((pairs | VALID) << 8));
        }
        VectorPlan::Shared => {
            io.write_reg(GPIE::from(0));
            io.write(Array::at(0), IVAR::from(VALID << 8 | VALID));
            io.write_reg(IVAR_MISC::from(VALID << 8));
        }
    }
}

/// Lets the card interrupt.
pub(crate) fn enable(registers: &Registers, plan: VectorPlan) {
    let _cleared = registers.io().read(ICR);
    unmask(registers, plan);
}

/// Undoes `mask_queues`, or enables what was never masked.
pub(crate) fn unmask(registers: &Registers, plan: VectorPlan) {
    let io = registers.io();
    if matches!(plan, VectorPlan::Each { .. }) {
        io.write_reg(EIAC::from(plan.all_bits()));
        io.write_reg(EIAM::from(plan.all_bits()));
        io.write_reg(EIMS::from(plan.all_bits()));
        io.write_reg(IMS::from(OTHER_CAUSES));
    } else {
        io.write_reg(IMS::from(SHARED_CAUSES));
    }
}

/// The queues do not interrupt until `unmask`, what happens meanwhile is kept. The other causes' vector goes on, where there is one.
pub(crate) fn mask_queues(registers: &Registers, plan: VectorPlan) {
    if matches!(plan, VectorPlan::Each { .. }) {
        registers.io().write_reg(EIMC::from(plan.other_bit().wrapping_sub(1)));
    } else {
        mask_shared(registers);
    }
    registers.flush();
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

/// Re-arms a queue pair's vector after a poll.
pub(crate) fn rearm_queue(registers: &Registers, plan: VectorPlan, pair: u32) {
    if matches!(plan, VectorPlan::Each { .. }) {
        registers.io().write_reg(EIMS::from(1u32.wrapping_shl(pair)));
    } else {
        registers.io().write_reg(IMS::from(SHARED_CAUSES));
    }
}

/// Re-arms the vector of the other causes.
pub(crate) fn rearm_other(registers: &Registers, plan: VectorPlan) {
    registers.io().write_reg(EIMS::from(plan.other_bit()));
}

/// Interrupts as if each of the first `pairs` queue pairs had something to do, and opens every vector: one that is masked has a poll under way, which opens it
/// again itself, or will never be opened otherwise.
pub(crate) fn kick(registers: &Registers, plan: VectorPlan, pairs: u32) {
    let io = registers.io();
    match plan {
        VectorPlan::Each { .. } => {
            io.write_reg(EIMS::from(plan.all_bits()));
            io.write_reg(EICS::from(1u32.wrapping_shl(pairs).wrapping_sub(1)));
        }
        VectorPlan::Shared => {
            io.write_reg(IMS::from(SHARED_CAUSES));
            io.write_reg(ICS::from(RECEIVE_DESCRIPTORS_LOW));
        }
    }
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
