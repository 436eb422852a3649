// SPDX-License-Identifier: MIT OR Apache-2.0
//! `/dev/kmsg`, one record a read; see the kernel's Documentation/ABI/testing/dev-kmsg.

use ringscope_wire::layouts::LogRecord;
use rustix::fs::{Mode, OFlags, SeekFrom, open, seek};
use rustix::io::{Errno, read};
use std::os::fd::{AsFd, BorrowedFd, OwnedFd};

/// Where the kernel gives its log.
pub const PATH: &str = "/dev/kmsg";

/// What one read gave.
#[derive(Debug, PartialEq, Eq)]
pub enum Reading {
    /// A record.
    Record(LogRecord),
    /// Nothing more for now.
    Empty,
    /// Records were overwritten before they were read; the next one tells how many by its sequence.
    Overwritten,
    /// The file is of no use any more.
    Failed(Errno),
}

/// The open log.
pub struct KernelLog {
    file: OwnedFd,
    buffer: Vec<u8>,
    expected: u64,
    /// Records that were overwritten since this was last taken.
    pub lost: u64,
}

impl KernelLog {
    /// Opens the log at its oldest record that is still there.
    pub fn open() -> Result<Self, Errno> {
        let file = open(PATH, OFlags::RDONLY | OFlags::NONBLOCK | OFlags::CLOEXEC, Mode::empty())?;
        Ok(Self { file, buffer: vec![0; 16 * 1024], expected: 0, lost: 0 })
    }

    /// Opens the log behind its newest record, so that only what is logged from now on is read.
    pub fn open_at_end() -> Result<Self, Errno> {
        let log = Self::open()?;
        seek(&log.file, SeekFrom::End(0))?;
        Ok(log)
    }

    /// For polling.
    pub fn descriptor(&self) -> BorrowedFd<'_> {
        self.file.as_fd()
    }

    /// The next record.
    pub fn next(&mut self) -> Reading {
        loop {
            let length = match read(&self.file, &mut *self.buffer) {
                Ok(0) | Err(Errno::AGAIN) => return Reading::Empty,
                Ok(length) => length,
                Err(Errno::PIPE) => return Reading::Overwritten,
                Err(Errno::INTR) => continue,
                Err(error) => return Reading::Failed(error),
            };
            let Some(record) = parse(self.buffer.get(..length).unwrap_or_default()) else { continue };
            // The sequence begins at 0 at boot and has no gaps of its own: what is missing was overwritten.
            self.lost += record.sequence.saturating_sub(self.expected);
            self.expected = record.sequence.saturating_add(1);
            return Reading::Record(record);
        }
    }
}

/// The bytes that the kernel wrote as `\xNN` because they are not printable.
fn unescaped(text: &[u8]) -> Vec<u8> {
    let mut output = Vec::with_capacity(text.len());
    let mut rest = text;
    while let Some((&first, after)) = rest.split_first() {
        let hexadecimal = match rest {
            [b'\\', b'x', high, low, ..] => char::from(*high).to_digit(16).zip(char::from(*low).to_digit(16)),
            _ => None,
        };
        if let Some((high, low)) = hexadecimal {
            output.push((high * 16 + low) as u8);
            rest = rest.get(4..).unwrap_or_default();
        } else {
            output.push(first);
            rest = after;
        }
    }
    output
}

/// Reads `PRIORITY,SEQUENCE,TIME_US,FLAGS[,…];TEXT\n KEY=VALUE\n…`. Fields that later kernels add before the semicolon are skipped.
pub fn parse(record: &[u8]) -> Option<LogRecord> {
    let semicolon = record.iter().position(|&byte| byte == b';')?;
    let prefix = std::str::from_utf8(record.get(..semicolon)?).ok()?;
    let mut fields = prefix.split(',');
    let priority: u32 = fields.next()?.parse().ok()?;
    let sequence = fields.next()?.parse().ok()?;
    let time_us = fields.next()?.parse().ok()?;
    let is_continuation = fields.next().is_some_and(|flags| flags.contains('c'));
    let mut lines = record.get(semicolon + 1..)?.split(|&byte| byte == b'\n');
    let text = String::from_utf8_lossy(&unescaped(lines.next()?)).into_owned();
    let (mut device, mut subsystem) = (String::new(), String::new());
    for line in lines {
        let value =
            |key: &[u8]| line.strip_prefix(key).map(|value| String::from_utf8_lossy(&unescaped(value)).into_owned());
        if let Some(value) = value(b" DEVICE=") {
            device = value;
        } else if let Some(value) = value(b" SUBSYSTEM=") {
            subsystem = value;
        }
    }
    let facility = u8::try_from(priority >> 3).unwrap_or(u8::MAX);
    Some(LogRecord {
        sequence,
        time_us,
        level: (priority & 7) as u8,
        facility,
        is_continuation,
        text,
        device,
        subsystem,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_record_has_its_priority_sequence_time_text_and_keys() {
        let record = parse(b"30,339,5140900,-,caller=T1;rigb 0000:01:00.0: up; fast \\xe2\\x80\\x94 1\\x0a\n SUBSYSTEM=pci\n DEVICE=+pci:0000:01:00.0\n");
        let expected = LogRecord {
            sequence: 339,
            time_us: 5_140_900,
            level: 6,
            facility: 3,
            is_continuation: false,
            text: "rigb 0000:01:00.0: up; fast — 1\n".into(),
            device: "+pci:0000:01:00.0".into(),
            subsystem: "pci".into(),
        };
        assert_eq!(record, Some(expected));
    }

    #[test]
    fn a_continuation_is_marked() {
        assert!(parse(b"4,1,2,c;more\n").is_some_and(|record| record.is_continuation));
    }

    #[test]
    fn a_backslash_that_begins_no_escape_stays() {
        assert_eq!(parse(b"4,1,2,-;a\\xzz\\").map(|record| record.text), Some("a\\xzz\\".into()));
    }

    #[test]
    fn what_is_no_record_is_skipped() {
        for text in [&b""[..], b"4,1,2,-", b"x,1,2,-;text", b"4,1;text", b"\xff,1,2,-;text"] {
            assert_eq!(parse(text), None);
        }
    }
}
