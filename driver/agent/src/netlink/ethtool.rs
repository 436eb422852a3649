// SPDX-License-Identifier: MIT OR Apache-2.0
//! The family `ethtool`: rings, channels, interrupt moderation, link. See the kernel's Documentation/netlink/specs/ethtool.yaml.

use super::generic::{Family, GenericSocket};
use super::message::{NESTED, attributes, push_attribute, unsigned};
use ringscope_wire::control::{Channels, CoalesceParameters, LinkSettings, RingSizes};
use rustix::io::Errno;
use std::collections::BTreeMap;

const LINKINFO_GET: u8 = 2;
const LINKMODES_GET: u8 = 4;
const RINGS_GET: u8 = 15;
const CHANNELS_GET: u8 = 17;
const COALESCE_GET: u8 = 19;
const COALESCE_SET: u8 = 20;

/// Every message begins with a nested header, which names the interface.
const HEADER: u16 = 1;
const HEADER_DEV_INDEX: u16 = 1;

const LINKINFO_PORT: u16 = 2;
const LINKMODES_AUTONEG: u16 = 2;
const LINKMODES_SPEED: u16 = 5;
const LINKMODES_DUPLEX: u16 = 6;
const SPEED_UNKNOWN: u64 = 0xffff_ffff;

/// Attributes from 2 on, in order; `None` what is not told.
const COALESCE: [&str; 26] = [
    "rx-usecs",
    "rx-max-frames",
    "rx-usecs-irq",
    "rx-max-frames-irq",
    "tx-usecs",
    "tx-max-frames",
    "tx-usecs-irq",
    "tx-max-frames-irq",
    "stats-block-usecs",
    "use-adaptive-rx",
    "use-adaptive-tx",
    "pkt-rate-low",
    "rx-usecs-low",
    "rx-max-frames-low",
    "tx-usecs-low",
    "tx-max-frames-low",
    "pkt-rate-high",
    "rx-usecs-high",
    "rx-max-frames-high",
    "tx-usecs-high",
    "tx-max-frames-high",
    "rate-sample-interval",
    "use-cqe-mode-tx",
    "use-cqe-mode-rx",
    "tx-aggr-max-bytes",
    "tx-aggr-max-frames",
];

/// What a request about an interface begins with.
pub(super) fn header(index: u32) -> Vec<u8> {
    let (mut header, mut request) = (Vec::new(), Vec::new());
    push_attribute(&mut header, HEADER_DEV_INDEX, &index.to_ne_bytes());
    push_attribute(&mut request, HEADER | NESTED, &header);
    request
}

fn ask(socket: &mut GenericSocket, family: Family, command: u8, index: u32) -> Result<Vec<(u16, u64)>, Errno> {
    let mut found = Vec::new();
    socket.get(family, command, &header(index), |body| found = numbers(body))?;
    Ok(found)
}

/// The attributes that are numbers.
fn numbers(body: &[u8]) -> Vec<(u16, u64)> {
    attributes(body).filter_map(|(kind, content)| Some((kind, unsigned(content)?))).collect()
}

fn number(numbers: &[(u16, u64)], wanted: u16) -> Option<u64> {
    numbers.iter().find(|(kind, _)| *kind == wanted).map(|(_, value)| *value)
}

fn small(numbers: &[(u16, u64)], wanted: u16) -> u32 {
    number(numbers, wanted).and_then(|value| u32::try_from(value).ok()).unwrap_or(0)
}

fn read_rings(found: &[(u16, u64)]) -> RingSizes {
    RingSizes { rx_max: small(found, 2), tx_max: small(found, 5), rx: small(found, 6), tx: small(found, 9) }
}

fn read_channels(found: &[(u16, u64)]) -> Channels {
    Channels {
        rx_max: small(found, 2),
        tx_max: small(found, 3),
        other_max: small(found, 4),
        combined_max: small(found, 5),
        rx: small(found, 6),
        tx: small(found, 7),
        other: small(found, 8),
        combined: small(found, 9),
    }
}

fn read_coalesce(found: &[(u16, u64)]) -> BTreeMap<&'static str, u64> {
    let named = |(kind, value): &(u16, u64)| {
        let name = kind.checked_sub(2).and_then(|place| COALESCE.get(usize::from(place)))?;
        Some((*name, *value))
    };
    found.iter().filter_map(named).collect()
}

fn read_link(modes: &[(u16, u64)], info: &[(u16, u64)]) -> LinkSettings {
    let speed = number(modes, LINKMODES_SPEED).filter(|speed| *speed != SPEED_UNKNOWN);
    LinkSettings {
        autonegotiation: number(modes, LINKMODES_AUTONEG) == Some(1),
        speed_mbps: speed.and_then(|speed| u32::try_from(speed).ok()),
        duplex: match number(modes, LINKMODES_DUPLEX) {
            Some(0) => Some("half"),
            Some(1) => Some("full"),
            _ => None,
        },
        port: match number(info, LINKINFO_PORT) {
            Some(0) => Some("twisted pair"),
            Some(1) => Some("AUI"),
            Some(2) => Some("MII"),
            Some(3) => Some("fibre"),
            Some(4) => Some("BNC"),
            Some(5) => Some("direct attach"),
            Some(0xef) => Some("none"),
            Some(0xff) => Some("other"),
            _ => None,
        },
    }
}

/// The sizes of the rings.
pub fn rings(socket: &mut GenericSocket, family: Family, index: u32) -> Result<RingSizes, Errno> {
    ask(socket, family, RINGS_GET, index).map(|found| read_rings(&found))
}

/// How queues share interrupts.
pub fn channels(socket: &mut GenericSocket, family: Family, index: u32) -> Result<Channels, Errno> {
    ask(socket, family, CHANNELS_GET, index).map(|found| read_channels(&found))
}

/// Interrupt moderation; only what the driver supports is told.
pub fn coalesce(socket: &mut GenericSocket, family: Family, index: u32) -> Result<BTreeMap<&'static str, u64>, Errno> {
    ask(socket, family, COALESCE_GET, index).map(|found| read_coalesce(&found))
}

/// Sets interrupt moderation; what `parameters` does not name stays as it is. The kernel reads what there is, changes it and hands the whole to the driver.
pub fn set_coalesce(
    socket: &mut GenericSocket,
    family: Family,
    index: u32,
    parameters: &CoalesceParameters,
) -> Result<(), Errno> {
    let mut request = header(index);
    for (name, value) in named(parameters) {
        if let Some(place) = COALESCE.iter().position(|known| *known == name) {
            let attribute = place as u16 + 2;
            match value {
                Setting::Microseconds(value) => push_attribute(&mut request, attribute, &value.to_ne_bytes()),
                Setting::Switch(value) => push_attribute(&mut request, attribute, &[u8::from(value)]),
            }
        }
    }
    socket.set(family, COALESCE_SET, &request)
}

/// A value by its type on netlink: u32, or u8 that is 0 or 1.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Setting {
    /// Of `…-usecs`.
    Microseconds(u32),
    /// Of `use-adaptive-…`.
    Switch(bool),
}

/// The parameters that are set, by the names that an observation has for them.
pub fn named(parameters: &CoalesceParameters) -> Vec<(&'static str, Setting)> {
    let CoalesceParameters { rx_usecs, tx_usecs, adaptive_rx, adaptive_tx } = *parameters;
    let all = [
        ("rx-usecs", rx_usecs.map(Setting::Microseconds)),
        ("tx-usecs", tx_usecs.map(Setting::Microseconds)),
        ("use-adaptive-rx", adaptive_rx.map(Setting::Switch)),
        ("use-adaptive-tx", adaptive_tx.map(Setting::Switch)),
    ];
    all.into_iter().filter_map(|(name, value)| Some((name, value?))).collect()
}

/// The link. The driver is asked twice.
pub fn link_settings(socket: &mut GenericSocket, family: Family, index: u32) -> Result<LinkSettings, Errno> {
    let modes = ask(socket, family, LINKMODES_GET, index)?;
    let info = ask(socket, family, LINKINFO_GET, index)?;
    Ok(read_link(&modes, &info))
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn rings_and_channels_are_read_by_their_places() {
        let rings = read_rings(&[(2, 4096), (5, 2048), (6, 256), (9, 128)]);
        assert_eq!(rings, RingSizes { rx: 256, rx_max: 4096, tx: 128, tx_max: 2048 });
        let channels = read_channels(&[(4, 1), (5, 8), (8, 1), (9, 2)]);
        assert_eq!(channels, Channels { other: 1, combined: 2, other_max: 1, combined_max: 8, ..Channels::default() });
    }

    #[test]
    fn moderation_has_the_names_of_the_specification() {
        let read = read_coalesce(&[(1, 0), (2, 3), (6, 4), (27, 9), (28, 9), (0, 1)]);
        assert_eq!(read, [("rx-usecs", 3), ("tx-usecs", 4), ("tx-aggr-max-frames", 9)].into());
    }

    #[test]
    fn every_parameter_that_can_be_set_has_a_name_that_is_read_back() {
        let parameters =
            CoalesceParameters { rx_usecs: Some(3), tx_usecs: None, adaptive_rx: Some(false), adaptive_tx: Some(true) };
        let set = named(&parameters);
        assert_eq!(
            set,
            [
                ("rx-usecs", Setting::Microseconds(3)),
                ("use-adaptive-rx", Setting::Switch(false)),
                ("use-adaptive-tx", Setting::Switch(true))
            ]
        );
        assert!(set.iter().all(|(name, _)| COALESCE.contains(name)));
    }

    #[test]
    fn a_link_without_a_signal_has_neither_speed_nor_duplex() {
        let up = read_link(&[(2, 1), (5, 1000), (6, 1)], &[(2, 0)]);
        assert_eq!(
            (up.autonegotiation, up.speed_mbps, up.duplex, up.port),
            (true, Some(1000), Some("full"), Some("twisted pair"))
        );
        let down = read_link(&[(2, 0), (5, SPEED_UNKNOWN), (6, 0xff)], &[]);
        assert_eq!((down.autonegotiation, down.speed_mbps, down.duplex, down.port), (false, None, None, None));
    }

    proptest! {
        #[test]
        fn whatever_the_bytes_reading_ends(bytes in proptest::collection::vec(any::<u8>(), 0..200)) {
            let found = numbers(&bytes);
            let _ = (read_rings(&found), read_channels(&found), read_coalesce(&found), read_link(&found, &found));
            prop_assert!(found.len() <= bytes.len() / 4);
        }
    }
}
