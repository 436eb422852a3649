// SPDX-License-Identifier: MIT OR Apache-2.0
//! Which CPUs may serve a function's interrupts, and which do, as `/proc/irq` tells it. See the kernel's Documentation/core-api/irq/irq-affinity.rst.

use ringscope_wire::control::{Affinity, CPU_LIMIT, Listed};
use std::fs::read_to_string;
use std::path::Path;

/// Where the kernel has a directory for each interrupt.
pub const DIRECTORY: &str = "/proc/irq";

/// Of each interrupt of `irqs`, which are a function's message-signalled ones.
pub fn affinity(device: &str, irqs: &[u32]) -> Listed<Affinity> {
    affinity_below(Path::new(DIRECTORY), device, irqs)
}

fn affinity_below(directory: &Path, device: &str, irqs: &[u32]) -> Listed<Affinity> {
    if irqs.is_empty() {
        return Listed::absent(format!("{device} has no message-signalled interrupts."));
    }
    let list = |irq: u32, name: &str| read_list(&read_to_string(directory.join(format!("{irq}/{name}"))).ok()?);
    let of_each = irqs.iter().filter_map(|&irq| {
        // An interrupt that nobody has requested yet has no directory, or an effective list without CPUs.
        let effective = list(irq, "effective_affinity_list").filter(|cpus| !cpus.is_empty());
        Some(Affinity { irq, cpus: list(irq, "smp_affinity_list")?, effective })
    });
    let items: Vec<_> = of_each.collect();
    let reason = items.is_empty().then(|| format!("{} tells of none of the interrupts.", directory.display()));
    Listed { items, reason }
}

/// The CPUs of a list as the kernel writes it, `0-3,8`.
fn read_list(text: &str) -> Option<Vec<u32>> {
    let mut cpus = Vec::new();
    for range in text.trim().split(',').filter(|range| !range.is_empty()) {
        let (first, last) = range.split_once('-').unwrap_or((range, range));
        let (first, last): (u32, u32) = (first.parse().ok()?, last.parse().ok()?);
        if last >= CPU_LIMIT {
            return None;
        }
        cpus.extend(first..=last);
    }
    Some(cpus)
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::fs;

    #[test]
    fn lists_are_read_and_nonsense_is_not() {
        assert_eq!(read_list("0-2,8\n"), Some(vec![0, 1, 2, 8]));
        assert_eq!(read_list("\n"), Some(vec![]));
        for text in ["a", "0-", "1-4294967295", "0,x"] {
            assert_eq!(read_list(text), None, "{text}");
        }
    }

    #[test]
    fn each_interrupt_has_its_lists_and_what_is_missing_is_left_out() {
        let directory = std::env::temp_dir().join(format!("ringscope-agent-affinity-{}", std::process::id()));
        for (path, content) in [
            ("27/smp_affinity_list", "0-1\n"),
            ("27/effective_affinity_list", "1\n"),
            ("28/smp_affinity_list", "0\n"),
            ("28/effective_affinity_list", "\n"),
        ] {
            let path = directory.join(path);
            fs::create_dir_all(path.parent().unwrap_or(&directory)).expect("a temporary directory");
            fs::write(path, content).expect("a temporary file");
        }
        let listed = affinity_below(&directory, "0000:01:00.0", &[27, 28, 29]);
        let expected = [
            Affinity { irq: 27, cpus: vec![0, 1], effective: Some(vec![1]) },
            Affinity { irq: 28, cpus: vec![0], effective: None },
        ];
        assert_eq!((listed.items.as_slice(), listed.reason), (&expected[..], None));
        assert!(affinity_below(&directory, "0000:01:00.0", &[30]).reason.is_some());
        assert!(affinity_below(&directory, "0000:01:00.0", &[]).reason.is_some_and(|text| text.contains("no message")));
        fs::remove_dir_all(&directory).expect("it was just made");
    }
}
