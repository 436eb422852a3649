// SPDX-License-Identifier: MIT OR Apache-2.0
//! Taking a device over from its driver, giving it back, and what would suffer from it.

use serde::{Deserialize, Serialize};

/// What an agent may do, as it was started.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Role {
    /// Every verb.
    Change,
    /// Only verbs that leave the machine as it is.
    Observe,
}

/// `take-device`.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct TakeDevice {
    /// A PCI address.
    pub device: String,
    /// Whether a person has read what depends on the device and wants it nevertheless.
    pub confirmed: bool,
}

/// `release-device`.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ReleaseDevice {
    /// A PCI address.
    pub device: String,
}

/// What depends on an interface.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Dependent {
    /// The machine's way to everywhere else.
    DefaultRoute,
    /// An ssh connection to this machine.
    Ssh,
    /// A mounted NFS file system.
    Nfs,
}

/// One reason why a device should not be taken without asking.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize)]
pub struct Hold {
    /// What depends on it.
    pub what: Dependent,
    /// The same as a sentence.
    pub detail: String,
}

/// A device that the agent has taken over.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct TakenDevice {
    /// Its PCI address.
    pub device: String,
    /// The driver that gets it back.
    pub previous_driver: Option<String>,
    /// The interface that it had, by name.
    pub previous_interface: Option<String>,
    /// The addresses of that interface with their prefix, `192.0.2.1/24`.
    pub addresses: Vec<String>,
}
