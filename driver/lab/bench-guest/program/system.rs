// SPDX-License-Identifier: MIT OR Apache-2.0
//! What the standard library does not offer of the C library: device memory, locked pages, raw and packet sockets.
use std::{
    ffi::{c_int, c_void},
    fs::File,
    io,
    os::{
        fd::{AsRawFd, FromRawFd, OwnedFd},
        unix::fs::FileExt,
    },
};

unsafe extern "C" {
    fn mmap(address: *mut c_void, length: usize, protection: c_int, flags: c_int, fd: c_int, offset: i64) -> *mut c_void;
    fn socket(domain: c_int, kind: c_int, protocol: c_int) -> c_int;
    fn setsockopt(fd: c_int, level: c_int, name: c_int, value: *const c_void, length: u32) -> c_int;
    fn connect(fd: c_int, address: *const c_void, length: u32) -> c_int;
    fn send(fd: c_int, buffer: *const c_void, length: usize, flags: c_int) -> isize;
    fn recv(fd: c_int, buffer: *mut c_void, length: usize, flags: c_int) -> isize;
    fn recvmsg(fd: c_int, message: *mut Message, flags: c_int) -> isize;
}

const READ_WRITE: c_int = 3;
const SHARED: c_int = 1;
const PRIVATE_ANONYMOUS_LOCKED_POPULATED: c_int = 0x02 | 0x20 | 0x2000 | 0x8000;
const DONT_WAIT: c_int = 0x40;
pub const PAGE: usize = 4096;

fn checked(pointer: *mut c_void) -> io::Result<*mut u8> {
    if pointer as isize == -1 { Err(io::Error::last_os_error()) } else { Ok(pointer.cast()) }
}

/// The registers of a PCI function's BAR 0.
pub struct Registers(*mut u8);

impl Registers {
    pub fn map(device: &str) -> io::Result<Self> {
        let file = File::options().read(true).write(true).open(format!("/sys/bus/pci/devices/{device}/resource0"))?;
        // SAFETY: a fresh mapping of a file.
        checked(unsafe { mmap(std::ptr::null_mut(), 0x20000, READ_WRITE, SHARED, file.as_raw_fd(), 0) }).map(Self)
    }

    pub fn read(&self, offset: usize) -> u32 {
        // SAFETY: offsets are constants below the BAR's 128 KiB.
        unsafe { self.0.add(offset).cast::<u32>().read_volatile() }
    }

    pub fn write(&self, offset: usize, value: u32) {
        // SAFETY: as above.
        unsafe { self.0.add(offset).cast::<u32>().write_volatile(value) }
    }
}

/// Pages that stay where they are, with their physical addresses.
pub struct Pages {
    start: *mut u8,
    physical: Vec<u64>,
}

impl Pages {
    pub fn new(count: usize) -> io::Result<Self> {
        // SAFETY: a fresh anonymous mapping.
        let start = checked(unsafe { mmap(std::ptr::null_mut(), count * PAGE, READ_WRITE, PRIVATE_ANONYMOUS_LOCKED_POPULATED, -1, 0) })?;
        let map = File::open("/proc/self/pagemap")?;
        let physical = (0..count)
            .map(|index| {
                let mut entry = [0u8; 8];
                map.read_exact_at(&mut entry, (start as usize / PAGE + index) as u64 * 8)?;
                // Documentation/admin-guide/mm/pagemap.rst: bits 0 to 54 are the frame's number.
                Ok((u64::from_le_bytes(entry) & ((1 << 55) - 1)) * PAGE as u64)
            })
            .collect::<io::Result<_>>()?;
        Ok(Self { start, physical })
    }

    pub fn physical(&self, page: usize) -> u64 {
        self.physical[page]
    }

    pub fn write(&self, page: usize, offset: usize, bytes: &[u8]) {
        assert!(page < self.physical.len() && offset + bytes.len() <= PAGE);
        // SAFETY: inside the mapping, by the line above.
        unsafe { std::ptr::copy_nonoverlapping(bytes.as_ptr(), self.start.add(page * PAGE + offset), bytes.len()) }
    }
}

#[repr(C)]
struct Message {
    name: *mut c_void,
    name_length: u32,
    vector: *mut [usize; 2],
    vector_length: usize,
    control: *mut u8,
    control_length: usize,
    flags: c_int,
}

/// A socket that the standard library has no type for.
pub struct RawSocket(OwnedFd);

impl RawSocket {
    pub fn new(domain: c_int, kind: c_int, protocol: c_int) -> io::Result<Self> {
        // SAFETY: no condition.
        let fd = unsafe { socket(domain, kind, protocol) };
        if fd < 0 {
            return Err(io::Error::last_os_error());
        }
        // SAFETY: the descriptor is open and nobody else's.
        Ok(Self(unsafe { OwnedFd::from_raw_fd(fd) }))
    }

    pub fn connect(&self, address: &[u8]) -> io::Result<()> {
        // SAFETY: the address is as long as said.
        zero(unsafe { connect(self.0.as_raw_fd(), address.as_ptr().cast(), address.len() as u32) })
    }

    pub fn send(&self, bytes: &[u8]) -> io::Result<()> {
        // SAFETY: the buffer is as long as said.
        if unsafe { send(self.0.as_raw_fd(), bytes.as_ptr().cast(), bytes.len(), 0) } < 0 { Err(io::Error::last_os_error()) } else { Ok(()) }
    }

    /// Waits for a message.
    pub fn receive(&self, into: &mut [u8]) -> io::Result<()> {
        // SAFETY: the buffer is as long as said.
        if unsafe { recv(self.0.as_raw_fd(), into.as_mut_ptr().cast(), into.len(), 0) } < 0 { Err(io::Error::last_os_error()) } else { Ok(()) }
    }

    /// Waits for a message and returns when the stack says it came, in nanoseconds of CLOCK_REALTIME; needs SO_TIMESTAMPNS.
    pub fn receive_stamp(&self) -> io::Result<u64> {
        let mut data = [0u8; 2048];
        let mut control = [0u64; 16];
        let mut vector = [data.as_mut_ptr() as usize, data.len()];
        let mut message = Message {
            name: std::ptr::null_mut(),
            name_length: 0,
            vector: &raw mut vector,
            vector_length: 1,
            control: control.as_mut_ptr().cast(),
            control_length: size_of_val(&control),
            flags: 0,
        };
        // SAFETY: every pointer of the message is valid for its length.
        if unsafe { recvmsg(self.0.as_raw_fd(), &raw mut message, 0) } < 0 {
            return Err(io::Error::last_os_error());
        }
        // One control message: its length, level and type in 16 bytes, then a timespec.
        if message.control_length < 32 { Err(io::Error::other("the stack gave no time stamp")) } else { Ok(control[2] * 1_000_000_000 + control[3]) }
    }
}

/// Sets an option that is a number.
pub fn set_option(socket: &impl AsRawFd, level: c_int, name: c_int, value: c_int) -> io::Result<()> {
    // SAFETY: the value is four bytes long.
    zero(unsafe { setsockopt(socket.as_raw_fd(), level, name, (&raw const value).cast(), 4) })
}

/// Takes what has arrived on a socket and returns how many messages that was.
pub fn drain(socket: &impl AsRawFd) -> usize {
    let mut data = [0u8; 2048];
    let mut messages = 0;
    // SAFETY: the buffer is as long as said.
    while unsafe { recv(socket.as_raw_fd(), data.as_mut_ptr().cast(), data.len(), DONT_WAIT) } >= 0 {
        messages += 1;
    }
    messages
}

impl AsRawFd for RawSocket {
    fn as_raw_fd(&self) -> c_int {
        self.0.as_raw_fd()
    }
}

fn zero(result: c_int) -> io::Result<()> {
    if result == 0 { Ok(()) } else { Err(io::Error::last_os_error()) }
}
