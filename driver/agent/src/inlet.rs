// SPDX-License-Identifier: MIT OR Apache-2.0
//! The pipe from the client: frames to requests, and faults by their names.

use ringscope_wire::control::{Request, read_request};
use ringscope_wire::{Decoded, Decoder, Fault, FramingFault, Stream};
use rustix::io::{Errno, read};
use std::os::fd::BorrowedFd;

/// What came.
#[derive(Debug, PartialEq)]
pub enum Incoming {
    /// A request.
    Request(Request),
    /// A fault after which the connection goes on.
    Fault(Fault),
    /// The framing is lost.
    Lost(FramingFault),
    /// The client has closed the pipe.
    End,
}

/// The pipe and its decoder.
pub struct Inlet<'a> {
    pipe: BorrowedFd<'a>,
    decoder: Decoder,
    buffer: Vec<u8>,
}

impl<'a> Inlet<'a> {
    /// An inlet on a descriptor that does not block.
    pub fn new(pipe: BorrowedFd<'a>) -> Self {
        Self { pipe, decoder: Decoder::default(), buffer: vec![0; 64 * 1024] }
    }

    /// Reads once and returns what became complete.
    pub fn take(&mut self) -> Vec<Incoming> {
        let length = match read(self.pipe, &mut *self.buffer) {
            Err(Errno::AGAIN | Errno::INTR) => return Vec::new(),
            // Whatever else is wrong with the pipe, it has ended.
            Ok(0) | Err(_) => return vec![self.decoder.end().map_or(Incoming::End, Incoming::Lost)],
            Ok(length) => length,
        };
        decoded(self.decoder.push(self.buffer.get(..length).unwrap_or_default()))
    }
}

fn decoded(decoded: Vec<Decoded>) -> Vec<Incoming> {
    let mut incoming = Vec::with_capacity(decoded.len());
    for one in decoded {
        let one = match one {
            Decoded::Error(fault) => Incoming::Lost(fault),
            Decoded::SequenceGap { stream, expected, actual } => {
                Incoming::Fault(Fault::SequenceGap { stream, expected, actual })
            }
            Decoded::Frame(frame) if frame.stream == Stream::Control => match read_request(&frame.payload) {
                Ok(request) => {
                    // `hello` starts the session anew, and the client's numbers with it.
                    let follows_gap = matches!(incoming.last(), Some(Incoming::Fault(Fault::SequenceGap { .. })));
                    if request.verb == "hello" && frame.sequence == 0 && follows_gap {
                        incoming.pop();
                    }
                    Incoming::Request(request)
                }
                Err(fault) => Incoming::Fault(fault),
            },
            Decoded::Frame(frame) => {
                let detail = format!("the agent takes no frames on stream {}", frame.stream.number());
                Incoming::Fault(Fault::BadMessage(detail))
            }
        };
        incoming.push(one);
    }
    incoming
}

#[cfg(test)]
mod tests {
    use super::*;
    use ringscope_wire::encode_frame;

    fn incoming(frames: &[(Stream, u32, &[u8])]) -> Vec<Incoming> {
        let mut bytes = Vec::new();
        for (stream, sequence, payload) in frames {
            encode_frame(&mut bytes, *stream, *sequence, payload).expect("the payload is short");
        }
        decoded(Decoder::default().push(&bytes))
    }

    const HELLO: &[u8] = br#"{"type":"request","id":1,"verb":"hello","arguments":{}}"#;

    #[test]
    fn a_hello_may_start_the_numbers_anew_and_nothing_else_may() {
        let names = |frames: &[(Stream, u32, &[u8])]| {
            let all = incoming(frames);
            all.iter()
                .map(|one| if let Incoming::Fault(fault) = one { fault.name() } else { "request" })
                .collect::<Vec<_>>()
        };
        assert_eq!(names(&[(Stream::Control, 0, HELLO), (Stream::Control, 0, HELLO)]), ["request", "request"]);
        assert_eq!(names(&[(Stream::Control, 7, HELLO)]), ["sequence-gap", "request"]);
        assert_eq!(names(&[(Stream::Log, 0, b"")]), ["bad-message"]);
    }
}
