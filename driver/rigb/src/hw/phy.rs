// SPDX-License-Identifier: GPL-2.0-only
//! The PHY behind MDIC, shared with firmware under two semaphores (datasheet 4.7, 3.5.8.2).

use super::registers::*;
use kernel::{
    io::Io,
    prelude::*,
    time::{Delta, delay::fsleep},
};

/// The PHY's address behind MDIC.
pub(crate) const PHY_ADDRESS: u32 = 1;

// Registers of clause 22 (IEEE 802.3 22.2.4), then two of this PHY.
const BMCR: u32 = 0;
const ANAR: u32 = 4;
const ANLPAR: u32 = 5;
const GIGABIT_CONTROL: u32 = 9;
const GIGABIT_STATUS: u32 = 10;
const PORT_STATUS: u32 = 17;
const PORT_CONTROL: u32 = 18;

const BMCR_SPEED_1000: u16 = 0x0040;
const BMCR_FULL_DUPLEX: u16 = 0x0100;
const BMCR_RESTART: u16 = 0x0200;
const BMCR_AUTONEGOTIATE: u16 = 0x1000;
const BMCR_SPEED_100: u16 = 0x2000;
const BMCR_LOOPBACK: u16 = 0x4000;

/// The selector of 802.3 in an advertisement.
const SELECTOR: u16 = 1;
const GIGABIT_CONTROL_MODES: u16 = 0x0300;
/// In the partner's base page: it has read ours, so it negotiates.
const ACKNOWLEDGED: u16 = 0x4000;
const PORT_STATUS_CROSSED: u16 = 0x0800;
const PORT_CONTROL_AUTO_CROSSOVER: u16 = 0x1000;
const PORT_CONTROL_CROSSED: u16 = 0x2000;

/// What one end of a link can do, or says so in autonegotiation. The bits are those of the advertisement register (28.2.4.1.3), two unused ones stand for 1000BASE-T.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) struct Abilities(u16);

impl Abilities {
    /// Nothing.
    pub(crate) const NONE: Self = Self(0);
    /// 10BASE-T.
    pub(crate) const TEN_HALF: Self = Self(0x0020);
    /// 10BASE-T, full duplex.
    pub(crate) const TEN_FULL: Self = Self(0x0040);
    /// 100BASE-TX.
    pub(crate) const HUNDRED_HALF: Self = Self(0x0080);
    /// 100BASE-TX, full duplex.
    pub(crate) const HUNDRED_FULL: Self = Self(0x0100);
    /// Symmetric pause.
    pub(crate) const PAUSE: Self = Self(0x0400);
    /// Pause in one direction.
    pub(crate) const ASYMMETRIC_PAUSE: Self = Self(0x0800);
    /// 1000BASE-T.
    pub(crate) const THOUSAND_HALF: Self = Self(0x4000);
    /// 1000BASE-T, full duplex.
    pub(crate) const THOUSAND_FULL: Self = Self(0x8000);
    /// Every mode that the 82576 has: it knows no half duplex at 1000 Mb/s.
    pub(crate) const SUPPORTED_MODES: Self = Self(0x8000 | 0x01e0);

    const IN_BASE_PAGE: u16 = 0x0de0;

    /// Both together.
    pub(crate) const fn and(self, other: Self) -> Self {
        Self(self.0 | other.0)
    }

    /// Those that are in `other` too.
    pub(crate) const fn only(self, other: Self) -> Self {
        Self(self.0 & other.0)
    }

    /// Whether all of `other` are there.
    pub(crate) const fn has(self, other: Self) -> bool {
        self.0 & other.0 == other.0
    }

    /// Whether there is none.
    pub(crate) const fn is_empty(self) -> bool {
        self.0 == 0
    }

    const fn base_page(self) -> u16 {
        self.0 & Self::IN_BASE_PAGE
    }

    /// Bits 9 and 8 of the 1000BASE-T control register (40.5.1.1).
    const fn gigabit_control(self) -> u16 {
        self.0 >> 6 & GIGABIT_CONTROL_MODES
    }

    /// From the partner's base page and bits 11 and 10 of the 1000BASE-T status register.
    const fn of_partner(base_page: u16, gigabit_status: u16) -> Self {
        Self(base_page & Self::IN_BASE_PAGE | (gigabit_status & 0x0c00) << 4)
    }
}

/// A mode without autonegotiation. 1000BASE-T has none: its ends must agree on who gives the clock.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) struct ForcedMode {
    /// 100 Mb/s instead of 10.
    pub(crate) hundred: bool,
    /// Both directions at once.
    pub(crate) full_duplex: bool,
}

/// Which pair of the cable is which.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Crossover {
    /// The PHY finds out.
    Auto,
    /// As the plug is labelled.
    Straight,
    /// The other way round.
    Crossed,
}

/// What the PHY learned while it came to a link.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) struct Partner {
    /// The partner negotiated too.
    pub(crate) negotiates: bool,
    /// What it offered.
    pub(crate) offered: Abilities,
    /// Whether the pairs are crossed.
    pub(crate) crossed: bool,
}

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

    fn update(&self, register: u32, change: impl FnOnce(u16) -> u16) -> Result {
        let value = self.read(register)?;
        self.write(register, change(value))
    }

    fn set_crossover(&self, crossover: Crossover) -> Result {
        self.update(PORT_CONTROL, |control| {
            let control = control & !(PORT_CONTROL_AUTO_CROSSOVER | PORT_CONTROL_CROSSED);
            match crossover {
                Crossover::Auto => control | PORT_CONTROL_AUTO_CROSSOVER,
                Crossover::Straight => control,
                Crossover::Crossed => control | PORT_CONTROL_CROSSED,
            }
        })
    }

    /// Offers `abilities` to the partner and negotiates; a change of link follows. After a reset nothing is received before that.
    pub(crate) fn negotiate(&self, abilities: Abilities, crossover: Crossover) -> Result {
        self.set_crossover(crossover)?;
        self.write(ANAR, abilities.base_page() | SELECTOR)?;
        self.update(GIGABIT_CONTROL, |control| control & !GIGABIT_CONTROL_MODES | abilities.gigabit_control())?;
        self.restart_autonegotiation()
    }

    fn restart_autonegotiation(&self) -> Result {
        // Powered up, not isolated, not looped back: only these two bits.
        self.write(BMCR, BMCR_AUTONEGOTIATE | BMCR_RESTART)
    }

    /// Speed and duplex as told. The pairs cannot be found out without autonegotiation, so they are taken as labelled.
    pub(crate) fn force(&self, mode: ForcedMode) -> Result {
        self.set_crossover(Crossover::Straight)?;
        // A PHY in the middle of nothing: the emulated one raises its link at the end of an autonegotiation only, whatever comes out of it.
        self.restart_autonegotiation()?;
        let speed = if mode.hundred { BMCR_SPEED_100 } else { 0 };
        self.write(BMCR, speed | if mode.full_duplex { BMCR_FULL_DUPLEX } else { 0 })
    }

    /// What is sent comes back, at 1000 Mb/s, and nothing from the cable.
    pub(crate) fn loop_back(&self) -> Result {
        // As in `force`.
        self.restart_autonegotiation()?;
        self.write(BMCR, BMCR_LOOPBACK | BMCR_FULL_DUPLEX | BMCR_SPEED_1000)
    }

    /// What the partner offered. To be read once a link: the register of its 1000BASE-T abilities also holds a count of idle errors that reading clears.
    pub(crate) fn partner(&self) -> Result<Partner> {
        let base_page = self.read(ANLPAR)?;
        Ok(Partner {
            negotiates: base_page & ACKNOWLEDGED != 0,
            offered: Abilities::of_partner(base_page, self.read(GIGABIT_STATUS)?),
            crossed: self.read(PORT_STATUS)? & PORT_STATUS_CROSSED != 0,
        })
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
