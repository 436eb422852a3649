// SPDX-License-Identifier: MIT OR Apache-2.0
//! Netlink messages as bytes, native endian: `u32 length | u16 type | u16 flags | u32 sequence | u32 port | body`, then attributes `u16 length | u16 type | …`.

pub const HEADER_BYTES: usize = 16;
pub const ERROR: u16 = 2;
pub const DONE: u16 = 3;
pub const REQUEST: u16 = 1;
pub const ACKNOWLEDGE: u16 = 4;
/// `NLM_F_DUMP`.
pub const DUMP: u16 = 0x300;
/// `NLM_F_CREATE`.
pub const CREATE: u16 = 0x400;
/// `NLM_F_EXCL`: what is there already is refused.
pub const EXCLUSIVE: u16 = 0x200;
/// `NLM_F_CREATE | NLM_F_REPLACE`.
pub const PUT: u16 = 0x500;
/// `NLA_F_NESTED`.
pub const NESTED: u16 = 0x8000;
/// What is left of an attribute's type without its flags.
const TYPE_MASK: u16 = 0x3fff;

/// A received message.
#[derive(Debug, Clone, Copy)]
pub struct Message<'a> {
    pub kind: u16,
    pub sequence: u32,
    pub body: &'a [u8],
}

fn array<const N: usize>(bytes: &[u8], at: usize) -> Option<[u8; N]> {
    bytes.get(at..at.checked_add(N)?)?.try_into().ok()
}

pub fn u16_at(bytes: &[u8], at: usize) -> Option<u16> {
    array(bytes, at).map(u16::from_ne_bytes)
}

pub fn u32_at(bytes: &[u8], at: usize) -> Option<u32> {
    array(bytes, at).map(u32::from_ne_bytes)
}

pub fn u64_at(bytes: &[u8], at: usize) -> Option<u64> {
    array(bytes, at).map(u64::from_ne_bytes)
}

/// A request with its body.
pub fn request(kind: u16, flags: u16, sequence: u32, body: &[u8]) -> Vec<u8> {
    let mut bytes = Vec::with_capacity(HEADER_BYTES + body.len());
    bytes.extend_from_slice(&((HEADER_BYTES + body.len()) as u32).to_ne_bytes());
    bytes.extend_from_slice(&kind.to_ne_bytes());
    bytes.extend_from_slice(&(REQUEST | flags).to_ne_bytes());
    bytes.extend_from_slice(&sequence.to_ne_bytes());
    bytes.extend_from_slice(&0_u32.to_ne_bytes());
    bytes.extend_from_slice(body);
    bytes
}

/// The messages of a datagram. One that contradicts its length ends them.
pub fn messages(mut datagram: &[u8]) -> impl Iterator<Item = Message<'_>> {
    std::iter::from_fn(move || {
        let length = u32_at(datagram, 0)? as usize;
        let body = datagram.get(HEADER_BYTES..length)?;
        let message = Message { kind: u16_at(datagram, 4)?, sequence: u32_at(datagram, 8)?, body };
        datagram = datagram.get(length.next_multiple_of(4)..).unwrap_or_default();
        Some(message)
    })
}

/// Appends an attribute with its padding. `content` is shorter than 64 KiB.
pub fn push_attribute(bytes: &mut Vec<u8>, kind: u16, content: &[u8]) {
    bytes.extend_from_slice(&((4 + content.len()) as u16).to_ne_bytes());
    bytes.extend_from_slice(&kind.to_ne_bytes());
    bytes.extend_from_slice(content);
    bytes.resize(bytes.len().next_multiple_of(4), 0);
}

/// An unsigned number of one, two, four or eight bytes (`NLA_UINT` is four or eight).
pub fn unsigned(content: &[u8]) -> Option<u64> {
    match content.len() {
        1 => content.first().map(|&byte| u64::from(byte)),
        2 => u16_at(content, 0).map(u64::from),
        4 => u32_at(content, 0).map(u64::from),
        8 => u64_at(content, 0),
        _ => None,
    }
}

/// The attributes of a body, by type without flags and content.
pub fn attributes(mut bytes: &[u8]) -> impl Iterator<Item = (u16, &[u8])> {
    std::iter::from_fn(move || {
        let length = usize::from(u16_at(bytes, 0)?);
        let content = bytes.get(4..length)?;
        let kind = u16_at(bytes, 2)? & TYPE_MASK;
        bytes = bytes.get(length.next_multiple_of(4)..).unwrap_or_default();
        Some((kind, content))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn messages_and_attributes_are_read_back_and_cut_ones_end_them() {
        let attribute = [&6_u16.to_ne_bytes()[..], &3_u16.to_ne_bytes(), b"lo\0\0"].concat();
        let bytes = [request(16, 0, 7, &attribute), request(17, 0, 8, &[])].concat();
        let read: Vec<_> =
            messages(&bytes).map(|message| (message.kind, message.sequence, message.body.len())).collect();
        assert_eq!(read, [(16, 7, 8), (17, 8, 0)]);
        let body = messages(&bytes).next().map(|message| message.body).unwrap_or_default();
        assert_eq!(attributes(body).collect::<Vec<_>>(), [(3, &b"lo"[..])]);
        for length in 0..bytes.len() {
            assert!(messages(&bytes[..length]).count() <= 1);
        }
        assert_eq!(attributes(&[3, 0, 1, 0]).count(), 0);
    }

    #[test]
    fn a_pushed_attribute_is_read_back_without_its_flags_and_numbers_have_four_widths() {
        let mut bytes = Vec::new();
        push_attribute(&mut bytes, 1 | NESTED, &[1, 2, 3]);
        push_attribute(&mut bytes, 2, &7_u32.to_ne_bytes());
        assert_eq!(bytes.len(), 16);
        assert_eq!(attributes(&bytes).collect::<Vec<_>>(), [(1, &[1, 2, 3][..]), (2, &7_u32.to_ne_bytes())]);
        for content in [&5_u8.to_ne_bytes()[..], &5_u16.to_ne_bytes(), &5_u32.to_ne_bytes(), &5_u64.to_ne_bytes()] {
            assert_eq!(unsigned(content), Some(5));
        }
        assert_eq!(unsigned(&[1, 2, 3]), None);
    }

    proptest::proptest! {
        #[test]
        fn whatever_the_bytes_reading_ends_and_stays_within_them(bytes in proptest::collection::vec(proptest::num::u8::ANY, 0..200)) {
            let read: usize = messages(&bytes).map(|message| message.body.len()).sum();
            let content: usize = attributes(&bytes).map(|(_, content)| content.len()).sum();
            proptest::prop_assert!(read <= bytes.len() && content <= bytes.len());
        }
    }
}
