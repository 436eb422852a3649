// SPDX-License-Identifier: MIT OR Apache-2.0
//! `write-register`: one register of a card, for an agent that was started with `--allow-writes`.

use crate::agent::Agent;
use crate::module;
use crate::start_check::is_root;
use crate::takeover::is_driven;
use crate::verbs::{Outcome, write_mark};
use ringscope_registers::{Bar, Fault};
use ringscope_wire::control::{ErrorCode, Mark, Refusal, WriteRegister};
use rustix::io::Errno;
use std::path::PathBuf;

/// The argument that allows it.
pub const ALLOW_WRITES: &str = "--allow-writes";

/// Why this agent writes no registers.
pub fn hindrance(allows_writes: bool) -> Result<(), String> {
    if !allows_writes {
        return Err(format!("the agent was started without {ALLOW_WRITES}"));
    }
    if is_root() { Ok(()) } else { Err("the agent does not run as root".to_owned()) }
}

impl Agent<'_> {
    pub(crate) fn write_register(&mut self, write: &WriteRegister) -> Outcome {
        hindrance(self.rights.allows_writes).map_err(|reason| {
            Refusal::new(ErrorCode::NoPermission, format!("No register was written: {reason}."))
                .with_remedy(format!("Start Ringscope with {ALLOW_WRITES}; the lab's guest allows writes by itself."))
        })?;
        self.known(&write.device)?;
        let device = self.scan.devices.iter().find(|device| device.pci_address == write.device);
        if !device.is_some_and(is_driven) {
            let message = format!("{} is no 82576, and its registers are not known.", write.device);
            return Err(Refusal::new(ErrorCode::NotAvailable, message));
        }
        let kernel = |error| kernel_refusal(&write.device, error);
        // The address is one that sysfs lists.
        let path = PathBuf::from(format!("/sys/bus/pci/devices/{}/resource0", write.device));
        let bar = Bar::open(&path).map_err(kernel)?;
        bar.check(write.offset).map_err(|fault| refusal(write, fault))?;
        if !write.confirmed {
            let message = format!(
                "0x{:08x} in the register at 0x{:05x} changes how {} works.",
                write.value, write.offset, write.device
            );
            return Err(Refusal::new(ErrorCode::NeedsConfirmation, message)
                .with_remedy("Read what the write does, and confirm it."));
        }
        bar.write(write.offset, write.value).map_err(|fault| refusal(write, fault))?;
        // So that whoever reads the log later knows that it was not the driver. Without a log the write stands all the same.
        let text = format!("register 0x{:05x} of {} set to 0x{:08x}", write.offset, write.device, write.value);
        let _ = write_mark(&Mark { text });
        Ok(())
    }
}

fn refusal(write: &WriteRegister, fault: Fault) -> Refusal {
    let bad = |message| Refusal::new(ErrorCode::BadArguments, message);
    match fault {
        Fault::Unaligned => {
            bad(format!("There is no register at 0x{:x}: offsets are multiples of four.", write.offset))
        }
        Fault::Outside(bytes) => {
            bad(format!("There is no register at 0x{:x}: BAR 0 of {} has {bytes} bytes.", write.offset, write.device))
        }
        Fault::Kernel(error) => kernel_refusal(&write.device, error),
    }
}

/// Which of its reasons the kernel had.
fn kernel_refusal(device: &str, error: Errno) -> Refusal {
    match error {
        Errno::INVAL => {
            let message = format!(
                "The kernel lets nobody map the registers of {device} while a driver has them (CONFIG_IO_STRICT_DEVMEM)."
            );
            Refusal::new(ErrorCode::NotAvailable, message)
                .with_remedy("Start the machine with iomem=relaxed on the kernel's command line, or use the lab.")
        }
        Errno::PERM => {
            let message = format!("The kernel lets nobody map the registers of {device}: it is locked down.");
            Refusal::new(ErrorCode::NoPermission, message).with_remedy("Turn Secure Boot off, or use the lab.")
        }
        Errno::ACCESS => {
            let message = format!("The agent may not open the registers of {device}.");
            Refusal::new(ErrorCode::NoPermission, message).with_remedy("Run the agent as root.")
        }
        Errno::NOENT | Errno::NODEV => {
            Refusal::new(ErrorCode::NotAvailable, format!("{device} has no BAR 0 (any more)."))
        }
        other => Refusal::new(ErrorCode::Failed, format!("The register was not written: {}.", module::words(other))),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn write(offset: u32) -> WriteRegister {
        WriteRegister { device: "0000:01:00.0".into(), offset, value: 1, confirmed: true }
    }

    #[test]
    fn a_kernel_that_keeps_bound_cards_to_their_drivers_is_named_with_the_way_out() {
        let refused = refusal(&write(0x5600), Fault::Kernel(Errno::INVAL));
        assert_eq!(refused.code, ErrorCode::NotAvailable);
        assert!(refused.message.contains("IO_STRICT_DEVMEM"));
        assert!(refused.remedy.is_some_and(|remedy| remedy.contains("iomem=relaxed")));
    }

    #[test]
    fn a_place_without_a_register_is_told_by_its_offset() {
        assert!(refusal(&write(0x5602), Fault::Unaligned).message.contains("0x5602"));
        let outside = refusal(&write(0x2_0000), Fault::Outside(0x2_0000));
        assert_eq!(outside.code, ErrorCode::BadArguments);
        assert!(outside.message.contains("131072 bytes"));
    }

    #[test]
    fn an_agent_writes_registers_only_if_it_was_told_so() {
        assert!(hindrance(false).is_err_and(|reason| reason.contains(ALLOW_WRITES)));
    }
}
