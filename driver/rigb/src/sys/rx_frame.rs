// SPDX-License-Identifier: GPL-2.0-only
//! Received frames on their way up the stack: the sk_buffs that are built around receive buffers.

use super::{
    bindings,
    napi::PollContext,
    netdev::NetDev,
    page_pool::{PagePool, RxBuffer},
};
use core::{marker::PhantomData, ptr::NonNull};
use kernel::bindings as c;

/// Bytes of an Ethernet header, without which the stack can make nothing of a frame (`eth_type_trans`).
pub(crate) const SHORTEST_FRAME: u32 = bindings::RIGB_ETHERNET_HEADER;

/// Where received frames come from and go to, for the time of a poll.
pub(crate) struct RxPath<'a>(bindings::rigb_rx_path, PhantomData<&'a ()>);

impl<'a> RxPath<'a> {
    /// From the buffers of `pool` to `netdev`, as of receive queue `queue`.
    #[inline]
    pub(crate) fn new(context: &'a PollContext<'_>, netdev: &'a NetDev, pool: &PagePool, queue: u16) -> Self {
        let layout = pool.layout();
        let path = bindings::rigb_rx_path {
            napi: context.as_ptr(),
            netdev: netdev.as_ptr(),
            dev: pool.binding().device(),
            bytes: layout.bytes(),
            headroom: layout.headroom(),
            capacity: layout.capacity(),
            queue: queue.into(),
            start: core::ptr::null_mut(),
            address: 0,
            length: 0,
            hash: 0,
            facts: 0,
        };
        Self(path, PhantomData)
    }

    /// Bytes that a frame may have in one buffer.
    #[inline(always)]
    pub(crate) fn capacity(&self) -> u32 {
        self.0.capacity
    }

    /// `length` if a frame can be so long and whole in one buffer: an Ethernet header at least.
    #[inline(always)]
    pub(crate) fn length(&self, length: u32) -> Option<FrameLength> {
        (length.wrapping_sub(SHORTEST_FRAME) <= self.0.capacity.wrapping_sub(SHORTEST_FRAME))
            .then_some(FrameLength(length))
    }

    /// Makes `buffer` the frame at hand.
    #[inline(always)]
    pub(super) fn lay_out(&mut self, buffer: &RxBuffer, length: FrameLength) {
        self.0.start = buffer.start().cast();
        self.0.address = buffer.dma_address();
        self.0.length = length.0;
    }

    #[inline(always)]
    pub(super) fn clamp(&self, length: u32) -> u32 {
        length.min(self.0.capacity)
    }

    #[inline(always)]
    pub(super) fn as_raw(&self) -> &bindings::rigb_rx_path {
        &self.0
    }
}

/// Bytes of a frame that are no more than a buffer holds.
#[derive(Clone, Copy)]
pub(crate) struct FrameLength(u32);

impl FrameLength {
    /// In bytes.
    #[inline(always)]
    pub(crate) const fn bytes(self) -> u32 {
        self.0
    }
}

/// What the card found out about a frame.
#[derive(Clone, Copy, Default)]
pub(crate) struct RxFacts {
    hash: u32,
    bits: u32,
}

impl RxFacts {
    /// Nothing follows it yet, so there is nobody to put it together with (GRO), and somebody may wait for it.
    pub(crate) const ALONE: Self = Self { hash: 0, bits: bindings::RIGB_RX_ALONE };

    /// The checksums were checked and are right.
    #[inline(always)]
    pub(crate) const fn with_good_checksum(self) -> Self {
        Self { bits: self.bits | bindings::RIGB_RX_CHECKSUM_GOOD, ..self }
    }

    /// Its hash, and whether ports went into it.
    #[inline(always)]
    pub(crate) const fn with_hash(self, hash: u32, with_ports: bool) -> Self {
        let kind = if with_ports { bindings::RIGB_RX_HASH | bindings::RIGB_RX_HASH_L4 } else { bindings::RIGB_RX_HASH };
        Self { hash, bits: self.bits | kind }
    }

    /// The tag of the VLAN that the card stripped.
    #[inline(always)]
    pub(crate) const fn with_vlan_tag(self, tag: u16) -> Self {
        Self { bits: self.bits | bindings::RIGB_RX_VLAN | (tag as u32) << bindings::RIGB_RX_VLAN_TAG_SHIFT, ..self }
    }
}

impl RxBuffer {
    /// Builds an sk_buff around the first `length` bytes, which the card wrote, and hands it up the stack. Gives the buffer back when there was no memory.
    #[inline(always)]
    pub(crate) fn deliver(self, length: FrameLength, facts: RxFacts, path: &mut RxPath<'_>) -> Result<(), Self> {
        path.lay_out(&self, length);
        path.0.hash = facts.hash;
        path.0.facts = facts.bits;
        // SAFETY: the buffer is ours, laid out as its pool lays it out, and the card has written it; NAPI and netdev are alive and we are in the poll of that NAPI.
        let delivered = unsafe { bindings::rigb_rx_frame(&path.0) };
        if !delivered {
            return Err(self);
        }
        // The page is the sk_buff's now.
        core::mem::forget(self);
        Ok(())
    }

    /// Builds an sk_buff around the first `length` bytes (clamped to the buffer) that the card wrote. `None` when there was no memory: the buffer is returned.
    pub(crate) fn build(self, length: u32, path: &RxPath<'_>) -> Option<RxFrame> {
        let raw = self.raw(path, length);
        // SAFETY: as in `deliver`.
        let skb = NonNull::new(unsafe { bindings::rigb_rx_build(path.as_raw(), &raw) })?;
        // The page is the sk_buff's now.
        core::mem::forget(self);
        Some(RxFrame { skb, fragments: 0, typed: false })
    }
}

/// A received frame on its way up. Dropping it frees it.
pub(crate) struct RxFrame {
    skb: NonNull<c::sk_buff>,
    fragments: u32,
    // Its protocol is set already.
    typed: bool,
}

// SAFETY: an sk_buff with a single owner belongs to no thread.
unsafe impl Send for RxFrame {}

impl RxFrame {
    /// # Safety
    ///
    /// `skb` is valid, made by `xdp_build_skb_from_buff`, and the caller hands its ownership over.
    pub(super) unsafe fn from_xdp(skb: NonNull<c::sk_buff>) -> Self {
        Self { skb, fragments: bindings::RIGB_MAX_FRAGMENTS, typed: true }
    }

    /// Adds a further buffer of the same frame. False when it has as many as an sk_buff can hold: the buffer is returned, and the frame cannot be whole.
    pub(crate) fn add(&mut self, buffer: RxBuffer, length: u32, path: &RxPath<'_>) -> bool {
        if self.fragments >= bindings::RIGB_MAX_FRAGMENTS {
            return false;
        }
        let raw = buffer.raw(path, length);
        // SAFETY: sk_buff and buffer are ours, and there is room for another fragment.
        unsafe { bindings::rigb_rx_add(path.as_raw(), self.skb.as_ptr(), &raw) };
        self.fragments = self.fragments.wrapping_add(1);
        // The page is the sk_buff's now.
        core::mem::forget(buffer);
        true
    }

    /// Says that the frame arrived at `nanoseconds` of the device's clock.
    pub(crate) fn stamp(&mut self, nanoseconds: i64) {
        // SAFETY: the sk_buff is ours.
        unsafe { bindings::rigb_skb_stamp_received(self.skb.as_ptr(), nanoseconds) };
    }

    /// Hands the frame up the stack.
    pub(crate) fn deliver(self, facts: RxFacts, path: &RxPath<'_>) {
        let bits = if self.typed { facts.bits | bindings::RIGB_RX_TYPED } else { facts.bits };
        let frame = core::mem::ManuallyDrop::new(self);
        // SAFETY: NAPI and netdev are alive, we are in the poll of that NAPI, and the sk_buff's ownership is handed over.
        unsafe { bindings::rigb_rx_deliver(path.as_raw(), frame.skb.as_ptr(), facts.hash, bits) };
    }
}

impl Drop for RxFrame {
    fn drop(&mut self) {
        // SAFETY: we own a valid sk_buff and nobody uses it after this.
        unsafe { bindings::rigb_skb_free(self.skb.as_ptr()) };
    }
}
