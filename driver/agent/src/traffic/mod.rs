// SPDX-License-Identifier: MIT OR Apache-2.0
//! The lab's traffic: pktgen on the link partner (receive), on the device under test (transmit), or on both. Damaged frames the agent sends itself.

mod damaged;
mod device_under_test;
mod frame;
mod pktgen;

use crate::background::{Background, Report};
use crate::held_file::HeldFile;
use crate::netlink::{Link, RequestSocket, links};
use crate::{module, partner};
use damaged::Progress;
use device_under_test::{device_under_test, hindrance};
use ringscope_wire::control::{Device, Direction, ErrorCode, Refusal, Traffic, TrafficState};
use std::fs::{File, read_dir};
use std::net::Ipv4Addr;
use std::sync::Arc;
use std::sync::atomic::Ordering;

/// Addresses for benchmarks (RFC 2544) that nobody has, so that nobody answers. Each flow has a source of its own, so that the card spreads them over its queues.
const DESTINATION: Ipv4Addr = Ipv4Addr::new(198, 18, 0, 1);
const FIRST_SOURCE: Ipv4Addr = Ipv4Addr::new(198, 18, 1, 1);
const FIRST_PORT: u16 = 1024;

/// Who sends.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Side {
    /// The device under test, in the agent's network namespace.
    DeviceUnderTest,
    /// The in-tree driver's port, in the namespace `partner`.
    Partner,
}

/// What a sender is to do.
#[derive(Debug, Clone)]
pub struct Job {
    side: Side,
    interface: String,
    mac: String,
    queues: usize,
    traffic: Traffic,
    progress: Arc<Progress>,
}

struct Sender {
    side: Side,
    has_begun: bool,
    /// pktgen's; a sender of our own has none.
    file: Option<HeldFile>,
    /// That of our own sender.
    progress: Arc<Progress>,
    sent: u64,
    source: Option<String>,
    is_running: bool,
}

/// What runs, what was asked for last, and why it ended.
pub struct TrafficDesk {
    /// In the lab's guest no card is anybody's, so whichever port is here is the device under test.
    is_lab: bool,
    traffic: Traffic,
    senders: Vec<Sender>,
    reason: Option<String>,
    /// Requests that wait until all senders have begun.
    starting: Option<u32>,
    /// A start that waits for the end of what runs.
    pending: Option<(u32, Traffic)>,
    is_stopping: bool,
}

/// A reply that became due.
pub type DueReply = (u32, Result<(), Refusal>);

/// Whether pktgen is there, or why not.
pub fn pktgen_exists() -> Result<(), String> {
    if pktgen::exists() { Ok(()) } else { Err("pktgen is not loaded".to_owned()) }
}

/// The transmit queues that an interface of the agent's namespace uses.
fn transmit_queues(interface: &str) -> usize {
    let entries = read_dir(format!("/sys/class/net/{interface}/queues")).into_iter().flatten().flatten();
    entries.filter(|entry| entry.file_name().to_string_lossy().starts_with("tx-")).count()
}

/// Both ends of the cable, each looked up where it is: who sends, and to which hardware address.
fn ends(job: &Job) -> Result<(Link, String), String> {
    let there = partner::within(partner::link)?;
    if job.side == Side::Partner {
        return Ok((there, job.mac.clone()));
    }
    let mut socket = RequestSocket::route().map_err(module::words)?;
    let here = links(&mut socket).map_err(module::words)?.into_iter().find(|link| link.name == job.interface);
    Ok((here.ok_or_else(|| format!("{} is gone.", job.interface))?, there.mac))
}

/// Who sends, in words.
fn source(program: &str, side: Side, interface: &str) -> String {
    let place = if side == Side::Partner { " of the link partner" } else { "" };
    format!("{program} on {interface}{place}")
}

/// Sends until the end of the job, in a thread of its own.
fn send(job: &Job, reporter: &crate::background::Reporter) -> Result<(), String> {
    let (from, to_mac) = ends(job)?;
    pktgen::enter(job.side)?;
    let begins = |file, program| {
        reporter.report(Report::SenderBegins(job.side, file, source(program, job.side, &from.name)));
    };
    if let Some(damage) = job.traffic.damage {
        let frames = damaged::prepare(job, &from, &to_mac, damage)?;
        begins(None, "damaged frames");
        return damaged::run(job, &frames, &job.progress);
    }
    let file = pktgen::prepare(job, &from, &to_mac)?;
    begins(Some(file), "pktgen");
    pktgen::send()
}

impl TrafficDesk {
    /// Nothing runs.
    pub fn new(is_lab: bool) -> Self {
        let traffic = Traffic {
            running: false,
            direction: Direction::Receive,
            frames_per_second: 0,
            frame_bytes: 60,
            frames: None,
            flows: 254,
            burst: 1,
            damage: None,
        };
        Self { is_lab, traffic, senders: Vec::new(), reason: None, starting: None, pending: None, is_stopping: false }
    }

    /// Whether a sender is at work.
    pub fn is_running(&self) -> bool {
        self.senders.iter().any(|sender| sender.is_running)
    }

    /// The event.
    pub fn state(&self, devices: &[Device]) -> TrafficState {
        let hindrance = hindrance(devices, self.is_lab);
        let sources: Vec<_> = self.senders.iter().filter_map(|sender| sender.source.as_deref()).collect();
        TrafficState {
            available: hindrance.is_none(),
            reason: hindrance.or_else(|| self.reason.clone()),
            running: self.is_running(),
            direction: self.traffic.direction,
            frames_per_second: self.traffic.frames_per_second,
            frame_bytes: self.traffic.frame_bytes,
            flows: self.traffic.flows,
            burst: self.traffic.burst,
            damage: self.traffic.damage,
            sent_frames: self.senders.iter().map(|sender| sender.sent).sum(),
            source: (!sources.is_empty()).then(|| sources.join(", ")),
        }
    }

    /// Starts or stops. `None`: the reply comes when the senders have begun.
    pub fn ask(
        &mut self,
        id: u32,
        traffic: Traffic,
        devices: &[Device],
        threads: &Background,
    ) -> Option<Result<(), Refusal>> {
        if !traffic.running {
            self.stop(threads);
            return Some(Ok(()));
        }
        if self.starting.is_some() || self.pending.is_some() {
            return Some(Err(Refusal::new(ErrorCode::Busy, "Traffic is being started already.")));
        }
        if let Some(reason) = hindrance(devices, self.is_lab) {
            return Some(Err(Refusal::new(ErrorCode::NotAvailable, reason)));
        }
        if self.is_running() {
            self.pending = Some((id, traffic));
            self.stop(threads);
            return None;
        }
        self.start(id, traffic, devices, threads).err().map(Err)
    }

    fn start(&mut self, id: u32, traffic: Traffic, devices: &[Device], threads: &Background) -> Result<(), Refusal> {
        let device = device_under_test(devices, self.is_lab);
        let device = device.ok_or_else(|| Refusal::new(ErrorCode::NotAvailable, "The device under test is gone."))?;
        let sides: &[Side] = match traffic.direction {
            Direction::Receive => &[Side::Partner],
            Direction::Transmit => &[Side::DeviceUnderTest],
            Direction::Both => &[Side::Partner, Side::DeviceUnderTest],
        };
        self.senders.clear();
        self.reason = None;
        for &side in sides {
            let progress = Arc::new(Progress::default());
            let job = Job {
                side,
                interface: device.interface.clone().unwrap_or_default(),
                mac: device.mac.clone().unwrap_or_default(),
                queues: match side {
                    Side::DeviceUnderTest => transmit_queues(device.interface.as_deref().unwrap_or_default()),
                    Side::Partner => 1,
                },
                traffic: traffic.clone(),
                progress: Arc::clone(&progress),
            };
            let spawned = threads.spawn(move |reporter| {
                let outcome = send(&job, reporter);
                reporter.report(Report::SenderEnds(side, outcome));
            });
            spawned
                .map_err(|error| Refusal::new(ErrorCode::Failed, format!("A thread could not be started: {error}.")))?;
            let sender =
                Sender { side, has_begun: false, file: None, progress, sent: 0, source: None, is_running: true };
            self.senders.push(sender);
        }
        self.traffic = traffic;
        self.starting = Some(id);
        self.is_stopping = false;
        Ok(())
    }

    fn stop(&mut self, threads: &Background) {
        self.is_stopping = true;
        for sender in self.senders.iter().filter(|sender| sender.is_running) {
            let side = sender.side;
            sender.progress.is_stopped.store(true, Ordering::Relaxed);
            if self.traffic.damage.is_some() {
                continue;
            }
            // If it cannot be stopped now it was about to end; its own thread reports that.
            let _ = threads.spawn(move |_| drop(pktgen::stop(side)));
        }
    }

    /// A sender is set up and begins.
    pub fn begins(&mut self, side: Side, file: Option<File>, source: String) -> Option<DueReply> {
        let sender = self.senders.iter_mut().find(|sender| sender.side == side)?;
        sender.has_begun = true;
        sender.file = file.map(HeldFile::of);
        sender.source = Some(source);
        let all = self.senders.iter().all(|sender| sender.has_begun);
        self.starting.take_if(|_| all).map(|id| (id, Ok(())))
    }

    /// A sender is done. What waited for the end of all is started.
    pub fn ends(
        &mut self,
        side: Side,
        outcome: Result<(), String>,
        devices: &[Device],
        threads: &Background,
    ) -> Option<DueReply> {
        self.count();
        for sender in self.senders.iter_mut().filter(|sender| sender.side == side) {
            sender.is_running = false;
        }
        if let Err(reason) = outcome {
            self.reason = Some(reason.clone());
            self.stop(threads);
            if let Some(id) = self.starting.take() {
                return Some((id, Err(Refusal::new(ErrorCode::Failed, reason))));
            }
        }
        if self.is_running() {
            return None;
        }
        let (id, traffic) = self.pending.take()?;
        self.start(id, traffic, devices, threads).err().map(|refusal| (id, Err(refusal)))
    }

    /// Once a second while it runs.
    pub fn tick(&mut self, threads: &Background) {
        self.count();
        // A stop that came before the sender had begun was lost on pktgen.
        if self.is_stopping && self.is_running() {
            self.stop(threads);
        }
    }

    /// Looks at how many frames were sent.
    pub fn count(&mut self) {
        for sender in &mut self.senders {
            if self.traffic.damage.is_some() {
                sender.sent = sender.progress.sent.load(Ordering::Relaxed);
                continue;
            }
            let content = sender.file.as_mut().and_then(|file| file.read().ok()).unwrap_or_default();
            sender.sent = pktgen::sent(content).unwrap_or(sender.sent);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn without_a_device_under_test_traffic_is_not_available() {
        let threads = Background::new().expect("an eventfd");
        let mut desk = TrafficDesk::new(false);
        let traffic = Traffic { running: true, ..desk.traffic.clone() };
        let reply = desk.ask(1, traffic.clone(), &[], &threads);
        assert!(matches!(reply, Some(Err(refusal)) if refusal.code == ErrorCode::NotAvailable));
        assert_eq!(desk.ask(2, Traffic { running: false, ..traffic }, &[], &threads), Some(Ok(())));
        assert!(!desk.state(&[]).available && desk.state(&[]).reason.is_some());
    }
}
