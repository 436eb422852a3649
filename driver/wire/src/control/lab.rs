// SPDX-License-Identifier: MIT OR Apache-2.0
//! What is only done to a lab guest: its ports' drivers, resets, a crash; and where its link partner stands.

use serde::{Deserialize, Serialize};

/// A driver that a port of the lab may be given.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum LabDriver {
    /// Ours.
    Rigb,
    /// The kernel's own.
    Igb,
}

impl LabDriver {
    /// As the kernel calls it.
    pub fn name(self) -> &'static str {
        match self {
            Self::Rigb => "rigb",
            Self::Igb => "igb",
        }
    }
}

/// `set-driver`.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SetDriver {
    /// A PCI address.
    pub device: String,
    /// Who drives it from now on; `null`, which has to be said: nobody.
    #[serde(deserialize_with = "Option::deserialize")]
    pub driver: Option<LabDriver>,
}

/// `reset-device`.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ResetDevice {
    /// A PCI address.
    pub device: String,
    /// Whether a person has read what is lost.
    pub confirmed: bool,
}

/// `crash`.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Crash {
    /// Whether a person has read what is lost.
    pub confirmed: bool,
}

/// `set-mtu`.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SetMtu {
    /// 68 to 9216 bytes, of both ports.
    pub mtu: u32,
}

/// The lab's port on the other end of the cable: the interface in the network namespace `partner`.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Partner {
    /// The PCI function that it belongs to, if the kernel tells.
    pub device: Option<String>,
    /// Its name there; without one, what follows is `None`.
    pub interface: Option<String>,
    /// Its hardware address.
    pub mac: Option<String>,
    /// Bytes.
    pub mtu: Option<u32>,
    /// Whether the cable carries a signal.
    pub carrier: Option<bool>,
    /// Whether it was set up.
    pub administrative_up: Option<bool>,
}
