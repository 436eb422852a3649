// SPDX-License-Identifier: GPL-2.0-only
//! Sizes and steps of a ring. A size is a power of two, so that every step is a mask.

/// Descriptors in a ring: a power of two from 64 to 4096. (82576 datasheet 8.10.7: RDLEN is a multiple of 128 bytes, at most 64 KiB.)
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) struct RingSize {
    // One less: what every step needs.
    mask: u32,
}

impl RingSize {
    /// The fewest descriptors.
    pub(crate) const MIN: u32 = 64;
    /// The most descriptors.
    pub(crate) const MAX: u32 = 4096;
    /// What an interface starts with.
    pub(crate) const DEFAULT: Self = Self::at_least(256);

    /// The smallest size that holds `requested` descriptors, within the limits.
    pub(crate) const fn at_least(requested: u32) -> Self {
        let mut size = Self::MIN;
        while size < requested && size < Self::MAX {
            size = size.wrapping_mul(2);
        }
        Self { mask: size.wrapping_sub(1) }
    }

    /// How many descriptors.
    pub(crate) const fn count(self) -> u32 {
        self.mask.wrapping_add(1)
    }

    /// What keeps an index inside.
    pub(crate) const fn mask(self) -> u32 {
        self.mask
    }

    /// The index after `index`.
    pub(crate) const fn next(self, index: u32) -> u32 {
        index.wrapping_add(1) & self.mask()
    }

    /// The index before `index`.
    pub(crate) const fn previous(self, index: u32) -> u32 {
        index.wrapping_sub(1) & self.mask()
    }

    /// How many steps lead from `from` to `to`.
    pub(crate) const fn distance(self, from: u32, to: u32) -> u32 {
        to.wrapping_sub(from) & self.mask()
    }
}
