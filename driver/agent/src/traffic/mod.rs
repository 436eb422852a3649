// SPDX-License-Identifier: MIT OR Apache-2.0
//! The lab's traffic: pktgen on the link partner (receive), on the device under test (transmit), or on both.

mod pktgen;

use crate::background::{Background, Report};
use crate::held_file::HeldFile;
use crate::module_file;
use ringscope_wire::control::{Device, Direction, ErrorCode, Refusal, RingKind, Traffic, TrafficState};
use std::fs::File;

/// Who sends.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Side {
    /// The device under test, in the agent's network namespace.
    DeviceUnderTest,
    /// The in-tree driver's port, in the namespace `partner`.
    Partner,
}

/// What a sender is to do.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Job {
    side: Side,
    interface: String,
    mac: String,
    queues: usize,
    traffic: Traffic,
}

struct Sender {
    side: Side,
    file: Option<HeldFile>,
    sent: u64,
    source: Option<String>,
    is_running: bool,
}

/// What runs, what was asked for last, and why it ended.
pub struct TrafficDesk {
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

fn device_under_test(devices: &[Device]) -> Option<&Device> {
    devices.iter().find(|device| device.driver.as_deref() == Some(module_file::NAME) && device.interface.is_some())
}

/// Why no traffic can run.
fn hindrance(devices: &[Device]) -> Option<String> {
    if let Err(reason) = pktgen_exists() {
        return Some(format!("{reason}."));
    }
    if pktgen::partner_namespace().is_none() {
        return Some("There is no link partner: no network namespace is called partner.".to_owned());
    }
    match device_under_test(devices) {
        None => Some(format!("{} drives no interface.", module_file::NAME)),
        Some(device) if device.administrative_up == Some(false) => {
            Some(format!("{} is down.", device.interface.as_deref().unwrap_or_default()))
        }
        Some(_) => None,
    }
}

impl TrafficDesk {
    /// Nothing runs.
    pub fn new() -> Self {
        let traffic = Traffic {
            running: false,
            direction: Direction::Receive,
            frames_per_second: 0,
            frame_bytes: 60,
            frames: None,
        };
        Self { traffic, senders: Vec::new(), reason: None, starting: None, pending: None, is_stopping: false }
    }

    /// Whether a sender is at work.
    pub fn is_running(&self) -> bool {
        self.senders.iter().any(|sender| sender.is_running)
    }

    /// The event.
    pub fn state(&self, devices: &[Device]) -> TrafficState {
        let hindrance = hindrance(devices);
        let sources: Vec<_> = self.senders.iter().filter_map(|sender| sender.source.as_deref()).collect();
        TrafficState {
            available: hindrance.is_none(),
            reason: hindrance.or_else(|| self.reason.clone()),
            running: self.is_running(),
            direction: self.traffic.direction,
            frames_per_second: self.traffic.frames_per_second,
            frame_bytes: self.traffic.frame_bytes,
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
        if let Some(reason) = hindrance(devices) {
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
        let device = device_under_test(devices);
        let device = device.ok_or_else(|| Refusal::new(ErrorCode::NotAvailable, "The device under test is gone."))?;
        let sides: &[Side] = match traffic.direction {
            Direction::Receive => &[Side::Partner],
            Direction::Transmit => &[Side::DeviceUnderTest],
            Direction::Both => &[Side::Partner, Side::DeviceUnderTest],
        };
        self.senders.clear();
        self.reason = None;
        for &side in sides {
            let job = Job {
                side,
                interface: device.interface.clone().unwrap_or_default(),
                mac: device.mac.clone().unwrap_or_default(),
                queues: match side {
                    Side::DeviceUnderTest => device.rings.iter().filter(|ring| ring.kind == RingKind::Tx).count(),
                    Side::Partner => 1,
                },
                traffic: traffic.clone(),
            };
            let spawned = threads.spawn(move |reporter| {
                let outcome = pktgen::prepare(&job).and_then(|(file, source)| {
                    reporter.report(Report::SenderBegins(side, file, source));
                    pktgen::send()
                });
                reporter.report(Report::SenderEnds(side, outcome));
            });
            spawned
                .map_err(|error| Refusal::new(ErrorCode::Failed, format!("A thread could not be started: {error}.")))?;
            self.senders.push(Sender { side, file: None, sent: 0, source: None, is_running: true });
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
            // If it cannot be stopped now it was about to end; its own thread reports that.
            let _ = threads.spawn(move |_| drop(pktgen::stop(side)));
        }
    }

    /// A sender is set up and begins.
    pub fn begins(&mut self, side: Side, file: File, source: String) -> Option<DueReply> {
        let sender = self.senders.iter_mut().find(|sender| sender.side == side)?;
        sender.file = Some(HeldFile::of(file));
        sender.source = Some(source);
        let all = self.senders.iter().all(|sender| sender.file.is_some());
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
            let content = sender.file.as_mut().and_then(|file| file.read().ok()).unwrap_or_default();
            sender.sent = pktgen::sent(content).unwrap_or(sender.sent);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_frames_sent_are_read_from_the_devices_file() {
        let text =
            b"Params: count 0  min_pkt_size: 60\nCurrent:\n     pkts-sofar: 123456  errors: 0\n     started: 1us\n";
        assert_eq!(pktgen::sent(text), Some(123_456));
        assert_eq!(pktgen::sent(b"pkts-sofar"), None);
        assert_eq!(pktgen::sent(b"pkts-sofar: "), None);
    }

    #[test]
    fn a_rate_and_queues_become_commands() {
        let traffic =
            Traffic { frames_per_second: 1000, frame_bytes: 1514, frames: Some(5), ..TrafficDesk::new().traffic };
        let job = Job { side: Side::DeviceUnderTest, interface: "eth0".into(), mac: String::new(), queues: 4, traffic };
        let commands = pktgen::commands(&job, "52:54:00:00:00:02");
        for command in ["count 5", "pkt_size 1514", "dst_mac 52:54:00:00:00:02", "ratep 1000", "queue_map_max 3"] {
            assert!(commands.iter().any(|one| one == command), "{command}");
        }
    }

    #[test]
    fn without_a_device_under_test_traffic_is_not_available() {
        let threads = Background::new().expect("an eventfd");
        let mut desk = TrafficDesk::new();
        let traffic = Traffic { running: true, ..desk.traffic.clone() };
        let reply = desk.ask(1, traffic.clone(), &[], &threads);
        assert!(matches!(reply, Some(Err(refusal)) if refusal.code == ErrorCode::NotAvailable));
        assert_eq!(desk.ask(2, Traffic { running: false, ..traffic }, &[], &threads), Some(Ok(())));
        assert!(!desk.state(&[]).available && desk.state(&[]).reason.is_some());
    }
}
