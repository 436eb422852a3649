// SPDX-License-Identifier: MIT OR Apache-2.0
//! Which card traffic is for, and why there can be none.

use super::pktgen_exists;
use crate::takeover::is_driven;
use crate::{module_file, partner};
use ringscope_wire::control::Device;

/// The card between whose port and the partner frames go.
pub fn device_under_test(devices: &[Device], is_lab: bool) -> Option<&Device> {
    let has_interface = |device: &&Device| device.interface.is_some();
    let ours = |device: &&Device| device.driver.as_deref() == Some(module_file::NAME);
    devices.iter().filter(has_interface).find(ours).or_else(|| {
        let mut others = devices.iter().filter(has_interface);
        others.find(|device| is_lab && is_driven(device))
    })
}

/// Why no traffic can run.
pub fn hindrance(devices: &[Device], is_lab: bool) -> Option<String> {
    if let Err(reason) = pktgen_exists() {
        return Some(format!("{reason}."));
    }
    if partner::namespace().is_none() {
        return Some("There is no link partner: no network namespace is called partner.".to_owned());
    }
    match device_under_test(devices, is_lab) {
        None if is_lab => {
            Some("The device under test has no interface: no driver has it, or it is unplugged.".to_owned())
        }
        None => Some(format!("{} drives no interface.", module_file::NAME)),
        Some(device) if device.administrative_up == Some(false) => {
            Some(format!("{} is down.", device.interface.as_deref().unwrap_or_default()))
        }
        Some(_) => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn in_the_lab_whichever_port_is_here_is_under_test_and_rigbs_is_before_others() {
        let device = |address: &str, driver: &str, interface: Option<&str>| Device {
            pci_address: address.into(),
            vendor_id: 0x8086,
            device_id: 0x10c9,
            driver: Some(driver.into()),
            interface: interface.map(str::to_owned),
            mac: None,
            mtu: None,
            carrier: None,
            operational_state: None,
            speed_mbps: None,
            duplex: None,
            administrative_up: None,
            rings: Vec::new(),
            holds: Vec::new(),
        };
        let devices = [
            device("0000:01:00.0", "igb", Some("eth0")),
            device("0000:02:00.0", "rigb", Some("eth1")),
            device("0000:03:00.0", "rigb", None),
        ];
        let address = |devices, is_lab| device_under_test(devices, is_lab).map(|device| device.pci_address.as_str());
        assert_eq!(address(&devices[..], true), Some("0000:02:00.0"));
        assert_eq!(address(&devices[..1], true), Some("0000:01:00.0"));
        assert_eq!(address(&devices[..1], false), None);
        assert_eq!(address(&devices[2..], true), None);
    }
}
