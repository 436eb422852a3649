// SPDX-License-Identifier: MIT OR Apache-2.0
//! pktgen's files, as the kernel's Documentation/networking/pktgen.rst has them. What is here blocks or changes the thread's network namespace, so it runs in a
//! thread of its own.

use super::{DESTINATION, FIRST_PORT, FIRST_SOURCE, Job, Side};
use crate::module::words;
use crate::netlink::Link;
use crate::partner;
use rustix::io::Errno;
use std::fs::{File, OpenOptions, read_dir};
use std::io::{self, Write};
use std::net::Ipv4Addr;
use std::path::Path;

/// `/proc/net` would be the main thread's namespace; this is the calling thread's.
const DIRECTORY: &str = "/proc/thread-self/net/pktgen";
/// How often pktgen's threads are asked to let go of an interface: five seconds with two of them.
const REMOVALS: u32 = 20;

/// Whether pktgen is there in the calling thread's namespace.
pub fn exists() -> bool {
    Path::new(DIRECTORY).join("pgctrl").exists()
}

/// Moves the calling thread to where the sender is.
pub fn enter(side: Side) -> Result<(), String> {
    if side == Side::DeviceUnderTest { Ok(()) } else { partner::enter() }
}

fn write(file: &str, command: &str) -> io::Result<()> {
    let path = Path::new(DIRECTORY).join(file);
    OpenOptions::new().write(true).open(path)?.write_all(command.as_bytes())
}

fn refused(file: &str, command: &str, error: &io::Error) -> String {
    let reason = Errno::from_io_error(error).map_or_else(|| error.to_string(), words);
    format!("pktgen refused {command:?} for {file}: {reason}.")
}

fn say(file: &str, command: &str) -> Result<(), String> {
    write(file, command).map_err(|error| refused(file, command, &error))
}

/// pktgen's kernel threads, one a CPU, by number.
fn kernel_threads() -> Vec<String> {
    let names = read_dir(DIRECTORY).into_iter().flatten().flatten();
    let mut threads: Vec<_> = names.map(|entry| entry.file_name().to_string_lossy().into_owned()).collect();
    threads.retain(|name| name.starts_with("kpktgend_"));
    threads.sort_by_key(|name| (name.len(), name.clone()));
    threads
}

/// The commands that describe the frames. Without random numbers pktgen steps source address and source port together, so there are as many flows as were asked for.
pub fn commands(job: &Job, destination_mac: &str) -> Vec<String> {
    let traffic = &job.traffic;
    let last_source = Ipv4Addr::from(u32::from(FIRST_SOURCE) + traffic.flows.max(1) - 1);
    let mut commands = vec![
        format!("count {}", traffic.frames.unwrap_or(0)),
        "clone_skb 0".to_owned(),
        format!("pkt_size {}", traffic.frame_bytes),
        format!("dst {DESTINATION}"),
        format!("src_min {FIRST_SOURCE}"),
        format!("src_max {last_source}"),
        format!("udp_src_min {FIRST_PORT}"),
        // The first one that is not used any more.
        format!("udp_src_max {}", u32::from(FIRST_PORT) + traffic.flows.max(1)),
        format!("dst_mac {destination_mac}"),
        "delay 0".to_owned(),
    ];
    if traffic.burst > 1 {
        commands.push(format!("burst {}", traffic.burst));
    }
    if traffic.frames_per_second > 0 {
        // pktgen waits once a burst.
        commands.push(format!("ratep {}", (traffic.frames_per_second / traffic.burst.max(1)).max(1)));
    }
    if job.queues > 1 {
        commands.push("queue_map_min 0".to_owned());
        commands.push(format!("queue_map_max {}", job.queues - 1));
    }
    commands
}

/// Gives a kernel thread the interface, and takes it from all others. The kernel gives those an eighth of a second to let go of it, which is too short for a
/// machine that does much else: then it is asked again.
fn add_device(threads: &[String], thread: &str, interface: &str) -> Result<(), String> {
    let command = format!("add_device {interface}");
    let mut tries = 0;
    loop {
        for one in threads {
            say(one, "rem_device_all")?;
        }
        tries += 1;
        match write(thread, &command) {
            Err(error) if Errno::from_io_error(&error) == Some(Errno::BUSY) && tries < REMOVALS => {}
            outcome => return outcome.map_err(|error| refused(thread, &command, &error)),
        }
    }
}

/// Sets a sender up. Must be called in the sender's namespace. Returns the open file that tells its count.
pub fn prepare(job: &Job, from: &Link, to_mac: &str) -> Result<File, String> {
    let threads = kernel_threads();
    // The device under test is served by the first CPU, so the partner sends on the last.
    let thread = if job.side == Side::Partner { threads.last() } else { threads.first() };
    let thread = thread.ok_or("pktgen is not loaded.")?;
    let interface = &from.name;
    add_device(&threads, thread, interface)?;
    for command in commands(job, to_mac) {
        say(interface, &command)?;
    }
    File::open(Path::new(DIRECTORY).join(interface))
        .map_err(|error| format!("pktgen's file of {interface} may not be opened: {error}."))
}

/// Sends until it is stopped or all frames are sent. Must be called in the thread that called [`prepare`].
pub fn send() -> Result<(), String> {
    say("pgctrl", "start")
}

/// Stops a sender.
pub fn stop(side: Side) -> Result<(), String> {
    enter(side)?;
    say("pgctrl", "stop")
}

/// The frames that a device's file says were sent: `pkts-sofar: 1234  errors: 0`.
pub fn sent(content: &[u8]) -> Option<u64> {
    let key = b"pkts-sofar:";
    let at = content.windows(key.len()).position(|window| window == key)?;
    let rest = crate::ascii::trim_start(content.get(at + key.len()..)?);
    crate::ascii::number(rest).map(|(value, _)| value)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::traffic::TrafficDesk;
    use ringscope_wire::control::Traffic;
    use std::sync::Arc;

    fn plain() -> Traffic {
        TrafficDesk::new(false).traffic
    }

    #[test]
    fn the_frames_sent_are_read_from_the_devices_file() {
        let text =
            b"Params: count 0  min_pkt_size: 60\nCurrent:\n     pkts-sofar: 123456  errors: 0\n     started: 1us\n";
        assert_eq!(sent(text), Some(123_456));
        assert_eq!(sent(b"pkts-sofar"), None);
        assert_eq!(sent(b"pkts-sofar: "), None);
    }

    #[test]
    fn a_rate_and_queues_become_commands() {
        let traffic = Traffic { frames_per_second: 1000, frame_bytes: 1514, frames: Some(5), ..plain() };
        let commands = commands(&job(traffic), "52:54:00:00:00:02");
        for command in ["count 5", "pkt_size 1514", "dst_mac 52:54:00:00:00:02", "ratep 1000", "queue_map_max 3"] {
            assert!(commands.iter().any(|one| one == command), "{command}");
        }
        assert!(!commands.iter().any(|one| one.starts_with("burst")));
    }

    fn job(traffic: Traffic) -> Job {
        let progress = Arc::default();
        let (interface, mac) = ("eth0".into(), String::new());
        Job { side: Side::DeviceUnderTest, interface, mac, queues: 4, traffic, progress }
    }

    #[test]
    fn flows_and_bursts_become_commands_that_keep_the_rate() {
        let traffic = Traffic { frames_per_second: 1000, flows: 300, burst: 8, ..plain() };
        let commands = commands(&job(traffic), "52:54:00:00:00:02");
        let wanted = ["src_max 198.18.2.44", "udp_src_min 1024", "udp_src_max 1324", "burst 8", "ratep 125"];
        for command in wanted {
            assert!(commands.iter().any(|one| one == command), "{command}");
        }
    }
}
