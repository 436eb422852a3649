// SPDX-License-Identifier: MIT OR Apache-2.0
//! Any device under any driver, as the kernel's own interfaces tell it. Counters are read once a second at the most, everything else when something has changed
//! and every few seconds; what does not change is not told again.

mod affinity;
mod byte_queue_limits;
mod observer;
mod own_statistics;
mod pcie;
mod reason;
mod sources;
mod telling;

use crate::clock::monotonic;
use crate::netlink::{RequestSocket, links};
use crate::outlet::Outlet;
pub use affinity::DIRECTORY as INTERRUPTS;
use observer::Observer;
pub use pcie::msi_vectors;
use ringscope_wire::control::{Device, Event};
use rustix::io::Errno;
use sources::{Face, Sources};

/// What is observed, and the sockets that all share.
pub struct Observers {
    all: Vec<Observer>,
    sources: Option<Sources>,
    /// Register reads of sources that were closed.
    earlier_reads: u64,
}

impl Observers {
    /// Nothing is observed.
    pub fn new() -> Self {
        Self { all: Vec::new(), sources: None, earlier_reads: 0 }
    }

    /// Device registers that it made drivers read.
    pub fn mmio_reads(&self) -> u64 {
        self.earlier_reads + self.sources.as_ref().map_or(0, |sources| sources.mmio_reads)
    }

    /// Begins, changes or, with a rate of 0, ends an observation of a device that is in the list. The next observation is due at once.
    pub fn set(&mut self, device: &str, hz: f64, devices: &[Device], now: u64) -> Result<(), Errno> {
        let Some(begun) = Observer::new(device, hz, now) else {
            self.all.retain(|observer| observer.device != device);
            if self.all.is_empty() {
                self.clear();
            }
            return Ok(());
        };
        if self.sources.is_none() {
            self.sources = Some(Sources::open()?);
        }
        match self.all.iter_mut().find(|observer| observer.device == device) {
            Some(observer) => observer.ask(hz, now),
            None => {
                self.all.push(begun);
                self.refresh(devices);
            }
        }
        Ok(())
    }

    /// Looks anew at which interface belongs to which device. Returns the devices that went away, whose observation ends.
    pub fn refresh(&mut self, devices: &[Device]) -> Vec<String> {
        if self.all.is_empty() {
            return Vec::new();
        }
        let links = RequestSocket::route().and_then(|mut socket| links(&mut socket)).unwrap_or_default();
        let mut gone = Vec::new();
        self.all.retain_mut(|observer| {
            let Some(device) = devices.iter().find(|device| device.pci_address == observer.device) else {
                gone.push(observer.device.clone());
                return false;
            };
            let link = links.iter().find(|link| Some(&link.name) == device.interface.as_ref());
            let face = link.map(|link| Face {
                name: link.name.clone(),
                index: link.index,
                driver: device.driver.clone().unwrap_or_else(|| "Its driver".to_owned()),
                is_up: link.is_up,
            });
            observer.look_again(face);
            true
        });
        if let Some(sources) = &mut self.sources {
            sources.own.forget();
        }
        gone
    }

    /// A verb has changed a device, so its next observation is due at once.
    pub fn changed(&mut self, device: &str, now: u64) {
        self.all.iter_mut().filter(|observer| observer.device == device).for_each(|observer| observer.changed(now));
    }

    /// Queues the observations that are due. A full pipe costs no reading.
    pub fn run(&mut self, now: u64, outlet: &mut Outlet<'_>) {
        let Some(sources) = &mut self.sources else { return };
        for observer in &mut self.all {
            if !observer.is_due(now) {
                continue;
            }
            if outlet.is_full() {
                outlet.samples_lost += 1;
                continue;
            }
            for observation in observer.observe(sources, monotonic()) {
                outlet.control(&Event::Observation(Box::new(observation)).payload());
            }
        }
    }

    /// What is observed.
    pub fn devices(&self) -> Vec<String> {
        self.all.iter().map(|observer| observer.device.clone()).collect()
    }

    /// When the next one is due.
    pub fn next(&self) -> Option<u64> {
        self.all.iter().map(Observer::next).min()
    }

    /// Ends all.
    pub fn clear(&mut self) {
        self.earlier_reads = self.mmio_reads();
        self.all.clear();
        self.sources = None;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn device() -> Device {
        Device {
            pci_address: "ffff:ff:1f.7".into(),
            vendor_id: 0x8086,
            device_id: 0x10c9,
            driver: None,
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
    fn a_device_without_an_interface_says_so_everywhere_and_ends_when_it_goes() {
        let mut observers = Observers::new();
        let devices = [device()];
        // A build root may have no generic netlink.
        if observers.set("ffff:ff:1f.7", 2.0, &devices, 0).is_err() {
            return;
        }
        assert_eq!(observers.next(), Some(0));
        let (Some(observer), Some(sources)) = (observers.all.first_mut(), &mut observers.sources) else {
            panic!("it is observed")
        };
        let told = observer.observe(sources, 7);
        let [seen] = told.as_slice() else { panic!("the first is told") };
        assert_eq!((seen.device.as_str(), seen.time_ns.as_str()), ("ffff:ff:1f.7", "7"));
        let reasons = [&seen.queues.reason, &seen.rings.reason, &seen.link.reason, &seen.ethtool_statistics.reason];
        assert!(reasons.into_iter().all(|reason| reason.as_ref().is_some_and(|text| text.contains("no interface"))));
        assert_eq!(observers.mmio_reads(), 0);
        assert_eq!(observers.refresh(&devices), [""; 0]);
        assert_eq!(observers.refresh(&[]), ["ffff:ff:1f.7"]);
        assert_eq!(observers.next(), None);
    }

    #[test]
    fn a_rate_of_zero_ends_it_and_closes_the_sockets() {
        let mut observers = Observers::new();
        if observers.set("ffff:ff:1f.7", 2.0, &[device()], 0).is_ok() {
            assert_eq!(observers.set("ffff:ff:1f.7", 0.0, &[device()], 0), Ok(()));
            assert!(observers.sources.is_none() && observers.next().is_none());
        }
    }
}
