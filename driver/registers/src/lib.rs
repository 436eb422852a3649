// SPDX-License-Identifier: MIT OR Apache-2.0
//! One register of a PCI function, written through a mapping of its BAR. See the kernel's Documentation/PCI/sysfs-pci.rst.

use rustix::fs::{Mode, OFlags, fstat, open};
use rustix::io::Errno;
use rustix::mm::{MapFlags, ProtFlags, mmap, munmap};
use rustix::param::page_size;
use std::ffi::c_void;
use std::os::fd::OwnedFd;
use std::path::Path;
use std::ptr;

/// Why a register was not written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Fault {
    /// The offset is no multiple of four.
    Unaligned,
    /// The offset is not within the BAR, which has so many bytes.
    Outside(u64),
    /// The kernel refused to open or to map it.
    Kernel(Errno),
}

/// A BAR that may be written.
pub struct Bar {
    file: OwnedFd,
    bytes: u64,
}

impl Bar {
    /// Opens sysfs' `resourceN`. Nothing is mapped yet.
    pub fn open(resource: &Path) -> Result<Self, Errno> {
        let file = open(resource, OFlags::RDWR | OFlags::SYNC | OFlags::CLOEXEC, Mode::empty())?;
        let bytes = u64::try_from(fstat(&file)?.st_size).map_err(|_| Errno::INVAL)?;
        Ok(Self { file, bytes })
    }

    /// Whether there is a register of 32 bits at an offset.
    pub fn check(&self, offset: u32) -> Result<(), Fault> {
        if offset % 4 != 0 {
            return Err(Fault::Unaligned);
        }
        if u64::from(offset) + 4 > self.bytes {
            return Err(Fault::Outside(self.bytes));
        }
        Ok(())
    }

    /// Writes 32 bits, little-endian as every PCI card has them. The write is posted: it has arrived once something was read from the card.
    pub fn write(&self, offset: u32, value: u32) -> Result<(), Fault> {
        self.check(offset)?;
        let page = page_size();
        let within = offset as usize % page;
        let mapped = Page::map(&self.file, u64::from(offset) - within as u64, page).map_err(Fault::Kernel)?;
        mapped.write(within, value.to_le());
        Ok(())
    }
}

/// One mapped page. Dropping it unmaps it.
struct Page {
    start: *mut c_void,
    bytes: usize,
}

impl Page {
    fn map(file: &OwnedFd, begin: u64, bytes: usize) -> Result<Self, Errno> {
        let protection = ProtFlags::READ | ProtFlags::WRITE;
        // SAFETY: The kernel chooses the address, so no memory of this process is replaced, and nothing refers to what is mapped but `Page`.
        let start = unsafe { mmap(ptr::null_mut(), bytes, protection, MapFlags::SHARED, file, begin) }?;
        Ok(Self { start, bytes })
    }

    /// `within` is a multiple of four below the page's end: callers have it from an aligned offset.
    fn write(&self, within: usize, value: u32) {
        debug_assert!(within % 4 == 0 && within + 4 <= self.bytes);
        // SAFETY: The sum lies within the mapping, which is one page from `start`.
        let place = unsafe { self.start.cast::<u8>().add(within) };
        // SAFETY: The place is mapped for writing as long as `self` lives, and aligned: a page's start is, and `within` is a multiple of four. It is a card's
        // register or a file's bytes, to which nothing in this process has a reference; volatile, so that it is one access of four bytes.
        unsafe { place.cast::<u32>().write_volatile(value) };
    }
}

impl Drop for Page {
    fn drop(&mut self) {
        // SAFETY: Just this was mapped by `map`, and no pointer into it has left this type.
        let _ = unsafe { munmap(self.start, self.bytes) };
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::fs;
    use std::path::PathBuf;

    /// A file in a BAR's place, of two pages and a register.
    struct Stand(PathBuf);

    impl Stand {
        fn new(name: &str) -> Self {
            let path = std::env::temp_dir().join(format!("ringscope-registers-{}-{name}", std::process::id()));
            fs::write(&path, vec![0; 2 * page_size() + 4]).expect("there is room for a file");
            Self(path)
        }
    }

    impl Drop for Stand {
        fn drop(&mut self) {
            let _ = fs::remove_file(&self.0);
        }
    }

    #[test]
    fn a_register_is_four_bytes_at_its_offset_and_no_other_byte_changes() {
        let stand = Stand::new("places");
        let bar = Bar::open(&stand.0).expect("it is a file");
        let places = [0, 8, page_size() - 4, page_size(), 2 * page_size()];
        for place in places {
            bar.write(place as u32, 0x1234_5600 + place as u32 % 251).expect("it is within the file");
        }
        let mut expected = vec![0_u8; 2 * page_size() + 4];
        for place in places {
            expected[place..place + 4].copy_from_slice(&(0x1234_5600 + place as u32 % 251).to_le_bytes());
        }
        assert_eq!(fs::read(&stand.0).expect("it is a file"), expected);
    }

    #[test]
    fn what_is_not_aligned_or_not_within_the_bar_is_refused() {
        let stand = Stand::new("bounds");
        let bar = Bar::open(&stand.0).expect("it is a file");
        let bytes = 2 * page_size() as u64 + 4;
        assert_eq!(bar.write(2, 1), Err(Fault::Unaligned));
        assert_eq!(bar.write(bytes as u32, 1), Err(Fault::Outside(bytes)));
        assert_eq!(bar.check(u32::MAX - 3), Err(Fault::Outside(bytes)));
    }

    #[test]
    fn a_bar_that_is_not_there_is_an_error() {
        assert_eq!(Bar::open(Path::new("/sys/bus/pci/devices/ffff:ff:1f.7/resource0")).err(), Some(Errno::NOENT));
    }
}
