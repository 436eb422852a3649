// SPDX-License-Identifier: GPL-2.0-only
//! XDP's frames to send, which are no sk_buffs: those that a program sends back, and those that others redirect here.

use super::{
    binding::Binding,
    bindings,
    mapping::{FragmentMapping, HeadMapping},
};
use core::ptr::NonNull;

/// A frame to send that is no sk_buff. Dropping it returns its buffers.
pub(crate) struct XdpFrame(NonNull<bindings::xdp_frame>);

// SAFETY: a frame with a single owner belongs to no thread.
unsafe impl Send for XdpFrame {}

impl XdpFrame {
    /// # Safety
    ///
    /// `frame` is valid and the caller hands its ownership over.
    pub(super) unsafe fn from_raw(frame: NonNull<bindings::xdp_frame>) -> Self {
        Self(frame)
    }

    pub(super) fn as_ptr(&self) -> *const bindings::xdp_frame {
        self.0.as_ptr()
    }

    /// Gives up ownership.
    pub(super) fn into_raw(self) -> *mut bindings::xdp_frame {
        core::mem::ManuallyDrop::new(self).0.as_ptr()
    }

    /// Length in bytes.
    pub(crate) fn len(&self) -> u32 {
        // SAFETY: we own a valid frame.
        unsafe { bindings::rigb_xdp_frame_length(self.0.as_ptr()) }
    }

    /// Bytes of it in the first buffer.
    pub(crate) fn head_length(&self) -> u32 {
        // SAFETY: we own a valid frame.
        unsafe { bindings::rigb_xdp_frame_head_length(self.0.as_ptr()) }
    }

    /// How many buffers follow the first.
    pub(crate) fn fragments(&self) -> u32 {
        // SAFETY: we own a valid frame.
        unsafe { bindings::rigb_xdp_frame_fragments(self.0.as_ptr()) }
    }

    /// Maps the first buffer for the card to read. `None` when the DMA layer refuses.
    pub(crate) fn map_head(&self, binding: Binding) -> Option<HeadMapping> {
        let mut address = 0;
        // SAFETY: the device is bound, the frame valid, `address` a place for the result.
        let mapped = unsafe { bindings::rigb_xdp_frame_map_head(binding.device(), self.0.as_ptr(), &mut address) };
        // SAFETY: mapped just now, with this length, by `dma_map_single`.
        mapped.then(|| unsafe { HeadMapping::from_raw(binding, address, self.head_length()) })
    }

    /// Maps further buffer `index`. `None` when the DMA layer refuses or there is no such buffer.
    pub(crate) fn map_fragment(&self, binding: Binding, index: u32) -> Option<FragmentMapping> {
        if index >= self.fragments() {
            return None;
        }
        let (mut address, mut length) = (0, 0);
        // SAFETY: the device is bound, the frame valid and has such a fragment.
        let mapped = unsafe {
            bindings::rigb_xdp_frame_map_fragment(binding.device(), self.0.as_ptr(), index, &mut address, &mut length)
        };
        // SAFETY: mapped just now, with this length, by `skb_frag_dma_map`.
        mapped.then(|| unsafe { FragmentMapping::from_raw(binding, address, length) })
    }
}

impl Drop for XdpFrame {
    fn drop(&mut self) {
        // SAFETY: we own a valid frame and nobody uses it after this.
        unsafe { bindings::xdp_return_frame(self.0.as_ptr()) };
    }
}

/// Frames that others redirected here. They stay the caller's until they are sent.
pub(crate) struct Redirected<'a>(&'a [*mut bindings::xdp_frame]);

impl<'a> Redirected<'a> {
    /// # Safety
    ///
    /// The frames are valid, and those become ours that `send_each` counts.
    pub(super) unsafe fn new(frames: &'a [*mut bindings::xdp_frame]) -> Self {
        Self(frames)
    }

    /// Hands each to `send`, until one is given back. How many were not.
    pub(crate) fn send_each(self, mut send: impl FnMut(XdpFrame) -> core::result::Result<(), XdpFrame>) -> u32 {
        let mut sent = 0u32;
        for frame in self.0.iter().filter_map(|frame| NonNull::new(*frame)) {
            // SAFETY: the caller's promise of `new`.
            if let Err(frame) = send(unsafe { XdpFrame::from_raw(frame) }) {
                let _still_the_callers = frame.into_raw();
                break;
            }
            sent = sent.wrapping_add(1);
        }
        sent
    }
}
