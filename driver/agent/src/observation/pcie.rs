// SPDX-License-Identifier: MIT OR Apache-2.0
//! A function on its bus, as sysfs tells it. The link's speed is read from the card's configuration space, which is no register of the device.

use ringscope_wire::control::{AerCounts, Pcie};
use std::fs::{read_dir, read_to_string};
use std::path::Path;

const SYSFS: &str = "/sys/bus/pci/devices";
/// What the kernel prints for a width that nobody set up.
const NO_WIDTH: [u32; 2] = [0, 255];

/// Looks at a function that was found in the list of devices.
pub fn pcie(address: &str) -> Pcie {
    pcie_of(&Path::new(SYSFS).join(address))
}

fn pcie_of(directory: &Path) -> Pcie {
    let text = |name: &str| read_to_string(directory.join(name)).ok().map(|text| text.trim().to_owned());
    let speed = |name: &str| text(name).filter(|speed| !speed.is_empty() && !speed.starts_with("Unknown"));
    let width = |name: &str| text(name)?.parse().ok().filter(|width| !NO_WIDTH.contains(width));
    let total = |kind: &str| total(&text(&format!("aer_dev_{kind}"))?);
    Pcie {
        speed: speed("current_link_speed"),
        width: width("current_link_width"),
        max_speed: speed("max_link_speed"),
        max_width: width("max_link_width"),
        // -1 is a machine without such nodes.
        numa_node: text("numa_node").and_then(|text| text.parse().ok()),
        msi_vectors: msi_vectors_of(directory),
        aer: total("correctable")
            .zip(total("nonfatal"))
            .zip(total("fatal"))
            .map(|((correctable, nonfatal), fatal)| AerCounts { correctable, nonfatal, fatal }),
    }
}

/// The interrupts that a function, which was found in the list of devices, was given; ascending.
pub fn msi_vectors(address: &str) -> Vec<u32> {
    msi_vectors_of(&Path::new(SYSFS).join(address))
}

fn msi_vectors_of(directory: &Path) -> Vec<u32> {
    let vectors = read_dir(directory.join("msi_irqs")).into_iter().flatten().flatten();
    let mut numbers: Vec<u32> =
        vectors.filter_map(|vector| vector.file_name().to_string_lossy().parse().ok()).collect();
    numbers.sort_unstable();
    numbers
}

/// The last line of a file of AER counters, `TOTAL_ERR_COR 0`.
fn total(text: &str) -> Option<u64> {
    let line = text.lines().find(|line| line.starts_with("TOTAL_ERR_"))?;
    line.split_whitespace().nth(1)?.parse().ok()
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::fs;

    #[test]
    fn what_sysfs_has_is_told_and_what_it_has_not_is_left_out() {
        let directory = std::env::temp_dir().join(format!("ringscope-agent-pcie-{}", std::process::id()));
        fs::create_dir_all(directory.join("msi_irqs")).expect("a temporary directory");
        assert_eq!(pcie_of(&directory), Pcie::default());
        for (name, content) in [
            ("current_link_speed", "2.5 GT/s PCIe\n"),
            ("current_link_width", "4\n"),
            ("max_link_speed", "Unknown speed\n"),
            ("max_link_width", "255\n"),
            ("numa_node", "-1\n"),
            ("msi_irqs/27", "msix\n"),
            ("msi_irqs/9", "msix\n"),
            ("aer_dev_correctable", "RxErr 2\nBadTLP 1\nTOTAL_ERR_COR 3\n"),
            ("aer_dev_nonfatal", "Undefined 0\nTOTAL_ERR_NONFATAL 0\n"),
            ("aer_dev_fatal", "Undefined 0\nTOTAL_ERR_FATAL 1\n"),
        ] {
            fs::write(directory.join(name), content).expect("a temporary file");
        }
        let expected = Pcie {
            speed: Some("2.5 GT/s PCIe".into()),
            width: Some(4),
            msi_vectors: vec![9, 27],
            aer: Some(AerCounts { correctable: 3, nonfatal: 0, fatal: 1 }),
            ..Pcie::default()
        };
        assert_eq!(pcie_of(&directory), expected);
        fs::remove_dir_all(&directory).expect("it is there");
    }
}
