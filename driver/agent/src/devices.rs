// SPDX-License-Identifier: MIT OR Apache-2.0
//! PCI network functions, as sysfs lists them; see the kernel's Documentation/ABI/testing/sysfs-bus-pci and sysfs-class-net.

use crate::function_interfaces::function_interfaces;
use crate::takeover::find_holds;
use crate::watched_file;
use ringscope_wire::control::{Device, RingName, is_pci_address};
use std::fs::{read_dir, read_link, read_to_string};
use std::path::Path;

const SYSFS: &str = "/sys/bus/pci/devices";
const NETWORK_CLASS: u32 = 0x02;

/// The functions, and how many device registers their drivers read for that.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Scan {
    /// Sorted by address.
    pub devices: Vec<Device>,
    /// Register reads.
    pub mmio_reads: u64,
}

/// Looks at all functions of class 0x02.
pub fn scan() -> Scan {
    let mut scan = scan_below(Path::new(SYSFS));
    find_holds(&mut scan.devices);
    scan
}

fn scan_below(sysfs: &Path) -> Scan {
    let mut scan = Scan::default();
    for entry in read_dir(sysfs).into_iter().flatten().flatten() {
        let address = entry.file_name().to_string_lossy().into_owned();
        if is_pci_address(&address) {
            scan.devices.extend(read_device(&entry.path(), address, &mut scan.mmio_reads));
        }
    }
    scan.devices.sort_by(|one, other| one.pci_address.cmp(&other.pci_address));
    scan
}

fn attribute(directory: &Path, name: &str) -> Option<String> {
    read_to_string(directory.join(name)).ok().map(|text| text.trim().to_owned())
}

fn hexadecimal(directory: &Path, name: &str) -> Option<u32> {
    u32::from_str_radix(attribute(directory, name)?.strip_prefix("0x")?, 16).ok()
}

/// The driver has files for all rings that there could be; the interface has folders for the queues that it uses.
fn is_used(net: &Path, ring: &RingName) -> bool {
    net.join(format!("queues/{}-{}", ring.kind.name(), ring.index)).exists()
}

fn read_device(directory: &Path, pci_address: String, mmio_reads: &mut u64) -> Option<Device> {
    if hexadecimal(directory, "class")? >> 16 != NETWORK_CLASS {
        return None;
    }
    let driver = read_link(directory.join("driver")).ok();
    let driver = driver.and_then(|link| Some(link.file_name()?.to_string_lossy().into_owned()));
    let mut device = Device {
        vendor_id: hexadecimal(directory, "vendor")? as u16,
        device_id: hexadecimal(directory, "device")? as u16,
        interface: None,
        mac: None,
        mtu: None,
        carrier: None,
        operational_state: None,
        speed_mbps: None,
        duplex: None,
        administrative_up: None,
        rings: watched_file::rings(&pci_address),
        holds: Vec::new(),
        driver,
        pci_address,
    };
    if let Some(net) = function_interfaces(directory).into_iter().next() {
        let flags = hexadecimal(&net, "flags");
        device.rings.retain(|ring| is_used(&net, ring));
        device.interface = net.file_name().map(|name| name.to_string_lossy().into_owned());
        device.mac = attribute(&net, "address");
        device.mtu = attribute(&net, "mtu").and_then(|text| text.parse().ok());
        device.carrier = attribute(&net, "carrier").map(|text| text == "1");
        device.operational_state = attribute(&net, "operstate");
        device.administrative_up = flags.map(|flags| flags & 1 != 0);
        // Drivers are asked for speed and duplex, so only where there can be an answer.
        if device.carrier == Some(true) {
            device.speed_mbps = attribute(&net, "speed").and_then(|text| text.parse().ok());
            device.duplex = attribute(&net, "duplex").and_then(|text| match text.as_str() {
                "full" => Some("full"),
                "half" => Some("half"),
                _ => None,
            });
            // The in-tree driver reads its status register for each of the two.
            *mmio_reads += if device.driver.as_deref() == Some("igb") { 2 } else { 0 };
        }
    }
    Some(device)
}

/// Interrupt numbers by function: its MSI vectors, and its pin.
pub fn interrupts(devices: &[Device]) -> Vec<(String, String)> {
    let mut found = Vec::new();
    for device in devices {
        let directory = Path::new(SYSFS).join(&device.pci_address);
        let vectors: Vec<_> = read_dir(directory.join("msi_irqs")).into_iter().flatten().flatten().collect();
        let pin = if vectors.is_empty() { attribute(&directory, "irq").filter(|irq| irq != "0") } else { None };
        let irqs = vectors.iter().map(|vector| vector.file_name().to_string_lossy().into_owned()).chain(pin);
        found.extend(irqs.map(|irq| (irq, device.pci_address.clone())));
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;
    use ringscope_wire::control::RingKind::{Rx, Tx};
    use std::fs;

    #[test]
    fn only_network_functions_are_listed_with_what_their_interface_says() {
        let root = std::env::temp_dir().join(format!("ringscope-agent-devices-{}", std::process::id()));
        let put = |path: &str, content: &str| {
            let path = root.join(path);
            fs::create_dir_all(path.parent().expect("a parent")).expect("a temporary directory");
            fs::write(path, content).expect("a temporary file");
        };
        for (address, class) in
            [("0000:02:00.0", "0x020000\n"), ("0000:01:00.0", "0x020000\n"), ("0000:00:1f.0", "0x060100\n")]
        {
            put(&format!("{address}/class"), class);
            put(&format!("{address}/vendor"), "0x8086\n");
            put(&format!("{address}/device"), "0x10c9\n");
        }
        for (name, content) in [
            ("address", "52:54:00:12:34:56"),
            ("mtu", "1500"),
            ("carrier", "1"),
            ("flags", "0x1003"),
            ("speed", "1000"),
            ("duplex", "full"),
        ] {
            put(&format!("0000:01:00.0/net/eth0/{name}"), content);
        }
        let devices = scan_below(&root).devices;
        fs::remove_dir_all(&root).expect("it is there");
        let addresses: Vec<_> = devices.iter().map(|device| device.pci_address.as_str()).collect();
        assert_eq!(addresses, ["0000:01:00.0", "0000:02:00.0"]);
        assert_eq!(devices[0].interface.as_deref(), Some("eth0"));
        assert_eq!((devices[0].mtu, devices[0].speed_mbps, devices[0].duplex), (Some(1500), Some(1000), Some("full")));
        assert_eq!((devices[0].carrier, devices[0].administrative_up), (Some(true), Some(true)));
        assert_eq!((devices[1].vendor_id, devices[1].interface.as_deref()), (0x8086, None));
    }

    #[test]
    fn rings_count_as_used_when_the_interface_has_their_queue() {
        let net = std::env::temp_dir().join(format!("ringscope-agent-queues-{}", std::process::id()));
        for queue in ["rx-0", "rx-1", "tx-0"] {
            fs::create_dir_all(net.join("queues").join(queue)).expect("a temporary directory");
        }
        let used = |kind, index| is_used(&net, &RingName { kind, index });
        let found = [(Rx, 0), (Rx, 1), (Rx, 2), (Tx, 0), (Tx, 1)].map(|(kind, index)| used(kind, index));
        fs::remove_dir_all(&net).expect("it is there");
        assert_eq!(found, [true, true, false, true, false]);
    }

    #[test]
    fn a_virtio_functions_interface_is_told_and_the_driver_is_the_functions_own() {
        let root = std::env::temp_dir().join(format!("ringscope-agent-virtio-{}", std::process::id()));
        let function = root.join("0000:00:03.0");
        let net = function.join("virtio2/net/eth0");
        fs::create_dir_all(&net).expect("a temporary directory");
        fs::create_dir_all(root.join("drivers/virtio-pci")).expect("a temporary directory");
        fs::create_dir_all(root.join("drivers/virtio_net")).expect("a temporary directory");
        for (directory, driver) in [(function.clone(), "virtio-pci"), (function.join("virtio2"), "virtio_net")] {
            let to = root.join("drivers").join(driver);
            std::os::unix::fs::symlink(to, directory.join("driver")).expect("a temporary link");
        }
        for (name, content) in [("class", "0x020000\n"), ("vendor", "0x1af4\n"), ("device", "0x1041\n")] {
            fs::write(function.join(name), content).expect("a temporary file");
        }
        let told =
            [("address", "52:54:00:12:34:56"), ("mtu", "1450"), ("carrier", "1"), ("flags", "0x1003"), ("speed", "-1")];
        for (name, content) in told {
            fs::write(net.join(name), content).expect("a temporary file");
        }
        let scan = scan_below(&root);
        fs::remove_dir_all(&root).expect("it is there");
        let [device] = scan.devices.as_slice() else { panic!("one function is there") };
        assert_eq!((device.driver.as_deref(), device.interface.as_deref()), (Some("virtio-pci"), Some("eth0")));
        assert_eq!((device.mac.as_deref(), device.mtu), (Some("52:54:00:12:34:56"), Some(1450)));
        assert_eq!((device.carrier, device.speed_mbps, device.administrative_up), (Some(true), None, Some(true)));
        assert_eq!(scan.mmio_reads, 0, "virtio answers from memory");
    }
}
