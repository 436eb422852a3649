// SPDX-License-Identifier: MIT OR Apache-2.0
//! A held netlink socket for requests.

use super::message::{DONE, ERROR, HEADER_BYTES, Message, attributes, messages, request, u32_at};
use ringscope_ethtool::ask_for_reasons;
use rustix::io::Errno;
use rustix::net::netlink::GENERIC;
use rustix::net::{AddressFamily, Protocol, RecvFlags, SendFlags, SocketFlags, SocketType, recv, send, socket_with};
use std::os::fd::OwnedFd;

const DATAGRAM_BYTES: usize = 64 * 1024;
/// `NLMSGERR_ATTR_MSG`.
const REASON: u16 = 1;

/// The socket, its buffer, and the number of the last request.
pub struct RequestSocket {
    socket: OwnedFd,
    buffer: Vec<u8>,
    sequence: u32,
    reason: Option<String>,
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
        // A kernel before 4.12 gives no reasons, which costs words only.
        let _ = ask_for_reasons(&socket);
        Ok(Self { socket, buffer: vec![0; DATAGRAM_BYTES], sequence: 0, reason: None })
    }

    /// Why the kernel refused the last request, in its own words, if it said so.
    pub fn reason(&self) -> Option<&str> {
        self.reason.as_deref()
    }

    /// Sends a request and hands every message of the answer on, until the answer is complete. The kernel answers before `send` returns, so nothing
    /// waits here. With `is_dump` the answer ends with DONE, without it with its first message.
    pub fn ask(&mut self, kind: u16, flags: u16, body: &[u8], mut take: impl FnMut(Message<'_>)) -> Result<(), Errno> {
        self.sequence = self.sequence.wrapping_add(1);
        self.reason = None;
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
                    ERROR | DONE => {
                        self.reason = (message.kind == ERROR).then(|| reason(message.body)).flatten();
                        return outcome(message.body);
                    }
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

/// What a `struct nlmsgerr` with an error has behind the request that it repeats: attributes, of which one is a text.
fn reason(body: &[u8]) -> Option<String> {
    let repeated = u32_at(body, 4).filter(|length| *length as usize >= HEADER_BYTES)? as usize;
    let rest = body.get(4_usize.checked_add(repeated)?.next_multiple_of(4)..)?;
    let (_, text) = attributes(rest).find(|(kind, _)| *kind == REASON)?;
    let text = String::from_utf8_lossy(text.split(|byte| *byte == 0).next()?).trim().to_owned();
    (!text.is_empty()).then_some(text)
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

    #[test]
    fn a_refusals_words_stand_behind_the_request_that_it_repeats() {
        let repeated = request(20, 4, 1, &[1, 2, 3, 4]);
        let mut body = [&(-22_i32).to_ne_bytes()[..], &repeated].concat();
        assert_eq!(reason(&body), None);
        super::super::message::push_attribute(&mut body, 2, &8_u32.to_ne_bytes());
        super::super::message::push_attribute(&mut body, REASON, b"both directions share a vector\0");
        assert_eq!(reason(&body).as_deref(), Some("both directions share a vector"));
        for length in 0..body.len() {
            let _ = reason(&body[..length]);
        }
        assert_eq!(reason(&[0xff; 64]), None);
    }
}
