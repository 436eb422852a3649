// SPDX-License-Identifier: GPL-2.0-only
//! Short texts in arrays of C, zero-padded.

use core::fmt;

/// A text of less than `N` bytes; what is longer is cut off.
pub(crate) struct FixedText<const N: usize> {
    bytes: [u8; N],
    length: usize,
}

impl<const N: usize> FixedText<N> {
    /// The formatted text.
    pub(crate) fn new(text: fmt::Arguments<'_>) -> Self {
        let mut fixed = Self { bytes: [0; N], length: 0 };
        // `write_str` below never fails.
        let _ = fmt::Write::write_fmt(&mut fixed, text);
        fixed
    }

    /// The text with zeroes behind it, at least one.
    pub(crate) fn as_array(&self) -> &[u8; N] {
        &self.bytes
    }
}

impl<const N: usize> fmt::Write for FixedText<N> {
    fn write_str(&mut self, text: &str) -> fmt::Result {
        let room = self.bytes.iter_mut().skip(self.length).take(N.saturating_sub(1).saturating_sub(self.length));
        let mut written = 0usize;
        for (place, byte) in room.zip(text.bytes()) {
            *place = byte;
            written = written.wrapping_add(1);
        }
        self.length = self.length.wrapping_add(written);
        Ok(())
    }
}
