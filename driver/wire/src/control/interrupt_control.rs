// SPDX-License-Identifier: MIT OR Apache-2.0
//! Where a device's interrupts go and how often they come: who may serve each, and how long the card holds them back.

use serde::{Deserialize, Serialize};

/// The highest CPU that any kernel is built for, and one.
pub const CPU_LIMIT: u32 = 8192;

/// `set-affinity`.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SetAffinity {
    /// A PCI address.
    pub device: String,
    /// One of the device's interrupts, as `msi_irqs` lists them.
    pub irq: u32,
    /// The CPUs that may serve it: at least one, each below [`CPU_LIMIT`], in any order.
    pub cpus: Vec<u32>,
}

impl SetAffinity {
    /// Whether the CPUs can be some of a machine's.
    pub fn is_sound(&self) -> bool {
        !self.cpus.is_empty() && self.cpus.len() <= CPU_LIMIT as usize && self.cpus.iter().all(|&cpu| cpu < CPU_LIMIT)
    }

    /// The CPUs as the kernel's lists write them, `0-3,8`.
    pub fn list(&self) -> String {
        let mut cpus = self.cpus.clone();
        cpus.sort_unstable();
        cpus.dedup();
        let ranges = cpus.chunk_by(|one, next| one + 1 == *next).filter_map(|range| match *range {
            [] => None,
            [only] => Some(only.to_string()),
            [first, .., last] => Some(format!("{first}-{last}")),
        });
        ranges.collect::<Vec<_>>().join(",")
    }
}

/// What of the moderation shall be another; what is absent stays.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct CoalesceParameters {
    /// Microseconds that an interrupt is held back after a frame arrived.
    pub rx_usecs: Option<u32>,
    /// Microseconds that an interrupt is held back after a frame was sent.
    pub tx_usecs: Option<u32>,
    /// The driver chooses by what arrives.
    pub adaptive_rx: Option<bool>,
    /// The driver chooses by what is sent.
    pub adaptive_tx: Option<bool>,
}

/// `set-coalesce`.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SetCoalesce {
    /// A PCI address.
    pub device: String,
    /// At least one.
    pub parameters: CoalesceParameters,
}

/// Which CPUs may serve an interrupt. Lists as the kernel writes them, `0-3,8`: with hundreds of CPUs and vectors the numbers one by one would be most of an
/// observation.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Affinity {
    /// The interrupt.
    pub irq: u32,
    /// The CPUs that may.
    pub cpus: String,
    /// The CPUs that it is sent to in fact; `None` if the kernel does not tell.
    pub effective: Option<String>,
}
