// SPDX-License-Identifier: MIT OR Apache-2.0
//! A held rtnetlink socket for requests.

use super::message::{DONE, ERROR, Message, messages, request, u32_at};
use rustix::io::Errno;
use rustix::net::{AddressFamily, RecvFlags, SendFlags, SocketFlags, SocketType, recv, send, socket_with};
use std::os::fd::OwnedFd;

const DATAGRAM_BYTES: usize = 64 * 1024;

/// The socket, its buffer, and the number of the last request.
pub struct RouteSocket {
    socket: OwnedFd,
    buffer: Vec<u8>,
    sequence: u32,
}

impl RouteSocket {
    /// Opens it in the calling thread's network namespace.
    pub fn open() -> Result<Self, Errno> {
        // No protocol is NETLINK_ROUTE, which is 0.
        let socket = socket_with(AddressFamily::NETLINK, SocketType::RAW, SocketFlags::CLOEXEC, None)?;
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
                    ERROR => {
                        return match u32_at(message.body, 0).map_or(0, |code| code as i32) {
                            0 => Ok(()),
                            code => Err(Errno::from_raw_os_error(-code)),
                        };
                    }
                    DONE => return Ok(()),
                    _ => take(message),
                }
                if !is_dump {
                    return Ok(());
                }
            }
        }
    }
}
