// SPDX-License-Identifier: GPL-2.0-only
//! When frames were on the wire, by the port's clock. One frame at a time waits for its transmit stamp, because the card has one register for it.

use super::{operations::PortOperations, port_clock::ClockState};
use crate::{
    hw::{
        registers::Registers,
        time_counter,
        timestamps::{self, StampedFrames},
    },
    sys::{
        clock,
        extack::ExtAck,
        hwtstamp::{
            AwaitedStamp, ReceiveFilter, TimestampCapabilities, TimestampConfig, TimestampStatistics, Timestamping,
        },
        ptp::Nanoseconds,
        recurring_work::{Recurring, RecurringWork},
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

struct InFlight {
    stamp: AwaitedStamp,
    since_ns: i64,
}

struct State {
    clock: ClockState,
    config: TimestampConfig,
    in_flight: Option<InFlight>,
    waiting_receive_stamp: Option<u32>,
    statistics: TimestampStatistics,
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
pub(crate) type SharedTimestamps = Arc<RecurringWork<Timestamps>>;

impl Timestamps {
    /// The clock of a card that was reset, set to the system's time. It runs from now on.
    pub(crate) fn start(registers: Arc<Registers>) -> Result<SharedTimestamps> {
        let state = State {
            clock: ClockState::new(),
            config: TimestampConfig { transmit: false, receive: ReceiveFilter::None },
            in_flight: None,
            waiting_receive_stamp: None,
            statistics: TimestampStatistics::default(),
        };
        let work = RecurringWork::new(
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
            state.clock.suspend(&self.registers);
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
        state.clock.resume(&self.registers);
        timestamps::configure(&self.registers, state.config.transmit, stamped(state.config.receive));
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
        if !state.clock.is_counting() {
            return None;
        }
        timestamps::take_receive_stamp(&self.registers).map(|counter| state.clock.time_of(counter))
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
            if !state.clock.is_counting() {
                return true;
            }
            let counter = if timestamps::has_transmit_stamp(&self.registers) {
                timestamps::take_transmit_stamp(&self.registers)
            } else {
                None
            };
            let time = counter.map(|counter| state.clock.time_of(counter));
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
        if !state.clock.is_counting() || state.config.receive == ReceiveFilter::None {
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

    /// The card counts and answers.
    fn is_reachable(&self) -> bool {
        // Under the lock: nobody begins to reset the card while it is asked.
        let state = self.state.lock();
        state.clock.is_counting() && self.registers.is_present()
    }

    /// Works on the clock.
    pub(super) fn with_clock<R>(&self, work: impl FnOnce(&mut ClockState, &Registers) -> R) -> R {
        work(&mut self.state.lock().clock, &self.registers)
    }
}

impl RecurringWork<Timestamps> {
    /// Stamps what `wanted` says, or more. `ERANGE` for what the card cannot do.
    pub(crate) fn configure(&self, wanted: TimestampConfig, ack: ExtAck<'_>) -> Result<TimestampConfig> {
        let config = TimestampConfig { transmit: wanted.transmit, receive: offered(wanted.receive, ack)? };
        let unsent = {
            let mut state = self.state.lock();
            state.config = config;
            state.waiting_receive_stamp = None;
            if state.clock.is_counting() {
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
            if !state.clock.is_counting() || !state.config.transmit {
                return false;
            }
            if state.in_flight.is_some() {
                state.statistics.skipped = state.statistics.skipped.wrapping_add(1);
                return false;
            }
            if timestamps::has_transmit_stamp(&self.registers) {
                // Of a frame that was waited for in vain.
                let _ = timestamps::take_transmit_stamp(&self.registers);
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
        if self.is_reachable() {
            let mut looks = TRANSMIT_LOOKS;
            while !self.deliver() {
                looks = looks.wrapping_sub(1);
                if looks == 0 {
                    return Some(TRANSMIT_AGAIN_MS);
                }
                fsleep(Delta::from_micros(TRANSMIT_LOOK_US));
            }
            self.with_clock(ClockState::renew);
            self.check_receive();
        }
        let receives = self.config().receive != ReceiveFilter::None;
        Some(if receives { RECEIVE_CHECK_MS } else { time_counter::RENEWAL_MS })
    }
}

impl Timestamping for PortOperations {
    fn timestamp_config(&self) -> TimestampConfig {
        self.adapter.switches.timestamps.config()
    }

    fn set_timestamp_config(&self, wanted: TimestampConfig, ack: ExtAck<'_>) -> Result<TimestampConfig> {
        self.adapter.switches.timestamps.configure(wanted, ack)
    }

    fn timestamp_capabilities(&self) -> TimestampCapabilities {
        TimestampCapabilities { clock_index: self.adapter.switches.timestamps.clock_index(), receive: RECEIVE_FILTERS }
    }

    fn timestamp_statistics(&self) -> TimestampStatistics {
        self.adapter.switches.timestamps.statistics()
    }
}

/// What is done for a wish: the card has one setting for all of PTP version 2's event messages, and none for both messages of version 1 or for all frames.
fn offered(wanted: ReceiveFilter, ack: ExtAck<'_>) -> Result<ReceiveFilter> {
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
        ReceiveFilter::All | ReceiveFilter::V1UdpEvent => {
            ack.say(c"the 82576 stamps PTP messages only: version 2's, or either Sync or Delay_Req of version 1");
            Err(ERANGE)
        }
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
