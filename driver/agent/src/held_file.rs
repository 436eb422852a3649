// SPDX-License-Identifier: MIT OR Apache-2.0
//! A file of procfs that stays open and is read from its begin again and again.

use rustix::io::pread;
use std::{fs::File, io, path::Path};

const FIRST_BYTES: usize = 16 * 1024;

/// The file and the buffer of its content.
pub struct HeldFile {
    file: File,
    buffer: Vec<u8>,
}

impl HeldFile {
    /// Opens the file.
    pub fn open(path: impl AsRef<Path>) -> io::Result<Self> {
        File::open(path).map(Self::of)
    }

    /// Holds a file that is open already.
    pub fn of(file: File) -> Self {
        Self { file, buffer: vec![0; FIRST_BYTES] }
    }

    /// Reads the file as it is now. procfs gives at most a page a call, so it is read until nothing more comes.
    pub fn read(&mut self) -> io::Result<&[u8]> {
        let mut length = 0;
        loop {
            if length == self.buffer.len() {
                self.buffer.resize(2 * length, 0);
            }
            let room = self.buffer.get_mut(length..).unwrap_or_default();
            match pread(&self.file, room, length as u64)? {
                0 => return Ok(self.buffer.get(..length).unwrap_or_default()),
                count => length += count,
            }
        }
    }
}
