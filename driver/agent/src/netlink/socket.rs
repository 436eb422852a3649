// SPDX-License-Identifier: MIT OR Apache-2.0
//! A held netlink socket for requests.

use super::message::{DONE, ERROR, Message, messages, request, u32_at};
use rustix::io::Errno;
use rustix::net::netlink::GENERIC;
use rustix::net::{AddressFamily, Protocol, RecvFlags, SendFlags, SocketFlags, SocketType, recv, send, socket_with};
use std::os::fd::OwnedFd;

const DATAGRAM_BYTES: usize = 64 * 1024;

/// The socket, its buffer, and the number of the last request.
pub struct RequestSocket {
    socket: OwnedFd,
    buffer: Vec<u8>,
    sequence: u32,
}

impl RequestSocket {
    /// Opens one for rtnetlink in the calling thread's network namespace.
    pub fn route() -> Result<Self, Errno> {
        // No protocol is NETLINK_ROUTE, which is 0.
        Self::open(None)
    }

    /// Opens one for generic netlink in the calling thread's network namespace.
    pub fn generic() -> Result<Self, Errno> {
        Self::open(Some(GENERIC))
    }

    fn open(protocol: Option<Protocol>) -> Result<Self, Errno> {
        let socket = socket_with(AddressFamily::NETLINK, SocketType::RAW, SocketFlags::CLOEXEC, protocol)?;
        Ok(Self { socket, buffer: vec![0; DATAGRAM_BYTES], sequence: 0 })
    }

    /// Sends a request and hands every message of the answer on, until the answer is complete. The kernel answers before `send` returns, so nothing
    /// waits here. With `is_dump` the answer ends with DONE, without it with its first message.
    pub fn ask(&mut self, kind: u16, flags: u16, body: &[u8], mut take: impl FnMut(Message<'_>)) -> Result<(), Errno> {
        self.sequence = self.sequence.wrapping_add(1);
        let is_dump = flags & super::message::DUMP == super::message::DUMP;
        send(&self.socket, &request(kind, flags, self.sequence, body), SendFlags::empty())?;
        loop {
            let (length, _) = match recv(&self.socket, &mut *self.buffer, RecvFlags::empty()) {
                Err(Errno::INTR) => continue,
                other => other?,
            };
            for message in messages(self.buffer.get(..length).unwrap_or_default()) {
                if message.sequence != self.sequence {
                    continue;
                }
                match message.kind {
                    // A dump that fails half-way says so at its end.
                    ERROR | DONE => return outcome(message.body),
                    _ => take(message),
                }
                if !is_dump {
                    return Ok(());
                }
            }
        }
    }
}

/// `struct nlmsgerr`, or what ends a dump: 0 or a negative error number. Anything else is no error number.
fn outcome(body: &[u8]) -> Result<(), Errno> {
    match u32_at(body, 0).map_or(0, |code| (code as i32).wrapping_neg()) {
        code @ 1..=4095 => Err(Errno::from_raw_os_error(code)),
        0 => Ok(()),
        _ => Err(Errno::PROTO),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_answer_ends_well_or_with_the_kernels_error() {
        assert_eq!(outcome(&0_i32.to_ne_bytes()), Ok(()));
        assert_eq!(outcome(&(-95_i32).to_ne_bytes()), Err(Errno::OPNOTSUPP));
        assert_eq!(outcome(&[]), Ok(()));
        assert_eq!(outcome(&7_i32.to_ne_bytes()), Err(Errno::PROTO));
        assert_eq!(outcome(&i32::MIN.to_ne_bytes()), Err(Errno::PROTO));
    }
}
