// SPDX-License-Identifier: GPL-2.0-only
//! A frame to send: the sk_buff and, while the card reads it, its mapping.

use super::{binding::Binding, bindings};
use core::ptr::NonNull;

/// An sk_buff that we own. Dropping it frees it as a dropped packet.
pub(crate) struct SkBuff(NonNull<kernel::bindings::sk_buff>);

// SAFETY: an sk_buff with a single owner belongs to no thread.
unsafe impl Send for SkBuff {}

impl SkBuff {
    /// # Safety
    ///
    /// `skb` is valid and the caller hands its ownership over.
    pub(super) unsafe fn from_raw(skb: NonNull<kernel::bindings::sk_buff>) -> Self {
        Self(skb)
    }

    /// Gives up ownership, to hand it back to the stack.
    pub(super) fn into_raw(self) -> *mut kernel::bindings::sk_buff {
        core::mem::ManuallyDrop::new(self).0.as_ptr()
    }

    // TODO(data path)
    #[allow(dead_code)]
    pub(super) fn as_ptr(&self) -> NonNull<kernel::bindings::sk_buff> {
        self.0
    }

    /// Length in bytes, without FCS.
    pub(crate) fn len(&self) -> u32 {
        // SAFETY: we own a valid sk_buff.
        unsafe { bindings::rigb_skb_len(self.0.as_ptr()) }
    }

    /// Pads with zeros to `length` bytes. `None` when there is no memory for it; the frame is gone then, as `skb_put_padto` does it.
    pub(crate) fn padded_to(self, length: u32) -> Option<Self> {
        let raw = self.into_raw();
        // SAFETY: `raw` is valid and ours; on failure the function has freed it and it is not used again.
        if !unsafe { bindings::rigb_skb_pad(raw, length) } {
            return None;
        }
        NonNull::new(raw).map(Self)
    }

    fn timestamp(&self) {
        // SAFETY: we own a valid sk_buff.
        unsafe { bindings::rigb_skb_timestamp(self.0.as_ptr()) };
    }

    /// Maps the frame for the card to read. Gives the frame back when the DMA layer refuses.
    pub(crate) fn map(self, binding: Binding) -> Result<MappedFrame, Self> {
        let mut address = 0;
        // SAFETY: the device is bound, the sk_buff valid and linear (no feature allows another), `address` a place for the result.
        if !unsafe { bindings::rigb_skb_map(binding.device(), self.0.as_ptr(), &mut address) } {
            return Err(self);
        }
        let length = self.len();
        Ok(MappedFrame { mapping: Mapping { binding, address, length }, skb: self })
    }

    /// Frees the frame as one that was sent. `budget` is the poll's, 0 outside of one.
    pub(crate) fn consume(self, budget: i32) {
        // SAFETY: `into_raw` hands ownership over to the function.
        unsafe { bindings::rigb_skb_consume(self.into_raw(), budget) };
    }
}

impl Drop for SkBuff {
    fn drop(&mut self) {
        // SAFETY: we own a valid sk_buff and nobody uses it after this.
        unsafe { bindings::rigb_skb_free(self.0.as_ptr()) };
    }
}

struct Mapping {
    binding: Binding,
    address: u64,
    length: u32,
}

impl Drop for Mapping {
    fn drop(&mut self) {
        // SAFETY: made by `SkBuff::map` with the same device, address and length, and undone once.
        unsafe { bindings::rigb_skb_unmap(self.binding.device(), self.address, self.length) };
    }
}

/// A frame that the card may read. Field order: unmapped first, then freed.
pub(crate) struct MappedFrame {
    mapping: Mapping,
    skb: SkBuff,
}

impl MappedFrame {
    /// Bus address of the first byte.
    pub(crate) fn dma_address(&self) -> u64 {
        self.mapping.address
    }

    /// Length in bytes.
    pub(crate) fn len(&self) -> u32 {
        self.mapping.length
    }

    /// Software transmit timestamp, right before the frame is posted.
    pub(crate) fn timestamp(&self) {
        self.skb.timestamp();
    }

    /// Ends the mapping and gives the frame back.
    pub(crate) fn unmap(self) -> SkBuff {
        let Self { mapping, skb } = self;
        drop(mapping);
        skb
    }
}
