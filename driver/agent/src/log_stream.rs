// SPDX-License-Identifier: MIT OR Apache-2.0
//! Stream 1: the kernel log in batches. What the pipe does not take stays in the kernel's own buffer.

use crate::clock::SECOND;
use crate::kmsg::{KernelLog, Reading};
use crate::outlet::Outlet;
use ringscope_wire::layouts::LogBatchWriter;
use rustix::io::Errno;
use std::os::fd::BorrowedFd;

const BATCH_BYTES: usize = 64 * 1024;
/// From one batch to the next, at the least. A record that comes after a longer silence waits for no other: nobody knows whether one will come.
const BATCH_TIME: u64 = SECOND / 50;

/// The open log and the batch in the making.
pub struct LogStream {
    log: KernelLog,
    batch: LogBatchWriter,
    due: Option<u64>,
    sent_at: Option<u64>,
}

/// What running the stream came to.
#[derive(Debug, PartialEq, Eq)]
pub enum Outcome {
    /// All was sent, or waits for its time.
    Fine,
    /// Records were overwritten before they were read.
    Overwritten,
    /// The log is of no use any more.
    Failed(Errno),
}

/// When a batch leaves whose first record came now.
fn due_at(sent_at: Option<u64>, now: u64) -> u64 {
    sent_at.map_or(now, |at| now.max(at + BATCH_TIME))
}

impl LogStream {
    /// From the oldest record that is still there; due at once.
    pub fn open(now: u64) -> Result<Self, Errno> {
        Ok(Self { log: KernelLog::open()?, batch: LogBatchWriter::default(), due: Some(now), sent_at: None })
    }

    /// For polling, but not while a batch waits for its time: a storm of records must not wake the agent for each.
    pub fn descriptor(&self) -> Option<BorrowedFd<'_>> {
        self.due.is_none().then(|| self.log.descriptor())
    }

    /// When the waiting batch is due.
    pub fn next(&self) -> Option<u64> {
        self.due
    }

    /// The descriptor is readable: a batch begins.
    pub fn ready(&mut self, now: u64) {
        self.due.get_or_insert(due_at(self.sent_at, now));
    }

    /// Sends what is due.
    pub fn run(&mut self, now: u64, outlet: &mut Outlet<'_>) -> Outcome {
        let mut outcome = Outcome::Fine;
        if self.due.is_none_or(|due| now < due) {
            return outcome;
        }
        while !outlet.is_full() {
            match self.log.next() {
                Reading::Record(record) => self.batch.push(&record),
                Reading::Overwritten => outcome = Outcome::Overwritten,
                Reading::Empty => {
                    self.due = None;
                    break;
                }
                Reading::Failed(error) => {
                    outcome = Outcome::Failed(error);
                    break;
                }
            }
            if self.batch.len() >= BATCH_BYTES {
                self.send(now, outlet);
            }
        }
        self.send(now, outlet);
        outcome
    }

    fn send(&mut self, now: u64, outlet: &mut Outlet<'_>) {
        if !self.batch.is_empty() {
            self.sent_at = Some(now);
            outlet.log(&self.batch.take(std::mem::take(&mut self.log.lost)));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_record_after_a_silence_leaves_at_once_and_those_of_a_storm_leave_together() {
        assert_eq!(due_at(None, 5), 5);
        assert_eq!(due_at(Some(SECOND), 2 * SECOND), 2 * SECOND);
        assert_eq!(due_at(Some(SECOND), SECOND + 1), SECOND + BATCH_TIME);
    }
}
