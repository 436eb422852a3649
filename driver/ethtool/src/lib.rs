// SPDX-License-Identifier: MIT OR Apache-2.0
//! A driver's own statistics and what it says of itself, by SIOCETHTOOL, reasons for refusals, by NETLINK_EXT_ACK, and sending whole frames, by packet
//! sockets. See the kernel's include/uapi/linux/ethtool.h.

mod extended_ack;
mod packet_socket;

pub use extended_ack::ask_for_reasons;
pub use packet_socket::packet_socket;

use rustix::io::Errno;
use rustix::ioctl::{Ioctl, IoctlOutput, Opcode, ioctl};
use rustix::net::{AddressFamily, SocketFlags, SocketType, socket_with};
use std::ffi::c_void;
use std::marker::PhantomData;
use std::os::fd::OwnedFd;

const SIOCETHTOOL: Opcode = 0x8946;
const GDRVINFO: u32 = 0x3;
const GSTRINGS: u32 = 0x1b;
const GSTATS: u32 = 0x1d;
const GSSET_INFO: u32 = 0x37;
/// `ETH_SS_STATS`.
const STATISTICS: u32 = 1;
const STRING_BYTES: usize = 32;
const NAME_BYTES: usize = 16;
/// `struct ethtool_drvinfo`.
const DRIVER_BYTES: usize = 196;
/// More than any driver has; a number beyond is taken for nonsense.
const MAXIMUM_COUNT: usize = 16_384;
/// Room behind what was asked for, for as many values as any driver has. Older kernels write what the driver has by then, whatever the caller said, and a
/// driver that gets more channels in between has more.
const SPARE_BYTES: usize = 8 * MAXIMUM_COUNT;

/// `struct ifreq`: a name, and a pointer within 24 bytes.
#[repr(C)]
struct Request {
    name: [u8; NAME_BYTES],
    data: *mut c_void,
    rest: [u8; 16],
}

/// One command on one interface, whose buffer is long enough for any answer.
struct Command<'a> {
    request: Request,
    _buffer: PhantomData<&'a mut [u64]>,
}

// SAFETY: `as_ptr` points to a `struct ifreq` of its full size within `self`, and the pointer inside it to the buffer that `_buffer` stands for, which is
// borrowed for as long as the call lasts. The kernel writes into both: the request is a copy of its own, and the buffer has room for every answer to the four commands (see `ask`).
unsafe impl Ioctl for Command<'_> {
    type Output = ();

    const IS_MUTATING: bool = true;

    fn opcode(&self) -> Opcode {
        SIOCETHTOOL
    }

    fn as_ptr(&mut self) -> *mut c_void {
        (&raw mut self.request).cast()
    }

    unsafe fn output_from_ptr(_: IoctlOutput, _: *mut c_void) -> rustix::io::Result<()> {
        Ok(())
    }
}

/// A held socket, and the buffer that every answer goes to.
pub struct EthtoolSocket {
    socket: OwnedFd,
    buffer: Vec<u64>,
}

impl EthtoolSocket {
    /// Opens one in the calling thread's network namespace.
    pub fn open() -> Result<Self, Errno> {
        let socket = socket_with(AddressFamily::INET, SocketType::DGRAM, SocketFlags::CLOEXEC, None)?;
        Ok(Self { socket, buffer: Vec::new() })
    }

    /// Runs a command whose structure begins with `words`, and whose answer is at most `answer_bytes` long by what the caller knows.
    fn ask(&mut self, interface: &str, words: [u32; 4], answer_bytes: usize) -> Result<(), Errno> {
        let mut name = [0; NAME_BYTES];
        let given = interface.as_bytes();
        // The last byte stays zero.
        name.get_mut(..given.len()).filter(|_| given.len() < NAME_BYTES).ok_or(Errno::INVAL)?.copy_from_slice(given);
        let answer_words = (16 + answer_bytes).div_ceil(8);
        // It only grows, and only what may be read afterwards is cleared.
        self.buffer.resize(self.buffer.len().max(answer_words + SPARE_BYTES / 8), 0);
        self.buffer.iter_mut().take(answer_words).for_each(|word| *word = 0);
        for (place, pair) in self.buffer.iter_mut().zip(words.chunks_exact(2)) {
            let bytes = [pair[0].to_ne_bytes(), pair[1].to_ne_bytes()].concat();
            *place = bytes.try_into().map_or(0, u64::from_ne_bytes);
        }
        let data = self.buffer.as_mut_ptr().cast();
        let command = Command { request: Request { name, data, rest: [0; 16] }, _buffer: PhantomData };
        // SAFETY: `Command` is SIOCETHTOOL with its structures whole, and the buffer is longer than any answer: 16 bytes of numbers and `answer_bytes`, which the
        // callers take from what the kernel said a moment ago or from the command's structure, and room for as many counters as any driver has on top.
        unsafe { ioctl(&self.socket, command) }
    }

    fn bytes(&self) -> impl Iterator<Item = u8> + '_ {
        self.buffer.iter().flat_map(|word| word.to_ne_bytes())
    }

    fn word(&self, place: usize) -> u32 {
        let bytes = self.bytes().skip(4 * place).take(4).collect::<Vec<_>>();
        bytes.try_into().map_or(0, u32::from_ne_bytes)
    }

    /// Name, version and firmware version as the driver tells them; what it leaves empty is `None`.
    pub fn driver(&mut self, interface: &str) -> Result<[Option<String>; 3], Errno> {
        // `struct ethtool_drvinfo`: command, then 32 bytes each for driver, version and firmware, and more.
        self.ask(interface, [GDRVINFO, 0, 0, 0], DRIVER_BYTES)?;
        let bytes: Vec<u8> = self.bytes().skip(4).take(3 * STRING_BYTES).collect();
        let text =
            |place: usize| bytes.chunks_exact(STRING_BYTES).nth(place).map(name).filter(|text| !is_nothing(text));
        Ok([text(0), text(1), text(2)])
    }

    /// How many counters the driver has; the card is not asked. EOPNOTSUPP if it has none.
    pub fn count(&mut self, interface: &str) -> Result<usize, Errno> {
        // `struct ethtool_sset_info`: command, reserved, u64 mask of the sets asked for; then a length for each that there is.
        let mask = [1_u32 << STATISTICS, 0];
        let mask = if cfg!(target_endian = "little") { mask } else { [mask[1], mask[0]] };
        self.ask(interface, [GSSET_INFO, 0, mask[0], mask[1]], 8)?;
        match (self.word(2) | self.word(3), self.word(4) as usize) {
            (0, _) | (_, 0) => Err(Errno::OPNOTSUPP),
            (_, count) if count <= MAXIMUM_COUNT => Ok(count),
            _ => Err(Errno::MSGSIZE),
        }
    }

    /// The names of `count` counters; the card is not asked.
    pub fn names(&mut self, interface: &str, count: usize) -> Result<Vec<String>, Errno> {
        // `struct ethtool_gstrings`: command, set, length, then 32 bytes each.
        let count = count.min(MAXIMUM_COUNT);
        self.ask(interface, [GSTRINGS, STATISTICS, count as u32, 0], count * STRING_BYTES)?;
        let told = (self.word(2) as usize).min(count);
        let bytes: Vec<u8> = self.bytes().skip(12).take(told * STRING_BYTES).collect();
        Ok(bytes.chunks_exact(STRING_BYTES).map(name).collect())
    }

    /// The values of `count` counters. Drivers read their hardware for these: igb 68 registers. EAGAIN if the driver has another number of them by now.
    pub fn values(&mut self, interface: &str, count: usize) -> Result<Vec<u64>, Errno> {
        // `struct ethtool_stats`: command, number, then u64 each.
        let count = count.min(MAXIMUM_COUNT);
        self.ask(interface, [GSTATS, count as u32, 0, 0], count * 8)?;
        if self.word(1) as usize != count {
            return Err(Errno::AGAIN);
        }
        Ok(self.buffer.iter().skip(1).take(count).copied().collect())
    }
}

/// What drivers write where they have nothing to say.
fn is_nothing(text: &str) -> bool {
    matches!(text, "" | "N/A" | "n/a")
}

fn name(bytes: &[u8]) -> String {
    let text = bytes.split(|&byte| byte == 0).next().unwrap_or_default();
    String::from_utf8_lossy(text).trim().to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_ends_with_its_zero_and_need_not_have_one() {
        assert_eq!(name(b"rx_packets\0left over"), "rx_packets");
        assert_eq!(name(&[b'a'; STRING_BYTES]), "a".repeat(STRING_BYTES));
        assert_eq!(name(b"\0"), "");
    }

    #[test]
    fn an_interface_that_is_not_there_or_has_no_name_is_an_error() {
        let Ok(mut socket) = EthtoolSocket::open() else { return };
        assert_eq!(socket.count("no-such-0").err(), Some(Errno::NODEV));
        assert_eq!(socket.count("a name that is too long").err(), Some(Errno::INVAL));
    }

    #[test]
    fn loopback_has_no_firmware() {
        let Ok(mut socket) = EthtoolSocket::open() else { return };
        assert!(!matches!(socket.driver("lo"), Ok([_, _, Some(_)])));
        assert_eq!(socket.driver("no-such-0").err(), Some(Errno::NODEV));
    }

    #[test]
    fn loopback_counts_nothing_of_its_own() {
        let Ok(mut socket) = EthtoolSocket::open() else { return };
        assert_eq!(socket.count("lo").err(), Some(Errno::OPNOTSUPP));
    }
}
