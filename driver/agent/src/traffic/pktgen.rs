// SPDX-License-Identifier: MIT OR Apache-2.0
//! pktgen's files, as the kernel's Documentation/networking/pktgen.rst has them. What is here blocks or changes the thread's network namespace, so it runs in a
//! thread of its own.

use super::{Job, Side};
use crate::module::words;
use crate::netlink::{Link, RequestSocket, links};
use rustix::io::Errno;
use rustix::thread::{LinkNameSpaceType, move_into_link_name_space};
use std::fs::{File, OpenOptions, read_dir};
use std::io::{self, Write};
use std::os::fd::AsFd;
use std::path::{Path, PathBuf};
use std::thread;

/// `/proc/net` would be the main thread's namespace; this is the calling thread's.
const DIRECTORY: &str = "/proc/thread-self/net/pktgen";
/// Where `ip netns` keeps the namespace of the link partner.
const PARTNER: [&str; 2] = ["/run/netns/partner", "/var/run/netns/partner"];
/// Addresses for benchmarks (RFC 2544) that nobody has, so that nobody answers; many sources, so that the card spreads them over its queues.
const DESTINATION: &str = "198.18.0.1";
const SOURCES: [&str; 2] = ["198.18.1.1", "198.18.1.254"];

/// The link partner's namespace, if there is one.
pub fn partner_namespace() -> Option<PathBuf> {
    PARTNER.iter().map(PathBuf::from).find(|path| path.exists())
}

/// Whether pktgen is there in the calling thread's namespace.
pub fn exists() -> bool {
    Path::new(DIRECTORY).join("pgctrl").exists()
}

fn enter(side: Side) -> Result<(), String> {
    if side == Side::DeviceUnderTest {
        return Ok(());
    }
    let path = partner_namespace().ok_or("The link partner's network namespace does not exist.")?;
    let file = File::open(&path).map_err(|error| format!("{} may not be opened: {error}.", path.display()))?;
    move_into_link_name_space(file.as_fd(), Some(LinkNameSpaceType::Network))
        .map_err(|error| format!("The link partner's network namespace may not be entered: {}.", words(error)))
}

fn say(file: &str, command: &str) -> Result<(), String> {
    let path = Path::new(DIRECTORY).join(file);
    let written = OpenOptions::new().write(true).open(path).and_then(|mut file| file.write_all(command.as_bytes()));
    written.map_err(|error: io::Error| {
        let reason = Errno::from_io_error(&error).map_or_else(|| error.to_string(), words);
        format!("pktgen refused {command:?} for {file}: {reason}.")
    })
}

/// The Ethernet port of the link partner. Must be called in its namespace.
fn partner_link() -> Result<Link, String> {
    let mut socket = RequestSocket::route().map_err(words)?;
    let found = links(&mut socket).map_err(words)?.into_iter().find(|link| link.is_ethernet);
    found.ok_or_else(|| "The link partner has no Ethernet interface.".to_owned())
}

/// The link partner's port, looked up in a thread that enters its namespace and ends.
fn partner_from_elsewhere() -> Result<Link, String> {
    let thread = thread::Builder::new().spawn(|| enter(Side::Partner).and_then(|()| partner_link()));
    let thread = thread.map_err(|error| format!("A thread could not be started: {error}."))?;
    thread.join().unwrap_or_else(|_| Err("The thread of the link partner ended.".to_owned()))
}

/// pktgen's kernel threads, one a CPU, by number.
fn kernel_threads() -> Vec<String> {
    let names = read_dir(DIRECTORY).into_iter().flatten().flatten();
    let mut threads: Vec<_> = names.map(|entry| entry.file_name().to_string_lossy().into_owned()).collect();
    threads.retain(|name| name.starts_with("kpktgend_"));
    threads.sort_by_key(|name| (name.len(), name.clone()));
    threads
}

/// The commands that describe the frames.
pub fn commands(job: &Job, destination_mac: &str) -> Vec<String> {
    let traffic = &job.traffic;
    let mut commands = vec![
        format!("count {}", traffic.frames.unwrap_or(0)),
        "clone_skb 0".to_owned(),
        format!("pkt_size {}", traffic.frame_bytes),
        format!("dst {DESTINATION}"),
        format!("src_min {}", SOURCES[0]),
        format!("src_max {}", SOURCES[1]),
        "flag IPSRC_RND".to_owned(),
        format!("dst_mac {destination_mac}"),
        "delay 0".to_owned(),
    ];
    if traffic.frames_per_second > 0 {
        commands.push(format!("ratep {}", traffic.frames_per_second));
    }
    if job.queues > 1 {
        commands.push("queue_map_min 0".to_owned());
        commands.push(format!("queue_map_max {}", job.queues - 1));
    }
    commands
}

/// Sets a sender up. Returns the open file that tells its count, and who sends.
pub fn prepare(job: &Job) -> Result<(File, String), String> {
    let elsewhere = if job.side == Side::DeviceUnderTest { Some(partner_from_elsewhere()?) } else { None };
    enter(job.side)?;
    let threads = kernel_threads();
    // The device under test is served by the first CPU, so the partner sends on the last.
    let thread = if job.side == Side::Partner { threads.last() } else { threads.first() };
    let thread = thread.ok_or("pktgen is not loaded.")?;
    let (interface, destination) = match elsewhere {
        Some(partner) => (job.interface.clone(), partner.mac),
        None => (partner_link()?.name, job.mac.clone()),
    };
    for thread in &threads {
        say(thread, "rem_device_all")?;
    }
    say(thread, &format!("add_device {interface}"))?;
    for command in commands(job, &destination) {
        say(&interface, &command)?;
    }
    let file = File::open(Path::new(DIRECTORY).join(&interface))
        .map_err(|error| format!("pktgen's file of {interface} may not be opened: {error}."))?;
    let place = if job.side == Side::Partner { " of the link partner" } else { "" };
    Ok((file, format!("pktgen on {interface}{place}")))
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
