// SPDX-License-Identifier: GPL-2.0-only
//! rigb: a driver for Intel's 82576 in Rust. `sys` holds all unsafe, `hw` the card, `ring` the rings, `dev` the driver's life, `abi` what inspectors read.

// While its parts are being put together.
#![allow(dead_code)]

use kernel::{InPlaceModule, device::Core, driver, pci, prelude::*};

mod abi;
mod dev;
mod hw;
mod ring;
mod sys;

use dev::network_device::NetworkDevice;
use sys::{
    pci_adapter::{PciAdapter, PciDriver},
    registry::Registry,
};

/// The driver's version, also in the module's information.
const VERSION: &str = "0.1.0";

kernel::pci_device_table!(PCI_TABLE, (), [(pci::DeviceId::from_id(pci::Vendor::INTEL, 0x10c9), ())]);

impl PciDriver for NetworkDevice {
    const ID_TABLE: pci::IdTable<()> = &PCI_TABLE;

    fn probe(dev: &pci::Device<Core<'_>>) -> Result<Self> {
        NetworkDevice::take(dev)
    }

    fn unbind(&self) {
        self.announce_release();
    }
}

/// The loaded module. Field order: no device is bound any more before the file they are listed in goes.
#[pin_data]
struct Module {
    #[pin]
    driver: driver::Registration<PciAdapter<NetworkDevice>>,
    registry: Registry,
}

impl InPlaceModule for Module {
    fn init(module: &'static ThisModule) -> impl PinInit<Self, Error> {
        try_pin_init!(Self {
            registry: {
                sys::layout::check()?;
                Registry::new(c"driver/network_stats", c"rigb")?
            },
            driver <- driver::Registration::new(c"rigb", module),
        })
    }
}

module! {
    type: Module,
    name: "rigb",
    authors: ["Ringscope developers"],
    description: "Intel 82576 Gigabit Ethernet",
    license: "GPL v2",
}
