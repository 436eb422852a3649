// SPDX-License-Identifier: GPL-2.0-only
//! Bytes that the card may read and write at any time: for frames that do not come from the stack.

use super::binding::Binding;
use kernel::{dma::Coherent, prelude::*};

/// A piece of coherent memory, zeroed at first.
pub(crate) struct CoherentBytes {
    memory: Coherent<[u8]>,
    length: usize,
}

impl CoherentBytes {
    /// Allocates `length` bytes. `ENOMEM` when there is no such piece.
    pub(crate) fn new(binding: Binding, length: usize) -> Result<Self> {
        Ok(Self { memory: Coherent::zeroed_slice(binding.pci().as_ref(), length, GFP_KERNEL)?, length })
    }

    /// The bus address of the byte at `offset`.
    pub(crate) fn dma_address(&self, offset: usize) -> u64 {
        self.memory.dma_address().wrapping_add(offset as u64)
    }

    fn place(&self, offset: usize) -> Option<*mut u8> {
        (offset < self.length).then(|| self.memory.as_mut_ptr().cast::<u8>().wrapping_add(offset))
    }

    /// Writes bytes from `offset` on; those that would lie outside are left out.
    pub(crate) fn write(&self, offset: usize, bytes: impl Iterator<Item = u8>) {
        for (offset, byte) in (offset..self.length).zip(bytes) {
            if let Some(place) = self.place(offset) {
                // SAFETY: inside of the allocation; a volatile write of memory that the card reads is what coherent memory is for.
                unsafe { place.write_volatile(byte) };
            }
        }
    }

    /// The bytes from `offset` on, as they are now.
    pub(crate) fn read(&self, offset: usize) -> impl Iterator<Item = u8> + '_ {
        (offset..self.length).filter_map(|offset| {
            let place = self.place(offset)?;
            // SAFETY: inside of the allocation; a volatile read as in `write`.
            Some(unsafe { place.read_volatile() })
        })
    }
}
