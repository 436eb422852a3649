// SPDX-License-Identifier: GPL-2.0-only
//! The self-test: the same tests under the same names as the in-tree driver's, so that whoever reads its results can read these.

use super::loopback_frames;
use crate::{
    dev::{
        adapter::{Adapter, Phase},
        operations::PortOperations,
    },
    hw::{
        hardware_statistics, interrupts, link, moderation, nvm,
        port::{Port, Reset},
        reset, self_test,
    },
    sys::ethtool::self_test::SelfTestOperations,
};
use kernel::{
    prelude::*,
    time::{Delta, delay::fsleep},
};

/// How long a link that is being negotiated may take, in milliseconds.
const LINK_MS: u32 = 5_000;
/// How long an interrupt may take, and for how long none may come from a masked vector, in milliseconds.
const INTERRUPT_MS: u32 = 200;
const SILENCE_MS: i64 = 20;

// Results of the tests; 0 is passed. The loopback test has its own.
const REGISTER_FAULT: u64 = 1;
const CHECKSUM_WRONG: u64 = 2;
const EEPROM_SILENT: u64 = 3;
const INTERRUPT_LOST: u64 = 4;
const INTERRUPT_THOUGH_MASKED: u64 = 5;
const NO_LINK: u64 = 1;

impl SelfTestOperations for PortOperations {
    const TESTS: &'static [&'static str] = &[
        "Register test  (offline)",
        "Eeprom test    (offline)",
        "Interrupt test (offline)",
        "Loopback test  (offline)",
        "Link test   (on/offline)",
    ];

    fn self_test(&self, offline: bool, results: &mut [u64]) -> bool {
        let [registers, eeprom, interrupt, loopback, link] = results else { return false };
        let adapter = &self.adapter;
        if !adapter.registers.is_present() {
            *link = NO_LINK;
            return false;
        }
        let running = adapter.state.lock().is_running();
        // First, while the link is as it was.
        *link = test_link(adapter, running);
        let mut up = true;
        if offline {
            adapter.down();
            if let Some(port) = adapter.take_port() {
                // It is reset more than once, first and last.
                adapter.switches.timestamps.around_reset(|| {
                    *registers = test_registers(adapter);
                    reset::reset(&adapter.registers);
                    *eeprom = test_eeprom(adapter);
                    *interrupt = test_interrupts(adapter);
                    *loopback = test_loopback(adapter, port);
                });
            }
            up = self.back_to_work(running);
        }
        up && [*registers, *eeprom, *interrupt, *loopback, *link] == [0; 5]
    }
}

impl Adapter {
    /// The card, for as long as it is tested; until it is put back nobody opens it.
    fn take_port(&self) -> Option<Port<Reset>> {
        let mut state = self.state.lock();
        match core::mem::replace(&mut state.phase, Phase::Changing) {
            Phase::Reset(port) => Some(port),
            other => {
                state.phase = other;
                None
            }
        }
    }
}

impl PortOperations {
    fn back_to_work(&self, running: bool) -> bool {
        let adapter = &self.adapter;
        if !running {
            let mut state = adapter.state.lock();
            hardware_statistics::discard(&adapter.registers, &mut state.statistics_turn);
            return true;
        }
        let up = adapter.up().inspect_err(|error| {
            dev_err!(
                adapter.binding.pci(),
                "the port did not come up again after its self-test ({error:?}); take the interface down and up\n"
            );
        });
        self.link_check.queue();
        up.is_ok()
    }
}

fn within(limit_ms: u32, mut holds: impl FnMut() -> bool) -> bool {
    for _ in 0..limit_ms {
        if holds() {
            return true;
        }
        fsleep(Delta::from_millis(1));
    }
    holds()
}

fn test_link(adapter: &Adapter, running: bool) -> u64 {
    if !running {
        adapter.configure_link(&adapter.state.lock());
    }
    if within(LINK_MS, || link::state(&adapter.registers).is_some()) { 0 } else { NO_LINK }
}

fn test_registers(adapter: &Adapter) -> u64 {
    reset::reset(&adapter.registers);
    let Err(fault) = self_test::test_registers(&adapter.registers) else { return 0 };
    dev_err!(
        adapter.binding.pci(),
        "register {:#06x} was told {:#010x} and says {:#010x}\n",
        fault.offset,
        fault.written,
        fault.read
    );
    REGISTER_FAULT
}

fn test_eeprom(adapter: &Adapter) -> u64 {
    match nvm::has_valid_checksum(&adapter.registers) {
        Ok(true) => 0,
        Ok(false) => CHECKSUM_WRONG,
        Err(_) => EEPROM_SILENT,
    }
}

/// Every vector is fired once while it may interrupt, and once while it may not.
fn test_interrupts(adapter: &Adapter) -> u64 {
    let registers = &adapter.registers;
    reset::reset(registers);
    interrupts::configure(registers, adapter.plan);
    // No interrupt of before, and none that is kept back: what comes now comes from here.
    for (index, _) in (0u32..).zip(&adapter.vectors) {
        moderation::set_interval(registers, index, 0);
    }
    interrupts::enable(registers, adapter.plan);
    let heard = adapter.vectors.iter().enumerate().all(|(index, vector)| {
        let before = vector.counts().handled;
        self_test::fire(registers, adapter.plan, index);
        within(INTERRUPT_MS, || vector.counts().handled != before)
    });
    interrupts::disable(registers);
    fsleep(Delta::from_millis(SILENCE_MS));
    let silent = adapter.vectors.iter().enumerate().all(|(index, vector)| {
        let before = vector.counts().handled;
        self_test::fire(registers, adapter.plan, index);
        fsleep(Delta::from_millis(SILENCE_MS));
        vector.counts().handled == before
    });
    reset::reset(registers);
    match (heard, silent) {
        (false, _) => INTERRUPT_LOST,
        (_, false) => INTERRUPT_THOUGH_MASKED,
        _ => 0,
    }
}

fn test_loopback(adapter: &Adapter, port: Port<Reset>) -> u64 {
    let (port, result) = loopback_frames::run(adapter, port);
    let mut state = adapter.state.lock();
    state.phase = Phase::Reset(port);
    // The PHY keeps what it was told over a reset of the MAC.
    adapter.configure_link(&state);
    drop(state);
    match result {
        Ok(()) => 0,
        Err(fault) => {
            dev_err!(adapter.binding.pci(), "frames looped back by the PHY: {fault:?}\n");
            fault as u64
        }
    }
}
