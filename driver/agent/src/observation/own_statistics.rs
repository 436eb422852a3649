// SPDX-License-Identifier: MIT OR Apache-2.0
//! A driver's own counters. Their names are read once, and again when their number changes.

use ringscope_ethtool::EthtoolSocket;
use ringscope_wire::control::{DriverInformation, NamedValue};
use rustix::io::Errno;

/// The held socket and the names that were read last.
pub struct OwnStatistics {
    socket: Option<EthtoolSocket>,
    interface: String,
    names: Vec<String>,
}

impl OwnStatistics {
    /// Opens the socket.
    pub fn new() -> Self {
        Self { socket: EthtoolSocket::open().ok(), interface: String::new(), names: Vec::new() }
    }

    /// Forgets the names; another driver may have the interface by now.
    pub fn forget(&mut self) {
        self.names.clear();
    }

    /// What the driver says of itself.
    pub fn driver_information(&mut self, interface: &str) -> Result<DriverInformation, Errno> {
        let [driver, version, firmware] = self.socket.as_mut().ok_or(Errno::AFNOSUPPORT)?.driver(interface)?;
        Ok(DriverInformation { driver, version, firmware })
    }

    /// Reads all counters of an interface. The driver reads its hardware for this.
    pub fn read(&mut self, interface: &str) -> Result<Vec<NamedValue>, Errno> {
        let socket = self.socket.as_mut().ok_or(Errno::AFNOSUPPORT)?;
        // A driver that gets other channels in between has other counters.
        for _ in 0..3 {
            if self.interface != interface || self.names.is_empty() {
                let count = socket.count(interface)?;
                self.names = socket.names(interface, count)?;
                interface.clone_into(&mut self.interface);
            }
            match socket.values(interface, self.names.len()) {
                Ok(values) => {
                    let named = self.names.iter().cloned().zip(values);
                    return Ok(named.map(|(name, value)| NamedValue { name, value }).collect());
                }
                Err(Errno::AGAIN) => self.names.clear(),
                Err(error) => return Err(error),
            }
        }
        Err(Errno::AGAIN)
    }
}
