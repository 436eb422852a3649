// SPDX-License-Identifier: MIT OR Apache-2.0
//! Ringscope's agent: frames on stdin and stdout, no shell, no fork, no path that a client names. See `README.md` and `../wire/README.md`.

mod agent;
mod ascii;
mod background;
mod buffers;
mod capabilities;
mod changes;
mod clock;
mod cost;
mod counters;
mod device_control;
mod devices;
mod function_interfaces;
mod held_file;
mod inlet;
mod interrupt_control;
mod interrupt_table;
mod kmsg;
mod ksoftirqd;
mod lab;
mod load_error;
mod log_stream;
mod module;
mod module_file;
mod netlink;
mod network_stats;
mod observation;
mod outlet;
mod partner;
mod register_write;
mod rhythm;
mod sampler;
mod signals;
mod start_check;
mod takeover;
mod trace;
mod traffic;
mod verbs;
mod watched_file;
mod watches;

use agent::{Agent, Ending};
use capabilities::Rights;
use ringscope_wire::control::Role;
use rustix::io::{Errno, ioctl_fionbio};
use std::env;
use std::io::Write;
use std::os::fd::AsFd;
use std::process::ExitCode;

const HELP: &str = "\
ringscope-agent serve                 serve one client: frames on stdin and stdout, until stdin ends
ringscope-agent serve --observe       the same, but refuse everything that changes the machine
ringscope-agent serve --allow-writes  the same, and let the client write registers of a card
ringscope-agent serve --lab           the same, and let it do what is only done to a lab guest: swap drivers, reset cards, crash
ringscope-agent --version             print the version
ringscope-agent --help                print this

Exit codes: 0 the client closed the pipe or a signal asked for the end, 1 the framing was lost, the kernel refused the pipe or the agent lies where others
can write, 2 wrong arguments.
";

const CHANGE: Rights = Rights { role: Role::Change, allows_writes: false, is_lab: false };

fn serve(rights: Rights) -> Result<Ending, Errno> {
    let (input, output) = (std::io::stdin(), std::io::stdout());
    let (input, output) = (input.as_fd(), output.as_fd());
    ioctl_fionbio(input, true)?;
    ioctl_fionbio(output, true)?;
    Ok(Agent::new(rights, input, output)?.serve())
}

/// Nobody may read it any more, which is no reason to fail.
fn complain(text: &str) {
    let _ = writeln!(std::io::stderr(), "ringscope-agent: {text}");
}

fn run(rights: Rights) -> ExitCode {
    if let Err(sentence) = start_check::check() {
        complain(&sentence);
        return ExitCode::FAILURE;
    }
    match serve(rights) {
        Ok(Ending::Closed | Ending::Asked) => ExitCode::SUCCESS,
        Ok(Ending::Lost(fault)) => {
            complain(&format!("{fault} ({})", fault.name()));
            ExitCode::FAILURE
        }
        Ok(Ending::Failed(error)) | Err(error) => {
            complain(&error.to_string());
            ExitCode::FAILURE
        }
    }
}

fn main() -> ExitCode {
    let arguments: Vec<_> = env::args_os().skip(1).collect();
    match arguments.iter().map(|argument| argument.to_str().unwrap_or_default()).collect::<Vec<_>>().as_slice() {
        ["serve"] => run(CHANGE),
        ["serve", "--observe"] => run(Rights { role: Role::Observe, ..CHANGE }),
        ["serve", register_write::ALLOW_WRITES] => run(Rights { allows_writes: true, ..CHANGE }),
        ["serve", lab::LAB] => run(Rights { allows_writes: true, is_lab: true, ..CHANGE }),
        ["--version"] => {
            println!("ringscope-agent {}", env!("CARGO_PKG_VERSION"));
            ExitCode::SUCCESS
        }
        ["--help"] => {
            print!("{HELP}");
            ExitCode::SUCCESS
        }
        _ => {
            eprint!("{HELP}");
            ExitCode::from(2)
        }
    }
}
