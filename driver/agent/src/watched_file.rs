// SPDX-License-Identifier: MIT OR Apache-2.0
//! The driver's debugfs files, of which every read from the begin is a fresh snapshot. Their paths are made of checked parts only.

use ringscope_wire::control::{RingKind, RingName, What};
use ringscope_wire::layouts::{ENVELOPE_BYTES, write_envelope};
use ringscope_wire::{MAXIMUM_PAYLOAD_BYTES, Stream};
use rustix::io::{Errno, pread};
use std::fs::{File, read_dir};
use std::path::PathBuf;

/// Where the driver has its files.
pub const DIRECTORY: &str = "/sys/kernel/debug/rigb";

/// The stream that carries a thing's snapshots.
pub fn stream(what: What) -> Stream {
    match what {
        What::Ring(..) => Stream::Ring,
        What::Registers => Stream::Registers,
        What::Vectors => Stream::Vectors,
        What::Buffer(..) => Stream::Buffer,
    }
}

/// The rings that the driver offers of a function, receive before transmit.
pub fn rings(address: &str) -> Vec<RingName> {
    let names = read_dir(PathBuf::from(DIRECTORY).join(address).join("rings")).into_iter().flatten().flatten();
    let mut rings: Vec<_> = names.filter_map(|entry| ring_name(&entry.file_name().to_string_lossy())).collect();
    rings.sort_unstable();
    rings
}

fn ring_name(file: &str) -> Option<RingName> {
    let (kind, digits) = file.split_at_checked(2)?;
    let What::Ring(kind, index) = What::parse(&format!("ring:{kind}:{digits}"))? else { return None };
    Some(RingName { kind, index })
}

/// An open file of a function. `address` must have been found in the list of devices.
pub struct WatchedFile {
    file: File,
    what: What,
    address: String,
}

/// A snapshot as a payload, and how many registers the driver read for it.
pub struct Snapshot {
    /// Envelope and file.
    pub payload: Vec<u8>,
    /// Device registers.
    pub mmio_reads: u64,
}

impl WatchedFile {
    /// Opens the file, root only.
    pub fn open(address: &str, what: What) -> Result<Self, Errno> {
        let place = match what {
            What::Ring(RingKind::Rx, index) => format!("rings/rx{index}"),
            What::Ring(RingKind::Tx, index) => format!("rings/tx{index}"),
            What::Registers => "registers".to_owned(),
            What::Vectors => "vectors".to_owned(),
            // Read by `buffers`, and never watched.
            What::Buffer(..) => return Err(Errno::NOTSUP),
        };
        let path = PathBuf::from(DIRECTORY).join(address).join(place);
        let file = File::open(path).map_err(|error| Errno::from_io_error(&error).unwrap_or(Errno::IO))?;
        Ok(Self { file, what, address: address.to_owned() })
    }

    /// Takes a snapshot into `buffer`, which is made as long as the longest payload once.
    pub fn snapshot(&self, buffer: &mut Vec<u8>) -> Result<Snapshot, Errno> {
        buffer.resize(MAXIMUM_PAYLOAD_BYTES - ENVELOPE_BYTES, 0);
        // One read: a second one would be of another snapshot.
        let length = pread(&self.file, &mut **buffer, 0)?;
        let content = buffer.get(..length).unwrap_or_default();
        let mut payload = Vec::with_capacity(ENVELOPE_BYTES + length);
        write_envelope(&mut payload, &self.address);
        payload.extend_from_slice(content);
        Ok(Snapshot { payload, mmio_reads: register_reads(self.what, content) })
    }
}

/// Registers as many as the file has; a ring whose positions come from the card four, head and tail before and after.
fn register_reads(what: What, content: &[u8]) -> u64 {
    let word =
        |at: usize| content.get(at..at + 4).and_then(|bytes| bytes.try_into().ok()).map_or(0, u32::from_le_bytes);
    match what {
        What::Registers => u64::from(word(32)),
        What::Ring(..) if content.get(33).is_some_and(|flags| flags & 2 != 0) => 4,
        What::Ring(..) | What::Vectors | What::Buffer(..) => 0,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_files_named_as_rings_are_rings() {
        assert_eq!(ring_name("rx0"), Some(RingName { kind: RingKind::Rx, index: 0 }));
        assert_eq!(ring_name("tx15"), Some(RingName { kind: RingKind::Tx, index: 15 }));
        for file in ["", "r", "rx", "rx-1", "rxa", "éx0", "status"] {
            assert_eq!(ring_name(file), None, "{file}");
        }
    }

    #[test]
    fn registers_cost_as_many_reads_as_the_file_has() {
        let mut content = vec![0; 40];
        content[32] = 250;
        assert_eq!(register_reads(What::Registers, &content), 250);
        content[33] = 2;
        assert_eq!(register_reads(What::Ring(RingKind::Rx, 0), &content), 4);
        assert_eq!(register_reads(What::Vectors, &[]), 0);
        assert_eq!(register_reads(What::Registers, &[]), 0);
    }
}
