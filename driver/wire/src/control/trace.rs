// SPDX-License-Identifier: MIT OR Apache-2.0
//! Asking for the driver's tracepoints.

use serde::{Deserialize, Serialize};

/// A tracepoint of `rigb`, by the number that stream 8 gives it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[repr(u16)]
pub enum TraceEvent {
    /// An empty receive buffer was written into its descriptor.
    RxPost = 0,
    /// The receive tail was written.
    RxRefill = 1,
    /// A receive descriptor was written back.
    RxDone = 2,
    /// A transmit descriptor was written.
    TxPost = 3,
    /// The transmit tail was written.
    TxDoorbell = 4,
    /// What the stack gave as one was sent.
    TxDone = 5,
    /// A vector's handler ran.
    Irq = 6,
    /// A poll ended.
    Poll = 7,
}

impl TraceEvent {
    /// Every event, in the order of the numbers.
    pub const ALL: [Self; 8] = [
        Self::RxPost,
        Self::RxRefill,
        Self::RxDone,
        Self::TxPost,
        Self::TxDoorbell,
        Self::TxDone,
        Self::Irq,
        Self::Poll,
    ];

    /// The number on the wire.
    pub const fn number(self) -> u16 {
        self as u16
    }

    /// The event of a number, if there is one.
    pub fn from_number(number: u16) -> Option<Self> {
        Self::ALL.get(usize::from(number)).copied()
    }

    /// The tracepoint's name, as tracefs has it below `events/rigb`.
    pub const fn name(self) -> &'static str {
        match self {
            Self::RxPost => "rx_post",
            Self::RxRefill => "rx_refill",
            Self::RxDone => "rx_done",
            Self::TxPost => "tx_post",
            Self::TxDoorbell => "tx_doorbell",
            Self::TxDone => "tx_done",
            Self::Irq => "irq",
            Self::Poll => "poll",
        }
    }
}

/// `trace`.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Trace {
    /// A PCI address.
    pub device: String,
    /// The events of this device that are wanted from now on; none ends it.
    pub events: Vec<TraceEvent>,
}
