// SPDX-License-Identifier: MIT OR Apache-2.0
//! Control messages, the JSON of stream 0. Requests are read strictly: an unknown field is refused.

mod arguments;
mod buffers;
mod device_control;
mod event;
mod interrupt_control;
mod lab;
mod observation;
mod register_write;
mod reply;
mod request;
mod trace;
mod what;

pub use arguments::{
    Damage, Direction, HelloArguments, LoadModule, Mark, ParameterValue, Read, SetLink, Traffic, Verb, Watch,
};
pub use buffers::ShowBuffers;
pub use device_control::{Dependent, Hold, ReleaseDevice, Role, TakeDevice, TakenDevice};
pub use event::{
    CapabilityMissing, Cost, Counter, Device, Event, Hello, Module, ModuleIdentity, ModuleState, Notice, RingName,
    Severity, Table, TrafficState, Vector,
};
pub use interrupt_control::{Affinity, CPU_LIMIT, CoalesceParameters, SetAffinity, SetCoalesce};
pub use lab::{Crash, LabDriver, Partner, ResetDevice, SetDriver, SetMtu};
pub use observation::{
    AerCounts, ByteQueueLimit, Channels, DriverInformation, LinkSettings, Listed, NamedValue, Napi, Observation,
    Observe, Offered, PagePool, Pcie, Queue, QueueStatistics, RingSizes, Rss,
};
pub use register_write::WriteRegister;
pub use reply::{ErrorCode, Refusal, Reply};
pub use request::{Request, read_request};
pub use trace::{Trace, TraceEvent};
pub use what::{RingKind, What, is_pci_address};

/// The version both ends must speak.
pub const PROTOCOL_VERSION: i64 = 1;
