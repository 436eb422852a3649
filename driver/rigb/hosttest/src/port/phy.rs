// SPDX-License-Identifier: GPL-2.0-only
//! The PHY behind MDIC: the registers of IEEE 802.3 clause 22, and autonegotiation that takes its time.

use kernel::time::{Delta, Instant, Monotonic};

pub const BMCR: usize = 0;
const BMSR: usize = 1;
const IDENTIFIER_HIGH: usize = 2;
const IDENTIFIER_LOW: usize = 3;

const BMCR_RESET: u16 = 1 << 15;
const BMCR_LOOPBACK: u16 = 1 << 14;
const BMCR_SPEED_100: u16 = 1 << 13;
const BMCR_AUTONEGOTIATE: u16 = 1 << 12;
const BMCR_POWER_DOWN: u16 = 1 << 11;
const BMCR_RESTART: u16 = 1 << 9;
const BMCR_FULL_DUPLEX: u16 = 1 << 8;
const BMSR_AUTONEGOTIATED: u16 = 1 << 5;
const BMSR_LINK: u16 = 1 << 2;

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

    /// The link that both ends have agreed on.
    pub fn link(&self) -> Option<(u32, bool)> {
        let control = self.registers[BMCR];
        if control & BMCR_LOOPBACK != 0 {
            return Some((1000, true));
        }
        if control & BMCR_AUTONEGOTIATE == 0 {
            // The partner is taken to be told the same.
            let speed_mbps = if control & BMCR_SPEED_100 != 0 { 100 } else { 10 };
            return self.partner.map(|_| (speed_mbps, control & BMCR_FULL_DUPLEX != 0));
        }
        if control & BMCR_POWER_DOWN != 0 || self.restarted?.elapsed() < AUTONEGOTIATION {
            return None;
        }
        self.partner
    }

    pub fn content(&self, number: usize) -> u16 {
        match (number, self.link()) {
            (BMSR, Some(_)) => self.registers[BMSR] | BMSR_LINK | BMSR_AUTONEGOTIATED,
            _ => self.registers[number],
        }
    }

    pub fn set(&mut self, number: usize, value: u16) {
        self.registers[number] = value;
    }

    pub fn write(&mut self, number: usize, value: u16) {
        match number {
            BMCR => {
                if value & BMCR_AUTONEGOTIATE != 0 && value & (BMCR_RESTART | BMCR_RESET) != 0 {
                    self.restarted = Some(Instant::now());
                }
                self.registers[BMCR] = value & !(BMCR_RESTART | BMCR_RESET);
            }
            BMSR | IDENTIFIER_HIGH | IDENTIFIER_LOW => {}
            _ => self.registers[number] = value,
        }
    }
}
