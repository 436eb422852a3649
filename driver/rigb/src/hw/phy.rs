// SPDX-License-Identifier: GPL-2.0-only
//! The PHY behind MDIC, shared with firmware under two semaphores (datasheet 4.7, 3.5.8.2).

use super::registers::*;
use kernel::{
    io::Io,
    prelude::*,
    time::{Delta, delay::fsleep},
};

const PHY_ADDRESS: u32 = 1;
const BMCR: u32 = 0;
const BMCR_RESTART: u16 = 0x0200;
const BMCR_POWER_DOWN: u16 = 0x0800;
const BMCR_AUTONEGOTIATE: u16 = 0x1000;

/// The PHY, held for software. Dropping it lets firmware have it.
pub(crate) struct Phy<'a> {
    registers: &'a Registers,
    software: u32,
}

impl<'a> Phy<'a> {
    /// Takes the PHY of this port. `EBUSY` when firmware does not let go of it within 200 ms.
    pub(crate) fn acquire(registers: &'a Registers) -> Result<Self> {
        // Bits 1 and 2 of SW_FW_SYNC stand for the PHYs of port 0 and 1, firmware's are 16 above (8.5.7).
        let software = 2u32.wrapping_shl(registers.io().read(STATUS).lan_id().get());
        let firmware = software.wrapping_shl(16);
        for _ in 0..40 {
            {
                let _semaphore = Semaphore::acquire(registers)?;
                let holders = registers.io().read(SW_FW_SYNC).into_raw();
                if holders & (software | firmware) == 0 {
                    registers.io().write_reg(SW_FW_SYNC::from(holders | software));
                    return Ok(Self { registers, software });
                }
            }
            fsleep(Delta::from_millis(5));
        }
        Err(EBUSY)
    }

    fn transfer(&self, command: MDIC) -> Result<u16> {
        let io = self.registers.io();
        io.write_reg(command);
        for _ in 0..64 {
            fsleep(Delta::from_micros(50));
            let answer = io.read(MDIC);
            if answer.ready().get() == 1 {
                if answer.error().get() == 1 {
                    return Err(EIO);
                }
                return Ok(answer.into_raw() as u16);
            }
        }
        Err(ETIMEDOUT)
    }

    fn command(register: u32) -> u32 {
        (register & 0x1f).wrapping_shl(16) | PHY_ADDRESS.wrapping_shl(21)
    }

    fn read(&self, register: u32) -> Result<u16> {
        self.transfer(MDIC::from(Self::command(register)).with_const_operation::<2>())
    }

    fn write(&self, register: u32, value: u16) -> Result {
        self.transfer(MDIC::from(Self::command(register) | u32::from(value)).with_const_operation::<1>()).map(|_| ())
    }

    /// Starts autonegotiation; a change of link follows. After a reset nothing is received before that.
    pub(crate) fn restart_autonegotiation(&self) -> Result {
        let control = self.read(BMCR)? & !BMCR_POWER_DOWN;
        self.write(BMCR, control | BMCR_AUTONEGOTIATE | BMCR_RESTART)
    }
}

impl Drop for Phy<'_> {
    fn drop(&mut self) {
        // Without the semaphore (a card that hangs) the bit is cleared all the same: it is ours.
        let _semaphore = Semaphore::acquire(self.registers);
        let holders = self.registers.io().read(SW_FW_SYNC).into_raw();
        self.registers.io().write_reg(SW_FW_SYNC::from(holders & !self.software));
    }
}

/// The semaphore over SW_FW_SYNC: one between drivers (SMBI, taken by reading it as 0), one between software and firmware.
struct Semaphore<'a>(&'a Registers);

impl<'a> Semaphore<'a> {
    fn acquire(registers: &'a Registers) -> Result<Self> {
        let io = registers.io();
        for _ in 0..200 {
            if io.read(SWSM).semaphore().get() == 0 {
                let held = Self(registers);
                for _ in 0..200 {
                    io.update(SWSM, |semaphore| semaphore.with_const_software_owns::<1>());
                    if io.read(SWSM).software_owns().get() == 1 {
                        return Ok(held);
                    }
                    fsleep(Delta::from_micros(50));
                }
                return Err(EBUSY);
            }
            if !registers.is_present() {
                return Err(ENODEV);
            }
            fsleep(Delta::from_micros(50));
        }
        Err(EBUSY)
    }
}

impl Drop for Semaphore<'_> {
    fn drop(&mut self) {
        self.0.io().update(SWSM, |semaphore| semaphore.with_const_software_owns::<0>().with_const_semaphore::<0>());
    }
}
