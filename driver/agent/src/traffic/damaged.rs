// SPDX-License-Identifier: MIT OR Apache-2.0
//! Sending frames that are wrong on purpose, which pktgen cannot: through a packet socket, at the rate and in the bursts that were asked for.

use super::frame::{Way, damaged, hardware_address};
use super::{DESTINATION, FIRST_PORT, FIRST_SOURCE, Job};
use crate::module::words;
use crate::netlink::Link;
use ringscope_ethtool::packet_socket;
use ringscope_wire::control::Damage;
use rustix::io::Errno;
use rustix::net::{SendFlags, send};
use std::os::fd::OwnedFd;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::thread;
use std::time::{Duration, Instant};

/// A sender that has nothing to send yet looks again after this.
const REST: Duration = Duration::from_millis(1);

/// What the loop and the sending thread share.
#[derive(Debug, Default)]
pub struct Progress {
    /// Frames that the kernel took.
    pub sent: AtomicU64,
    /// The thread is to end.
    pub is_stopped: AtomicBool,
}

/// What is sent.
pub struct Frames {
    socket: OwnedFd,
    frames: Vec<Vec<u8>>,
}

/// Makes the frames. Must be called in the namespace of `from`.
pub fn prepare(job: &Job, from: &Link, to_mac: &str, damage: Damage) -> Result<Frames, String> {
    let traffic = &job.traffic;
    let address = |text: &str| hardware_address(text).ok_or_else(|| format!("{text:?} is no hardware address."));
    let way = Way {
        from: address(&from.mac)?,
        to: address(to_mac)?,
        first_source: FIRST_SOURCE,
        destination: DESTINATION,
        first_port: FIRST_PORT,
    };
    let flows = u16::try_from(traffic.flows).unwrap_or(1).max(1);
    let frames = (0..flows).map(|flow| damaged(&way, traffic.frame_bytes as usize, flow, damage)).collect();
    let socket =
        packet_socket(from.index).map_err(|error| format!("No packet socket on {}: {}.", from.name, words(error)))?;
    Ok(Frames { socket, frames })
}

/// How many frames are due; whole bursts of them.
fn due(elapsed: Duration, frames_per_second: u32, burst: u32) -> u64 {
    let burst = u128::from(burst.max(1));
    let frames = elapsed.as_nanos() * u128::from(frames_per_second) / 1_000_000_000;
    // The first burst goes at once, as pktgen's does.
    u64::try_from((frames / burst + 1) * burst).unwrap_or(u64::MAX)
}

/// Sends until it is stopped or all frames are sent.
pub fn run(job: &Job, frames: &Frames, progress: &Progress) -> Result<(), String> {
    let traffic = &job.traffic;
    let begun = Instant::now();
    let end = traffic.frames.filter(|count| *count > 0).unwrap_or(u64::MAX);
    for (tried, frame) in (0_u64..).zip(frames.frames.iter().cycle()) {
        while traffic.frames_per_second > 0 && tried >= due(begun.elapsed(), traffic.frames_per_second, traffic.burst) {
            if progress.is_stopped.load(Ordering::Relaxed) {
                return Ok(());
            }
            thread::sleep(REST);
        }
        if progress.is_stopped.load(Ordering::Relaxed) || tried >= end {
            return Ok(());
        }
        match send(&frames.socket, frame, SendFlags::empty()) {
            Ok(_) => {
                progress.sent.fetch_add(1, Ordering::Relaxed);
            }
            // The card does not keep up.
            Err(Errno::NOBUFS | Errno::AGAIN) => thread::sleep(REST),
            Err(Errno::INTR) => {}
            Err(error) => return Err(format!("A frame was not sent: {}.", words(error))),
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn frames_come_due_in_bursts_at_the_rate_that_was_asked_for() {
        let after = |ms, rate, burst| due(Duration::from_millis(ms), rate, burst);
        assert_eq!((after(0, 1000, 1), after(1, 1000, 1), after(1000, 1000, 1)), (1, 2, 1001));
        assert_eq!((after(0, 1000, 8), after(7, 1000, 8), after(8, 1000, 8)), (8, 8, 16));
        assert_eq!(after(1000, 10_000_000, 64), 10_000_064);
    }
}
