// SPDX-License-Identifier: MIT OR Apache-2.0
//! Any device under any driver, as the kernel's own interfaces tell it. Queues, NAPIs and queue statistics are the kernel's memory and are read each time; what
//! may make a driver read its card is read once a second at the most.

mod own_statistics;
mod pcie;
mod reason;

use crate::clock::{SECOND, monotonic};
use crate::netlink::{
    Family, GenericSocket, RequestSocket, channels, coalesce, link_settings, links, napis, queue_statistics, queues,
    rings,
};
use crate::outlet::Outlet;
use crate::rhythm::Rhythm;
use own_statistics::OwnStatistics;
use reason::{no_family, nothing_listed, reason};
use ringscope_wire::control::{
    Channels, Device, Event, LinkSettings, Listed, NamedValue, Observation, Offered, Pcie, RingSizes,
};
use rustix::io::Errno;
use std::collections::BTreeMap;

/// What the in-tree igb reads of its card for its own statistics, and for the link, which is asked for twice.
const IGB_STATISTICS_READS: u64 = 68;
const IGB_LINK_READS: u64 = 2;
/// A second but for a jitter, so that a rate of one a second finds it due each time.
const SLOW_TIME: u64 = SECOND / 100 * 99;

/// What is read once a second at the most.
#[derive(Clone)]
struct Slow {
    ethtool_statistics: Listed<NamedValue>,
    rings: Offered<RingSizes>,
    channels: Offered<Channels>,
    coalesce: Offered<BTreeMap<&'static str, u64>>,
    link: Offered<LinkSettings>,
    pcie: Pcie,
}

/// The interface of an observed device.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Face {
    name: String,
    index: u32,
    driver: String,
    is_up: bool,
}

struct Observer {
    device: String,
    rhythm: Rhythm,
    face: Option<Face>,
    slow: Option<(u64, Slow)>,
}

/// What is observed, and the sockets that all share.
pub struct Observers {
    all: Vec<Observer>,
    sources: Option<Sources>,
    /// Device registers that it made drivers read.
    pub mmio_reads: u64,
}

/// Open while anything is observed.
struct Sources {
    socket: GenericSocket,
    netdev: Result<Family, Errno>,
    ethtool: Result<Family, Errno>,
    own: OwnStatistics,
}

fn listed<T>(found: Result<Vec<T>, Errno>, what: &str, face: &Face) -> Listed<T> {
    match found {
        Ok(items) => {
            let reason = items.is_empty().then(|| nothing_listed(what, &face.driver, &face.name, face.is_up));
            Listed { items, reason }
        }
        Err(error) => Listed::absent(reason(what, &face.driver, error)),
    }
}

fn offered<T>(found: Result<T, Errno>, what: &str, face: &Face) -> Offered<T> {
    match found {
        Ok(values) => Offered { values: Some(values), reason: None },
        Err(error) => Offered::absent(reason(what, &face.driver, error)),
    }
}

impl Sources {
    fn open() -> Result<Self, Errno> {
        let mut socket = GenericSocket::open()?;
        let (netdev, ethtool) = (socket.family("netdev"), socket.family("ethtool"));
        Ok(Self { socket, netdev, ethtool, own: OwnStatistics::new() })
    }

    /// Reads a list through the family `netdev`.
    fn list<T>(
        &mut self,
        what: &str,
        face: &Face,
        read: fn(&mut GenericSocket, Family, u32) -> Result<Vec<T>, Errno>,
    ) -> Listed<T> {
        match self.netdev {
            Ok(family) => listed(read(&mut self.socket, family, face.index), what, face),
            Err(error) => Listed::absent(no_family("netdev", error)),
        }
    }

    /// Reads settings through the family `ethtool`.
    fn offer<T>(
        &mut self,
        what: &str,
        face: &Face,
        read: fn(&mut GenericSocket, Family, u32) -> Result<T, Errno>,
    ) -> Offered<T> {
        match self.ethtool {
            Ok(family) => offered(read(&mut self.socket, family, face.index), what, face),
            Err(error) => Offered::absent(no_family("ethtool", error)),
        }
    }

    fn slow(&mut self, device: &str, face: &Face, mmio_reads: &mut u64) -> Slow {
        let is_igb = face.driver == "igb";
        *mmio_reads += if is_igb { IGB_STATISTICS_READS + IGB_LINK_READS } else { 0 };
        Slow {
            ethtool_statistics: listed(self.own.read(&face.name), "statistics of its own", face),
            rings: self.offer("ring sizes", face, rings),
            channels: self.offer("channels", face, channels),
            coalesce: self.offer("interrupt moderation settings", face, coalesce),
            link: self.offer("link settings", face, link_settings),
            pcie: pcie::pcie(device),
        }
    }
}

impl Slow {
    fn without_interface(device: &str, reason: &str) -> Self {
        Self {
            ethtool_statistics: Listed::absent(reason),
            rings: Offered::absent(reason),
            channels: Offered::absent(reason),
            coalesce: Offered::absent(reason),
            link: Offered::absent(reason),
            pcie: pcie::pcie(device),
        }
    }
}

impl Observer {
    fn observe(&mut self, sources: &mut Sources, now: u64, mmio_reads: &mut u64) -> Observation {
        let device = &self.device;
        let no_face = format!("{device} has no interface in this network namespace.");
        let is_fresh = |(at, _): &(u64, Slow)| now.saturating_sub(*at) < SLOW_TIME;
        let slow = match self.slow.take().filter(is_fresh) {
            Some(kept) => kept,
            None => {
                let slow = match &self.face {
                    Some(face) => sources.slow(device, face, mmio_reads),
                    None => Slow::without_interface(device, &no_face),
                };
                (now, slow)
            }
        };
        let (queues, napis, queue_statistics) = match &self.face {
            Some(face) => (
                sources.list("queues", face, queues),
                sources.list("NAPIs", face, napis),
                sources.list("queue statistics", face, queue_statistics),
            ),
            None => (Listed::absent(&no_face), Listed::absent(&no_face), Listed::absent(&no_face)),
        };
        let (_, kept) = self.slow.insert(slow).clone();
        Observation {
            device: device.clone(),
            time_ns: now.to_string(),
            queues,
            napis,
            queue_statistics,
            ethtool_statistics: kept.ethtool_statistics,
            rings: kept.rings,
            channels: kept.channels,
            coalesce: kept.coalesce,
            link: kept.link,
            pcie: kept.pcie,
        }
    }
}

impl Observers {
    /// Nothing is observed.
    pub fn new() -> Self {
        Self { all: Vec::new(), sources: None, mmio_reads: 0 }
    }

    /// Begins, changes or, with a rate of 0, ends an observation of a device that is in the list.
    pub fn set(&mut self, device: &str, hz: f64, devices: &[Device], now: u64) -> Result<(), Errno> {
        let Some(rhythm) = Rhythm::new(hz, now) else {
            self.all.retain(|observer| observer.device != device);
            if self.all.is_empty() {
                self.sources = None;
            }
            return Ok(());
        };
        if self.sources.is_none() {
            self.sources = Some(Sources::open()?);
        }
        match self.all.iter_mut().find(|observer| observer.device == device) {
            Some(observer) => observer.rhythm = rhythm,
            None => {
                self.all.push(Observer { device: device.to_owned(), rhythm, face: None, slow: None });
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
            if observer.face != face {
                observer.face = face;
                observer.slow = None;
            }
            true
        });
        if let Some(sources) = &mut self.sources {
            sources.own.forget();
        }
        gone
    }

    /// Queues the observations that are due. A full pipe costs no reading.
    pub fn run(&mut self, now: u64, outlet: &mut Outlet<'_>) {
        let Some(sources) = &mut self.sources else { return };
        for observer in &mut self.all {
            if !observer.rhythm.is_due(now) {
                continue;
            }
            if outlet.is_full() {
                outlet.samples_lost += 1;
                continue;
            }
            let observation = observer.observe(sources, monotonic(), &mut self.mmio_reads);
            outlet.control(&Event::Observation(Box::new(observation)).payload());
        }
    }

    /// When the next one is due.
    pub fn next(&self) -> Option<u64> {
        self.all.iter().map(|observer| observer.rhythm.next()).min()
    }

    /// Ends all.
    pub fn clear(&mut self) {
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
        let seen = observer.observe(sources, 7, &mut observers.mmio_reads);
        assert_eq!((seen.device.as_str(), seen.time_ns.as_str()), ("ffff:ff:1f.7", "7"));
        let reasons = [&seen.queues.reason, &seen.rings.reason, &seen.link.reason, &seen.ethtool_statistics.reason];
        assert!(reasons.into_iter().all(|reason| reason.as_ref().is_some_and(|text| text.contains("no interface"))));
        assert_eq!(observers.mmio_reads, 0);
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

    #[test]
    fn what_is_missing_is_told_by_driver_or_interface() {
        let face = Face { name: "eth0".into(), index: 3, driver: "igb".into(), is_up: true };
        let down = Face { is_up: false, ..face.clone() };
        let told = |found: Result<Vec<u8>, Errno>, face: &Face| listed(found, "queues", face).reason;
        assert_eq!(told(Ok(vec![1]), &face), None);
        assert_eq!(told(Ok(vec![]), &face).as_deref(), Some("igb tells the kernel of no queues."));
        assert_eq!(told(Ok(vec![]), &down).as_deref(), Some("eth0 is down."));
        assert_eq!(told(Err(Errno::OPNOTSUPP), &face).as_deref(), Some("igb offers no queues."));
        assert_eq!(told(Err(Errno::NODEV), &face).as_deref(), Some("The queues were not read: No such device."));
        assert!(no_family("netdev", Errno::NOENT).contains("too old"));
    }
}
