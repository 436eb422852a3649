// SPDX-License-Identifier: MIT OR Apache-2.0
//! What the buffers of a card hold, payload and all: `show-buffers` permits it for one device, `read` of a `buffer:…` reads one. The permission is the driver's own
//! (`buffers/allowed`), given when somebody confirmed it and taken back when the agent ends.

use crate::agent::Agent;
use crate::module;
use crate::verbs::Outcome;
use crate::watched_file::DIRECTORY;
use ringscope_wire::Stream;
use ringscope_wire::control::{ErrorCode, Refusal, RingKind, ShowBuffers};
use ringscope_wire::layouts::{ENVELOPE_BYTES, write_envelope};
use rustix::io::{Errno, pread};
use std::fs::{self, File};
use std::path::PathBuf;

/// How far the descriptors are apart in the driver's file, and the most that is said of one.
const SLOT_BYTES: usize = 1 << 16;

/// The devices whose buffers may be read. Dropping it ends that for all.
#[derive(Default)]
pub(crate) struct ShownBuffers(Vec<String>);

impl ShownBuffers {
    /// No device's any more. A driver that is gone has forgotten it by itself.
    pub(crate) fn clear(&mut self) {
        for device in self.0.drain(..) {
            let _ = allow(&device, false);
        }
    }
}

impl Drop for ShownBuffers {
    fn drop(&mut self) {
        self.clear();
    }
}

fn folder(device: &str) -> PathBuf {
    PathBuf::from(DIRECTORY).join(device).join("buffers")
}

fn allow(device: &str, on: bool) -> Result<(), Errno> {
    let text = if on { "1" } else { "0" };
    // The folder must be there: nothing is made where a driver offers nothing.
    fs::OpenOptions::new()
        .write(true)
        .open(folder(device).join("allowed"))
        .and_then(|mut file| std::io::Write::write_all(&mut file, text.as_bytes()))
        .map_err(|error| Errno::from_io_error(&error).unwrap_or(Errno::IO))
}

impl Agent<'_> {
    pub(crate) fn show_buffers(&mut self, show: &ShowBuffers) -> Outcome {
        self.known(&show.device)?;
        if !folder(&show.device).is_dir() {
            return Err(not_offered(&show.device));
        }
        if show.on && !show.confirmed {
            let message = format!(
                "The buffers of {} hold the payload of everything that it sends and receives, and old memory of the kernel.",
                show.device
            );
            return Err(Refusal::new(ErrorCode::NeedsConfirmation, message)
                .with_remedy("Confirm that whoever sees this window may see that."));
        }
        allow(&show.device, show.on).map_err(|error| refusal(&show.device, error))?;
        self.shown_buffers.0.retain(|device| *device != show.device);
        if show.on {
            self.shown_buffers.0.push(show.device.clone());
        }
        Ok(())
    }

    pub(crate) fn read_buffer(&mut self, device: &str, kind: RingKind, queue: u16, index: u16) -> Outcome {
        self.known(device)?;
        let refused = |error| refusal(device, error);
        let path = folder(device).join(format!("{}{queue}", kind.name()));
        let file = File::open(path).map_err(|error| refused(Errno::from_io_error(&error).unwrap_or(Errno::IO)))?;
        let mut payload = Vec::with_capacity(ENVELOPE_BYTES + SLOT_BYTES);
        write_envelope(&mut payload, device);
        payload.resize(ENVELOPE_BYTES + SLOT_BYTES, 0);
        let room = payload.get_mut(ENVELOPE_BYTES..).unwrap_or_default();
        // One read: a second one would be of another instant.
        let length = pread(&file, room, u64::from(index) * SLOT_BYTES as u64).map_err(refused)?;
        if length == 0 {
            let message = format!("The {} ring of queue {queue} has no descriptor {index} now.", kind.name());
            return Err(Refusal::new(ErrorCode::NotAvailable, message)
                .with_remedy("Bring the interface up, or choose a descriptor of the ring."));
        }
        payload.truncate(ENVELOPE_BYTES + length);
        if self.outlet.offer(Stream::Buffer, &payload) {
            return Ok(());
        }
        Err(Refusal::new(ErrorCode::Busy, "The pipe is full; what was read was dropped."))
    }
}

fn not_offered(device: &str) -> Refusal {
    let message = format!("The driver of {device} shows no buffers.");
    Refusal::new(ErrorCode::NotAvailable, message)
        .with_remedy("Let rigb drive the device; igb has nothing by which its buffers could be read safely.")
}

/// Which of its reasons the kernel had.
fn refusal(device: &str, error: Errno) -> Refusal {
    match error {
        Errno::NOENT | Errno::NODEV => not_offered(device),
        Errno::PERM => {
            let message = format!(
                "The buffers of {device} are not shown: nobody has permitted it, or the kernel is locked down."
            );
            Refusal::new(ErrorCode::NoPermission, message)
                .with_remedy("Permit it with Show bytes. Under Secure Boot the kernel allows it to nobody.")
        }
        Errno::ACCESS => Refusal::new(ErrorCode::NoPermission, format!("{DIRECTORY} may not be read."))
            .with_remedy("Run the agent as root."),
        other => Refusal::new(ErrorCode::Failed, format!("The buffer was not read: {}.", module::words(other))),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_driver_without_such_files_is_named_with_the_way_out() {
        let refused = refusal("0000:01:00.0", Errno::NOENT);
        assert_eq!(refused.code, ErrorCode::NotAvailable);
        assert!(refused.remedy.is_some_and(|remedy| remedy.contains("rigb")));
    }

    #[test]
    fn what_nobody_permitted_says_how_it_is_permitted() {
        let refused = refusal("0000:01:00.0", Errno::PERM);
        assert_eq!(refused.code, ErrorCode::NoPermission);
        assert!(refused.remedy.is_some_and(|remedy| remedy.contains("Show bytes")));
    }
}
