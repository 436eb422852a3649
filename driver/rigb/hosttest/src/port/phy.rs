// SPDX-License-Identifier: GPL-2.0-only
//! The PHY behind MDIC: the registers of IEEE 802.3 clause 22, and autonegotiation that takes its time.

use kernel::time::{Delta, Instant, Monotonic};

pub const BMCR: usize = 0;
const BMSR: usize = 1;
const IDENTIFIER_HIGH: usize = 2;
const IDENTIFIER_LOW: usize = 3;
const PARTNER_ABILITY: usize = 5;
const GIGABIT_STATUS: usize = 10;

const BMCR_RESET: u16 = 1 << 15;
const BMCR_LOOPBACK: u16 = 1 << 14;
const BMCR_SPEED_100: u16 = 1 << 13;
const BMCR_AUTONEGOTIATE: u16 = 1 << 12;
const BMCR_POWER_DOWN: u16 = 1 << 11;
const BMCR_RESTART: u16 = 1 << 9;
const BMCR_FULL_DUPLEX: u16 = 1 << 8;
const BMCR_SPEED_1000: u16 = 1 << 6;
const BMSR_AUTONEGOTIATED: u16 = 1 << 5;
const BMSR_LINK: u16 = 1 << 2;
const ACKNOWLEDGED: u16 = 1 << 14;

/// How long two ports take to agree at 1000 Mb/s.
const AUTONEGOTIATION: Delta = Delta::from_millis(1_800);

pub struct Phy {
    registers: [u16; 32],
    /// What the other end of the cable can do: Mb/s and full duplex.
    pub partner: Option<(u32, bool)>,
    restarted: Option<Instant<Monotonic>>,
}

impl Phy {
    pub fn new() -> Self {
        let mut registers = [0; 32];
        registers[BMCR] = BMCR_AUTONEGOTIATE;
        registers[BMSR] = 0x7949;
        registers[IDENTIFIER_HIGH] = 0x02a8;
        registers[IDENTIFIER_LOW] = 0x0391;
        Self { registers, partner: None, restarted: None }
    }

    /// The link that both ends have come to: by agreement, by being told the same, or this end with itself.
    pub fn link(&self) -> Option<(u32, bool)> {
        let control = self.registers[BMCR];
        if control & BMCR_POWER_DOWN != 0 {
            return None;
        }
        if control & BMCR_AUTONEGOTIATE != 0 {
            return if self.restarted?.elapsed() < AUTONEGOTIATION { None } else { self.partner };
        }
        let told = match control & (BMCR_SPEED_1000 | BMCR_SPEED_100) {
            0 => 10,
            BMCR_SPEED_100 => 100,
            _ => 1000,
        };
        let told = (told, control & BMCR_FULL_DUPLEX != 0);
        (control & BMCR_LOOPBACK != 0 || self.partner == Some(told)).then_some(told)
    }

    pub fn content(&self, number: usize) -> u16 {
        match (number, self.link()) {
            (BMSR, Some(_)) => self.registers[BMSR] | BMSR_LINK | BMSR_AUTONEGOTIATED,
            // The page that says the link's mode, and that ours was read.
            (PARTNER_ABILITY, Some((speed_mbps, full_duplex))) => {
                let modes = match (speed_mbps, full_duplex) {
                    (10, false) => 1 << 5,
                    (10, true) => 1 << 6,
                    (100, false) => 1 << 7,
                    (100, true) => 1 << 8,
                    _ => 0,
                };
                self.registers[PARTNER_ABILITY] | ACKNOWLEDGED | modes | 1
            }
            (GIGABIT_STATUS, Some((1000, true))) => 1 << 11,
            _ => self.registers[number],
        }
    }

    /// What the partner says beside its modes.
    pub fn set_partner_ability(&mut self, page: u16) {
        self.registers[PARTNER_ABILITY] = page;
    }

    pub fn write(&mut self, number: usize, value: u16) {
        match number {
            BMCR => {
                if value & BMCR_AUTONEGOTIATE != 0 && value & (BMCR_RESTART | BMCR_RESET) != 0 {
                    self.restarted = Some(Instant::now());
                }
                self.registers[BMCR] = value & !(BMCR_RESTART | BMCR_RESET);
            }
            BMSR | IDENTIFIER_HIGH | IDENTIFIER_LOW | PARTNER_ABILITY | GIGABIT_STATUS => {}
            _ => self.registers[number] = value,
        }
    }
}
