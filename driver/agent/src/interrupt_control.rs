// SPDX-License-Identifier: MIT OR Apache-2.0
//! The verbs that send a device's interrupts to other CPUs and set how the card holds them back. What they changed is told by the device's next observation.

use crate::agent::Agent;
use crate::clock::monotonic;
use crate::module::words;
use crate::netlink::{GenericSocket, RequestSocket, coalesce, links, named_coalesce, set_coalesce};
use crate::observation::{INTERRUPTS, msi_vectors};
use crate::verbs::Outcome;
use ringscope_wire::control::{Device, ErrorCode, Refusal, SetAffinity, SetCoalesce};
use rustix::io::Errno;
use std::fs::OpenOptions;
use std::io::Write;
use std::path::Path;

impl Agent<'_> {
    pub(crate) fn set_affinity(&mut self, wanted: &SetAffinity) -> Outcome {
        self.known(&wanted.device)?;
        // A number alone would reach every interrupt of the machine.
        if !msi_vectors(&wanted.device).contains(&wanted.irq) {
            let message = format!("{} has no interrupt {}.", wanted.device, wanted.irq);
            return Err(Refusal::new(ErrorCode::NoSuchDevice, message));
        }
        let path = Path::new(INTERRUPTS).join(format!("{}/smp_affinity_list", wanted.irq));
        let list = wanted.list();
        let mut file = OpenOptions::new().write(true).open(path).map_err(|error| not_opened(wanted.irq, &error))?;
        file.write_all(list.as_bytes()).map_err(|error| not_moved(wanted.irq, &list, &error))?;
        self.observers.changed(&wanted.device, monotonic());
        Ok(())
    }

    pub(crate) fn set_coalesce(&mut self, wanted: &SetCoalesce) -> Outcome {
        self.known(&wanted.device)?;
        let found = self.scan.devices.iter().find(|device| device.pci_address == wanted.device);
        moderate(wanted, found)?;
        self.observers.changed(&wanted.device, monotonic());
        Ok(())
    }
}

fn not_opened(irq: u32, error: &std::io::Error) -> Refusal {
    match Errno::from_io_error(error) {
        Some(Errno::ACCESS | Errno::PERM) => {
            let message = format!("The agent may not say which CPUs serve interrupt {irq}.");
            Refusal::new(ErrorCode::NoPermission, message).with_remedy("Run the agent as root.")
        }
        Some(Errno::NOENT) => {
            Refusal::new(ErrorCode::NotAvailable, format!("Nobody has requested interrupt {irq}; it cannot be moved."))
        }
        _ => Refusal::new(ErrorCode::Failed, format!("Interrupt {irq} was not moved: {error}.")),
    }
}

fn not_moved(irq: u32, list: &str, error: &std::io::Error) -> Refusal {
    match Errno::from_io_error(error) {
        // EPERM is what newer kernels say, EIO what older ones did (kernel/irq/proc.c, write_irq_affinity).
        Some(Errno::IO | Errno::PERM) => {
            let message = format!(
                "The kernel lets nobody move interrupt {irq}: it spreads this driver's interrupts over the CPUs itself, or their controller cannot."
            );
            Refusal::new(ErrorCode::NotAvailable, message)
        }
        Some(Errno::INVAL) => {
            Refusal::new(ErrorCode::NotAvailable, format!("None of the CPUs {list} can serve interrupt {irq}."))
                .with_remedy("Name at least one that is online.")
        }
        Some(Errno::OVERFLOW | Errno::RANGE) => {
            Refusal::new(ErrorCode::NotAvailable, format!("This kernel has no room for the CPUs {list}."))
        }
        Some(Errno::NOSPC) => {
            Refusal::new(ErrorCode::NotAvailable, format!("No vector is left on the CPUs {list} for interrupt {irq}."))
                .with_remedy("Move other interrupts away first.")
        }
        Some(error) => Refusal::new(ErrorCode::Failed, format!("Interrupt {irq} was not moved: {}.", words(error))),
        None => Refusal::new(ErrorCode::Failed, format!("Interrupt {irq} was not moved: {error}.")),
    }
}

fn moderate(wanted: &SetCoalesce, device: Option<&Device>) -> Outcome {
    let interface = device.and_then(|device| device.interface.as_deref()).ok_or_else(|| {
        let message = format!("{} has no interface in this network namespace.", wanted.device);
        Refusal::new(ErrorCode::NotAvailable, message).with_remedy("Give the device a driver first.")
    })?;
    let driver = device.and_then(|device| device.driver.as_deref()).unwrap_or("Its driver");
    let not_there = |error: Errno| {
        Refusal::new(ErrorCode::NotAvailable, format!("The moderation cannot be set: {}.", words(error)))
    };
    let found = RequestSocket::route().and_then(|mut socket| links(&mut socket)).map_err(not_there)?;
    let index = found.iter().find(|link| link.name == interface).map(|link| link.index);
    let index = index.ok_or_else(|| not_there(Errno::NODEV))?;
    let mut socket = GenericSocket::open().map_err(not_there)?;
    let family = socket.family("ethtool").map_err(not_there)?;
    let offered = coalesce(&mut socket, family, index).map_err(|error| refused(driver, error, socket.reason()))?;
    let missing = named_coalesce(&wanted.parameters).into_iter().find(|(name, _)| !offered.contains_key(name));
    if let Some((name, _)) = missing {
        return Err(Refusal::new(ErrorCode::NotAvailable, format!("{driver} offers no {name}.")));
    }
    set_coalesce(&mut socket, family, index, &wanted.parameters)
        .map_err(|error| refused(driver, error, socket.reason()))
}

/// The kernel's or the driver's own words come first: they know.
fn refused(driver: &str, error: Errno, reason: Option<&str>) -> Refusal {
    let words = reason.map_or_else(|| words(error), str::to_owned);
    match error {
        Errno::PERM | Errno::ACCESS => {
            Refusal::new(ErrorCode::NoPermission, "The kernel does not let the agent set the moderation of interrupts.")
                .with_remedy("Run the agent as root.")
        }
        Errno::OPNOTSUPP if reason.is_none() => {
            Refusal::new(ErrorCode::NotAvailable, format!("{driver} lets nobody set the moderation of its interrupts."))
        }
        _ => Refusal::new(ErrorCode::Failed, format!("{driver} refused: {words}.")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_the_driver_says_is_told_and_else_the_kernels_word_for_it() {
        let told = |error, reason| refused("rigb", error, reason).message;
        let own = "both directions of a queue pair share a vector";
        assert_eq!(told(Errno::INVAL, Some(own)), format!("rigb refused: {own}."));
        assert_eq!(told(Errno::INVAL, None), "rigb refused: Invalid argument.");
        assert!(told(Errno::OPNOTSUPP, None).contains("lets nobody set"));
        assert_eq!(refused("rigb", Errno::PERM, None).code, ErrorCode::NoPermission);
    }

    #[test]
    fn a_refusal_to_move_an_interrupt_names_its_cause() {
        let told = |error: Errno| not_moved(27, "7", &error.into()).message;
        assert!(told(Errno::PERM).contains("itself") && told(Errno::IO).contains("itself"));
        assert!(told(Errno::INVAL).contains("None of the CPUs 7"));
        assert!(told(Errno::NOSPC).contains("No vector is left"));
        assert_eq!(not_opened(27, &Errno::ACCESS.into()).code, ErrorCode::NoPermission);
        assert_eq!(not_opened(27, &Errno::NOENT.into()).code, ErrorCode::NotAvailable);
    }

    #[test]
    fn a_device_without_an_interface_has_no_moderation() {
        let wanted = SetCoalesce { device: "0000:01:00.0".into(), parameters: Default::default() };
        let refusal = moderate(&wanted, None).expect_err("there is no interface");
        assert_eq!(refusal.code, ErrorCode::NotAvailable);
    }
}
