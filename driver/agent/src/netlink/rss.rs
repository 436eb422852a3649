// SPDX-License-Identifier: MIT OR Apache-2.0
//! Receive side scaling through the family `ethtool`: the indirection table, the hash's key and its function.

use super::ethtool::header;
use super::generic::{Family, GenericSocket};
use super::message::{attributes, u32_at};
use ringscope_wire::control::Rss;
use rustix::io::Errno;

const RSS_GET: u8 = 38;

const RSS_HASH_FUNCTION: u16 = 3;
const RSS_INDIRECTION: u16 = 4;
const RSS_KEY: u16 = 5;

/// The kernel's `rss_hash_func_strings`, by bit.
const HASH_FUNCTIONS: [&str; 3] = ["toeplitz", "xor", "crc32"];

fn read_rss(body: &[u8]) -> Rss {
    let mut rss = Rss::default();
    for (attribute, content) in attributes(body) {
        match attribute {
            RSS_HASH_FUNCTION => {
                let bit = u32_at(content, 0).filter(|bits| *bits != 0).map(u32::trailing_zeros);
                rss.hash_function = bit.and_then(|bit| HASH_FUNCTIONS.get(bit as usize)).copied();
            }
            RSS_INDIRECTION => rss.indirection = content.chunks_exact(4).filter_map(|entry| u32_at(entry, 0)).collect(),
            RSS_KEY => {
                rss.key = Some(content.iter().fold(String::new(), |text, byte| text + &format!("{byte:02x}")));
            }
            _ => {}
        }
    }
    rss
}

/// The spreading of received frames; EOPNOTSUPP if the driver has none. The context is the interface's own one.
pub fn rss(socket: &mut GenericSocket, family: Family, index: u32) -> Result<Rss, Errno> {
    let mut found = Rss::default();
    socket.get(family, RSS_GET, &header(index), |body| found = read_rss(body))?;
    if found.indirection.is_empty() { Err(Errno::OPNOTSUPP) } else { Ok(found) }
}

#[cfg(test)]
mod tests {
    use super::super::message::push_attribute;
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn table_key_and_function_are_read() {
        let mut body = Vec::new();
        push_attribute(&mut body, RSS_INDIRECTION, &[0_u32, 1, 0, 3].map(u32::to_ne_bytes).concat());
        push_attribute(&mut body, RSS_HASH_FUNCTION, &1_u32.to_ne_bytes());
        push_attribute(&mut body, RSS_KEY, &[0x6d, 0x5a, 0x00]);
        let read = read_rss(&body);
        assert_eq!(read.indirection, [0, 1, 0, 3]);
        assert_eq!((read.key.as_deref(), read.hash_function), (Some("6d5a00"), Some("toeplitz")));
    }

    #[test]
    fn a_function_without_a_name_and_a_key_that_is_not_told_are_none() {
        for function in [0_u32, 8] {
            let mut body = Vec::new();
            push_attribute(&mut body, RSS_HASH_FUNCTION, &function.to_ne_bytes());
            assert_eq!(read_rss(&body), Rss::default());
        }
    }

    proptest! {
        #[test]
        fn whatever_the_bytes_reading_ends(bytes in proptest::collection::vec(any::<u8>(), 0..200)) {
            prop_assert!(read_rss(&bytes).indirection.len() <= bytes.len() / 4);
        }
    }
}
