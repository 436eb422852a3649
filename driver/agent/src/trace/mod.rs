// SPDX-License-Identifier: MIT OR Apache-2.0
//! Stream 8: the driver's tracepoints, read from a tracefs instance that is there only while somebody asks.

mod budget;
mod format;
mod instance;
mod outgoing;
mod page;

use crate::clock::monotonic;
use crate::module;
use crate::outlet::Outlet;
use crate::rhythm::Rhythm;
use budget::Budget;
use format::EventFormat;
use instance::Instance;
pub use instance::{hindrance, remove_leftover};
use outgoing::Outgoing;
use ringscope_wire::control::{Device, Refusal, Trace, TraceEvent};
use rustix::io::Errno;
use std::collections::BTreeMap;

/// How often the buffers are emptied.
const HERTZ: f64 = 20.0;
/// Each CPU has a buffer of its own, and they are read one after the other: what is younger than this waits for the next time, so that what is told is in order.
const HOLD_NS: u64 = 5_000_000;
/// So many that wait for the pipe, and the kernel's buffers are left alone: they lose what is oldest, and count it.
const WAITING_EVENTS: usize = 50_000;

/// Everything that is traced.
#[derive(Default)]
pub struct Tracing {
    wanted: BTreeMap<String, Vec<TraceEvent>>,
    open: Option<Open>,
}

/// While something is traced.
struct Open {
    instance: Instance,
    formats: Vec<EventFormat>,
    rhythm: Option<Rhythm>,
    budget: Budget,
    /// Recording is off until then.
    off_until: Option<u64>,
    read_at: u64,
    outgoing: Outgoing,
}

/// Why tracing ended by itself, as a sentence.
pub struct Ended(pub String);

impl Tracing {
    /// What is wanted of a device from now on; without events it is no longer traced. When it is refused, what was traced before goes on.
    pub fn set(&mut self, trace: &Trace, now: u64, outlet: &mut Outlet<'_>) -> Result<(), Refusal> {
        let mut events = trace.events.clone();
        events.sort_unstable();
        events.dedup();
        let mut wanted = self.wanted.clone();
        if events.is_empty() {
            wanted.remove(&trace.device);
        } else {
            wanted.insert(trace.device.clone(), events);
        }
        if wanted.is_empty() {
            self.end(outlet);
            return Ok(());
        }
        let before = std::mem::replace(&mut self.wanted, wanted);
        let outcome = self.apply(now);
        if outcome.is_err() {
            self.wanted = before;
            if self.wanted.is_empty() {
                self.open = None;
            } else {
                let _ = self.apply(now);
            }
        }
        outcome
    }

    fn apply(&mut self, now: u64) -> Result<(), Refusal> {
        if self.open.is_none() {
            self.open = Some(Open {
                instance: Instance::create()?,
                formats: Vec::new(),
                rhythm: Rhythm::new(HERTZ, now),
                budget: Budget::new(now),
                off_until: None,
                read_at: now,
                outgoing: Outgoing::default(),
            });
        }
        let Some(open) = &mut self.open else { return Ok(()) };
        open.outgoing.follow(self.wanted.keys(), now);
        let wanted = &self.wanted;
        let devices_of = |event: TraceEvent| -> Vec<&str> {
            wanted.iter().filter(|(_, events)| events.contains(&event)).map(|(device, _)| &**device).collect()
        };
        // What is no longer wanted goes first, so that nothing is told beside what is.
        for event in TraceEvent::ALL.into_iter().filter(|event| devices_of(*event).is_empty()) {
            open.instance.disable(event);
        }
        for event in TraceEvent::ALL {
            let devices = devices_of(event);
            if devices.is_empty() {
                continue;
            }
            let format = open.instance.format(event)?;
            if !open.formats.contains(&format) {
                open.formats.push(format);
            }
            open.instance.enable(event, &devices)?;
        }
        Ok(())
    }

    /// When it is due next.
    pub fn next(&self) -> Option<u64> {
        self.open.as_ref()?.rhythm.map(|rhythm| rhythm.next())
    }

    /// Reads and sends what is due.
    pub fn run(&mut self, now: u64, outlet: &mut Outlet<'_>) -> Option<Ended> {
        let open = self.open.as_mut()?;
        if !open.rhythm.as_mut().is_some_and(|rhythm| rhythm.is_due(now)) {
            return None;
        }
        let outcome = open.read(now);
        open.outgoing.send(now.saturating_sub(HOLD_NS), outlet);
        let error = outcome.err()?;
        self.abandon();
        Some(Ended(format!("The trace buffers could not be read: {}.", module::words(error))))
    }

    /// Switches everything off, and sends what was recorded until now: the module can go.
    pub fn end(&mut self, outlet: &mut Outlet<'_>) {
        self.wanted.clear();
        let Some(mut open) = self.open.take() else { return };
        for event in TraceEvent::ALL {
            open.instance.disable(event);
        }
        let now = monotonic();
        if open.read(now).is_ok() {
            open.outgoing.send(now, outlet);
        }
    }

    /// Switches everything off at once, as for a client that has left.
    pub fn abandon(&mut self) {
        self.wanted.clear();
        self.open = None;
    }

    /// Follows a change of devices: one that rigb does not drive any more is not traced. Returns those.
    pub fn refresh(&mut self, devices: &[Device], now: u64) -> Vec<String> {
        let Some(open) = &self.open else { return Vec::new() };
        let has_events = open.instance.has_events();
        let is_there = |address: &String| {
            has_events && devices.iter().any(|device| device.pci_address == *address && !device.rings.is_empty())
        };
        let gone: Vec<String> = self.wanted.keys().filter(|address| !is_there(address)).cloned().collect();
        self.wanted.retain(|address, _| !gone.contains(address));
        if self.wanted.is_empty() {
            self.abandon();
            return gone;
        }
        // Somebody else may have loaded the module anew between two looks: then its events have other numbers, and are off.
        if let Some(open) = &mut self.open {
            open.formats.clear();
        }
        if self.apply(now).is_ok() {
            return gone;
        }
        let all = gone.into_iter().chain(std::mem::take(&mut self.wanted).into_keys()).collect();
        self.abandon();
        all
    }
}

impl Open {
    /// Takes out of the kernel what the buffers hold. Over the budget recording goes off for a while.
    fn read(&mut self, now: u64) -> Result<(), Errno> {
        if self.off_until.is_some() {
            self.outgoing.paused(now.saturating_sub(self.read_at));
        }
        self.read_at = now;
        if self.outgoing.waiting() > WAITING_EVENTS {
            return Ok(());
        }
        let (formats, outgoing) = (&self.formats, &mut self.outgoing);
        let mut events = 0;
        let lost = self.instance.drain(|cpu, time_ns, bytes| {
            events += 1;
            let id = format::number(bytes, format::EVENT_ID);
            let Some(format) = formats.iter().find(|format| Some(format.id) == id) else { return };
            if let (Some(device), Some(record)) = (format.device(bytes), format.record(bytes, time_ns, cpu)) {
                outgoing.take(device, record);
            }
        })?;
        self.outgoing.lost(lost);
        let over = self.budget.spend(events, now);
        let off_until = over.or(self.off_until.filter(|until| *until > now));
        if off_until.is_some() != self.off_until.is_some() {
            self.instance.record(off_until.is_none());
        }
        self.off_until = off_until;
        Ok(())
    }
}
