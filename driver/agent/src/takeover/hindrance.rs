// SPDX-License-Identifier: MIT OR Apache-2.0
//! Why a device is not taken: what cannot be, what nobody should do, and what a person must confirm.

use super::binding;
use crate::module;
use crate::module_file::NAME;
use ringscope_wire::control::{Device, ErrorCode, Hold, ModuleState, Refusal};

/// What rigb drives. A driver that a function is reserved for is not asked whether it knows it, so this is asked here.
const DRIVEN: [(u16, u16); 1] = [(0x8086, 0x10c9)];

/// Whether it is a card that rigb drives, whoever drives it now.
pub fn is_driven(device: &Device) -> bool {
    DRIVEN.contains(&(device.vendor_id, device.device_id))
}

/// Looks at a device that was found in the list just now.
pub fn hindrance(device: &Device, confirmed: bool) -> Result<(), Refusal> {
    let address = &device.pci_address;
    if !is_driven(device) {
        let card = format!("{:04x}:{:04x}", device.vendor_id, device.device_id);
        let message =
            format!("{NAME} does not drive {address}: it is {card}, and {NAME} is for Intel's 82576, 8086:10c9.");
        return Err(Refusal::new(ErrorCode::NotAvailable, message).with_remedy("Observe it under its own driver."));
    }
    if device.driver.as_deref() == Some(NAME) {
        return Err(Refusal::new(ErrorCode::Failed, format!("{NAME} drives {address} already.")));
    }
    if module::state().state != ModuleState::Live {
        return Err(Refusal::new(ErrorCode::NotAvailable, format!("{NAME} is not loaded."))
            .with_remedy("Load the driver first."));
    }
    if let Some(driver) = &device.driver {
        in_use(device, driver)?;
    }
    if !confirmed && !device.holds.is_empty() {
        return Err(Refusal::new(ErrorCode::NeedsConfirmation, sentences(&device.holds))
            .with_remedy("Confirm to take it nevertheless; its addresses and routes go over to the new driver."));
    }
    Ok(())
}

/// What could not be restored afterwards.
fn in_use(device: &Device, driver: &str) -> Result<(), Refusal> {
    let address = &device.pci_address;
    let virtual_functions = binding::virtual_functions(address);
    if virtual_functions > 0 {
        let message = format!("{address} has {virtual_functions} virtual functions, which would go with it.");
        return Err(Refusal::new(ErrorCode::Busy, message)
            .with_remedy(format!("Write 0 to /sys/bus/pci/devices/{address}/sriov_numvfs first.")));
    }
    let interfaces = binding::interfaces(address);
    let Some(interface) = interfaces.first() else {
        let message = format!(
            "{driver} holds {address}, but shows no interface here: it is in another network namespace, or given to a virtual machine."
        );
        return Err(Refusal::new(ErrorCode::NotAvailable, message)
            .with_remedy("Move the interface back, or end what uses the device."));
    };
    let uppers = binding::uppers(interface);
    if !uppers.is_empty() {
        let message = format!("{} is built upon {interface} and would break.", uppers.join(", "));
        return Err(Refusal::new(ErrorCode::Busy, message).with_remedy(format!("Take {interface} out of it first.")));
    }
    Ok(())
}

fn sentences(holds: &[Hold]) -> String {
    holds.iter().map(|hold| hold.detail.as_str()).collect::<Vec<_>>().join(" ")
}

#[cfg(test)]
mod tests {
    use super::*;
    use ringscope_wire::control::Dependent;

    fn device(device_id: u16, driver: Option<&str>) -> Device {
        Device {
            pci_address: "ffff:ff:1f.7".into(),
            vendor_id: 0x8086,
            device_id,
            driver: driver.map(str::to_owned),
            interface: None,
            mac: None,
            mtu: None,
            carrier: None,
            operational_state: None,
            speed_mbps: None,
            duplex: None,
            administrative_up: None,
            rings: Vec::new(),
            holds: Vec::new(),
        }
    }

    #[test]
    fn a_card_that_rigb_does_not_drive_is_not_taken() {
        let refused = hindrance(&device(0x1521, Some("igb")), true).expect_err("it is another card");
        assert_eq!(refused.code, ErrorCode::NotAvailable);
        assert!(refused.message.contains("8086:1521"));
    }

    #[test]
    fn a_device_that_rigb_has_is_not_taken_again() {
        assert_eq!(hindrance(&device(0x10c9, Some(NAME)), true).expect_err("it has it").code, ErrorCode::Failed);
    }

    #[test]
    fn an_interface_that_is_not_seen_here_is_left_alone() {
        let refused = in_use(&device(0x10c9, None), "vfio-pci").expect_err("there is no interface");
        assert_eq!(refused.code, ErrorCode::NotAvailable);
    }

    #[test]
    fn every_hold_is_a_sentence_of_the_message() {
        let hold = |detail: &str| Hold { what: Dependent::Ssh, detail: detail.into() };
        assert_eq!(sentences(&[hold("One."), hold("Two.")]), "One. Two.");
    }
}
