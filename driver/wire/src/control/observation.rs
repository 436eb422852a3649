// SPDX-License-Identifier: MIT OR Apache-2.0
//! What a driver and the kernel tell of a device without Ringscope's own driver. Whatever is missing says why in `reason`, a sentence.

use super::{Affinity, RingKind};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// `observe`.
#[derive(Debug, Clone, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Observe {
    /// A PCI address.
    pub device: String,
    /// Observations a second, 0 to 10; 0 ends them.
    pub hz: f64,
}

/// A list, or why there is none. An empty list with a reason is one that the driver does not offer.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Listed<T> {
    /// What was found.
    pub items: Vec<T>,
    /// Why nothing was.
    pub reason: Option<String>,
}

impl<T> Listed<T> {
    /// Nothing, for a reason.
    pub fn absent(reason: impl Into<String>) -> Self {
        Self { items: Vec::new(), reason: Some(reason.into()) }
    }
}

/// Settings, or why there are none.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Offered<T> {
    /// The settings.
    pub values: Option<T>,
    /// Why there are none.
    pub reason: Option<String>,
}

impl<T> Offered<T> {
    /// Nothing, for a reason.
    pub fn absent(reason: impl Into<String>) -> Self {
        Self { values: None, reason: Some(reason.into()) }
    }
}

/// A queue and the NAPI that serves it.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Queue {
    /// Receive or transmit.
    pub kind: RingKind,
    /// Its number among those of its kind.
    pub id: u32,
    /// The NAPI, if the driver has linked them.
    pub napi_id: Option<u32>,
}

/// A NAPI and its interrupt.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Napi {
    /// The kernel's number of it.
    pub id: u32,
    /// The interrupt, if the driver has told it.
    pub irq: Option<u32>,
    /// Whether it polls in a thread of its own, if the kernel tells.
    pub threaded: Option<bool>,
}

/// The counters of one queue, by the names of the kernel's `netdev` family.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct QueueStatistics {
    /// Receive or transmit.
    pub kind: RingKind,
    /// Its number among those of its kind.
    pub id: u32,
    /// Packets, bytes and counts, such as `rx-packets`.
    pub values: BTreeMap<&'static str, u64>,
}

/// A counter of the driver's own, as `ethtool -S` prints it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct NamedValue {
    /// The driver's name for it.
    pub name: String,
    /// Its value.
    pub value: u64,
}

/// Descriptors a ring.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct RingSizes {
    /// Receive, now.
    pub rx: u32,
    /// Receive, at most.
    pub rx_max: u32,
    /// Transmit, now.
    pub tx: u32,
    /// Transmit, at most.
    pub tx_max: u32,
}

/// Channels: interrupts with the queues that they serve.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Channels {
    /// For receive queues only.
    pub rx: u32,
    /// For transmit queues only.
    pub tx: u32,
    /// For anything else, such as the link.
    pub other: u32,
    /// For queues of both kinds.
    pub combined: u32,
    /// At most.
    pub rx_max: u32,
    /// At most.
    pub tx_max: u32,
    /// At most.
    pub other_max: u32,
    /// At most.
    pub combined_max: u32,
}

/// The link as the driver tells it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct LinkSettings {
    /// Whether both ends agree on speed and duplex by themselves.
    pub autonegotiation: bool,
    /// Mbit/s, if known.
    pub speed_mbps: Option<u32>,
    /// `full` or `half`.
    pub duplex: Option<&'static str>,
    /// `twisted pair`, `fibre` and so on.
    pub port: Option<&'static str>,
}

/// How received frames are spread over queues: the frame's hash, modulo the table's length, is the place of its queue.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Rss {
    /// The queue of each place.
    pub indirection: Vec<u32>,
    /// The hash's key, hexadecimal, if the driver tells it.
    pub key: Option<String>,
    /// `toeplitz` and so on, if the driver tells it.
    pub hash_function: Option<&'static str>,
}

/// How many bytes the kernel lets a transmit queue have at the card (BQL).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct ByteQueueLimit {
    /// The transmit queue's number.
    pub id: u32,
    /// Bytes that it may have at the card now.
    pub limit: u64,
    /// Bytes that it has there.
    pub inflight: u64,
}

/// A pool that a driver takes receive buffers from.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct PagePool {
    /// The kernel's number of it.
    pub id: u64,
    /// The NAPI that recycles into it without a lock, if it is tied to one.
    pub napi_id: Option<u64>,
    /// Pages that are out of it, at the card or in frames.
    pub inflight: Option<u64>,
    /// The same in bytes.
    pub inflight_bytes: Option<u64>,
    /// What it counts, by the names of the kernel's `netdev` family, such as `alloc-fast`; empty where the kernel counts nothing.
    pub values: BTreeMap<&'static str, u64>,
}

/// What a driver says of itself, as `ethtool -i` prints it; what it leaves empty is `None`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct DriverInformation {
    /// Its name.
    pub driver: Option<String>,
    /// Its version; the kernel's where it has none of its own.
    pub version: Option<String>,
    /// The version of the card's firmware.
    pub firmware: Option<String>,
}

/// Errors on the PCIe link that the card reported itself, since boot.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub struct AerCounts {
    /// Repaired by hardware.
    pub correctable: u64,
    /// A transaction was lost.
    pub nonfatal: u64,
    /// The link is unreliable.
    pub fatal: u64,
}

/// The function on its bus.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Pcie {
    /// `2.5 GT/s PCIe`.
    pub speed: Option<String>,
    /// Lanes.
    pub width: Option<u32>,
    /// What the card could do.
    pub max_speed: Option<String>,
    /// What the card could do.
    pub max_width: Option<u32>,
    /// The memory node that it is nearest to; `None` without such nodes.
    pub numa_node: Option<u32>,
    /// The interrupts that it was given.
    pub msi_vectors: Vec<u32>,
    /// Reported errors, if the kernel counts them.
    pub aer: Option<AerCounts>,
}

/// Everything that is known of a device.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Observation {
    /// Its PCI address.
    pub device: String,
    /// CLOCK_MONOTONIC, decimal nanoseconds.
    pub time_ns: String,
    /// Queues with their NAPIs.
    pub queues: Listed<Queue>,
    /// NAPIs with their interrupts.
    pub napis: Listed<Napi>,
    /// Counters of each queue.
    pub queue_statistics: Listed<QueueStatistics>,
    /// The driver's own counters.
    pub ethtool_statistics: Listed<NamedValue>,
    /// Sizes of the rings.
    pub rings: Offered<RingSizes>,
    /// How queues share interrupts.
    pub channels: Offered<Channels>,
    /// Interrupt moderation, by ethtool's names, such as `rx-usecs`.
    pub coalesce: Offered<BTreeMap<&'static str, u64>>,
    /// The CPUs of each interrupt.
    pub affinity: Listed<Affinity>,
    /// The link.
    pub link: Offered<LinkSettings>,
    /// The spreading of received frames over queues.
    pub rss: Offered<Rss>,
    /// Of each transmit queue.
    pub byte_queue_limits: Listed<ByteQueueLimit>,
    /// Of the interface. The reason may stand beside pools, whose counters are then missing.
    pub page_pools: Listed<PagePool>,
    /// What the driver says of itself.
    pub driver_information: Offered<DriverInformation>,
    /// The bus.
    pub pcie: Pcie,
}
