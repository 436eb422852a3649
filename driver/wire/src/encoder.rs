// SPDX-License-Identifier: MIT OR Apache-2.0
//! Frames as bytes.

use crate::{FramingFault, Header, MAXIMUM_PAYLOAD_BYTES, Stream};

/// Appends one frame to `output`. A payload that is too long is refused as `oversized` and leaves `output` as it was.
pub fn encode_frame(output: &mut Vec<u8>, stream: Stream, sequence: u32, payload: &[u8]) -> Result<(), FramingFault> {
    if payload.len() > MAXIMUM_PAYLOAD_BYTES {
        return Err(FramingFault::Oversized);
    }
    output.extend_from_slice(&Header { length: payload.len(), stream, sequence }.bytes());
    output.extend_from_slice(payload);
    Ok(())
}

/// Numbers the frames of one direction, each stream by itself from 0, wrapping at 2^32.
#[derive(Debug, Default, Clone)]
pub struct Encoder {
    next: [u32; Stream::ALL.len()],
}

impl Encoder {
    /// Appends the next frame of a stream to `output`. A payload that is too long is refused and takes no number.
    pub fn encode(&mut self, output: &mut Vec<u8>, stream: Stream, payload: &[u8]) -> Result<(), FramingFault> {
        let sequence = self.next.get(usize::from(stream.number())).copied().unwrap_or(0);
        encode_frame(output, stream, sequence, payload)?;
        if let Some(next) = self.next.get_mut(usize::from(stream.number())) {
            *next = sequence.wrapping_add(1);
        }
        Ok(())
    }

    /// Starts every stream at 0 again, as a server does with the reply to `hello`.
    pub fn restart(&mut self) {
        *self = Self::default();
    }
}
