// SPDX-License-Identifier: MIT OR Apache-2.0
//! The signals that ask for an end, as a descriptor for polling: what was taken must be given back first.

use rustix::io::Errno;
use signal_hook::consts::{SIGHUP, SIGINT, SIGTERM};
use signal_hook::low_level::pipe::register;
use std::io;
use std::os::fd::{AsFd, BorrowedFd};
use std::os::unix::net::UnixStream;

/// Readable once such a signal came.
pub struct Signals {
    arrived: UnixStream,
}

impl Signals {
    /// Catches them from now on.
    pub fn new() -> Result<Self, Errno> {
        let open = || -> io::Result<UnixStream> {
            let (arrived, arriving) = UnixStream::pair()?;
            for signal in [SIGTERM, SIGINT, SIGHUP] {
                register(signal, arriving.try_clone()?)?;
            }
            Ok(arrived)
        };
        open().map(|arrived| Self { arrived }).map_err(|error| Errno::from_io_error(&error).unwrap_or(Errno::IO))
    }

    /// For polling.
    pub fn descriptor(&self) -> BorrowedFd<'_> {
        self.arrived.as_fd()
    }
}
