// SPDX-License-Identifier: MIT OR Apache-2.0
//! Netlink's extended acknowledgements: a refusal comes with the kernel's or the driver's own words. See netlink(7).

use rustix::io::Errno;
use std::ffi::c_int;
use std::os::fd::{AsFd, AsRawFd};

/// Makes the kernel say why it refuses what a netlink socket asks for. ENOTSOCK for what is no socket.
pub fn ask_for_reasons(socket: impl AsFd) -> Result<(), Errno> {
    let on: c_int = 1;
    let size = size_of_val(&on) as libc::socklen_t;
    let descriptor = socket.as_fd();
    // SAFETY: the descriptor is borrowed for as long as the call lasts, and the kernel reads `size` bytes of `on`, which lives as long.
    let outcome = unsafe {
        libc::setsockopt(descriptor.as_raw_fd(), libc::SOL_NETLINK, libc::NETLINK_EXT_ACK, (&raw const on).cast(), size)
    };
    if outcome == 0 {
        return Ok(());
    }
    Err(Errno::from_io_error(&std::io::Error::last_os_error()).unwrap_or(Errno::INVAL))
}

#[cfg(test)]
mod tests {
    use super::*;
    use rustix::net::{AddressFamily, SocketFlags, SocketType, socket_with};

    #[test]
    fn a_netlink_socket_takes_it_and_a_file_does_not() {
        let netlink = socket_with(AddressFamily::NETLINK, SocketType::RAW, SocketFlags::CLOEXEC, None);
        assert_eq!(netlink.and_then(|socket| ask_for_reasons(&socket)), Ok(()));
        let file = std::fs::File::open("/proc/self/status").expect("proc is mounted");
        assert_eq!(ask_for_reasons(&file), Err(Errno::NOTSOCK));
    }
}
