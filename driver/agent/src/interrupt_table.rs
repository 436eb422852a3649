// SPDX-License-Identifier: MIT OR Apache-2.0
//! `/proc/interrupts` and `/proc/softirqs`: a header of CPUs, then a row a line with a count a CPU. See proc(5).

use crate::ascii::{lines, number, text, trim_start};

/// A row's names, as the file writes them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Row {
    /// What precedes the colon.
    pub label: Vec<u8>,
    /// What follows the counts: chip and handlers.
    pub tail: Vec<u8>,
}

/// A line taken apart, the counts still as text.
struct Line<'a> {
    label: &'a [u8],
    counts: &'a [u8],
}

fn taken_apart(line: &[u8]) -> Option<Line<'_>> {
    let line = trim_start(line);
    let colon = line.iter().position(|&byte| byte == b':')?;
    Some(Line { label: line.get(..colon)?, counts: line.get(colon + 1..)? })
}

/// Appends one count a CPU and returns what follows them. A row with fewer counts (`ERR`) has zeros for the rest.
fn push_counts<'a>(mut rest: &'a [u8], cpus: usize, values: &mut Vec<u64>) -> &'a [u8] {
    let end = values.len() + cpus;
    for _ in 0..cpus {
        rest = trim_start(rest);
        let Some((value, after)) = number(rest) else { break };
        values.push(value);
        rest = after;
    }
    values.resize(end, 0);
    trim_start(rest)
}

/// The CPUs that the header names.
pub fn columns(content: &[u8]) -> Vec<u32> {
    let header = lines(content).next().unwrap_or_default();
    let words = header.split(|&byte| byte == b' ').filter_map(|word| word.strip_prefix(b"CPU"));
    words.filter_map(|word| number(word).map(|(value, _)| value as u32)).collect()
}

/// Names and counts of all rows.
pub fn rows(content: &[u8]) -> (Vec<Row>, Vec<u64>) {
    let cpus = columns(content).len();
    let mut values = Vec::new();
    let parts = lines(content).skip(1).filter_map(taken_apart);
    let rows = parts.map(|line| {
        let tail = push_counts(line.counts, cpus, &mut values).to_vec();
        Row { label: line.label.to_vec(), tail }
    });
    (rows.collect(), values)
}

/// Appends the counts of rows that are known. `false` if the rows are others by now; `values` then holds rubbish after its old end.
pub fn counts(content: &[u8], cpus: usize, known: &[Row], values: &mut Vec<u64>) -> bool {
    let mut known = known.iter();
    for line in lines(content).skip(1).filter_map(taken_apart) {
        let tail = push_counts(line.counts, cpus, values);
        if !known.next().is_some_and(|row| row.label == line.label && row.tail == tail) {
            return false;
        }
    }
    known.next().is_none()
}

/// Chip and handlers of a row's tail. `PCI-MSIX-0000:01:00.0   0-edge      eth0-rx-0`, `GICv3  27 Level     arch_timer`; a row that is no device's
/// interrupt has a description only.
pub fn chip_and_name(row: &Row) -> (String, String) {
    if !row.label.iter().all(u8::is_ascii_digit) {
        return (String::new(), text(&row.tail));
    }
    let tail = text(&row.tail);
    let Some((chip, rest)) = tail.split_once(char::is_whitespace) else { return (tail, String::new()) };
    let (_hardware, rest) = rest.trim_start().split_once(char::is_whitespace).unwrap_or_default();
    let rest = rest.trim_start();
    let name = ["Level", "Edge"].into_iter().find_map(|trigger| rest.strip_prefix(trigger)).unwrap_or(rest);
    (chip.to_owned(), name.trim().to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    const TEXT: &[u8] = b"           CPU0       CPU2       \n  1:          9          0   IO-APIC   1-edge      i8042\n \
24:   12345678   18446744073709551615  PCI-MSIX-0000:01:00.0   0-edge      eth0-rx-0, eth0-tx-0\nNMI:          0          3   Non-maskable interrupts\nERR:          7\n 27:          1          2     GICv3  27 Level     arch_timer\n 28:     0    0  IO-APIC  28-fasteoi\n";

    #[test]
    fn rows_have_their_counts_names_and_chips() {
        let (rows, values) = rows(TEXT);
        assert_eq!(columns(TEXT), [0, 2]);
        assert_eq!(values, [9, 0, 12_345_678, u64::MAX, 0, 3, 7, 0, 1, 2, 0, 0]);
        let named: Vec<_> = rows.iter().map(chip_and_name).collect();
        let pair = |chip: &str, name: &str| (chip.to_owned(), name.to_owned());
        assert_eq!(named[0], pair("IO-APIC", "i8042"));
        assert_eq!(named[1], pair("PCI-MSIX-0000:01:00.0", "eth0-rx-0, eth0-tx-0"));
        assert_eq!(named[2], pair("", "Non-maskable interrupts"));
        assert_eq!(named[3], pair("", ""));
        assert_eq!(named[4], pair("GICv3", "arch_timer"));
        assert_eq!(named[5], pair("IO-APIC", ""));
    }

    #[test]
    fn known_rows_give_the_same_counts_and_other_rows_are_noticed() {
        let (mut known, expected) = rows(TEXT);
        let mut values = Vec::new();
        assert!(counts(TEXT, 2, &known, &mut values));
        assert_eq!(values, expected);
        known.pop();
        assert!(!counts(TEXT, 2, &known, &mut values));
        known.clear();
        assert!(!counts(TEXT, 2, &known, &mut values));
    }

    #[test]
    fn an_empty_file_has_no_rows() {
        assert_eq!(rows(b""), (vec![], vec![]));
        assert!(counts(b"", 0, &[], &mut Vec::new()));
    }
}
