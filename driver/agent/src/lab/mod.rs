// SPDX-License-Identifier: MIT OR Apache-2.0
//! What an agent does that was told that it runs in a lab guest: it gives ports to drivers, resets and crashes, and tells where the link partner stands.

mod driver;
mod verbs;

use crate::module;
use crate::netlink::{Link, Monitor, RequestSocket};
use crate::partner;
use crate::start_check::is_root;
use ringscope_wire::control::Partner;

/// The argument that says so.
pub const LAB: &str = "--lab";

/// Why nothing of this is done.
pub fn hindrance(is_lab: bool) -> Result<(), String> {
    if !is_lab {
        return Err(format!("the agent was started without {LAB}, so this is no lab guest"));
    }
    if is_root() { Ok(()) } else { Err("the agent does not run as root".to_owned()) }
}

/// The link partner's namespace, as seen through sockets in it.
pub struct Lab {
    socket: RequestSocket,
    /// Hears of its links.
    pub monitor: Option<Monitor>,
    told: Partner,
}

impl Lab {
    /// Opens what there is; nothing without the namespace.
    pub fn open() -> Option<Self> {
        let opened = partner::within(|| Ok((RequestSocket::route().map_err(module::words)?, Monitor::links().ok())));
        let (socket, monitor) = opened.ok()?;
        Some(Self { socket, monitor, told: Partner::default() })
    }

    /// Another socket of the namespace, for counters.
    pub fn counter_socket() -> Option<RequestSocket> {
        partner::within(|| RequestSocket::route().map_err(module::words)).ok()
    }

    /// Where the partner stood when it was last looked at.
    pub fn told(&self) -> &Partner {
        &self.told
    }

    /// Looks; whether it stands elsewhere than before.
    pub fn look(&mut self) -> bool {
        let seen = partner::port(&mut self.socket).map(told).unwrap_or_default();
        let is_new = seen != self.told;
        self.told = seen;
        is_new
    }
}

fn told(link: Link) -> Partner {
    Partner {
        device: link.parent,
        interface: Some(link.name),
        mac: Some(link.mac),
        mtu: Some(link.mtu),
        carrier: link.carrier,
        administrative_up: Some(link.is_up),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_agent_that_was_not_told_so_is_in_no_lab() {
        assert!(hindrance(false).is_err_and(|reason| reason.contains(LAB)));
    }
}
