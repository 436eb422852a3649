// SPDX-License-Identifier: MIT OR Apache-2.0
//! Repeated snapshots. A file is open only while it is watched.

use crate::outlet::Outlet;
use crate::rhythm::Rhythm;
use crate::watched_file::{WatchedFile, stream};
use ringscope_wire::control::What;
use rustix::io::Errno;

struct Watch {
    device: String,
    what: What,
    file: WatchedFile,
    rhythm: Rhythm,
}

/// What is watched, and the buffer that all snapshots share.
#[derive(Default)]
pub struct Watches {
    all: Vec<Watch>,
    buffer: Vec<u8>,
    /// Device registers that the snapshots made the driver read.
    pub mmio_reads: u64,
}

/// A watch whose file went away.
pub struct Ended {
    /// The function.
    pub device: String,
    /// Of what.
    pub what: What,
    /// Why.
    pub error: Errno,
}

impl Watches {
    /// Begins, changes or, with a rate of 0, ends a watch.
    pub fn set(&mut self, device: &str, what: What, hz: f64, now: u64) -> Result<(), Errno> {
        let rhythm = Rhythm::new(hz, now);
        let place = self.all.iter().position(|watch| watch.device == device && watch.what == what);
        match (place.and_then(|place| self.all.get_mut(place)), rhythm) {
            (Some(watch), Some(rhythm)) => watch.rhythm = rhythm,
            (None, Some(rhythm)) => {
                let file = WatchedFile::open(device, what)?;
                self.all.push(Watch { device: device.to_owned(), what, file, rhythm });
            }
            (_, None) => self.all.retain(|watch| watch.device != device || watch.what != what),
        }
        Ok(())
    }

    /// Takes one snapshot and queues it.
    pub fn read(&mut self, device: &str, what: What, outlet: &mut Outlet<'_>) -> Result<bool, Errno> {
        let snapshot = WatchedFile::open(device, what)?.snapshot(&mut self.buffer)?;
        self.mmio_reads += snapshot.mmio_reads;
        Ok(outlet.offer(stream(what), &snapshot.payload))
    }

    /// Queues the snapshots that are due. A full pipe costs no reading of the card. Returns the watches that ended.
    pub fn run(&mut self, now: u64, outlet: &mut Outlet<'_>) -> Vec<Ended> {
        let mut ended = Vec::new();
        let (buffer, mmio_reads) = (&mut self.buffer, &mut self.mmio_reads);
        self.all.retain_mut(|watch| {
            if !watch.rhythm.is_due(now) {
                return true;
            }
            if outlet.is_full() {
                outlet.samples_lost += 1;
                return true;
            }
            match watch.file.snapshot(buffer) {
                Ok(snapshot) => {
                    *mmio_reads += snapshot.mmio_reads;
                    outlet.offer(stream(watch.what), &snapshot.payload);
                    true
                }
                Err(error) => {
                    ended.push(Ended { device: watch.device.clone(), what: watch.what, error });
                    false
                }
            }
        });
        ended
    }

    /// When the next one is due.
    pub fn next(&self) -> Option<u64> {
        self.all.iter().map(|watch| watch.rhythm.next()).min()
    }

    /// Ends all. Open debugfs files would hold the module.
    pub fn clear(&mut self) {
        self.all.clear();
    }
}
