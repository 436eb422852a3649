// SPDX-License-Identifier: MIT OR Apache-2.0
//! Cuts a byte pipe into frames, however the bytes are split or merged on the way.

use crate::{Frame, FramingFault, HEADER_BYTES, Header, Stream};

/// What comes out of a pipe.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Decoded {
    /// A whole frame.
    Frame(Frame),
    /// A stream went on with another frame than was due; that frame comes next.
    SequenceGap {
        /// The stream of the gap.
        stream: Stream,
        /// The sequence that was due.
        expected: u32,
        /// The sequence that came.
        actual: u32,
    },
    /// The framing is lost. Nothing comes after it.
    Error(FramingFault),
}

/// The incremental decoder of one direction of a pipe. It keeps at most one incomplete frame.
#[derive(Debug, Default)]
pub struct Decoder {
    rest: Vec<u8>,
    failed: bool,
    expected: [u32; Stream::ALL.len()],
}

impl Decoder {
    /// Takes the next bytes of the pipe and returns what became complete.
    pub fn push(&mut self, chunk: &[u8]) -> Vec<Decoded> {
        let mut output = Vec::new();
        if self.failed {
            return output;
        }
        self.rest.extend_from_slice(chunk);
        let rest = std::mem::take(&mut self.rest);
        let mut bytes = rest.as_slice();
        while let Some((header, body)) = bytes.split_first_chunk::<HEADER_BYTES>() {
            let header = match Header::read(*header) {
                Ok(header) => header,
                Err(fault) => {
                    self.failed = true;
                    output.push(Decoded::Error(fault));
                    return output;
                }
            };
            let Some((payload, after)) = body.split_at_checked(header.length) else { break };
            self.deliver(&mut output, header, payload);
            bytes = after;
        }
        let kept = rest.len() - bytes.len();
        self.rest = rest;
        self.rest.drain(..kept);
        output
    }

    /// The pipe has ended: `truncated` if it did so inside a frame.
    pub fn end(&mut self) -> Option<FramingFault> {
        let inside = !self.failed && !self.rest.is_empty();
        self.failed = true;
        inside.then_some(FramingFault::Truncated)
    }

    /// Forgets the sequences: the peer starts them anew, as a server does after `hello`.
    pub fn restart_sequences(&mut self) {
        self.expected = [0; Stream::ALL.len()];
    }

    fn deliver(&mut self, output: &mut Vec<Decoded>, header: Header, payload: &[u8]) {
        let Header { stream, sequence: actual, .. } = header;
        if let Some(next) = self.expected.get_mut(usize::from(stream.number())) {
            let expected = std::mem::replace(next, actual.wrapping_add(1));
            if actual != expected {
                output.push(Decoded::SequenceGap { stream, expected, actual });
            }
        }
        output.push(Decoded::Frame(Frame { stream, sequence: actual, payload: payload.to_vec() }));
    }
}
