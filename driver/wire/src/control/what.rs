// SPDX-License-Identifier: MIT OR Apache-2.0
//! Names on the wire that are patterns: what a snapshot is of, and where a device sits.

use serde::{Deserialize, Deserializer, Serialize, Serializer, de::Error};
use std::fmt;

/// A receive or a transmit ring.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum RingKind {
    /// Receive.
    Rx,
    /// Transmit.
    Tx,
}

impl RingKind {
    /// `rx` or `tx`.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Rx => "rx",
            Self::Tx => "tx",
        }
    }
}

/// What a snapshot is of: `ring:rx:N`, `ring:tx:N`, `registers`, `vectors`, `buffer:rx:N:INDEX`, `buffer:tx:N:INDEX`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum What {
    /// One descriptor ring.
    Ring(RingKind, u16),
    /// The register file.
    Registers,
    /// The driver's counts per vector.
    Vectors,
    /// The buffer of one descriptor of a queue's ring; it is read, and not watched.
    Buffer(RingKind, u16, u16),
}

impl What {
    /// Reads the name; `None` for anything but one of these patterns.
    pub fn parse(text: &str) -> Option<Self> {
        match text {
            "registers" => return Some(Self::Registers),
            "vectors" => return Some(Self::Vectors),
            _ => {}
        }
        if let Some(ring) = text.strip_prefix("buffer:") {
            let (ring, index) = ring.rsplit_once(':')?;
            let (kind, queue) = ring_name(ring)?;
            return Some(Self::Buffer(kind, queue, number(index)?));
        }
        ring_name(text.strip_prefix("ring:")?).map(|(kind, index)| Self::Ring(kind, index))
    }
}

fn ring_name(text: &str) -> Option<(RingKind, u16)> {
    let (kind, digits) = text.split_once(':')?;
    let kind = match kind {
        "rx" => RingKind::Rx,
        "tx" => RingKind::Tx,
        _ => return None,
    };
    Some((kind, number(digits)?))
}

fn number(digits: &str) -> Option<u16> {
    // `parse` alone would take a sign.
    let plain = (1..=5).contains(&digits.len()) && digits.bytes().all(|digit| digit.is_ascii_digit());
    plain.then(|| digits.parse().ok()).flatten()
}

impl fmt::Display for What {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Ring(kind, index) => write!(formatter, "ring:{}:{index}", kind.name()),
            Self::Registers => formatter.write_str("registers"),
            Self::Vectors => formatter.write_str("vectors"),
            Self::Buffer(kind, queue, index) => write!(formatter, "buffer:{}:{queue}:{index}", kind.name()),
        }
    }
}

impl Serialize for What {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for What {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        Self::parse(&text).ok_or_else(|| D::Error::custom("`what` names no ring, registers, vectors or buffer"))
    }
}

/// Whether a text is a PCI address as sysfs writes it, `0000:01:00.0`: the domain has four hexadecimal digits or more, all in lower case.
pub fn is_pci_address(text: &str) -> bool {
    let hexadecimal = |part: &str| part.bytes().all(|byte| matches!(byte, b'0'..=b'9' | b'a'..=b'f'));
    let Some((place, function)) = text.split_once('.') else { return false };
    let mut parts = place.split(':');
    let (Some(domain), Some(bus), Some(slot), None) = (parts.next(), parts.next(), parts.next(), parts.next()) else {
        return false;
    };
    (4..=8).contains(&domain.len())
        && bus.len() == 2
        && slot.len() == 2
        && matches!(function.as_bytes(), [b'0'..=b'7'])
        && [domain, bus, slot].into_iter().all(hexadecimal)
}
