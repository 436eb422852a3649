// SPDX-License-Identifier: MIT OR Apache-2.0
//! What can be wrong on a pipe, by the names that both languages use.

use crate::Stream;
use std::fmt;

/// A fault after which the framing is lost: the connection ends.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum FramingFault {
    /// The pipe ended inside a frame.
    Truncated,
    /// A frame announced more payload than [`crate::MAXIMUM_PAYLOAD_BYTES`].
    Oversized,
    /// A frame was neither control nor bulk.
    UnknownKind,
    /// A frame carried flags, of which none is defined.
    UnknownFlags,
    /// A frame named a stream that does not exist.
    UnknownStream,
    /// Control on a bulk stream, or the other way round.
    KindMismatch,
}

impl FramingFault {
    /// The name on the wire, such as `kind-mismatch`.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Truncated => "truncated",
            Self::Oversized => "oversized",
            Self::UnknownKind => "unknown-kind",
            Self::UnknownFlags => "unknown-flags",
            Self::UnknownStream => "unknown-stream",
            Self::KindMismatch => "kind-mismatch",
        }
    }
}

impl fmt::Display for FramingFault {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(match self {
            Self::Truncated => "The pipe ended inside a frame.",
            Self::Oversized => "A frame announced more bytes than a frame may carry.",
            Self::UnknownKind => "A frame was neither control nor bulk.",
            Self::UnknownFlags => "A frame carried flags that nobody has defined.",
            Self::UnknownStream => "A frame named a stream that does not exist.",
            Self::KindMismatch => "A frame was of a kind that its stream does not carry.",
        })
    }
}

impl std::error::Error for FramingFault {}

/// Anything that can be wrong on a pipe.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Fault {
    /// The framing is lost; the connection ends.
    Framing(FramingFault),
    /// A control payload is no JSON. With the parser's words.
    BadJson(String),
    /// JSON that fits no message. With what did not fit.
    BadMessage(String),
    /// A bulk payload that contradicts its own lengths. With the contradiction.
    BadRecord(String),
    /// A stream went on with another frame than was due. The frame is used.
    SequenceGap {
        /// The stream of the gap.
        stream: Stream,
        /// The sequence that was due.
        expected: u32,
        /// The sequence that came.
        actual: u32,
    },
}

impl Fault {
    /// The name on the wire, such as `bad-json`.
    pub const fn name(&self) -> &'static str {
        match self {
            Self::Framing(fault) => fault.name(),
            Self::BadJson(_) => "bad-json",
            Self::BadMessage(_) => "bad-message",
            Self::BadRecord(_) => "bad-record",
            Self::SequenceGap { .. } => "sequence-gap",
        }
    }

    /// Whether the connection ends with it.
    pub const fn is_fatal(&self) -> bool {
        matches!(self, Self::Framing(_))
    }
}

impl fmt::Display for Fault {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Framing(fault) => fault.fmt(formatter),
            Self::BadJson(detail) => write!(formatter, "A control message is no JSON: {detail}."),
            Self::BadMessage(detail) => write!(formatter, "A control message fits no schema: {detail}."),
            Self::BadRecord(detail) => write!(formatter, "A payload contradicts itself: {detail}."),
            Self::SequenceGap { stream, expected, actual } => {
                write!(formatter, "Stream {} went on with frame {actual} where {expected} was due.", stream.number())
            }
        }
    }
}

impl std::error::Error for Fault {}
