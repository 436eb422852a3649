// SPDX-License-Identifier: MIT OR Apache-2.0
//! A socket that sends whole frames through one interface, whatever is in them. See packet(7).

use rustix::io::Errno;
use rustix::net::{AddressFamily, SocketFlags, SocketType, socket_with};
use std::os::fd::{AsRawFd, OwnedFd};

/// Opens one in the calling thread's network namespace. It receives nothing. Needs CAP_NET_RAW; ENODEV if no interface has this number.
pub fn packet_socket(interface: u32) -> Result<OwnedFd, Errno> {
    // Without a protocol no frame is handed to it.
    let socket = socket_with(AddressFamily::PACKET, SocketType::RAW, SocketFlags::CLOEXEC, None)?;
    let address = libc::sockaddr_ll {
        sll_family: libc::AF_PACKET as u16,
        sll_protocol: 0,
        sll_ifindex: i32::try_from(interface).map_err(|_| Errno::NODEV)?,
        sll_hatype: 0,
        sll_pkttype: 0,
        sll_halen: 0,
        sll_addr: [0; 8],
    };
    let size = size_of_val(&address) as libc::socklen_t;
    // SAFETY: the descriptor is owned for as long as the call lasts, and the kernel reads `size` bytes of `address`, which lives as long and is a
    // `struct sockaddr_ll` of its full size.
    let outcome = unsafe { libc::bind(socket.as_raw_fd(), (&raw const address).cast(), size) };
    if outcome == 0 {
        return Ok(socket);
    }
    Err(Errno::from_io_error(&std::io::Error::last_os_error()).unwrap_or(Errno::INVAL))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_interface_that_is_not_there_has_no_socket() {
        // Without CAP_NET_RAW there is none at all.
        assert!(matches!(packet_socket(0x7fff_fff0), Err(Errno::NODEV | Errno::PERM)));
        assert!(matches!(packet_socket(u32::MAX), Err(Errno::NODEV | Errno::PERM)));
    }
}
