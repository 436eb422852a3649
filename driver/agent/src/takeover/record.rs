// SPDX-License-Identifier: MIT OR Apache-2.0
//! One taken device: what it was, taking it, giving it back. All of it blocks, so it runs in a thread of its own.

use super::binding;
use super::interface::Interface;
use crate::module::words;
use crate::module_file::NAME;
use crate::netlink::{RequestSocket, links, set_link};
use ringscope_wire::control::TakenDevice;
use rustix::io::Errno;
use serde::{Deserialize, Serialize};

/// A device as it was before it was taken.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Record {
    /// Its PCI address.
    pub device: String,
    previous_driver: Option<String>,
    previous_override: Option<String>,
    interface: Option<Interface>,
}

impl Record {
    /// Looks at a device.
    pub fn remember(address: &str) -> Result<Self, String> {
        let interface = match binding::interfaces(address).first() {
            Some(name) => {
                let remembered = Interface::remember(name);
                Some(remembered.map_err(|error| format!("{name} could not be looked at: {}.", words(error)))?)
            }
            None => None,
        };
        Ok(Self {
            device: address.to_owned(),
            previous_driver: binding::driver(address),
            previous_override: binding::driver_override(address),
            interface,
        })
    }

    /// As the event has it.
    pub fn told(&self) -> TakenDevice {
        let addresses = self.interface.iter().flat_map(|interface| &interface.addresses);
        TakenDevice {
            device: self.device.clone(),
            previous_driver: self.previous_driver.clone(),
            previous_interface: self.interface.as_ref().map(|interface| interface.name.clone()),
            addresses: addresses.map(|address| address.text.clone()).collect(),
        }
    }

    /// Gives the device to rigb, and rigb's interface what the previous one had. Returns a sentence for everything of the network that did not go over.
    pub fn take(&self) -> Result<Vec<String>, String> {
        let address = &self.device;
        binding::set_override(address, Some(NAME))?;
        if let Some(driver) = &self.previous_driver {
            binding::unbind(address, driver)?;
        }
        binding::bind(address, NAME)?;
        let name = binding::wait_for_interface(address);
        let name = name.ok_or_else(|| format!("{NAME} took {address}, but made no interface for it."))?;
        Ok(match &self.interface {
            Some(interface) => interface.put_onto(&name, true),
            None => {
                let raised = raise(&name);
                raised.err().map(|error| format!("{name} was not set up: {}.", words(error))).into_iter().collect()
            }
        })
    }

    /// Gives the device back to its previous driver, and the interface what it had. Whatever is as it was already is left so. Returns a sentence for everything of
    /// the network that is not as it was; an error if another driver than the previous one has the device.
    pub fn give_back(&self) -> Result<Vec<String>, String> {
        let address = &self.device;
        if !binding::exists(address) {
            return Ok(vec![format!("{address} is no longer there, so there was nothing to give back.")]);
        }
        let is_ours = self.previous_driver.as_deref() != Some(NAME);
        if is_ours && binding::driver(address).as_deref() == Some(NAME) {
            binding::unbind(address, NAME)?;
        }
        let now_reserved = binding::driver_override(address);
        // If it is reserved for a third driver by now, someone has changed that on purpose.
        if now_reserved != self.previous_override && now_reserved.as_deref() == Some(NAME) {
            binding::set_override(address, self.previous_override.as_deref())?;
        }
        let Some(previous) = &self.previous_driver else { return Ok(Vec::new()) };
        match binding::driver(address) {
            None => binding::bind(address, previous)?,
            Some(driver) if driver != *previous => {
                return Err(format!("{driver} drives {address} by now, so it was not given back to {previous}."));
            }
            Some(_) => {}
        }
        let Some(interface) = &self.interface else { return Ok(Vec::new()) };
        Ok(match binding::wait_for_interface(address) {
            Some(name) => interface.put_onto(&name, false),
            None => vec![format!("{previous} drives {address} again, but has made no interface for it yet.")],
        })
    }

    /// That it was given back, as a sentence.
    pub fn restored(&self) -> String {
        let driver = match &self.previous_driver {
            Some(driver) => format!("{driver} drives it again"),
            None => "it has no driver, as before".to_owned(),
        };
        let interface = self.interface.as_ref().map(|interface| format!(", as {}", interface.name));
        format!("{}: {driver}{}.", self.device, interface.unwrap_or_default())
    }
}

fn raise(name: &str) -> Result<(), Errno> {
    let mut socket = RequestSocket::route()?;
    let link = links(&mut socket)?.into_iter().find(|link| link.name == name).ok_or(Errno::NODEV)?;
    set_link(&mut socket, link.index, true)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_record_is_read_as_it_was_written_and_told_by_its_names() {
        let interface = r#"{"name":"eth0","index":3,"isUp":true,"mtu":1500,"addresses":[{"text":"192.0.2.1/24","local":"192.0.2.1","message":[2,24,128,0,3,0,0,0]}],"routes":[]}"#;
        let text = format!(
            r#"{{"device":"0000:01:00.0","previousDriver":"igb","previousOverride":null,"interface":{interface}}}"#
        );
        let record: Record = serde_json::from_str(&text).expect("it is a record");
        assert_eq!(serde_json::to_string(&record).expect("it is printable"), text);
        let told = record.told();
        assert_eq!((told.previous_driver.as_deref(), told.previous_interface.as_deref()), (Some("igb"), Some("eth0")));
        assert_eq!(told.addresses, ["192.0.2.1/24"]);
        assert_eq!(record.restored(), "0000:01:00.0: igb drives it again, as eth0.");
    }

    #[test]
    fn a_device_that_is_gone_is_nothing_to_give_back() {
        let record =
            Record { device: "ffff:ff:1f.7".into(), previous_driver: None, previous_override: None, interface: None };
        assert!(record.give_back().is_ok_and(|left| left.len() == 1 && left[0].contains("no longer there")));
    }
}
