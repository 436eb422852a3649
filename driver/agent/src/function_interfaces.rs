// SPDX-License-Identifier: MIT OR Apache-2.0
//! The interfaces of a PCI function in sysfs: below the function itself, or below a device on a bus of its own such as `virtio2`.

use ringscope_wire::control::is_pci_address;
use std::fs::{DirEntry, read_dir};
use std::path::{Path, PathBuf};

fn entries(directory: &Path) -> Vec<DirEntry> {
    let mut entries: Vec<_> = read_dir(directory).into_iter().flatten().flatten().collect();
    entries.sort_by_key(DirEntry::file_name);
    entries
}

/// The directories of a function's interfaces, by name. Those of another network namespace are not listed here.
pub fn function_interfaces(function: &Path) -> Vec<PathBuf> {
    let own = entries(&function.join("net"));
    if !own.is_empty() {
        return own.iter().map(DirEntry::path).collect();
    }
    // What a link leads to (`driver`, `virtfn0`) is another device, and so is a function behind a bridge.
    let is_child = |entry: &DirEntry| {
        entry.file_type().is_ok_and(|kind| kind.is_dir()) && !is_pci_address(&entry.file_name().to_string_lossy())
    };
    let children = entries(function).into_iter().filter(is_child);
    children.flat_map(|child| entries(&child.path().join("net"))).map(|entry| entry.path()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::fs::{create_dir_all, remove_dir_all};
    use std::os::unix::fs::symlink;

    fn found(name: &str, directories: &[&str], links: &[(&str, &str)]) -> Vec<String> {
        let root = std::env::temp_dir().join(format!("ringscope-agent-{name}-{}", std::process::id()));
        for directory in directories {
            create_dir_all(root.join(directory)).expect("a temporary directory");
        }
        for (link, target) in links {
            symlink(root.join(target), root.join(link)).expect("a temporary link");
        }
        let found = function_interfaces(&root.join("function"));
        let below = found.iter().filter_map(|path| path.strip_prefix(root.join("function")).ok());
        let texts = below.map(|path| path.to_string_lossy().into_owned()).collect();
        remove_dir_all(&root).expect("it is there");
        texts
    }

    #[test]
    fn a_functions_own_interfaces_are_found_by_name_and_its_childrens_are_not_asked_for() {
        let directories = ["function/net/eth1", "function/net/eth0", "function/part.1/net/eth2"];
        assert_eq!(found("own", &directories, &[]), ["net/eth0", "net/eth1"]);
    }

    #[test]
    fn a_virtio_functions_interface_lies_one_device_below() {
        let directories = ["function/virtio2/net/eth0", "function/power", "function/msi_irqs"];
        assert_eq!(found("virtio", &directories, &[]), ["virtio2/net/eth0"]);
    }

    #[test]
    fn interfaces_of_other_functions_are_not_taken_for_its_own() {
        let directories = ["function/0000:02:00.0/net/eth5", "other/net/eth7"];
        assert_eq!(found("others", &directories, &[("function/virtfn0", "other")]), [""; 0]);
    }
}
