// SPDX-License-Identifier: MIT OR Apache-2.0
//! Ethernet frames with IPv4 and UDP or TCP that are right in all but one thing. RFC 791, 768, 9293; the checksum is RFC 1071's.

use ringscope_wire::control::Damage;
use std::net::Ipv4Addr;

const ETHERNET_BYTES: usize = 14;
const IP_BYTES: usize = 20;
const TCP: u8 = 6;
const UDP: u8 = 17;
/// How many more bytes a truncated frame tells of than it has.
pub const MISSING_BYTES: u16 = 64;
/// So that a wrong checksum is never the right one in its other form (0 and 0xffff).
const SPOIL: u16 = 0x0101;

/// From whom to whom.
pub struct Way {
    /// Hardware addresses.
    pub from: [u8; 6],
    /// Hardware addresses.
    pub to: [u8; 6],
    /// The first flow's source; the others follow it.
    pub first_source: Ipv4Addr,
    /// Everybody's destination.
    pub destination: Ipv4Addr,
    /// The first flow's source port; the others follow it.
    pub first_port: u16,
}

/// `52:54:00:12:34:56`.
pub fn hardware_address(text: &str) -> Option<[u8; 6]> {
    let bytes: Option<Vec<u8>> = text.split(':').map(|byte| u8::from_str_radix(byte, 16).ok()).collect();
    bytes?.try_into().ok()
}

/// The ones' complement of the ones' complement sum, beginning with `sum`.
fn checksum(mut sum: u32, bytes: &[u8]) -> u16 {
    for pair in bytes.chunks(2) {
        let word = [pair[0], pair.get(1).copied().unwrap_or(0)];
        sum += u32::from(u16::from_be_bytes(word));
    }
    while sum > 0xffff {
        sum = (sum & 0xffff) + (sum >> 16);
    }
    !(sum as u16)
}

/// A frame of `bytes` bytes of the flow with this number, with one thing wrong.
pub fn damaged(way: &Way, bytes: usize, flow: u16, damage: Damage) -> Vec<u8> {
    let protocol = if damage == Damage::TcpChecksum { TCP } else { UDP };
    let mut payload = transport(way, bytes.saturating_sub(ETHERNET_BYTES + IP_BYTES), flow, protocol);
    if matches!(damage, Damage::UdpChecksum | Damage::TcpChecksum) {
        let at = if protocol == TCP { 16 } else { 6 };
        spoil(&mut payload, at);
    }
    let missing = if damage == Damage::Truncated { MISSING_BYTES } else { 0 };
    let mut header = ip_header(way, (IP_BYTES + payload.len()) as u16 + missing, flow, protocol);
    if damage == Damage::IpChecksum {
        spoil(&mut header, 10);
    }
    [&way.to[..], &way.from, &[0x08, 0x00], &header, &payload].concat()
}

fn spoil(bytes: &mut [u8], at: usize) {
    if let Some(place) = bytes.get_mut(at..at + 2) {
        let right = u16::from_be_bytes([place[0], place[1]]);
        place.copy_from_slice(&(right ^ SPOIL).to_be_bytes());
    }
}

fn source(way: &Way, flow: u16) -> Ipv4Addr {
    Ipv4Addr::from(u32::from(way.first_source).wrapping_add(u32::from(flow)))
}

fn ip_header(way: &Way, length: u16, flow: u16, protocol: u8) -> Vec<u8> {
    // Version and length of the header, type of service, total length, identification, fragmentation, time to live, protocol, checksum.
    let mut header = vec![0x45, 0];
    header.extend(length.to_be_bytes());
    header.extend([0, 0, 0, 0, 32, protocol, 0, 0]);
    header.extend(source(way, flow).octets());
    header.extend(way.destination.octets());
    let sum = checksum(0, &header);
    header[10..12].copy_from_slice(&sum.to_be_bytes());
    header
}

/// UDP or TCP with its header, `bytes` long in all.
fn transport(way: &Way, bytes: usize, flow: u16, protocol: u8) -> Vec<u8> {
    let mut segment = way.first_port.wrapping_add(flow).to_be_bytes().to_vec();
    // The discard service.
    segment.extend(9_u16.to_be_bytes());
    if protocol == UDP {
        segment.extend((bytes as u16).to_be_bytes());
    } else {
        // Sequence, acknowledgement, length of the header, the flag ACK, window.
        segment.extend([0, 0, 0, 1, 0, 0, 0, 1, 0x50, 0x10, 0xff, 0xff]);
    }
    let at = segment.len();
    segment.resize(bytes.max(at + if protocol == UDP { 2 } else { 4 }), 0);
    let pseudo = [&source(way, flow).octets()[..], &way.destination.octets(), &[0, protocol]].concat();
    let begun = u32::from(!checksum(segment.len() as u32, &pseudo));
    let sum = checksum(begun, &segment);
    segment[at..at + 2].copy_from_slice(&sum.to_be_bytes());
    segment
}

#[cfg(test)]
mod tests {
    use super::*;

    fn way() -> Way {
        Way {
            from: [2, 0, 0, 0, 0, 2],
            to: [2, 0, 0, 0, 0, 1],
            first_source: Ipv4Addr::new(198, 18, 1, 1),
            destination: Ipv4Addr::new(198, 18, 0, 1),
            first_port: 1024,
        }
    }

    /// Whether the checksums of IPv4 and of what it carries hold.
    fn sums(frame: &[u8]) -> (bool, bool) {
        let (header, segment) = frame[ETHERNET_BYTES..].split_at(IP_BYTES);
        let pseudo = [&header[12..20], &[0, header[9]]].concat();
        let begun = u32::from(!checksum(segment.len() as u32, &pseudo));
        (checksum(0, header) == 0, checksum(begun, segment) == 0)
    }

    #[test]
    fn one_thing_is_wrong_and_the_rest_is_right() {
        for bytes in [60, 61, 256, 1514] {
            let frame = |damage| damaged(&way(), bytes, 7, damage);
            for damage in [Damage::IpChecksum, Damage::UdpChecksum, Damage::TcpChecksum, Damage::Truncated] {
                assert_eq!(frame(damage).len(), bytes);
            }
            assert_eq!(sums(&frame(Damage::IpChecksum)), (false, true));
            assert_eq!(sums(&frame(Damage::UdpChecksum)), (true, false));
            assert_eq!(sums(&frame(Damage::TcpChecksum)), (true, false));
            assert!(sums(&frame(Damage::Truncated)).0);
        }
        let cut = damaged(&way(), 100, 0, Damage::Truncated);
        assert_eq!(u16::from_be_bytes([cut[16], cut[17]]), 100 - 14 + MISSING_BYTES);
    }

    #[test]
    fn flows_differ_in_source_address_and_port() {
        let [first, last] = [0, 1023].map(|flow| damaged(&way(), 60, flow, Damage::UdpChecksum));
        assert_eq!((&first[26..30], &first[34..36]), (&[198, 18, 1, 1][..], &[4, 0][..]));
        assert_eq!((&last[26..30], &last[34..36]), (&[198, 18, 5, 0][..], &[7, 255][..]));
    }

    #[test]
    fn a_hardware_address_has_six_bytes() {
        assert_eq!(hardware_address("52:54:00:12:34:56"), Some([0x52, 0x54, 0, 0x12, 0x34, 0x56]));
        assert_eq!(hardware_address("52:54:00"), None);
        assert_eq!(hardware_address(""), None);
    }
}
