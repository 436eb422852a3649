// SPDX-License-Identifier: MIT OR Apache-2.0
//! What was read and not told yet: put in order, and cut into batches.

use crate::clock::SECOND;
use crate::outlet::Outlet;
use ringscope_wire::layouts::{TraceHeader, TraceRecord, write_trace};

/// Records of a batch: 64 KiB.
const BATCH_RECORDS: usize = 1600;
/// A device without events says so at this interval, so that a window knows that nothing happened and nothing is missing.
const QUIET_NS: u64 = SECOND;

struct Line {
    device: String,
    records: Vec<TraceRecord>,
    from_ns: u64,
    lost: u64,
    paused_ns: u64,
}

/// A line of events a device.
#[derive(Default)]
pub struct Outgoing {
    lines: Vec<Line>,
}

impl Outgoing {
    /// Has a line for each of these devices and no other. A new one begins now.
    pub fn follow<'a>(&mut self, devices: impl Iterator<Item = &'a String>, now: u64) {
        let mut before = std::mem::take(&mut self.lines);
        for device in devices {
            let known = before.iter().position(|line| line.device == *device).map(|place| before.swap_remove(place));
            self.lines.push(known.unwrap_or_else(|| Line {
                device: device.clone(),
                records: Vec::new(),
                from_ns: now,
                lost: 0,
                paused_ns: 0,
            }));
        }
    }

    /// An event.
    pub fn take(&mut self, device: &str, record: TraceRecord) {
        if let Some(line) = self.lines.iter_mut().find(|line| line.device == device) {
            line.records.push(record);
        }
    }

    /// So many events are missing; whose they were is not known, so that every device is told.
    pub fn lost(&mut self, events: u64) {
        for line in &mut self.lines {
            line.lost += events;
        }
    }

    /// So long nothing was recorded.
    pub fn paused(&mut self, ns: u64) {
        for line in &mut self.lines {
            line.paused_ns += ns;
        }
    }

    /// Events that were not told yet.
    pub fn waiting(&self) -> usize {
        self.lines.iter().map(|line| line.records.len()).sum()
    }

    /// Sends what happened until `until_ns`, as far as the pipe takes it.
    pub fn send(&mut self, until_ns: u64, outlet: &mut Outlet<'_>) {
        for line in &mut self.lines {
            // Stable, so that events of one CPU at one time stay in their order.
            line.records.sort_by_key(|record| record.time_ns);
            let due = line.records.partition_point(|record| record.time_ns <= until_ns);
            let mut sent = 0;
            while !outlet.is_full() {
                let records = line.records.get(sent..due.min(sent + BATCH_RECORDS)).unwrap_or_default();
                let is_quiet = records.is_empty() && line.lost == 0 && line.paused_ns == 0;
                let due_again = if is_quiet { line.from_ns.saturating_add(QUIET_NS) } else { line.from_ns };
                if (records.is_empty() && sent > 0) || until_ns < due_again {
                    break;
                }
                sent += records.len();
                let to_ns = records.last().filter(|_| sent < due).map_or(until_ns, |record| record.time_ns);
                let header = TraceHeader {
                    device: line.device.clone(),
                    lost_events: std::mem::take(&mut line.lost),
                    from_ns: line.from_ns,
                    to_ns,
                    paused_ns: std::mem::take(&mut line.paused_ns),
                };
                outlet.trace(&write_trace(&header, records));
                line.from_ns = to_ns;
                if sent >= due {
                    break;
                }
            }
            line.records.drain(..sent);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use ringscope_wire::control::TraceEvent;
    use ringscope_wire::layouts::{TraceBatch, read_trace};
    use ringscope_wire::{Decoded, Decoder};
    use rustix::io::read;
    use rustix::pipe::{PipeFlags, pipe_with};
    use std::os::fd::AsFd;

    fn record(time_ns: u64, cpu: u16) -> TraceRecord {
        TraceRecord { time_ns, event: TraceEvent::Poll, cpu, queue: 0, flags: 0, dma_address: 0, words: [0; 3] }
    }

    /// What one `send` after the other puts into a pipe.
    fn told(outgoing: &mut Outgoing, untils: &[u64]) -> Vec<TraceBatch> {
        let (reader, writer) = pipe_with(PipeFlags::NONBLOCK).expect("a pipe");
        let (mut outlet, mut decoder, mut batches) = (Outlet::new(writer.as_fd()), Decoder::default(), Vec::new());
        let mut buffer = vec![0; 1 << 16];
        for until in untils {
            outgoing.send(*until, &mut outlet);
            while outlet.is_waiting() {
                outlet.flush().expect("the pipe is open");
                let length = read(&reader, &mut *buffer).expect("something was written");
                for decoded in decoder.push(&buffer[..length]) {
                    let Decoded::Frame(frame) = decoded else { panic!("{decoded:?}") };
                    batches.push(read_trace(&frame.payload).expect("a written batch is good"));
                }
            }
        }
        batches
    }

    fn following(devices: &[&str]) -> Outgoing {
        let names: Vec<String> = devices.iter().map(|&device| device.to_owned()).collect();
        let mut outgoing = Outgoing::default();
        outgoing.follow(names.iter(), 0);
        outgoing
    }

    #[test]
    fn what_several_cpus_said_is_told_in_the_order_of_time_and_what_is_too_young_waits() {
        let mut outgoing = following(&["0000:01:00.0"]);
        for (time, cpu) in [(10, 0), (40, 0), (20, 1), (30, 1)] {
            outgoing.take("0000:01:00.0", record(time, cpu));
        }
        let batches = told(&mut outgoing, &[25, 50]);
        let times: Vec<Vec<u64>> =
            batches.iter().map(|batch| batch.records.iter().map(|record| record.time_ns).collect()).collect();
        assert_eq!(times, [vec![10, 20], vec![30, 40]]);
        let spans: Vec<_> = batches.iter().map(|batch| (batch.header.from_ns, batch.header.to_ns)).collect();
        assert_eq!(spans, [(0, 25), (25, 50)]);
    }

    #[test]
    fn what_was_lost_or_not_recorded_is_told_once_to_every_device() {
        let mut outgoing = following(&["0000:01:00.0", "0000:02:00.0"]);
        outgoing.take("0000:02:00.0", record(5, 0));
        outgoing.lost(7);
        outgoing.paused(100);
        let batches = told(&mut outgoing, &[10, 20]);
        let said: Vec<_> = batches
            .iter()
            .map(|TraceBatch { header, records }| {
                (&*header.device, header.lost_events, header.paused_ns, records.len())
            })
            .collect();
        assert_eq!(said, [("0000:01:00.0", 7, 100, 0), ("0000:02:00.0", 7, 100, 1)]);
    }

    #[test]
    fn more_than_a_batch_holds_goes_into_several_whose_times_join() {
        let mut outgoing = following(&["0000:01:00.0"]);
        (1..=4000).for_each(|time| outgoing.take("0000:01:00.0", record(time, 0)));
        let batches = told(&mut outgoing, &[5000]);
        let told: Vec<_> =
            batches.iter().map(|batch| (batch.header.from_ns, batch.header.to_ns, batch.records.len())).collect();
        assert_eq!(told, [(0, 1600, 1600), (1600, 3200, 1600), (3200, 5000, 800)]);
        assert_eq!(outgoing.waiting(), 0);
    }

    #[test]
    fn a_device_on_which_nothing_happens_says_so_once_a_second() {
        let mut outgoing = following(&["0000:01:00.0"]);
        let batches = told(&mut outgoing, &[SECOND / 2, SECOND, SECOND + 1, 2 * SECOND]);
        assert_eq!(batches.iter().map(|batch| batch.header.to_ns).collect::<Vec<_>>(), [SECOND, 2 * SECOND]);
    }

    #[test]
    fn what_a_full_pipe_does_not_take_waits() {
        let (_reader, writer) = pipe_with(PipeFlags::NONBLOCK).expect("a pipe");
        let mut outlet = Outlet::new(writer.as_fd());
        let mut outgoing = following(&["0000:01:00.0"]);
        (1..=20_000).for_each(|time| outgoing.take("0000:01:00.0", record(time, 0)));
        outgoing.send(30_000, &mut outlet);
        assert!(outlet.is_full() && outgoing.waiting() > 10_000);
    }
}
