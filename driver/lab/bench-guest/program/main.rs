// SPDX-License-Identifier: MIT OR Apache-2.0
//! The part of the driver benchmark that must not cost what it measures: marks for the instruction counter, a link partner that needs no kernel, and the ends of
//! sockets. Each verb prints its findings as `name value` lines.
mod mark;
mod sockets;
mod system;
mod tcp;
mod wire;

use std::{io, process::ExitCode};

fn number(text: &str) -> io::Result<usize> {
    text.parse().map_err(|_| io::Error::other(format!("{text} is not a number")))
}

fn run(arguments: &[&str]) -> io::Result<()> {
    match arguments {
        // Makes the partner drop whatever it gets, in hardware.
        ["sink", partner] => wire::Wire::open(partner).map(drop),
        // pktgen, counted from the start to its end.
        ["pktgen", command] => mark::counted(|| std::fs::write("/proc/net/pktgen/pgctrl", command)),
        ["inject", partner, to, kind, frames, burst, every_us] => {
            wire::Wire::open(partner)?.inject(to, kind, number(frames)?, number(burst)?, number(every_us)?)
        }
        ["seen", partner, to, frames] => wire::Wire::open(partner)?.seen(to, number(frames)?),
        ["ping", address, count] => sockets::ping(address, number(count)?),
        ["tcp-serve", address] => tcp::serve(address),
        ["tcp-send", address, mebibytes] => tcp::send(address, number(mebibytes)?),
        _ => Err(io::Error::other("verbs: sink, pktgen, inject, seen, ping, tcp-serve, tcp-send; see main.rs")),
    }
}

fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    match run(&arguments.iter().map(String::as_str).collect::<Vec<_>>()) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("bench {}: {error}", arguments.join(" "));
            ExitCode::FAILURE
        }
    }
}
