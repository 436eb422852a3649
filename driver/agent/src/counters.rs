// SPDX-License-Identifier: MIT OR Apache-2.0
//! The counters after a sample's matrices: netdev statistics through a held rtnetlink socket, and rigb's own file.

use crate::ascii::text;
use crate::clock::SECOND;
use crate::held_file::HeldFile;
use crate::netlink::{Link, RequestSocket, STATISTICS, links, read_statistics};
use crate::{network_stats, partner};
use ringscope_wire::control::{Counter, Device};
use rustix::io::Errno;

/// What stands before the name of an interface of the link partner's namespace.
const PARTNER: &str = "partner";
const NETWORK_STATS: &str = "/proc/driver/network_stats";
/// What the in-tree igb reads of its card for one call of its statistics.
const IGB_STATISTICS_READS: u64 = 68;

struct Interface {
    /// In the link partner's namespace.
    is_partners: bool,
    index: u32,
    name: String,
    mmio_reads: u64,
    read_at: Option<u64>,
    last: [u64; STATISTICS.len()],
}

/// Open sources of counters.
pub struct Counters {
    socket: Option<RequestSocket>,
    /// In the lab's guest, one of the link partner's namespace.
    partner: Option<RequestSocket>,
    /// Devices whose port is counted though it is the partner's: the in-tree driver reads registers for that, so nobody pays for it unasked.
    observed: Vec<String>,
    interfaces: Vec<Interface>,
    network_stats: Option<HeldFile>,
    keys: Vec<network_stats::Key>,
    /// Device registers that the statistics made drivers read.
    pub mmio_reads: u64,
}

impl Counters {
    /// Opens what there is.
    pub fn new() -> Self {
        let socket = RequestSocket::route().ok();
        Self {
            socket,
            partner: None,
            observed: Vec::new(),
            interfaces: Vec::new(),
            network_stats: None,
            keys: Vec::new(),
            mmio_reads: 0,
        }
    }

    /// A socket of the link partner's namespace, whose port is then counted as `partner/NAME`: no interface has a slash in its name.
    pub fn count_partner(&mut self, socket: Option<RequestSocket>) {
        self.partner = socket;
    }

    /// From the next rebuild on counts the partner's port if its device is among these.
    pub fn set_observed(&mut self, devices: Vec<String>) {
        self.observed = devices;
    }

    /// Looks anew at which counters there are, and names them.
    pub fn rebuild(&mut self, devices: &[Device]) -> Vec<Counter> {
        let links = self.socket.as_mut().and_then(|socket| links(socket).ok()).unwrap_or_default();
        self.interfaces.clear();
        for device in devices {
            let Some(link) = links.iter().find(|link| Some(&link.name) == device.interface.as_ref()) else { continue };
            self.interfaces.push(Interface {
                is_partners: false,
                index: link.index,
                name: link.name.clone(),
                mmio_reads: if device.driver.as_deref() == Some("igb") { IGB_STATISTICS_READS } else { 0 },
                read_at: None,
                last: [0; STATISTICS.len()],
            });
        }
        let is_observed = |link: &Link| link.parent.as_ref().is_some_and(|parent| self.observed.contains(parent));
        if let Some(link) = self.partner.as_mut().and_then(partner::port).filter(is_observed) {
            let is_igbs = |device: &&Device| {
                device.driver.as_deref() == Some("igb") && Some(&device.pci_address) == link.parent.as_ref()
            };
            self.interfaces.push(Interface {
                is_partners: true,
                index: link.index,
                name: format!("{PARTNER}/{}", link.name),
                mmio_reads: devices.iter().find(is_igbs).map_or(0, |_| IGB_STATISTICS_READS),
                read_at: None,
                last: [0; STATISTICS.len()],
            });
        }
        self.network_stats = HeldFile::open(NETWORK_STATS).ok();
        let content = self.network_stats.as_mut().and_then(|file| file.read().ok()).unwrap_or_default();
        self.keys = network_stats::read(content).0;
        let of_interfaces = self.interfaces.iter().flat_map(|interface| {
            STATISTICS.iter().map(|(name, unit)| Counter {
                source: "netdev",
                interface: interface.name.clone(),
                name: (*name).to_owned(),
                unit,
            })
        });
        let own = self.keys.iter().map(|key| Counter {
            source: "network_stats",
            interface: text(&key.interface),
            name: key.name(),
            unit: key.unit(),
        });
        of_interfaces.chain(own).collect()
    }

    /// Appends all values; `false` if the counters are others by now.
    pub fn read(&mut self, now: u64, values: &mut Vec<u64>) -> bool {
        for interface in &mut self.interfaces {
            // Once a second: drivers read their hardware for these, and rigb's own come with every sample from its file.
            // A wake-up that comes a little early counts as the second: the one after it would be a tenth late.
            let is_due = interface.read_at.is_none_or(|at| now.saturating_sub(at) >= SECOND - SECOND / 20);
            let socket = if interface.is_partners { &mut self.partner } else { &mut self.socket };
            if let Some(socket) = socket.as_mut().filter(|_| is_due) {
                match read_statistics(socket, interface.index) {
                    Ok(read) => interface.last = read,
                    Err(Errno::NODEV) => return false,
                    // A kernel that does not tell them leaves them as they were.
                    Err(_) => {}
                }
                interface.read_at = Some(now);
                self.mmio_reads += interface.mmio_reads;
            }
            values.extend_from_slice(&interface.last);
        }
        match self.network_stats.as_mut().map(HeldFile::read) {
            Some(Ok(content)) => network_stats::counts(content, &self.keys, values),
            Some(Err(_)) => false,
            None => true,
        }
    }

    /// Closes rigb's file.
    pub fn release_module(&mut self) {
        self.network_stats = None;
        self.keys.clear();
    }
}
