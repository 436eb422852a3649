// SPDX-License-Identifier: GPL-2.0-only
//! Pieces of a frame, mapped for the card to read.

use super::{binding::Binding, bindings};

/// Whether mappings have to be undone: not where the card reads memory directly and no buffer of its was ever bounced.
#[derive(Clone, Copy)]
pub(crate) struct Unmapping(bool);

impl Unmapping {
    /// For mappings that were made before.
    pub(crate) fn of_made(binding: Binding) -> Self {
        // SAFETY: the device is bound.
        Self(unsafe { kernel::bindings::dma_need_unmap(binding.device()) })
    }
}

/// The linear part of a frame where the card can read it: mapped, and dropping this unmaps it; or copied, and there is nothing to undo.
pub(crate) struct HeadMapping {
    binding: Binding,
    address: u64,
    length: u32,
}

impl HeadMapping {
    /// The length of a mapping that need not be undone.
    pub(super) const NOTHING: u32 = 0;

    /// # Safety
    ///
    /// `length` bytes, unless that is `NOTHING`, are mapped at `address` for the device of `binding`, as the type's Drop unmaps them.
    pub(super) unsafe fn from_raw(binding: Binding, address: u64, length: u32) -> Self {
        Self { binding, address, length }
    }

    /// Bus address of the first byte.
    pub(crate) fn dma_address(&self) -> u64 {
        self.address
    }

    /// Ends the mapping, as far as there is anything to do.
    #[inline(always)]
    pub(crate) fn complete(self, unmapping: Unmapping) {
        let Self { binding, address, length } = *core::mem::ManuallyDrop::new(self);
        if unmapping.0 {
            unmap(binding, address, length);
        }
    }
}

// Apart, so that a loop in which there is nothing to undo keeps what it needs in registers.
#[cold]
#[inline(never)]
fn unmap(binding: Binding, address: u64, length: u32) {
    drop(HeadMapping { binding, address, length });
}

impl Drop for HeadMapping {
    fn drop(&mut self) {
        if self.length == Self::NOTHING {
            return;
        }
        // SAFETY: made by `SkBuff::map_head` with the same device, address and length, and undone once.
        unsafe { bindings::rigb_tx_unmap_head(self.binding.device(), self.address, self.length) };
    }
}

/// A fragment of a frame, mapped. Dropping it unmaps.
pub(crate) struct FragmentMapping {
    binding: Binding,
    address: u64,
    length: u32,
}

impl FragmentMapping {
    /// # Safety
    ///
    /// `length` bytes are mapped at `address` for the device of `binding`, as the type's Drop unmaps them.
    pub(super) unsafe fn from_raw(binding: Binding, address: u64, length: u32) -> Self {
        Self { binding, address, length }
    }

    /// Bus address of the first byte.
    pub(crate) fn dma_address(&self) -> u64 {
        self.address
    }

    /// Bytes.
    pub(crate) fn length(&self) -> u32 {
        self.length
    }

    /// Ends the mapping, as far as there is anything to do.
    #[inline(always)]
    pub(crate) fn complete(self, unmapping: Unmapping) {
        let mapping = core::mem::ManuallyDrop::new(self);
        if unmapping.0 {
            drop(core::mem::ManuallyDrop::into_inner(mapping));
        }
    }
}

impl Drop for FragmentMapping {
    fn drop(&mut self) {
        // SAFETY: made by `SkBuff::map_fragment` with the same device, address and length, and undone once.
        unsafe { bindings::rigb_tx_unmap_fragment(self.binding.device(), self.address, self.length) };
    }
}
