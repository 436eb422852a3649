// SPDX-License-Identifier: GPL-2.0-only
//! The port's clock, which outlives every reset of the card: what the card counts is kept as a reading and the time it stands for, and while the card is being
//! reset the time is carried on by the system's.

use super::timestamps::SharedTimestamps;
use crate::{
    hw::{
        registers::Registers,
        time_counter::{self, TimeCounter},
        timestamps,
    },
    sys::{
        binding::Binding,
        clock,
        netdev::MacAddress,
        ptp::{Clock, Nanoseconds, PtpClock, SystemTime},
    },
};
use kernel::prelude::*;

/// Two digits a byte.
const CLOCK_NAME_BYTES: usize = 12;
/// No increase of the counter between two accesses in a row is as large as this one: 1 ms.
const JUMP: u64 = 1_000_000 << time_counter::FRACTION_BITS;

/// What is known of the clock; kept under a lock with whatever else belongs to it.
pub(super) struct ClockState {
    counter: TimeCounter,
    // CLOCK_BOOTTIME when `counter` was last advanced.
    as_of_ns: i64,
    increment: u32,
    counting: bool,
}

impl ClockState {
    /// A clock with the system's time, of a card that does not count yet.
    pub(super) fn new() -> Self {
        Self {
            counter: TimeCounter::new(0, clock::realtime_ns()),
            as_of_ns: clock::boottime_ns(),
            increment: time_counter::NOMINAL_INCREMENT,
            counting: false,
        }
    }

    /// The card counts; otherwise it is being reset and must not be touched.
    pub(super) fn is_counting(&self) -> bool {
        self.counting
    }

    /// The time at which the card's counter read `counter`.
    pub(super) fn time_of(&self, counter: u64) -> Nanoseconds {
        self.counter.time_of(counter)
    }

    fn carried_on(&self) -> Nanoseconds {
        self.counter.nanoseconds().wrapping_add(clock::boottime_ns().wrapping_sub(self.as_of_ns))
    }

    fn advance(&mut self, counter: u64) -> Nanoseconds {
        self.as_of_ns = clock::boottime_ns();
        self.counter.advance(counter)
    }

    fn restart(&mut self, counter: u64, now: Nanoseconds) {
        self.as_of_ns = clock::boottime_ns();
        self.counter = TimeCounter::new(counter, now);
    }

    /// Takes a new reading, which must be done more often than the counter takes to wrap.
    pub(super) fn renew(&mut self, registers: &Registers) {
        if self.counting {
            let now = timestamps::counter(registers);
            self.advance(now);
        }
    }

    /// From now until `resume` the card is not touched.
    pub(super) fn suspend(&mut self, registers: &Registers) {
        // A card that was reset by somebody else has lost its count; then the last reading has to do.
        if self.counting && registers.is_present() && timestamps::is_counting(registers, self.increment) {
            self.renew(registers);
        }
        self.counting = false;
    }

    /// The card was reset, and counts again with the frequency that it had.
    pub(super) fn resume(&mut self, registers: &Registers) {
        timestamps::set_increment(registers, self.increment);
        let counter = timestamps::counter(registers);
        let now = self.carried_on();
        self.restart(counter, now);
        self.counting = true;
    }

    fn set_increment(&mut self, registers: &Registers, increment: u32) {
        self.increment = increment;
        if !self.counting {
            return;
        }
        let before = timestamps::counter(registers);
        timestamps::set_increment(registers, increment);
        let after = timestamps::counter(registers);
        let time = self.advance(before);
        // The card's counter goes on from where it is. QEMU's jumps, by as much as the new rate had made over all the time that the machine runs.
        if after.wrapping_sub(before) > JUMP {
            self.restart(after, time);
        }
    }

    /// `None` when the card is gone.
    fn read(&self, registers: &Registers, system: &SystemTime) -> Option<Nanoseconds> {
        if self.counting {
            let counter = timestamps::counter_between(registers, || system.note_before(), || system.note_after());
            return (counter != u64::MAX).then(|| self.time_of(counter));
        }
        system.note_before();
        let now = self.carried_on();
        system.note_after();
        Some(now)
    }

    fn set(&mut self, registers: &Registers, to: Nanoseconds) {
        let counter = if self.counting { timestamps::counter(registers) } else { 0 };
        self.restart(counter, to);
    }
}

/// The clock as the PTP core sees it.
pub(crate) struct PortClock(SharedTimestamps);

impl Clock for PortClock {
    const MAX_ADJUSTMENT_PPB: i32 = time_counter::MAX_ADJUSTMENT_PPB;

    fn adjust_frequency(&self, scaled_ppm: i64) -> Result {
        let increment = time_counter::increment(scaled_ppm).ok_or(ERANGE)?;
        self.0.with_clock(|clock, registers| clock.set_increment(registers, increment));
        Ok(())
    }

    fn adjust_time(&self, by: Nanoseconds) -> Result {
        self.0.with_clock(|clock, _| clock.counter.shift(by));
        Ok(())
    }

    fn get_time(&self, system: &mut SystemTime) -> Result<Nanoseconds> {
        self.0.with_clock(|clock, registers| clock.read(registers, system)).ok_or(ENODEV)
    }

    fn set_time(&self, to: Nanoseconds) -> Result {
        self.0.with_clock(|clock, registers| clock.set(registers, to));
        Ok(())
    }
}

/// Registers the clock of the port with this address. A port without one (a kernel without PTP, no memory) works all the same; then its log says so.
pub(crate) fn register(
    binding: Binding,
    address: &MacAddress,
    timestamps: SharedTimestamps,
) -> Option<PtpClock<PortClock>> {
    let module = kernel::module::this_module::<crate::LocalModule>();
    match PtpClock::register(binding, module, &clock_name(address), PortClock(timestamps.clone())) {
        Ok(clock) => {
            timestamps.set_clock_index(clock.index());
            dev_info!(binding.pci(), "its clock is /dev/ptp{}\n", clock.index());
            Some(clock)
        }
        Err(error) => {
            dev_warn!(
                binding.pci(),
                "no PTP hardware clock ({error:?}); frames are stamped, but nobody can set the clock\n"
            );
            None
        }
    }
}

/// `525400123456`, as the in-tree driver names its clocks.
fn clock_name(address: &MacAddress) -> [u8; CLOCK_NAME_BYTES] {
    const DIGITS: [u8; 16] = *b"0123456789abcdef";
    let digits = address.iter().flat_map(|byte| [byte >> 4, byte & 0xf]);
    let mut name = [0; CLOCK_NAME_BYTES];
    for (place, digit) in name.iter_mut().zip(digits) {
        *place = DIGITS.get(usize::from(digit)).copied().unwrap_or_default();
    }
    name
}
