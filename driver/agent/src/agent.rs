// SPDX-License-Identifier: MIT OR Apache-2.0
//! The loop: one thread that waits for the client, the kernel's log, links, uevents, its threads and the clock, and never blocks elsewhere.

use crate::background::{Background, Report};
use crate::buffers::ShownBuffers;
use crate::capabilities::Rights;
use crate::clock::{SECOND, monotonic, timespec};
use crate::cost::{Meter, Totals};
use crate::devices::{Scan, scan};
use crate::inlet::{Incoming, Inlet};
use crate::lab::Lab;
use crate::log_stream::{LogStream, Outcome};
use crate::netlink::{Monitor, uevents};
use crate::observation::Observers;
use crate::outlet::Outlet;
use crate::rhythm::Rhythm;
use crate::sampler::Sampler;
use crate::signals::Signals;
use crate::takeover::Takeover;
use crate::trace::{self, Tracing};
use crate::traffic::TrafficDesk;
use crate::watches::Watches;
use crate::{kmsg, module};
use ringscope_wire::FramingFault;
use ringscope_wire::control::{Event, Module, Notice, Refusal, Reply, Severity};
use rustix::event::{PollFd, PollFlags, poll};
use rustix::io::Errno;
use std::os::fd::{AsFd, BorrowedFd};

/// How the agent ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Ending {
    /// The client has closed the pipe.
    Closed,
    /// A signal asked for it.
    Asked,
    /// The framing is lost.
    Lost(FramingFault),
    /// The kernel refused what the agent cannot do without.
    Failed(Errno),
}

/// A load or an unload that a thread is at.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Change {
    /// `load-module`, with the request's number.
    Load(u32),
    /// `unload-module`, with the request's number.
    Unload(u32),
}

/// All state. Verbs are in `verbs.rs`, what follows a change of devices or the module in `changes.rs`.
pub struct Agent<'a> {
    pub(crate) rights: Rights,
    /// The link partner's namespace, in the lab's guest.
    pub(crate) lab: Option<Lab>,
    /// A thread changes a driver or a card of the lab.
    pub(crate) is_lab_at_work: bool,
    /// When the lab's guest is to be crashed.
    pub(crate) crash_due: Option<u64>,
    signals: Signals,
    input: BorrowedFd<'a>,
    output: BorrowedFd<'a>,
    inlet: Inlet<'a>,
    pub(crate) outlet: Outlet<'a>,
    pub(crate) is_open: bool,
    pub(crate) log: Option<LogStream>,
    pub(crate) sampler: Sampler,
    pub(crate) sampling: Option<Rhythm>,
    pub(crate) costing: Option<Rhythm>,
    pub(crate) meter: Meter,
    pub(crate) watches: Watches,
    pub(crate) observers: Observers,
    pub(crate) tracing: Tracing,
    pub(crate) shown_buffers: ShownBuffers,
    pub(crate) takeover: Takeover,
    /// What is told after `hello`, since it happened before.
    pub(crate) earlier: Vec<Notice>,
    /// Whether it was this agent that loaded the module.
    pub(crate) has_loaded: bool,
    pub(crate) scan: Scan,
    pub(crate) scan_reads: u64,
    pub(crate) module: Option<Module>,
    pub(crate) module_error: Option<String>,
    pub(crate) change: Option<Change>,
    pub(crate) look_again: Option<u64>,
    pub(crate) traffic: TrafficDesk,
    pub(crate) reporting: Option<Rhythm>,
    pub(crate) threads: Background,
    monitors: [Option<Monitor>; 2],
    wakeups: u64,
}

impl<'a> Agent<'a> {
    /// Opens what it listens to. Links and uevents may be missing; then changes are noticed only after verbs.
    pub fn new(rights: Rights, input: BorrowedFd<'a>, output: BorrowedFd<'a>) -> Result<Self, Errno> {
        let lab = if rights.is_lab { Lab::open() } else { None };
        let mut sampler = Sampler::new();
        sampler.counters.count_partner(lab.as_ref().and_then(|_| Lab::counter_socket()));
        Ok(Self {
            rights,
            lab,
            is_lab_at_work: false,
            crash_due: None,
            signals: Signals::new()?,
            input,
            output,
            inlet: Inlet::new(input),
            outlet: Outlet::new(output),
            is_open: false,
            log: None,
            sampler,
            sampling: None,
            costing: None,
            meter: Meter::new(Totals::default()),
            watches: Watches::default(),
            observers: Observers::new(),
            tracing: Tracing::default(),
            shown_buffers: ShownBuffers::default(),
            takeover: Takeover::default(),
            earlier: Vec::new(),
            has_loaded: false,
            scan: scan(),
            scan_reads: 0,
            module: None,
            module_error: None,
            change: None,
            look_again: None,
            traffic: TrafficDesk::new(rights.is_lab),
            reporting: None,
            threads: Background::new()?,
            monitors: [Monitor::links().ok(), uevents().ok()],
            wakeups: 0,
        })
    }

    /// Serves until the pipe closes or a signal asks it to end, then gives back what it has taken.
    pub fn serve(mut self) -> Ending {
        self.restore();
        trace::remove_leftover();
        let ending = self.run();
        self.tracing.abandon();
        self.shown_buffers.clear();
        self.give_back();
        ending
    }

    fn run(&mut self) -> Ending {
        loop {
            if self.outlet.flush().is_err() {
                return Ending::Closed;
            }
            let ready = match self.wait() {
                Ok(ready) => ready,
                Err(Errno::INTR) => continue,
                Err(error) => return Ending::Failed(error),
            };
            self.wakeups += 1;
            if ready.signals {
                return Ending::Asked;
            }
            if ready.monitors {
                self.hear();
            }
            if ready.threads {
                for report in self.threads.take() {
                    self.reported(report);
                }
            }
            if let (true, Some(log)) = (ready.log, &mut self.log) {
                log.ready(monotonic());
            }
            if ready.input {
                for incoming in self.inlet.take() {
                    match incoming {
                        Incoming::Request(request) => self.request(request),
                        Incoming::Fault(fault) => self.notice(Severity::Warning, fault.name(), fault.to_string()),
                        Incoming::End => return Ending::Closed,
                        Incoming::Lost(fault) => {
                            self.notice(Severity::Error, fault.name(), fault.to_string());
                            self.say_goodbye();
                            return Ending::Lost(fault);
                        }
                    }
                }
            }
            self.run_due();
        }
    }

    fn wait(&self) -> Result<Ready, Errno> {
        let is_full = self.outlet.is_full();
        // A client that does not read is not listened to either, but its going away is still noticed.
        let listening = if is_full { PollFlags::empty() } else { PollFlags::IN };
        let writing = if self.outlet.is_waiting() { PollFlags::OUT } else { PollFlags::empty() };
        let log = self.log.as_ref().filter(|_| !is_full).and_then(LogStream::descriptor);
        let [links, uevents] = self.monitors.each_ref().map(|monitor| monitor.as_ref().map(Monitor::descriptor));
        let threads = self.threads.descriptor();
        let partner = self.lab.as_ref().and_then(|lab| lab.monitor.as_ref()).map(Monitor::descriptor);
        let mut places = [0; 4];
        let mut waiting = vec![
            PollFd::from_borrowed_fd(self.input, listening),
            PollFd::from_borrowed_fd(threads, PollFlags::IN),
            PollFd::from_borrowed_fd(self.signals.descriptor(), PollFlags::IN),
        ];
        for (place, descriptor) in places.iter_mut().zip([log, links, uevents, partner]) {
            if let Some(descriptor) = descriptor {
                *place = waiting.len();
                waiting.push(PollFd::from_borrowed_fd(descriptor, PollFlags::IN));
            }
        }
        if !writing.is_empty() {
            waiting.push(PollFd::from_borrowed_fd(self.output, writing));
        }
        let timeout = self.next().map(|next| timespec(next.saturating_sub(monotonic())));
        poll(&mut waiting, timeout.as_ref())?;
        let heard = |place: usize| waiting.get(place).is_some_and(|one| !one.revents().is_empty());
        let optional = |place: usize| place > 0 && heard(place);
        let [log, links, uevents, partner] = places;
        Ok(Ready {
            input: heard(0),
            threads: heard(1),
            signals: heard(2),
            log: optional(log),
            monitors: [links, uevents, partner].into_iter().any(optional),
        })
    }

    /// When something is due next.
    fn next(&self) -> Option<u64> {
        let rhythms = [self.sampling, self.costing, self.reporting].map(|rhythm| rhythm.map(|rhythm| rhythm.next()));
        let log = self.log.as_ref().filter(|_| !self.outlet.is_full()).and_then(LogStream::next);
        rhythms
            .into_iter()
            .chain([
                log,
                self.watches.next(),
                self.observers.next(),
                self.tracing.next(),
                self.look_again,
                self.crash_due,
            ])
            .flatten()
            .min()
    }

    fn hear(&mut self) {
        let mut heard = false;
        let partners = self.lab.as_ref().and_then(|lab| lab.monitor.as_ref());
        for monitor in self.monitors.iter().flatten().chain(partners) {
            heard |= monitor.drain();
        }
        if heard && self.is_open {
            // Changes come in bunches: an interface that comes up is a dozen messages.
            self.look_again.get_or_insert(monotonic() + SECOND / 50);
        }
    }

    pub(crate) fn reported(&mut self, report: Report) {
        match report {
            Report::StepEnds(end) => self.step_ended(end),
            Report::LabStepEnds(id, outcome) => self.lab_step_ended(id, outcome),
            Report::Loaded(outcome) | Report::Unloaded(outcome) => self.module_changed(outcome),
            Report::SenderBegins(side, file, source) => {
                let due = self.traffic.begins(side, file, source);
                self.traffic_changed(due);
            }
            Report::SenderEnds(side, outcome) => {
                let due = self.traffic.ends(side, outcome, &self.scan.devices, &self.threads);
                self.traffic_changed(due);
            }
        }
    }

    fn run_due(&mut self) {
        let now = monotonic();
        if self.look_again.take_if(|at| *at <= now).is_some() {
            self.look();
        }
        self.run_log(now);
        if self.crash_due.take_if(|at| *at <= now).is_some() {
            self.crash_now();
        }
        if self.sampling.as_mut().is_some_and(|rhythm| rhythm.is_due(now)) {
            self.sample();
        }
        for ended in self.watches.run(now, &mut self.outlet) {
            let text =
                format!("{} of {} is no longer there: {}.", ended.what, ended.device, module::words(ended.error));
            self.notice(Severity::Info, "watch-ended", text);
        }
        if self.observers.next().is_some_and(|next| next <= now) {
            // They may take long, and whoever follows the log sees each line's delay: what came meanwhile goes first.
            let now = monotonic();
            if let Some(log) = &mut self.log {
                log.ready(now);
            }
            self.run_log(now);
        }
        self.observers.run(now, &mut self.outlet);
        if let Some(trace::Ended(text)) = self.tracing.run(now, &mut self.outlet) {
            self.notice(Severity::Warning, "trace-ended", text);
        }
        if self.reporting.as_mut().is_some_and(|rhythm| rhythm.is_due(now)) {
            self.traffic.tick(&self.threads);
            self.send_traffic();
        }
        if self.costing.as_mut().is_some_and(|rhythm| rhythm.is_due(now)) {
            self.send_cost();
        }
    }

    /// Sends what the kernel has logged, before anything else is read that is due: lines are to be seen as they come.
    fn run_log(&mut self, now: u64) {
        let Some(log) = &mut self.log else { return };
        match log.run(now, &mut self.outlet) {
            Outcome::Fine => {}
            Outcome::Overwritten => {
                let text = "The kernel log overwrote records before they could be read.".to_owned();
                self.notice(Severity::Warning, "lost-records", text);
            }
            Outcome::Failed(error) => {
                self.log = None;
                let text = format!("{} cannot be read: {}.", kmsg::PATH, module::words(error));
                self.notice(Severity::Warning, "log-unavailable", text);
            }
        }
        // A pipe that broke is noticed by the loop, which writes next.
        let _ = self.outlet.flush();
    }

    /// Gives the last notice a moment to leave; a client that does not read does not get it.
    fn say_goodbye(&mut self) {
        let end = monotonic() + SECOND;
        while self.outlet.flush().is_ok() && self.outlet.is_waiting() && monotonic() < end {
            let mut waiting = [PollFd::from_borrowed_fd(self.output.as_fd(), PollFlags::OUT)];
            let _ = poll(&mut waiting, Some(&timespec(SECOND / 10)));
        }
    }

    pub(crate) fn totals(&self) -> Totals {
        Totals {
            bytes_sent: self.outlet.bytes_sent,
            mmio_reads: self.sampler.counters.mmio_reads
                + self.watches.mmio_reads
                + self.observers.mmio_reads()
                + self.scan_reads,
            samples_lost: self.outlet.samples_lost,
            wakeups: self.wakeups,
        }
    }

    pub(crate) fn reply(&mut self, id: u32, outcome: Result<(), Refusal>) {
        self.outlet.control(&Reply { id, outcome }.payload());
    }

    pub(crate) fn event(&mut self, event: &Event) {
        self.outlet.control(&event.payload());
    }

    pub(crate) fn notice(&mut self, severity: Severity, code: &str, text: String) {
        self.event(&Event::Notice(Notice { severity, code: code.to_owned(), text }));
    }
}

struct Ready {
    input: bool,
    threads: bool,
    signals: bool,
    log: bool,
    monitors: bool,
}
