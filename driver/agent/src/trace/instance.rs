// SPDX-License-Identifier: MIT OR Apache-2.0
//! A tracefs instance of the agent's own: its buffers, clock and filters are nobody else's, and perf or trace-cmd beside it are not disturbed.

use super::format::{EventFormat, PageFormat};
use super::page;
use ringscope_wire::control::{ErrorCode, Refusal, TraceEvent};
use rustix::fs::{Access, Mode, OFlags, access, open};
use rustix::io::{Errno, read};
use std::fs::{self, OpenOptions, read_dir, read_to_string};
use std::io::{self, Write};
use std::os::fd::OwnedFd;
use std::path::{Path, PathBuf};

/// Where tracefs is mounted.
pub const TRACEFS: &str = "/sys/kernel/tracing";
const NAME: &str = "ringscope";
/// For all CPUs together, and at the most and the least for one, in KiB: at a budget of 200,000 events a second the buffers of two CPUs hold a third of a second.
const BUFFERS_KIB: usize = 32 * 1024;
const LARGEST_KIB: usize = 2048;
const SMALLEST_KIB: usize = 128;
/// More than `events/header_page` has; the kernel makes it in a buffer of a page.
const HEADER_BYTES: usize = 4096;

struct CpuBuffer {
    cpu: u16,
    pipe: OwnedFd,
    stats: PathBuf,
    /// Lost events as `stats` counted them when they were last told.
    told_lost: u64,
}

/// The instance. Dropping it switches its events off and takes it away.
pub struct Instance {
    directory: PathBuf,
    page: PageFormat,
    buffer: Vec<u8>,
    cpus: Vec<CpuBuffer>,
}

/// Why tracing cannot be had, as the rest of a sentence; nothing when it can.
pub fn hindrance() -> Result<(), String> {
    let instances = format!("{TRACEFS}/instances");
    access(&*instances, Access::WRITE_OK | Access::EXEC_OK).map_err(|error| match error {
        Errno::NOENT => format!("tracefs is not mounted on {TRACEFS}"),
        Errno::ACCESS | Errno::PERM | Errno::ROFS => format!("{instances} may not be written"),
        other => format!("{instances}: {}", crate::module::words(other)),
    })
}

/// Takes away what an agent that was killed has left behind: its events would go on costing. One that another agent uses stays.
pub fn remove_leftover() {
    let _ = fs::remove_dir(Path::new(TRACEFS).join("instances").join(NAME));
}

fn write(path: &Path, text: &str) -> io::Result<()> {
    OpenOptions::new().write(true).open(path)?.write_all(text.as_bytes())
}

/// A file that the kernel gives to one call of read() only: `show_header` (kernel/trace/trace_events.c) says end of file at any position but 0, and the
/// standard library begins with 32 bytes.
fn read_once(path: &Path) -> io::Result<String> {
    let file = open(path, OFlags::RDONLY | OFlags::CLOEXEC, Mode::empty())?;
    let mut bytes = vec![0; HEADER_BYTES];
    let length = read(&file, &mut bytes[..])?;
    bytes.truncate(length);
    String::from_utf8(bytes).map_err(|error| io::Error::new(io::ErrorKind::InvalidData, error))
}

fn refused(path: &Path, error: &io::Error) -> Refusal {
    let place = path.display();
    match error.kind() {
        io::ErrorKind::PermissionDenied => {
            Refusal::new(ErrorCode::NoPermission, format!("The kernel does not let the agent use {place}."))
                .with_remedy(
                    "Run the agent as root; a kernel that is locked down for confidentiality traces for nobody.",
                )
        }
        io::ErrorKind::NotFound => Refusal::new(ErrorCode::NotAvailable, format!("There is no {place}."))
            .with_remedy("Load rigb, which has these events, on a kernel with tracefs mounted."),
        _ => Refusal::new(ErrorCode::Failed, format!("{place} could not be used: {error}.")),
    }
}

fn unreadable(path: &Path, reason: &str) -> Refusal {
    Refusal::new(ErrorCode::Failed, format!("{} is not understood: {reason}.", path.display()))
        .with_remedy("Load the rigb that came with this agent.")
}

/// Events that `per_cpu/cpuN/stats` counts as overwritten or dropped.
fn lost_in(stats: &str) -> u64 {
    let counted = ["overrun:", "commit overrun:", "dropped events:"];
    let one = |line: &str| {
        counted
            .iter()
            .find_map(|name| line.trim().strip_prefix(name))
            .and_then(|number| number.trim().parse::<u64>().ok())
    };
    stats.lines().filter_map(one).sum()
}

impl Instance {
    /// Makes the instance, with no event on.
    pub fn create() -> Result<Self, Refusal> {
        let directory = Path::new(TRACEFS).join("instances").join(NAME);
        match fs::remove_dir(&directory) {
            Ok(()) => {}
            Err(error) if error.kind() == io::ErrorKind::NotFound => {}
            Err(error) if error.raw_os_error() == Some(Errno::BUSY.raw_os_error()) => {
                let message = format!("Another agent uses {}.", directory.display());
                return Err(Refusal::new(ErrorCode::Busy, message).with_remedy("End the other one, or trace from it."));
            }
            Err(error) => return Err(refused(&directory, &error)),
        }
        fs::create_dir(&directory).map_err(|error| refused(&directory, &error))?;
        // From here on dropping it takes the directory away again.
        let mut instance = Self { directory, page: PageFormat::none(), buffer: Vec::new(), cpus: Vec::new() };
        instance.set_up()?;
        Ok(instance)
    }

    fn set_up(&mut self) -> Result<(), Refusal> {
        let header = self.directory.join("events/header_page");
        let text = read_once(&header).map_err(|error| refused(&header, &error))?;
        self.page = PageFormat::read(&text).map_err(|reason| unreadable(&header, &reason))?;
        self.buffer = vec![0; self.page.bytes()];
        // CLOCK_MONOTONIC, as samples and snapshots have it. Changing the clock empties the buffers.
        self.set("trace_clock", "mono")?;
        let per_cpu = self.directory.join("per_cpu");
        let entries = read_dir(&per_cpu).map_err(|error| refused(&per_cpu, &error))?;
        let mut cpus: Vec<u16> = entries
            .flatten()
            .filter_map(|entry| entry.file_name().to_str()?.strip_prefix("cpu")?.parse().ok())
            .collect();
        cpus.sort_unstable();
        let size = (BUFFERS_KIB / cpus.len().max(1)).clamp(SMALLEST_KIB, LARGEST_KIB);
        self.set("buffer_size_kb", &size.to_string())?;
        for cpu in cpus {
            let place = per_cpu.join(format!("cpu{cpu}"));
            let pipe = place.join("trace_pipe_raw");
            let opened = open(&pipe, OFlags::RDONLY | OFlags::NONBLOCK | OFlags::CLOEXEC, Mode::empty())
                .map_err(|error| refused(&pipe, &error.into()))?;
            self.cpus.push(CpuBuffer { cpu, pipe: opened, stats: place.join("stats"), told_lost: 0 });
        }
        Ok(())
    }

    fn set(&self, file: &str, text: &str) -> Result<(), Refusal> {
        let path = self.directory.join(file);
        write(&path, text).map_err(|error| refused(&path, &error))
    }

    fn event_file(&self, event: TraceEvent, file: &str) -> PathBuf {
        self.directory.join("events/rigb").join(event.name()).join(file)
    }

    /// Where the fields of an event lie now; a module that is loaded again has other numbers.
    pub fn format(&self, event: TraceEvent) -> Result<EventFormat, Refusal> {
        let path = self.event_file(event, "format");
        let text = read_to_string(&path).map_err(|error| refused(&path, &error))?;
        EventFormat::read(event, &text).map_err(|reason| unreadable(&path, &reason))
    }

    /// Switches an event on for these devices and no others.
    pub fn enable(&self, event: TraceEvent, devices: &[&str]) -> Result<(), Refusal> {
        // The names are PCI addresses that were checked: nothing in them ends the quotes.
        let filter = devices.iter().map(|device| format!("device == \"{device}\"")).collect::<Vec<_>>().join(" || ");
        for (file, text) in [("filter", filter.as_str()), ("enable", "1")] {
            let path = self.event_file(event, file);
            write(&path, text).map_err(|error| refused(&path, &error))?;
        }
        Ok(())
    }

    /// Switches an event off. One whose module is gone is off already.
    pub fn disable(&self, event: TraceEvent) {
        let _ = write(&self.event_file(event, "enable"), "0");
    }

    /// Whether the module with the events is still there.
    pub fn has_events(&self) -> bool {
        self.directory.join("events/rigb").is_dir()
    }

    /// Records, or does not.
    pub fn record(&self, on: bool) {
        let _ = write(&self.directory.join("tracing_on"), if on { "1" } else { "0" });
    }

    /// Calls back with CPU, time and bytes of everything that the buffers hold, CPU after CPU. Returns how many events were lost since the last call.
    pub fn drain(&mut self, mut each: impl FnMut(u16, u64, &[u8])) -> Result<u64, Errno> {
        let mut lost = 0;
        for buffer in &mut self.cpus {
            let mut missed = false;
            // A writer that is as fast as the reader would keep it here; the buffer's own length is enough.
            for _ in 0..=LARGEST_KIB * 1024 / self.buffer.len().max(1) {
                match read(&buffer.pipe, &mut *self.buffer) {
                    Ok(0) | Err(Errno::AGAIN) => break,
                    Ok(length) => {
                        let bytes = self.buffer.get(..length).unwrap_or_default();
                        // A page that contradicts itself has lost something too.
                        missed |=
                            page::read(bytes, &self.page, |time, event| each(buffer.cpu, time, event)).unwrap_or(true);
                    }
                    Err(Errno::INTR) => {}
                    Err(error) => return Err(error),
                }
            }
            if missed {
                let counted = read_to_string(&buffer.stats).map_or(buffer.told_lost, |stats| lost_in(&stats));
                lost += counted.saturating_sub(buffer.told_lost);
                buffer.told_lost = counted;
            }
        }
        Ok(lost)
    }
}

impl Drop for Instance {
    fn drop(&mut self) {
        for event in TraceEvent::ALL {
            self.disable(event);
        }
        // An open buffer holds the instance.
        self.cpus.clear();
        let _ = fs::remove_dir(&self.directory);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lost_events_are_those_overwritten_and_those_dropped() {
        let stats = "entries: 129\noverrun: 12\ncommit overrun: 1\nbytes: 5416\noldest event ts:  2723.1\nnow ts:  2724.0\ndropped events: 3\nread events: 40\n";
        assert_eq!(lost_in(stats), 16);
        assert_eq!(lost_in(""), 0);
    }
}
