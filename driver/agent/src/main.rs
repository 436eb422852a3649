// SPDX-License-Identifier: MIT OR Apache-2.0
//! Ringscope's agent: frames on stdin and stdout, no shell, no fork, no path that a client names. See `README.md` and `../wire/README.md`.

mod agent;
mod ascii;
mod background;
mod capabilities;
mod changes;
mod clock;
mod cost;
mod counters;
mod devices;
mod held_file;
mod inlet;
mod interrupt_table;
mod kmsg;
mod log_stream;
mod module;
mod module_file;
mod netlink;
mod network_stats;
mod outlet;
mod rhythm;
mod sampler;
mod traffic;
mod verbs;
mod watched_file;
mod watches;

use agent::{Agent, Ending};
use rustix::io::{Errno, ioctl_fionbio};
use std::env;
use std::os::fd::AsFd;
use std::process::ExitCode;

const HELP: &str = "\
ringscope-agent serve      serve one client: frames on stdin and stdout, until stdin ends
ringscope-agent --version  print the version
ringscope-agent --help     print this

Exit codes: 0 the client closed the pipe, 1 the framing was lost or the kernel refused the pipe, 2 wrong arguments.
";

fn serve() -> Result<Ending, Errno> {
    let (input, output) = (std::io::stdin(), std::io::stdout());
    let (input, output) = (input.as_fd(), output.as_fd());
    ioctl_fionbio(input, true)?;
    ioctl_fionbio(output, true)?;
    Ok(Agent::new(input, output)?.serve())
}

fn main() -> ExitCode {
    let arguments: Vec<_> = env::args_os().skip(1).collect();
    match arguments.iter().map(|argument| argument.to_str().unwrap_or_default()).collect::<Vec<_>>().as_slice() {
        ["serve"] => match serve() {
            Ok(Ending::Closed) => ExitCode::SUCCESS,
            Ok(Ending::Lost(fault)) => {
                eprintln!("ringscope-agent: {fault} ({})", fault.name());
                ExitCode::FAILURE
            }
            Ok(Ending::Failed(error)) | Err(error) => {
                eprintln!("ringscope-agent: {error}");
                ExitCode::FAILURE
            }
        },
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
