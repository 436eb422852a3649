// SPDX-License-Identifier: GPL-2.0-only

use kernel::{device::Bound, pci};

/// The device while it is bound.
#[derive(Clone, Copy)]
pub struct Binding(&'static pci::Device<Bound>);

impl Binding {
    /// The binding of a test's device.
    pub fn of(device: &'static pci::Device<Bound>) -> Self {
        Self(device)
    }

    /// Whether the configuration space answers. A card that was pulled shows it by its registers, too.
    pub fn answers(self) -> bool {
        true
    }

    /// The PCI device.
    pub fn pci(self) -> &'static pci::Device<Bound> {
        self.0
    }
}
