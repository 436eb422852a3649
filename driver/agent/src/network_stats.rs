// SPDX-License-Identifier: MIT OR Apache-2.0
//! `/proc/driver/network_stats`, the file that rigb makes: blocks of `Interface: NAME`, then `Words: number` lines. Lines of any other form are skipped.

use crate::ascii::{lines, number, text, trim_start};

/// A line that counts: the interface's line before it, and its key.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Key {
    /// The interface's name.
    pub interface: Vec<u8>,
    /// What precedes the colon.
    pub key: Vec<u8>,
}

impl Key {
    /// The key as the file spells it, such as `RX packets`.
    pub fn name(&self) -> String {
        text(&self.key)
    }

    /// `packets`, `bytes` or `count`.
    pub fn unit(&self) -> &'static str {
        match self.key.rsplit(|&byte| byte == b' ').next() {
            Some(b"packets") => "packets",
            Some(b"bytes") => "bytes",
            _ => "count",
        }
    }
}

fn each<'a>(content: &'a [u8], mut take: impl FnMut(&'a [u8], &'a [u8], u64) -> bool) -> bool {
    let mut interface: &[u8] = &[];
    for line in lines(content) {
        let Some(colon) = line.iter().position(|&byte| byte == b':') else { continue };
        let (Some(key), Some(value)) = (line.get(..colon), line.get(colon + 1..)) else { continue };
        let (key, value) = (trim_start(key), trim_start(value));
        if key == b"Interface" {
            interface = value;
        } else if let Some((count, rest)) = number(value) {
            // `PCI address: 0000:01:00.0` begins with a number too.
            if trim_start(rest).is_empty() && !take(interface, key, count) {
                return false;
            }
        }
    }
    true
}

/// All counters with their values.
pub fn read(content: &[u8]) -> (Vec<Key>, Vec<u64>) {
    let (mut keys, mut values) = (Vec::new(), Vec::new());
    each(content, |interface, key, count| {
        keys.push(Key { interface: interface.to_vec(), key: key.to_vec() });
        values.push(count);
        true
    });
    (keys, values)
}

/// Appends the values of counters that are known; `false` if they are others by now.
pub fn counts(content: &[u8], known: &[Key], values: &mut Vec<u64>) -> bool {
    let mut known = known.iter();
    let same = each(content, |interface, key, count| {
        values.push(count);
        known.next().is_some_and(|one| one.interface == interface && one.key == key)
    });
    same && known.next().is_none()
}

#[cfg(test)]
mod tests {
    use super::*;

    const TEXT: &[u8] = b"Interface: eth0\nPCI address: 0000:01:00.0\nRX packets: 12\nTX bytes: 34\nErrors: 0\n\nInterface: eth1\nRX packets: 5\nnonsense\nRate: fast\n";

    #[test]
    fn every_line_with_a_number_counts_for_the_interface_before_it() {
        let (keys, values) = read(TEXT);
        let named: Vec<_> = keys.iter().map(|key| (text(&key.interface), key.name(), key.unit())).collect();
        let row = |interface: &str, name: &str, unit| (interface.to_owned(), name.to_owned(), unit);
        assert_eq!(named[0], row("eth0", "RX packets", "packets"));
        assert_eq!(named[1], row("eth0", "TX bytes", "bytes"));
        assert_eq!(named[2], row("eth0", "Errors", "count"));
        assert_eq!(named[3], row("eth1", "RX packets", "packets"));
        assert_eq!(values, [12, 34, 0, 5]);
    }

    #[test]
    fn known_counters_give_the_same_values_and_others_are_noticed() {
        let (keys, expected) = read(TEXT);
        let mut values = Vec::new();
        assert!(counts(TEXT, &keys, &mut values));
        assert_eq!(values, expected);
        assert!(!counts(b"", &keys, &mut Vec::new()));
        assert!(!counts(TEXT, &keys[1..], &mut Vec::new()));
    }
}
