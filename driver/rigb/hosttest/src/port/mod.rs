// SPDX-License-Identifier: GPL-2.0-only
//! A port of an 82576 as its registers show it: they hold what is written, with the effects that a driver relies on, each by the datasheet and none by the
//! driver's own definitions, so that a wrong offset or bit there is seen. It moves no frames.

mod effects;
mod offsets;
mod phy;
mod time_sync;

use crate::{hw::registers::Registers, sys::binding::Binding};
use effects::State;
use kernel::{
    pci::{Device, RegisterFile},
    time::{Instant, Monotonic},
};
use std::{
    fmt,
    sync::{Arc, Mutex, MutexGuard},
};

pub use offsets::*;

/// What is wrong with a port.
#[derive(Clone, Copy, Default)]
pub struct Faults {
    /// EECD.AUTO_RD stays 0 after a reset.
    pub autoload_is_never_reported: bool,
    /// STATUS.GIO_MASTER_ENABLE stays 1: requests on the bus are never done.
    pub master_stays_busy: bool,
    /// MDIC.READY stays 0.
    pub mdic_never_ready: bool,
    /// Every transfer with the PHY ends with MDIC.ERROR.
    pub mdic_fails: bool,
    /// EERD.DONE stays 0.
    pub eerd_never_done: bool,
    /// SWSM.SMBI: another driver does not let go.
    pub other_driver_keeps_semaphore: bool,
    /// SWSM.SWESMBI cannot be set: firmware does not let go.
    pub firmware_keeps_semaphore: bool,
    /// Bits 31 to 16 of SW_FW_SYNC: what firmware holds.
    pub firmware_holds: u32,
}

/// An access to a register.
#[derive(Clone, Copy, PartialEq, Eq)]
pub struct Access {
    /// When.
    pub at: Instant<Monotonic>,
    /// A write, else a read.
    pub is_write: bool,
    /// Which register.
    pub offset: usize,
    /// What was written or read.
    pub value: u32,
}

impl fmt::Debug for Access {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let verb = if self.is_write { "write" } else { "read" };
        write!(formatter, "{verb} {:#x} {:#x}", self.offset, self.value)
    }
}

/// A port. Clones are the same port.
#[derive(Clone)]
pub struct Port(Arc<Mutex<State>>);

impl Port {
    /// A port as it is after power-up.
    pub fn new() -> Self {
        Self::with_faults(Faults::default())
    }

    /// The same with faults.
    pub fn with_faults(faults: Faults) -> Self {
        Self(Arc::new(Mutex::new(State::new(faults))))
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.0.lock().expect("no test panics inside of the model")
    }

    /// The driver's view of the port.
    pub fn registers(&self) -> Registers {
        // A binding lives as long as the program: what is leaked is a few kilobytes a test.
        let device = Box::leak(Box::new(Device::new(self.clone())));
        Registers::map(Binding::of(device)).expect("BAR 0 can be mapped")
    }

    /// A register's content, without the effects of reading it.
    pub fn peek(&self, offset: usize) -> u32 {
        self.state().content(offset)
    }

    /// Sets a register's content, without the effects of writing it.
    pub fn poke(&self, offset: usize, value: u32) {
        self.state().values.insert(offset, value);
    }

    /// Every access so far, in order.
    pub fn accesses(&self) -> Vec<Access> {
        self.state().accesses.clone()
    }

    /// Every write so far, in order, as offset and value.
    pub fn writes(&self) -> Vec<(usize, u32)> {
        self.accesses().iter().filter(|access| access.is_write).map(|access| (access.offset, access.value)).collect()
    }

    /// The values that were written to one register, in order.
    pub fn writes_to(&self, offset: usize) -> Vec<u32> {
        self.writes().iter().filter(|(written, _)| *written == offset).map(|(_, value)| *value).collect()
    }

    /// Forgets the accesses so far.
    pub fn forget_accesses(&self) {
        self.state().accesses.clear();
    }

    /// What a driver did that the datasheet forbids.
    pub fn complaints(&self) -> Vec<String> {
        self.state().complaints.clone()
    }

    /// Pulls the card: every register reads as all ones.
    pub fn remove(&self) {
        self.remove_after(0);
    }

    /// Pulls the card once it was accessed `accesses` times more.
    pub fn remove_after(&self, accesses: usize) {
        let mut state = self.state();
        state.removed_at_access = Some(state.accesses.len() + accesses);
    }

    /// Plugs a cable to a partner in, or (`None`) pulls it: Mb/s and full duplex, as autonegotiation will find them.
    pub fn set_partner(&self, partner: Option<(u32, bool)>) {
        self.state().phy.partner = partner;
    }

    /// What the partner says in autonegotiation beside its modes, as its base page.
    pub fn set_partner_ability(&self, page: u16) {
        self.state().phy.set_partner_ability(page);
    }

    /// Bits of a register that nothing sets any more.
    pub fn stick_low(&self, offset: usize, bits: u32) {
        self.state().stuck_low.insert(offset, bits);
    }

    /// A register of the PHY.
    pub fn phy_register(&self, number: usize) -> u16 {
        self.state().phy.content(number)
    }

    /// Interrupt causes arise.
    pub fn raise(&self, causes: u32) {
        *self.state().values.entry(ICR).or_default() |= causes;
    }

    /// SYSTIM takes this value.
    pub fn set_time_counter(&self, counter: u64) {
        self.state().time_sync.set_counter(counter);
    }

    /// A word of the EEPROM takes this value.
    pub fn set_nvm_word(&self, address: usize, word: u16) {
        self.state().nvm[address] = word;
    }
}

impl RegisterFile for Port {
    fn read(&self, offset: usize) -> u32 {
        self.state().read(offset)
    }

    fn write(&self, offset: usize, value: u32) {
        self.state().write(offset, value);
    }
}
