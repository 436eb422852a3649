// SPDX-License-Identifier: MIT OR Apache-2.0
//! Listening for what changes: links (rtnetlink), and devices and modules (the kernel's uevents).

use rustix::io::Errno;
use rustix::net::netlink::{KOBJECT_UEVENT, SocketAddrNetlink};
use rustix::net::{AddressFamily, Protocol, RecvFlags, SocketFlags, SocketType, bind, recv, socket_with};
use std::os::fd::{AsFd, BorrowedFd, OwnedFd};

const LINK_GROUP: u32 = 1;
const KERNEL_GROUP: u32 = 1;

/// A socket that hears a multicast group.
pub struct Monitor {
    socket: OwnedFd,
}

impl Monitor {
    /// Hears of links that come, go or change.
    pub fn links() -> Result<Self, Errno> {
        Self::open(None, LINK_GROUP)
    }

    fn open(protocol: Option<Protocol>, group: u32) -> Result<Self, Errno> {
        let flags = SocketFlags::CLOEXEC | SocketFlags::NONBLOCK;
        let socket = socket_with(AddressFamily::NETLINK, SocketType::RAW, flags, protocol)?;
        bind(&socket, &SocketAddrNetlink::new(0, group))?;
        Ok(Self { socket })
    }

    /// For polling.
    pub fn descriptor(&self) -> BorrowedFd<'_> {
        self.socket.as_fd()
    }

    /// Takes everything that waits; whether there was anything. What changed is looked up, so that a message that was lost for lack of room costs nothing.
    pub fn drain(&self) -> bool {
        let mut buffer = [0; 8192];
        let mut heard = false;
        loop {
            match recv(&self.socket, &mut buffer[..], RecvFlags::empty()) {
                Ok(_) | Err(Errno::NOBUFS) => heard = true,
                Err(Errno::INTR) => {}
                Err(_) => return heard,
            }
        }
    }
}

/// Hears of devices, drivers and modules.
pub fn uevents() -> Result<Monitor, Errno> {
    Monitor::open(Some(KOBJECT_UEVENT), KERNEL_GROUP)
}
