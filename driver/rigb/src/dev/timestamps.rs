// SPDX-License-Identifier: GPL-2.0-only
//! The port's clock, and the times of frames on it.
//!
//! The clock outlives every reset of the card: what it reads is kept as a counter and the time it stands for, and while the card is being reset the time is
//! carried on by the system's. One frame at a time waits for its transmit stamp, because the card has one register for it.

use super::operations::PortOperations;
use crate::{
    hw::{
        registers::Registers,
        time_counter::{self, TimeCounter},
        timestamps::{self, StampedFrames},
    },
    sys::{
        binding::Binding,
        clock,
        delayed_work::{DelayedWork, Recurring},
        hwtstamp::{
            AwaitedStamp, ReceiveFilter, TimestampCapabilities, TimestampConfig, TimestampStatistics, Timestamping,
        },
        netdev::MacAddress,
        ptp::{Clock, Nanoseconds, PtpClock, SystemTime},
        skb::SkBuff,
    },
};
use core::sync::atomic::{AtomicI32, Ordering::Relaxed};
use kernel::{
    new_spinlock_irq,
    prelude::*,
    static_lock_class,
    sync::{Arc, SpinLockIrq},
    time::{Delta, delay::fsleep},
};

/// What the card can be told to stamp on receive.
pub(crate) const RECEIVE_FILTERS: &[ReceiveFilter] =
    &[ReceiveFilter::V1UdpSync, ReceiveFilter::V1UdpDelayRequest, ReceiveFilter::V2Event];

/// How long a transmit stamp is waited for: longer than the transmit watchdog, which resets the port before and ends the waiting.
const TRANSMIT_TIMEOUT_NS: i64 = 6_000_000_000;
/// How often the stamp register is looked at in one run of the work, and how far apart.
const TRANSMIT_LOOKS: u32 = 20;
const TRANSMIT_LOOK_US: i64 = 50;
/// Between two runs while a stamp is awaited.
const TRANSMIT_AGAIN_MS: u32 = 1;
/// A receive stamp that is still there after this time belongs to a frame that was dropped.
const RECEIVE_CHECK_MS: u32 = 2_000;
/// Two digits a byte.
const CLOCK_NAME_BYTES: usize = 12;
/// No increase of the counter between two accesses in a row is as large as this one: 1 ms.
const JUMP: u64 = 1_000_000 << time_counter::FRACTION_BITS;

struct InFlight {
    stamp: AwaitedStamp,
    since_ns: i64,
}

struct State {
    counter: TimeCounter,
    // CLOCK_BOOTTIME when `counter` was last advanced.
    as_of_ns: i64,
    increment: u32,
    // The card counts; otherwise it is being reset, must not be touched, and the time goes on by CLOCK_BOOTTIME.
    counting: bool,
    config: TimestampConfig,
    in_flight: Option<InFlight>,
    waiting_receive_stamp: Option<u32>,
    statistics: TimestampStatistics,
}

impl State {
    /// The time now, without a card.
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
}

/// The clock of one port, and what is stamped with it.
#[pin_data]
pub(crate) struct Timestamps {
    registers: Arc<Registers>,
    #[pin]
    state: SpinLockIrq<State>,
    clock_index: AtomicI32,
}

/// The clock with the work that keeps it.
pub(crate) type SharedTimestamps = Arc<DelayedWork<Timestamps>>;

impl Timestamps {
    /// The clock of a card that was reset, set to the system's time. It runs from now on.
    pub(crate) fn start(registers: Arc<Registers>) -> Result<SharedTimestamps> {
        let state = State {
            counter: TimeCounter::new(0, clock::realtime_ns()),
            as_of_ns: clock::boottime_ns(),
            increment: time_counter::NOMINAL_INCREMENT,
            counting: false,
            config: TimestampConfig { transmit: false, receive: ReceiveFilter::None },
            in_flight: None,
            waiting_receive_stamp: None,
            statistics: TimestampStatistics::default(),
        };
        let work = DelayedWork::new(
            c"rigb-timestamps",
            [static_lock_class!(), static_lock_class!()],
            pin_init!(Self {
                registers,
                state <- new_spinlock_irq!(state),
                clock_index: AtomicI32::new(-1),
            }),
        )?;
        work.resume();
        work.run_in(time_counter::RENEWAL_MS);
        Ok(work)
    }

    /// Resets the card with `reset`. The clock goes on as if nothing had happened; a frame whose stamp is awaited gets none.
    pub(crate) fn around_reset<R>(&self, reset: impl FnOnce() -> R) -> R {
        self.suspend();
        let result = reset();
        self.resume();
        result
    }

    /// From now until `resume` the card is not touched.
    pub(crate) fn suspend(&self) {
        let lost = {
            let mut state = self.state.lock();
            if state.counting && timestamps::is_counting(&self.registers, state.increment) {
                let now = timestamps::counter(&self.registers);
                state.advance(now);
            }
            state.counting = false;
            state.waiting_receive_stamp = None;
            if state.in_flight.is_some() {
                state.statistics.lost = state.statistics.lost.wrapping_add(1);
            }
            state.in_flight.take()
        };
        drop(lost);
    }

    /// The card was reset: it counts again, and stamps what it stamped before.
    pub(crate) fn resume(&self) {
        if !self.registers.is_present() {
            return;
        }
        let mut state = self.state.lock();
        timestamps::set_increment(&self.registers, state.increment);
        timestamps::configure(&self.registers, state.config.transmit, stamped(state.config.receive));
        let now = timestamps::counter(&self.registers);
        let time = state.carried_on();
        state.restart(now, time);
        state.counting = true;
    }

    /// N of the clock's `/dev/ptpN`, once it is registered.
    pub(crate) fn clock_index(&self) -> Option<i32> {
        Some(self.clock_index.load(Relaxed)).filter(|index| *index >= 0)
    }

    /// Tells which clock this is.
    pub(crate) fn set_clock_index(&self, index: i32) {
        self.clock_index.store(index, Relaxed);
    }

    /// What is stamped.
    pub(crate) fn config(&self) -> TimestampConfig {
        self.state.lock().config
    }

    /// What was stamped.
    pub(crate) fn statistics(&self) -> TimestampStatistics {
        self.state.lock().statistics
    }

    /// The time at which the received frame arrived whose descriptor says that it was stamped.
    pub(crate) fn received(&self) -> Option<Nanoseconds> {
        let state = self.state.lock();
        if !state.counting {
            return None;
        }
        timestamps::take_receive_stamp(&self.registers).map(|counter| state.counter.time_of(counter))
    }

    /// The frame for which `claim` said yes was not posted.
    pub(crate) fn abandon(&self) {
        let abandoned = self.state.lock().in_flight.take();
        drop(abandoned);
    }

    /// Delivers the stamp that is awaited, if it is there. False when it is to be awaited further.
    fn deliver(&self) -> bool {
        let (awaited, time) = {
            let mut state = self.state.lock();
            let Some(since_ns) = state.in_flight.as_ref().map(|in_flight| in_flight.since_ns) else { return true };
            if !state.counting {
                return true;
            }
            let counter = if timestamps::has_transmit_stamp(&self.registers) {
                timestamps::take_transmit_stamp(&self.registers)
            } else {
                None
            };
            let time = counter.map(|counter| state.counter.time_of(counter));
            if time.is_some() {
                state.statistics.sent = state.statistics.sent.wrapping_add(1);
            } else if clock::boottime_ns().wrapping_sub(since_ns) > TRANSMIT_TIMEOUT_NS {
                state.statistics.lost = state.statistics.lost.wrapping_add(1);
            } else {
                return false;
            }
            (state.in_flight.take(), time)
        };
        // Not under the lock: the socket may wake a process here.
        if let (Some(in_flight), Some(time)) = (awaited, time) {
            in_flight.stamp.deliver(time);
        }
        true
    }

    /// Lets the card stamp on when the frame of its last receive stamp never came.
    fn check_receive(&self) {
        let mut state = self.state.lock();
        if !state.counting || state.config.receive == ReceiveFilter::None {
            state.waiting_receive_stamp = None;
            return;
        }
        let waiting = timestamps::waiting_receive_stamp(&self.registers);
        if waiting.is_some() && waiting == state.waiting_receive_stamp {
            let _ = timestamps::take_receive_stamp(&self.registers);
            state.statistics.receive_cleared = state.statistics.receive_cleared.wrapping_add(1);
            state.waiting_receive_stamp = None;
        } else {
            state.waiting_receive_stamp = waiting;
        }
    }

    fn renew(&self) {
        let mut state = self.state.lock();
        if state.counting {
            let now = timestamps::counter(&self.registers);
            state.advance(now);
        }
    }
}

impl DelayedWork<Timestamps> {
    /// Stamps what `wanted` says, or more. `ERANGE` for what the card cannot do.
    pub(crate) fn configure(&self, wanted: TimestampConfig) -> Result<TimestampConfig> {
        let config = TimestampConfig { transmit: wanted.transmit, receive: offered(wanted.receive)? };
        let unsent = {
            let mut state = self.state.lock();
            state.config = config;
            state.waiting_receive_stamp = None;
            if state.counting {
                timestamps::configure(&self.registers, config.transmit, stamped(config.receive));
            }
            // Taken with the stamp register emptied: the frame's stamp would be lost or another's.
            if state.in_flight.is_some() {
                state.statistics.lost = state.statistics.lost.wrapping_add(1);
            }
            state.in_flight.take()
        };
        drop(unsent);
        if config.receive != ReceiveFilter::None {
            self.run_in(RECEIVE_CHECK_MS);
        }
        Ok(config)
    }

    /// Whether `frame`, whose socket wants it, is to be marked for a transmit stamp. It is posted next and not changed any more, or `abandon` is called.
    #[cold]
    pub(crate) fn claim(&self, frame: &SkBuff) -> bool {
        {
            let mut state = self.state.lock();
            if !state.counting || !state.config.transmit {
                return false;
            }
            if state.in_flight.is_some() {
                state.statistics.skipped = state.statistics.skipped.wrapping_add(1);
                return false;
            }
            let Some(stamp) = AwaitedStamp::of(frame) else { return false };
            state.in_flight = Some(InFlight { stamp, since_ns: clock::boottime_ns() });
        }
        self.run_in(0);
        true
    }
}

impl Recurring for Timestamps {
    fn run(&self) -> Option<u32> {
        if !self.registers.is_present() {
            return None;
        }
        let mut looks = TRANSMIT_LOOKS;
        while !self.deliver() {
            looks = looks.wrapping_sub(1);
            if looks == 0 {
                return Some(TRANSMIT_AGAIN_MS);
            }
            fsleep(Delta::from_micros(TRANSMIT_LOOK_US));
        }
        self.renew();
        self.check_receive();
        let receives = self.config().receive != ReceiveFilter::None;
        Some(if receives { RECEIVE_CHECK_MS } else { time_counter::RENEWAL_MS })
    }
}

/// The clock as the PTP core sees it.
pub(crate) struct PortClock(pub(crate) SharedTimestamps);

impl Clock for PortClock {
    const MAX_ADJUSTMENT_PPB: i32 = time_counter::MAX_ADJUSTMENT_PPB;

    fn adjust_frequency(&self, scaled_ppm: i64) -> Result {
        let increment = time_counter::increment(scaled_ppm).ok_or(ERANGE)?;
        let registers = &self.0.registers;
        let mut state = self.0.state.lock();
        state.increment = increment;
        if !state.counting {
            return Ok(());
        }
        let before = timestamps::counter(registers);
        timestamps::set_increment(registers, increment);
        let after = timestamps::counter(registers);
        let time = state.advance(before);
        // The card's counter goes on from where it is. QEMU's jumps, by as much as the new rate had made over all the time that the machine runs.
        if after.wrapping_sub(before) > JUMP {
            state.restart(after, time);
        }
        Ok(())
    }

    fn adjust_time(&self, by: Nanoseconds) -> Result {
        self.0.state.lock().counter.shift(by);
        Ok(())
    }

    fn get_time(&self, system: &mut SystemTime) -> Result<Nanoseconds> {
        let registers = &self.0.registers;
        let now = {
            let state = self.0.state.lock();
            if state.counting {
                let counter = timestamps::counter_between(registers, || system.note_before(), || system.note_after());
                (counter != u64::MAX).then(|| state.counter.time_of(counter))
            } else {
                system.note_before();
                let now = state.carried_on();
                system.note_after();
                Some(now)
            }
        };
        match now {
            Some(now) => Ok(now),
            None => Err(ENODEV),
        }
    }

    fn set_time(&self, to: Nanoseconds) -> Result {
        let mut state = self.0.state.lock();
        let counter = if state.counting { timestamps::counter(&self.0.registers) } else { 0 };
        state.restart(counter, to);
        Ok(())
    }
}

/// Registers the clock of the port with this address. A port without one (a kernel without PTP, no memory) works all the same; then its log says so.
pub(crate) fn register_clock(
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

impl Timestamping for PortOperations {
    fn timestamp_config(&self) -> TimestampConfig {
        self.adapter.switches.timestamps.config()
    }

    fn set_timestamp_config(&self, wanted: TimestampConfig) -> Result<TimestampConfig> {
        self.adapter.switches.timestamps.configure(wanted)
    }

    fn timestamp_capabilities(&self) -> TimestampCapabilities {
        TimestampCapabilities { clock_index: self.adapter.switches.timestamps.clock_index(), receive: RECEIVE_FILTERS }
    }

    fn timestamp_statistics(&self) -> TimestampStatistics {
        self.adapter.switches.timestamps.statistics()
    }
}

/// What is done for a wish: the card has one setting for all of PTP version 2's event messages, and none for both messages of version 1 or for all frames.
fn offered(wanted: ReceiveFilter) -> Result<ReceiveFilter> {
    match wanted {
        ReceiveFilter::None | ReceiveFilter::V1UdpSync | ReceiveFilter::V1UdpDelayRequest => Ok(wanted),
        ReceiveFilter::V2Event
        | ReceiveFilter::V2Sync
        | ReceiveFilter::V2DelayRequest
        | ReceiveFilter::V2UdpEvent
        | ReceiveFilter::V2UdpSync
        | ReceiveFilter::V2UdpDelayRequest
        | ReceiveFilter::V2EthernetEvent
        | ReceiveFilter::V2EthernetSync
        | ReceiveFilter::V2EthernetDelayRequest => Ok(ReceiveFilter::V2Event),
        ReceiveFilter::All | ReceiveFilter::V1UdpEvent => Err(ERANGE),
    }
}

fn stamped(filter: ReceiveFilter) -> StampedFrames {
    match filter {
        ReceiveFilter::V1UdpSync => StampedFrames::V1Sync,
        ReceiveFilter::V1UdpDelayRequest => StampedFrames::V1DelayRequest,
        ReceiveFilter::V2Event => StampedFrames::V2Event,
        _ => StampedFrames::None,
    }
}
