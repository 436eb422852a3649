// SPDX-License-Identifier: MIT OR Apache-2.0
//! What an observation is read from: the netlink families `netdev` and `ethtool`, SIOCETHTOOL and sysfs.

use super::affinity::affinity;
use super::byte_queue_limits::byte_queue_limits;
use super::own_statistics::OwnStatistics;
use super::reason::{no_family, nothing_listed, reason};
use crate::netlink::{
    Family, GenericSocket, channels, coalesce, link_settings, napis, page_pools, queue_statistics, queues, rings, rss,
};
use ringscope_wire::control::{
    ByteQueueLimit, DriverInformation, Listed, NamedValue, Observation, Offered, PagePool, Pcie, QueueStatistics,
};
use rustix::io::Errno;

/// What the in-tree igb reads of its card for its own statistics, and for the link, which is asked for twice.
const IGB_STATISTICS_READS: u64 = 68;
const IGB_LINK_READS: u64 = 2;

/// The interface of an observed device.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Face {
    /// Its name.
    pub name: String,
    /// Its number.
    pub index: u32,
    /// The device's driver, or what a sentence calls it.
    pub driver: String,
    /// Administratively.
    pub is_up: bool,
}

impl Face {
    fn is_igb(&self) -> bool {
        self.driver == "igb"
    }
}

/// Open while anything is observed.
pub struct Sources {
    socket: GenericSocket,
    netdev: Result<Family, Errno>,
    ethtool: Result<Family, Errno>,
    /// The drivers' own statistics.
    pub own: OwnStatistics,
    /// Device registers that it made drivers read.
    pub mmio_reads: u64,
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
    /// Opens the sockets and looks the families up.
    pub fn open() -> Result<Self, Errno> {
        let mut socket = GenericSocket::open()?;
        let (netdev, ethtool) = (socket.family("netdev"), socket.family("ethtool"));
        Ok(Self { socket, netdev, ethtool, own: OwnStatistics::new(), mmio_reads: 0 })
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

    /// Counters of each queue; the kernel's memory.
    pub fn queue_statistics(&mut self, face: &Face) -> Listed<QueueStatistics> {
        self.list("queue statistics", face, queue_statistics)
    }

    /// The driver's own counters.
    pub fn own_statistics(&mut self, face: &Face) -> Listed<NamedValue> {
        self.mmio_reads += if face.is_igb() { IGB_STATISTICS_READS } else { 0 };
        listed(self.own.read(&face.name), "statistics of its own", face)
    }

    /// What transmit queues may have at the card; the kernel's memory.
    pub fn byte_queue_limits(face: &Face) -> Listed<ByteQueueLimit> {
        listed(byte_queue_limits(&face.name), "byte queue limits", face)
    }

    /// The pools of receive buffers; the kernel's memory.
    pub fn page_pools(&mut self, face: &Face) -> Listed<PagePool> {
        let family = match self.netdev {
            Ok(family) => family,
            Err(error) => return Listed::absent(no_family("netdev", error)),
        };
        match page_pools(&mut self.socket, family, face.index) {
            Ok((items, Some(Errno::OPNOTSUPP))) => {
                let reason = "This kernel counts nothing of page pools: it was built without CONFIG_PAGE_POOL_STATS.";
                Listed { items, reason: Some(reason.to_owned()) }
            }
            Ok((items, Some(error))) => {
                Listed { items, reason: Some(reason("page pools' counters", &face.driver, error)) }
            }
            Ok((items, None)) => listed(Ok(items), "page pools", face),
            Err(error) => Listed::absent(reason("page pools", "This kernel", error)),
        }
    }

    /// What the driver says of itself; igb and rigb read no register for it.
    fn driver_information(&mut self, face: &Face) -> Offered<DriverInformation> {
        offered(self.own.driver_information(&face.name), "description of itself", face)
    }

    /// Everything of an interface, settings and counters; `timeNs` is left empty.
    pub fn everything(&mut self, device: &str, face: &Face, pcie: Pcie) -> Observation {
        self.mmio_reads += if face.is_igb() { IGB_LINK_READS } else { 0 };
        Observation {
            device: device.to_owned(),
            time_ns: String::new(),
            queues: self.list("queues", face, queues),
            napis: self.list("NAPIs", face, napis),
            queue_statistics: self.queue_statistics(face),
            ethtool_statistics: self.own_statistics(face),
            rings: self.offer("ring sizes", face, rings),
            channels: self.offer("channels", face, channels),
            coalesce: self.offer("interrupt moderation settings", face, coalesce),
            affinity: affinity(device, &pcie.msi_vectors),
            link: self.offer("link settings", face, link_settings),
            rss: self.offer("spreading of frames over queues (RSS)", face, rss),
            byte_queue_limits: Self::byte_queue_limits(face),
            page_pools: self.page_pools(face),
            driver_information: self.driver_information(face),
            pcie,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

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
