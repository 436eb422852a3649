// SPDX-License-Identifier: MIT OR Apache-2.0
//! The wire between Ringscope's agent and its application, as `README.md` of this crate defines it: frames, control messages, bulk layouts.
//!
//! Nothing here does input or output, and nothing panics whatever the bytes are: [`Decoder`] and the readers of [`layouts`] give values or named faults.

pub mod control;
mod decoder;
mod encoder;
mod fault;
mod frame;
pub mod layouts;

pub use decoder::{Decoded, Decoder};
pub use encoder::{Encoder, encode_frame};
pub use fault::{Fault, FramingFault};
pub use frame::{Frame, HEADER_BYTES, Header, MAXIMUM_PAYLOAD_BYTES, Stream};
