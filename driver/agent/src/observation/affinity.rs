// SPDX-License-Identifier: MIT OR Apache-2.0
//! Which CPUs may serve a function's interrupts, and which do, as `/proc/irq` tells it. See the kernel's Documentation/core-api/irq/irq-affinity.rst.

use ringscope_wire::control::{Affinity, Listed};
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
    let list = |irq: u32, name: &str| {
        let text = read_to_string(directory.join(format!("{irq}/{name}"))).ok()?;
        Some(text.trim().to_owned()).filter(|list| is_list(list))
    };
    // An interrupt that nobody has requested yet has no directory, or an effective list without CPUs.
    let of_each = irqs.iter().filter_map(|&irq| {
        let effective = list(irq, "effective_affinity_list");
        Some(Affinity { irq, cpus: list(irq, "smp_affinity_list")?, effective })
    });
    let items: Vec<_> = of_each.collect();
    let reason = items.is_empty().then(|| format!("{} tells of none of the interrupts.", directory.display()));
    Listed { items, reason }
}

/// Whether a text is a list of CPUs as the kernel writes it, with at least one.
fn is_list(text: &str) -> bool {
    text.starts_with(|first: char| first.is_ascii_digit())
        && text.bytes().all(|byte| byte.is_ascii_digit() || matches!(byte, b',' | b'-'))
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::fs;

    #[test]
    fn each_interrupt_has_its_lists_and_what_is_missing_is_left_out() {
        let directory = std::env::temp_dir().join(format!("ringscope-agent-affinity-{}", std::process::id()));
        for (path, content) in [
            ("27/smp_affinity_list", "0-1\n"),
            ("27/effective_affinity_list", "1\n"),
            ("28/smp_affinity_list", "0\n"),
            ("28/effective_affinity_list", "\n"),
            ("31/smp_affinity_list", "nonsense\n"),
        ] {
            let path = directory.join(path);
            fs::create_dir_all(path.parent().unwrap_or(&directory)).expect("a temporary directory");
            fs::write(path, content).expect("a temporary file");
        }
        let listed = affinity_below(&directory, "0000:01:00.0", &[27, 28, 29, 31]);
        let expected = [
            Affinity { irq: 27, cpus: "0-1".into(), effective: Some("1".into()) },
            Affinity { irq: 28, cpus: "0".into(), effective: None },
        ];
        assert_eq!((listed.items.as_slice(), listed.reason), (&expected[..], None));
        assert!(affinity_below(&directory, "0000:01:00.0", &[30]).reason.is_some());
        assert!(affinity_below(&directory, "0000:01:00.0", &[]).reason.is_some_and(|text| text.contains("no message")));
        fs::remove_dir_all(&directory).expect("it was just made");
    }
}
