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
use sys::registry::Registry;

/// The driver's version, also in the module's information.
const VERSION: &str = "0.1.0";

kernel::pci_device_table!(
    PCI_TABLE,
    <Rigb as pci::Driver>::IdInfo,
    [(pci::DeviceId::from_id(pci::Vendor::INTEL, 0x10c9), ())]
);

struct Rigb;

impl pci::Driver for Rigb {
    type IdInfo = ();
    type Data<'bound> = NetworkDevice;
    const ID_TABLE: pci::IdTable<Self::IdInfo> = &PCI_TABLE;

    fn unbind(dev: &pci::Device<Core<'_>>, _port: core::pin::Pin<&NetworkDevice>) {
        dev_info!(dev, "releasing the port\n");
    }

    fn probe<'bound>(
        dev: &'bound pci::Device<Core<'_>>,
        _info: Option<&'bound ()>,
    ) -> impl PinInit<NetworkDevice, Error> + 'bound {
        NetworkDevice::probe(dev)
    }
}

/// The loaded module. Field order: no device is bound any more before the file they are listed in goes.
#[pin_data]
struct Module {
    #[pin]
    driver: driver::Registration<pci::Adapter<Rigb>>,
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
