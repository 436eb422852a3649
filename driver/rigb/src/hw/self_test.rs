// SPDX-License-Identifier: GPL-2.0-only
//! The card's part of the self-test: whether registers keep what they are told, and vectors that are fired on purpose. For a card that was reset and does nothing; it
//! must be reset again afterwards.

use super::{interrupts::VectorPlan, registers::*};
use kernel::io::Io;

/// Registers in a row that keep the same bits: first offset, how many, distance, the bits.
struct Row(u32, u32, u32, u32);

/// Alternating bits both ways, none, all.
const PATTERNS: [u32; 4] = [0x5a5a_5a5a, 0xa5a5_a5a5, 0, u32::MAX];

/// What is tried. Nothing that lets the card run: neither direction's enable bit, no interrupt mask, no tail while a queue is on.
const ROWS: [Row; 18] = [
    // FCAL, FCAH, FCT, FCTTV, FCRTH: flow control.
    Row(0x28, 1, 4, 0xffff_ffff),
    Row(0x2c, 1, 4, 0x0000_ffff),
    Row(0x30, 1, 4, 0x0000_ffff),
    Row(0x170, 1, 4, 0x0000_ffff),
    Row(0x2168, 1, 4, 0x0000_fff0),
    // VET, TIPG.
    Row(0x38, 1, 4, 0xffff_ffff),
    Row(0x410, 1, 4, 0x3fff_ffff),
    // RCTL without EN and without reserved bits.
    Row(0x100, 1, 4, 0x04cf_b0fc),
    // RDBAL, RDBAH, RDLEN, TDBAL, TDBAH, TDLEN of all queues.
    Row(0xc000, 16, 0x40, 0xffff_ff80),
    Row(0xc004, 16, 0x40, 0xffff_ffff),
    Row(0xc008, 16, 0x40, 0x000f_ff80),
    Row(0xe000, 16, 0x40, 0xffff_ff80),
    Row(0xe004, 16, 0x40, 0xffff_ffff),
    Row(0xe008, 16, 0x40, 0x000f_ff80),
    // RAL and RAH, 0 to 15 and 16 to 23: addresses, how they match, valid.
    Row(0x5400, 16, 8, 0xffff_ffff),
    Row(0x5404, 16, 8, 0x83ff_ffff),
    Row(0x54e0, 8, 8, 0xffff_ffff),
    // MTA.
    Row(0x5200, 128, 4, 0xffff_ffff),
];

/// A register that did not keep what it was told.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) struct RegisterFault {
    /// Where.
    pub(crate) offset: u32,
    /// What it was told.
    pub(crate) written: u32,
    /// What it said then, the bits that count.
    pub(crate) read: u32,
}

/// Writes patterns and reads them back.
pub(crate) fn test_registers(registers: &Registers) -> Result<(), RegisterFault> {
    for Row(first, count, distance, bits) in &ROWS {
        for index in 0..*count {
            let offset = first.wrapping_add(index.wrapping_mul(*distance));
            for pattern in PATTERNS {
                let written = pattern & bits;
                registers.write_offset(offset, written);
                let read = registers.read_offset(offset).unwrap_or(!written) & bits;
                if read != written {
                    return Err(RegisterFault { offset, written, read });
                }
            }
        }
    }
    Ok(())
}

/// Fires a vector, or the shared interrupt.
pub(crate) fn fire(registers: &Registers, plan: VectorPlan, vector: usize) {
    if matches!(plan, VectorPlan::Each { .. }) {
        registers.io().write_reg(EICS::from(1u32.wrapping_shl(vector as u32)));
    } else {
        // As if a descriptor had been written back.
        registers.io().write_reg(ICS::from(1));
    }
    registers.flush();
}
