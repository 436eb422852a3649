// SPDX-License-Identifier: MIT OR Apache-2.0
//! Events: what the agent tells without being asked each time.

use super::{Damage, Direction, Hold, Observation, Partner, RingKind, Role, TakenDevice};
use serde::Serialize;

/// A capability that this machine or this process does not have.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct CapabilityMissing {
    /// `module`, `kmsg`, `debugfs`, `traffic`, `set-link`, `mark`, `take-device`, `observe`, `trace`, `lab` and so on.
    pub capability: &'static str,
    /// Why, in words.
    pub reason: String,
}

/// The module that `load-module` would load.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct ModuleIdentity {
    /// `rigb`.
    pub name: &'static str,
    /// Its path: beside the agent, or the one that was fixed when the agent was built.
    pub path: String,
    /// SHA-256 of the file, hexadecimal; `None` if it cannot be read.
    pub digest: Option<String>,
    /// The `version` of its modinfo.
    pub version: Option<String>,
}

/// Who answers.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Hello {
    /// [`super::PROTOCOL_VERSION`].
    pub protocol: i64,
    /// What it may do.
    pub role: Role,
    /// The agent's version.
    pub agent: String,
    /// `uname -r`.
    pub kernel: String,
    /// `uname -m`.
    pub architecture: String,
    /// CLOCK_REALTIME minus CLOCK_MONOTONIC, decimal nanoseconds.
    pub boot_time_unix_ns: String,
    /// The CPUs that are online.
    pub cpus: Vec<u32>,
    /// What can be done.
    pub capabilities: Vec<&'static str>,
    /// What cannot, and why.
    pub missing: Vec<CapabilityMissing>,
    /// The module that would be loaded.
    pub module: ModuleIdentity,
}

/// Where the module is in its life.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum ModuleState {
    /// Not in the kernel.
    Absent,
    /// Its `init` runs.
    Loading,
    /// Loaded.
    Live,
    /// Its `exit` runs.
    Unloading,
    /// The last attempt failed; `error` says how.
    Failed,
}

/// The module's state.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Module {
    /// `rigb`.
    pub name: &'static str,
    /// Its state.
    pub state: ModuleState,
    /// The loaded module's version.
    pub version: Option<String>,
    /// Bytes of memory that it takes.
    pub size_bytes: Option<u64>,
    /// How many hold it.
    pub reference_count: Option<i64>,
    /// Why the last attempt failed, in words.
    pub error: Option<String>,
}

/// A ring that the driver offers as a snapshot.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize)]
pub struct RingName {
    /// Receive or transmit.
    pub kind: RingKind,
    /// Its number.
    pub index: u16,
}

/// A PCI network function.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Device {
    /// `0000:01:00.0`.
    pub pci_address: String,
    /// PCI vendor.
    pub vendor_id: u16,
    /// PCI device.
    pub device_id: u16,
    /// The bound driver.
    pub driver: Option<String>,
    /// The network interface in the agent's network namespace; without one, what follows is `None`.
    pub interface: Option<String>,
    /// Its hardware address.
    pub mac: Option<String>,
    /// Bytes.
    pub mtu: Option<u32>,
    /// Whether the cable carries a signal.
    pub carrier: Option<bool>,
    /// sysfs' `operstate`.
    pub operational_state: Option<String>,
    /// Mbit/s, if the driver knows.
    pub speed_mbps: Option<u32>,
    /// `full` or `half`.
    pub duplex: Option<&'static str>,
    /// Whether it was set up.
    pub administrative_up: Option<bool>,
    /// Snapshots that the driver offers.
    pub rings: Vec<RingName>,
    /// What depends on it; empty normally.
    pub holds: Vec<Hold>,
}

/// One row of interrupts.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Vector {
    /// `24`, or a name such as `NMI`.
    pub irq: String,
    /// The handlers' names.
    pub name: String,
    /// The interrupt chip.
    pub chip: String,
    /// The PCI function that it belongs to.
    pub device: Option<String>,
}

/// One counter.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Counter {
    /// `netdev`, `network_stats` or `ksoftirqd`.
    pub source: &'static str,
    /// The interface that it counts; empty for what is the machine's.
    pub interface: String,
    /// `rx_packets` and so on.
    pub name: String,
    /// `packets`, `bytes`, `count` or `nanoseconds`.
    pub unit: &'static str,
}

/// Names the rows of stream 2.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Table {
    /// What a sample refers to.
    pub table_id: u32,
    /// The columns.
    pub cpus: Vec<u32>,
    /// The first rows.
    pub vectors: Vec<Vector>,
    /// The rows after them.
    pub softirqs: Vec<String>,
    /// Values without columns.
    pub counters: Vec<Counter>,
}

/// Whether and how traffic runs.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct TrafficState {
    /// Whether it could run.
    pub available: bool,
    /// Why not, or why it ended.
    pub reason: Option<String>,
    /// Whether it does.
    pub running: bool,
    /// Who sends.
    pub direction: Direction,
    /// What was asked for; 0 is as fast as it goes.
    pub frames_per_second: u32,
    /// What was asked for.
    pub frame_bytes: u32,
    /// What was asked for.
    pub flows: u32,
    /// What was asked for.
    pub burst: u32,
    /// What was asked for.
    pub damage: Option<Damage>,
    /// Frames that were sent since the start.
    pub sent_frames: u64,
    /// Who sends, in words.
    pub source: Option<String>,
}

/// What the agent itself costs, over an interval.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Cost {
    /// The interval.
    pub interval_ns: u64,
    /// CPU time of the agent within it.
    pub cpu_ns: u64,
    /// Of one CPU.
    pub cpu_percent: f64,
    /// How often it woke up.
    pub wakeups: u64,
    /// Bytes that it wrote to the pipe.
    pub bytes_sent: u64,
    /// Device registers that what it read made drivers read.
    pub mmio_reads_per_second: f64,
    /// Samples and snapshots that found the pipe full.
    pub samples_lost: u64,
}

/// How bad a notice is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Severity {
    /// For the record.
    Info,
    /// Something is missing.
    Warning,
    /// Something is broken.
    Error,
}

/// What is nobody's reply.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Notice {
    /// How bad.
    pub severity: Severity,
    /// For programs.
    pub code: String,
    /// A sentence.
    pub text: String,
}

/// Any event.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(tag = "type", rename_all = "lowercase")]
pub enum Event {
    /// Who answers.
    Hello(Hello),
    /// The module's state.
    Module(Module),
    /// All PCI network functions, sorted by address.
    Devices {
        /// The functions.
        devices: Vec<Device>,
    },
    /// The rows of the samples that follow.
    Table(Table),
    /// Whether traffic runs.
    Traffic(TrafficState),
    /// What the agent costs.
    Cost(Cost),
    /// What is nobody's reply.
    Notice(Notice),
    /// The devices that the agent has taken over.
    Taken {
        /// Sorted by address.
        devices: Vec<TakenDevice>,
    },
    /// A device under any driver.
    Observation(Box<Observation>),
    /// The lab's port on the other end of the cable.
    Partner(Partner),
}

impl Event {
    /// The event as a payload.
    pub fn payload(&self) -> Vec<u8> {
        serde_json::to_vec(self).unwrap_or_default()
    }
}
