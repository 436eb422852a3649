// SPDX-License-Identifier: MIT OR Apache-2.0
//! The agent's verbs with their arguments, checked.

use super::{
    CoalesceParameters, Crash, ErrorCode, Observe, Refusal, ReleaseDevice, Request, ResetDevice, SetAffinity,
    SetCoalesce, SetDriver, SetMtu, ShowBuffers, TakeDevice, Trace, What, WriteRegister, is_pci_address,
};
use serde::{Deserialize, Serialize, de::DeserializeOwned};
use serde_json::Value;
use std::collections::BTreeMap;

/// `hello`.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct HelloArguments {
    /// The version the client speaks.
    pub protocol: i64,
    /// The client's name and version, at most 100 characters.
    pub application: String,
}

/// A module parameter's value.
#[derive(Debug, Clone, PartialEq, Deserialize)]
#[serde(untagged)]
pub enum ParameterValue {
    /// A number.
    Number(serde_json::Number),
    /// A text without blanks, quotes or control characters.
    Text(String),
}

/// `load-module`.
#[derive(Debug, Clone, PartialEq, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct LoadModule {
    /// Parameters by name; a name is `[a-z_][a-z0-9_]*`.
    #[serde(default)]
    pub parameters: BTreeMap<String, ParameterValue>,
}

impl LoadModule {
    /// The parameters as the kernel takes them: `name=value` with blanks between.
    pub fn parameter_text(&self) -> String {
        let words = self.parameters.iter().map(|(name, value)| match value {
            ParameterValue::Number(number) => format!("{name}={number}"),
            ParameterValue::Text(text) => format!("{name}={text}"),
        });
        words.collect::<Vec<_>>().join(" ")
    }

    fn is_sound(&self) -> bool {
        self.parameters.iter().all(|(name, value)| {
            let named = name.starts_with(|first: char| first == '_' || first.is_ascii_lowercase())
                && name.bytes().all(|byte| matches!(byte, b'a'..=b'z' | b'0'..=b'9' | b'_'));
            let valued = match value {
                ParameterValue::Number(_) => true,
                ParameterValue::Text(text) => {
                    text.len() <= 256
                        && text.bytes().all(|byte| byte.is_ascii_graphic() && !matches!(byte, b'"' | b'\''))
                }
            };
            named && valued
        })
    }
}

/// `watch`.
#[derive(Debug, Clone, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Watch {
    /// A PCI address.
    pub device: String,
    /// Of what.
    pub what: What,
    /// Snapshots a second, 0 to 60; 0 ends the watch.
    pub hz: f64,
}

/// `read`.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Read {
    /// A PCI address.
    pub device: String,
    /// Of what.
    pub what: What,
}

/// Which way the lab's traffic runs, seen from the device under test.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Direction {
    /// The link partner sends.
    Receive,
    /// The device under test sends.
    Transmit,
    /// Both send.
    Both,
}

/// What is wrong with each frame that is sent.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Damage {
    /// The checksum of the IPv4 header.
    IpChecksum,
    /// The checksum of UDP.
    UdpChecksum,
    /// The checksum of TCP.
    TcpChecksum,
    /// The IPv4 header tells of more bytes than the frame has.
    Truncated,
}

/// The flows of traffic that was asked for without a number: what pktgen was always told.
fn many_flows() -> u32 {
    254
}

fn no_burst() -> u32 {
    1
}

/// `traffic`.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub struct Traffic {
    /// Start or stop.
    pub running: bool,
    /// Who sends.
    pub direction: Direction,
    /// 0 to 10,000,000 frames a second by each sender; 0 is as fast as it goes.
    pub frames_per_second: u32,
    /// 60 to 9230: header and payload without the checksum.
    pub frame_bytes: u32,
    /// Ends it after so many frames of each sender; without it, or 0, it runs until stopped.
    #[serde(default)]
    pub frames: Option<u64>,
    /// 1 to 1024 flows, each with a source address and a source port of its own.
    #[serde(default = "many_flows")]
    pub flows: u32,
    /// 1 to 64 frames that go back to back, the rate staying what it is.
    #[serde(default = "no_burst")]
    pub burst: u32,
    /// What is wrong with each frame; `None` or `null`: nothing.
    #[serde(default)]
    pub damage: Option<Damage>,
}

/// `set-link`.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SetLink {
    /// An interface's name, 1 to 15 bytes.
    pub interface: String,
    /// Administratively up or down.
    pub up: bool,
}

/// `mark`.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Mark {
    /// 1 to 200 printable ASCII characters.
    pub text: String,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Sample {
    hz: f64,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Nothing {}

/// A request whose arguments were found good.
#[derive(Debug, Clone, PartialEq)]
pub enum Verb {
    /// Opens the session, or starts it anew.
    Hello(HelloArguments),
    /// Loads the module.
    LoadModule(LoadModule),
    /// Unloads the module.
    UnloadModule,
    /// Samples a second, 0 to 100; 0 stops.
    Sample(f64),
    /// Repeated snapshots.
    Watch(Watch),
    /// One snapshot.
    Read(Read),
    /// Starts or stops traffic.
    Traffic(Traffic),
    /// Sets an interface's administrative state.
    SetLink(SetLink),
    /// Writes a mark into the kernel log.
    Mark(Mark),
    /// What the agent costs.
    Cost,
    /// Takes a device over from its driver.
    TakeDevice(TakeDevice),
    /// Gives it back.
    ReleaseDevice(ReleaseDevice),
    /// Repeated observations.
    Observe(Observe),
    /// Writes a register.
    WriteRegister(WriteRegister),
    /// The driver's trace events.
    Trace(Trace),
    /// Sends an interrupt to other CPUs.
    SetAffinity(SetAffinity),
    /// Sets how interrupts are held back.
    SetCoalesce(SetCoalesce),
    /// Permits to read a device's buffers, or ends that.
    ShowBuffers(ShowBuffers),
    /// Gives a port of the lab to a driver, or to none.
    SetDriver(SetDriver),
    /// Resets a card of the lab.
    ResetDevice(ResetDevice),
    /// Crashes the lab's guest.
    Crash(Crash),
    /// Sets the MTU of both ports of the lab.
    SetMtu(SetMtu),
}

fn arguments<T: DeserializeOwned>(request: Request) -> Result<T, Refusal> {
    serde_json::from_value(Value::Object(request.arguments)).map_err(|error| bad(&error.to_string()))
}

fn bad(reason: &str) -> Refusal {
    Refusal::new(ErrorCode::BadArguments, format!("The arguments do not fit: {reason}."))
}

fn check(holds: bool, reason: &str) -> Result<(), Refusal> {
    if holds { Ok(()) } else { Err(bad(reason)) }
}

impl Verb {
    /// Whether it changes the machine; an agent that only observes refuses it.
    pub fn changes_machine(&self) -> bool {
        match self {
            Self::LoadModule(_)
            | Self::UnloadModule
            | Self::Traffic(_)
            | Self::SetLink(_)
            | Self::Mark(_)
            | Self::TakeDevice(_)
            | Self::ReleaseDevice(_)
            | Self::WriteRegister(_)
            | Self::SetAffinity(_)
            | Self::SetCoalesce(_)
            | Self::ShowBuffers(_)
            | Self::SetDriver(_)
            | Self::ResetDevice(_)
            | Self::Crash(_)
            | Self::SetMtu(_) => true,
            Self::Hello(_)
            | Self::Sample(_)
            | Self::Watch(_)
            | Self::Read(_)
            | Self::Cost
            | Self::Observe(_)
            | Self::Trace(_) => false,
        }
    }

    /// Reads verb and arguments. The refusals are `unknown-verb` and `bad-arguments`.
    pub fn read(request: Request) -> Result<Self, Refusal> {
        Ok(match request.verb.as_str() {
            "hello" => {
                let hello: HelloArguments = arguments(request)?;
                check(hello.application.chars().count() <= 100, "`application` is longer than 100 characters")?;
                Self::Hello(hello)
            }
            "load-module" => {
                let load: LoadModule = arguments(request)?;
                check(
                    load.is_sound(),
                    "a parameter's name or value has characters that a module parameter may not have",
                )?;
                Self::LoadModule(load)
            }
            "unload-module" => arguments::<Nothing>(request).map(|_| Self::UnloadModule)?,
            "sample" => {
                let Sample { hz } = arguments(request)?;
                check((0.0..=100.0).contains(&hz), "`hz` is not within 0 and 100")?;
                Self::Sample(hz)
            }
            "watch" => {
                let watch: Watch = arguments(request)?;
                check(is_pci_address(&watch.device), "`device` is no PCI address")?;
                check((0.0..=60.0).contains(&watch.hz), "`hz` is not within 0 and 60")?;
                check(!matches!(watch.what, What::Buffer(..)), "a buffer is read, and not watched")?;
                Self::Watch(watch)
            }
            "read" => {
                let read: Read = arguments(request)?;
                check(is_pci_address(&read.device), "`device` is no PCI address")?;
                Self::Read(read)
            }
            "traffic" => {
                let traffic: Traffic = arguments(request)?;
                check(traffic.frames_per_second <= 10_000_000, "`framesPerSecond` is not within 0 and 10000000")?;
                check((60..=9230).contains(&traffic.frame_bytes), "`frameBytes` is not within 60 and 9230")?;
                check((1..=1024).contains(&traffic.flows), "`flows` is not within 1 and 1024")?;
                check((1..=64).contains(&traffic.burst), "`burst` is not within 1 and 64")?;
                Self::Traffic(traffic)
            }
            "set-link" => {
                let link: SetLink = arguments(request)?;
                check((1..=15).contains(&link.interface.len()), "`interface` is not 1 to 15 bytes long")?;
                Self::SetLink(link)
            }
            "mark" => {
                let mark: Mark = arguments(request)?;
                let printable = mark.text.bytes().all(|byte| matches!(byte, 0x20..=0x7e));
                check(
                    printable && (1..=200).contains(&mark.text.len()),
                    "`text` is not 1 to 200 printable characters",
                )?;
                Self::Mark(mark)
            }
            "cost" => arguments::<Nothing>(request).map(|_| Self::Cost)?,
            "take-device" => {
                let take: TakeDevice = arguments(request)?;
                check(is_pci_address(&take.device), "`device` is no PCI address")?;
                Self::TakeDevice(take)
            }
            "release-device" => {
                let release: ReleaseDevice = arguments(request)?;
                check(is_pci_address(&release.device), "`device` is no PCI address")?;
                Self::ReleaseDevice(release)
            }
            "observe" => {
                let observe: Observe = arguments(request)?;
                check(is_pci_address(&observe.device), "`device` is no PCI address")?;
                check((0.0..=10.0).contains(&observe.hz), "`hz` is not within 0 and 10")?;
                Self::Observe(observe)
            }
            "write-register" => {
                let write: WriteRegister = arguments(request)?;
                check(is_pci_address(&write.device), "`device` is no PCI address")?;
                check(write.offset % 4 == 0, "`offset` is no multiple of four")?;
                Self::WriteRegister(write)
            }
            "trace" => {
                let trace: Trace = arguments(request)?;
                check(is_pci_address(&trace.device), "`device` is no PCI address")?;
                Self::Trace(trace)
            }
            "set-affinity" => {
                let affinity: SetAffinity = arguments(request)?;
                check(is_pci_address(&affinity.device), "`device` is no PCI address")?;
                check(affinity.is_sound(), "`cpus` is empty or has a number that no CPU has")?;
                Self::SetAffinity(affinity)
            }
            "set-coalesce" => {
                let coalesce: SetCoalesce = arguments(request)?;
                check(is_pci_address(&coalesce.device), "`device` is no PCI address")?;
                check(coalesce.parameters != CoalesceParameters::default(), "`parameters` has none")?;
                Self::SetCoalesce(coalesce)
            }
            "show-buffers" => {
                let show: ShowBuffers = arguments(request)?;
                check(is_pci_address(&show.device), "`device` is no PCI address")?;
                Self::ShowBuffers(show)
            }
            "set-driver" => {
                let set: SetDriver = arguments(request)?;
                check(is_pci_address(&set.device), "`device` is no PCI address")?;
                Self::SetDriver(set)
            }
            "reset-device" => {
                let reset: ResetDevice = arguments(request)?;
                check(is_pci_address(&reset.device), "`device` is no PCI address")?;
                Self::ResetDevice(reset)
            }
            "crash" => Self::Crash(arguments(request)?),
            "set-mtu" => {
                let set: SetMtu = arguments(request)?;
                check((68..=9216).contains(&set.mtu), "`mtu` is not within 68 and 9216")?;
                Self::SetMtu(set)
            }
            other => {
                let message = format!("The agent has no verb {other:?}.");
                return Err(Refusal::new(ErrorCode::UnknownVerb, message));
            }
        })
    }
}
