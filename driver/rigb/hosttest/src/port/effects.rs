// SPDX-License-Identifier: GPL-2.0-only
//! What reading and writing does beside holding values, by the sections of the 82576 datasheet that are named.

use super::{Access, Faults, offsets::*, phy::Phy, time_sync::TimeSync};
use kernel::time::{Delta, Instant, Monotonic};
use std::collections::BTreeMap;

const CTRL_MASTER_DISABLE: u32 = 1 << 2;
const CTRL_SET_LINK_UP: u32 = 1 << 6;
const CTRL_RESET: u32 = 1 << 26;
const CTRL_FULL_DUPLEX: u32 = 1 << 0;
const CTRL_FORCE_SPEED: u32 = 1 << 11;
const CTRL_FORCE_DUPLEX: u32 = 1 << 12;
const STATUS_FULL_DUPLEX: u32 = 1 << 0;
const STATUS_LINK_UP: u32 = 1 << 1;
const STATUS_MASTER_ENABLE: u32 = 1 << 19;
const STATUS_RESET_DONE: u32 = 1 << 21;
const EECD_PRESENT: u32 = 1 << 8;
const EECD_AUTOLOADED: u32 = 1 << 9;
/// 128 words: a power of two above 64.
const EECD_SIZE: u32 = 1 << 11;
const EERD_START: u32 = 1 << 0;
const EERD_DONE: u32 = 1 << 1;
const MDIC_READY: u32 = 1 << 28;
const MDIC_ERROR: u32 = 1 << 30;
const GPIE_NON_SELECTIVE_CLEAR: u32 = 1 << 0;
const ICR_ASSERTED: u32 = 1 << 31;
const SWSM_DRIVER: u32 = 1 << 0;
const SWSM_SOFTWARE: u32 = 1 << 1;
const PHY_ADDRESS: u32 = 1;

/// Requests on the bus are done this long after the master was disabled.
const MASTER_QUIET: Delta = Delta::from_micros(250);
/// Nothing may touch the card for this long after it was told to reset (4.2.1.6.1).
const RESET: Delta = Delta::from_millis(1);
/// The EEPROM is loaded this long after a reset.
const AUTOLOAD: Delta = Delta::from_millis(3);
/// A word is read from the EEPROM in this time.
const EERD_TRANSFER: Delta = Delta::from_micros(20);
/// 64 bits take 26 µs at 2.5 MHz (3.5.7.2); this PHY is asked behind another.
const MDIC_TRANSFER: Delta = Delta::from_micros(120);

/// Clear on read, and not to be written (8.19, 8.10.12).
fn is_statistic(offset: usize) -> bool {
    STATISTICS.contains(&offset)
        || (RQDPC..RQDPC + 16 * QUEUE_STRIDE).step_by(QUEUE_STRIDE).any(|queue| queue == offset)
}

pub struct State {
    pub values: BTreeMap<usize, u32>,
    pub accesses: Vec<Access>,
    pub complaints: Vec<String>,
    pub removed_at_access: Option<usize>,
    pub phy: Phy,
    pub nvm: Vec<u16>,
    pub time_sync: TimeSync,
    /// Bits of registers that nothing sets.
    pub stuck_low: BTreeMap<usize, u32>,
    faults: Faults,
    reset_at: Option<Instant<Monotonic>>,
    master_disabled_at: Option<Instant<Monotonic>>,
    mdic_begun_at: Option<Instant<Monotonic>>,
    eerd_begun_at: Option<Instant<Monotonic>>,
}

impl State {
    pub fn new(faults: Faults) -> Self {
        let mut nvm = vec![0; 128];
        nvm[..3].copy_from_slice(&[0x1b02, 0x6321, 0x5f4a]);
        let sum = nvm.iter().fold(0u16, |sum, word| sum.wrapping_add(*word));
        nvm[0x3f] = 0xbaba_u16.wrapping_sub(sum);
        let mut state = Self {
            values: BTreeMap::from([(EECD, EECD_SIZE)]),
            accesses: Vec::new(),
            complaints: Vec::new(),
            removed_at_access: None,
            phy: Phy::new(),
            nvm,
            time_sync: TimeSync::new(),
            stuck_low: BTreeMap::new(),
            faults,
            reset_at: None,
            master_disabled_at: None,
            mdic_begun_at: None,
            eerd_begun_at: None,
        };
        state.autoload();
        state
    }

    /// The station address from the EEPROM's first three words (6.2.1, 8.10.14).
    fn autoload(&mut self) {
        let [a, b, c] = [0, 1, 2].map(|word| u32::from(self.nvm[word]));
        self.values.insert(RAL, a | b << 16);
        self.values.insert(RAH, c | 1 << 31);
    }

    fn is_removed(&self) -> bool {
        self.removed_at_access.is_some_and(|last| self.accesses.len() >= last)
    }

    pub fn read(&mut self, offset: usize) -> u32 {
        let value = if self.is_removed() { u32::MAX } else { self.read_present(offset) };
        self.accesses.push(Access { at: Instant::now(), is_write: false, offset, value });
        value
    }

    pub fn write(&mut self, offset: usize, value: u32) {
        let removed = self.is_removed();
        self.accesses.push(Access { at: Instant::now(), is_write: true, offset, value });
        if !removed {
            self.write_present(offset, value);
        }
    }

    fn stored(&self, offset: usize) -> u32 {
        let stuck = self.stuck_low.get(&offset).copied().unwrap_or(0);
        self.values.get(&offset).copied().unwrap_or(0) & !stuck
    }

    /// What the register holds.
    pub fn content(&self, offset: usize) -> u32 {
        match offset {
            STATUS => self.status(),
            EECD => self.stored(EECD) | EECD_PRESENT | self.autoloaded(),
            MDIC => self.mdic(),
            EERD => self.eerd(),
            SYSTIML => self.time_sync.counter() as u32,
            // Write-only: they read as 0 (8.8.4, 8.8.12).
            IMC | EIMC | ICS | EICS => 0,
            _ => self.stored(offset),
        }
    }

    fn status(&self) -> u32 {
        let mut status = self.stored(STATUS) | STATUS_RESET_DONE;
        let quiet = self.master_disabled_at.is_some_and(|at| at.elapsed() >= MASTER_QUIET);
        if !quiet || self.faults.master_stays_busy {
            status |= STATUS_MASTER_ENABLE;
        }
        let Some((speed_mbps, full_duplex)) = self.phy.link().filter(|_| self.stored(CTRL) & CTRL_SET_LINK_UP != 0)
        else {
            return status;
        };
        // What CTRL forces is what the MAC runs at, whatever the PHY found (8.2.1).
        let control = self.stored(CTRL);
        let speed_mbps = if control & CTRL_FORCE_SPEED != 0 {
            [10, 100, 1000, 1000][(control >> 8 & 3) as usize]
        } else {
            speed_mbps
        };
        let full_duplex = if control & CTRL_FORCE_DUPLEX != 0 { control & CTRL_FULL_DUPLEX != 0 } else { full_duplex };
        status |= STATUS_LINK_UP | if full_duplex { STATUS_FULL_DUPLEX } else { 0 };
        status
            | match speed_mbps {
                10 => 0,
                100 => 1 << 6,
                _ => 2 << 6,
            }
    }

    fn autoloaded(&self) -> u32 {
        let done = self.reset_at.is_none_or(|at| at.elapsed() >= AUTOLOAD);
        if done && !self.faults.autoload_is_never_reported { EECD_AUTOLOADED } else { 0 }
    }

    fn mdic(&self) -> u32 {
        let done = self.mdic_begun_at.is_some_and(|at| at.elapsed() >= MDIC_TRANSFER) && !self.faults.mdic_never_ready;
        if !done {
            return self.stored(MDIC);
        }
        let failed = self.faults.mdic_fails || (self.stored(MDIC) >> 21) & 0x1f != PHY_ADDRESS;
        self.stored(MDIC) | MDIC_READY | if failed { MDIC_ERROR } else { 0 }
    }

    fn eerd(&self) -> u32 {
        let done = self.eerd_begun_at.is_some_and(|at| at.elapsed() >= EERD_TRANSFER) && !self.faults.eerd_never_done;
        self.stored(EERD) | if done { EERD_DONE } else { 0 }
    }

    fn complain_about_reset(&mut self, verb: &str, offset: usize) {
        if self.reset_at.is_some_and(|at| at.elapsed() < RESET) {
            self.complaints.push(format!("{verb} of {offset:#x} less than 1 ms after CTRL.RST"));
        }
    }

    fn read_present(&mut self, offset: usize) -> u32 {
        self.complain_about_reset("read", offset);
        let value = self.content(offset);
        match offset {
            // Cleared by reading when the interrupt was asserted, nothing is enabled or GPIE.NSICR says so (7.3.2.11).
            ICR => {
                let clears = self.stored(IMS) == 0
                    || value & ICR_ASSERTED != 0
                    || self.stored(GPIE) & GPIE_NON_SELECTIVE_CLEAR != 0;
                if clears {
                    self.values.insert(ICR, 0);
                }
            }
            EICR => {
                self.values.insert(EICR, 0);
            }
            _ if is_statistic(offset) => {
                self.values.insert(offset, 0);
            }
            // SMBI is set by every reading (8.5.6): whoever reads 0 has it.
            SWSM => {
                self.values.insert(SWSM, value | SWSM_DRIVER);
                if self.faults.other_driver_keeps_semaphore {
                    return value | SWSM_DRIVER;
                }
            }
            // The high half is the one that belongs to the low half which was read last (8.16).
            SYSTIML => {
                self.values.insert(SYSTIMH, (self.time_sync.counter() >> 32) as u32);
            }
            // The next frame can be stamped.
            TXSTMPH => *self.values.entry(TSYNCTXCTL).or_default() &= !1,
            RXSTMPH => *self.values.entry(TSYNCRXCTL).or_default() &= !1,
            SW_FW_SYNC => return value | self.faults.firmware_holds,
            _ => {}
        }
        value
    }

    fn write_present(&mut self, offset: usize, value: u32) {
        self.complain_about_reset("write", offset);
        match offset {
            CTRL => self.write_control(value),
            STATUS => {}
            // Set and clear registers of the masks; the set register reads as the mask (8.8.3, 8.8.11).
            IMS | EIMS => *self.values.entry(offset).or_default() |= value,
            IMC => *self.values.entry(IMS).or_default() &= !value,
            EIMC => *self.values.entry(EIMS).or_default() &= !value,
            // Causes are cleared by writing ones, set through ICS and EICS.
            ICR | EICR => *self.values.entry(offset).or_default() &= !value,
            ICS => *self.values.entry(ICR).or_default() |= value,
            EICS => *self.values.entry(EICR).or_default() |= value,
            MDIC => self.begin_mdic(value),
            EERD => self.begin_eerd(value),
            TIMINCA => {
                self.time_sync.set_increment(value);
                self.values.insert(TIMINCA, value);
            }
            SWSM => {
                let kept = if self.faults.firmware_keeps_semaphore { value & !SWSM_SOFTWARE } else { value };
                self.values.insert(SWSM, kept);
            }
            SW_FW_SYNC => {
                if self.stored(SWSM) & SWSM_SOFTWARE == 0 {
                    self.complaints.push("SW_FW_SYNC was written without SWSM.SWESMBI".to_owned());
                }
                self.values.insert(SW_FW_SYNC, value & 0xffff);
            }
            _ if is_statistic(offset) => {}
            _ => {
                self.values.insert(offset, value);
            }
        }
    }

    fn write_control(&mut self, value: u32) {
        self.master_disabled_at = match (value & CTRL_MASTER_DISABLE != 0, self.master_disabled_at) {
            (true, None) => Some(Instant::now()),
            (true, begun) => begun,
            (false, _) => None,
        };
        self.values.insert(CTRL, value & !CTRL_RESET);
        if value & CTRL_RESET != 0 {
            self.reset();
        }
    }

    /// A software reset (4.2.1.6): queues stopped, masks clear, the address loaded from the EEPROM. Tables, throttles, semaphores and what concerns waking stay,
    /// and so do pending causes, on whose going no driver relies.
    fn reset(&mut self) {
        let stays = |offset: &usize| matches!(offset, &EECD | &ICR | 0x1680..=0x16a7 | 0x5200..=0x57ff | 0x5800..=0x5810 | 0x5b50..=0x5b5c | 0xa000..=0xa1ff);
        self.values.retain(|offset, _| stays(offset));
        self.master_disabled_at = None;
        self.mdic_begun_at = None;
        self.eerd_begun_at = None;
        self.time_sync = TimeSync::new();
        self.reset_at = Some(Instant::now());
        self.autoload();
    }

    fn begin_mdic(&mut self, value: u32) {
        // Bits 1 and 2 of SW_FW_SYNC: the PHYs of ports 0 and 1.
        let lan_id = (self.stored(STATUS) >> 2) & 3;
        if self.stored(SW_FW_SYNC) & (2 << lan_id) == 0 {
            self.complaints.push("MDIC was written without the PHY's bit in SW_FW_SYNC".to_owned());
        }
        let number = (value >> 16) as usize & 0x1f;
        let reached = (value >> 21) & 0x1f == PHY_ADDRESS && !self.faults.mdic_fails && !self.faults.mdic_never_ready;
        let mut held = value & !(MDIC_READY | MDIC_ERROR);
        match (value >> 26) & 3 {
            1 if reached => self.phy.write(number, value as u16),
            2 if reached => held = held & !0xffff | u32::from(self.phy.content(number)),
            _ => {}
        }
        self.values.insert(MDIC, held);
        self.mdic_begun_at = Some(Instant::now());
    }

    fn begin_eerd(&mut self, value: u32) {
        if value & EERD_START == 0 {
            self.values.insert(EERD, value & !EERD_DONE);
            return;
        }
        let address = (value >> 2) as usize & 0x3fff;
        let word = self.nvm.get(address).copied().unwrap_or(0xffff);
        self.values.insert(EERD, u32::from(word) << 16 | (value & 0xfffd));
        self.eerd_begun_at = Some(Instant::now());
    }
}
