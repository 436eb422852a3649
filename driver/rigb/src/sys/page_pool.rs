// SPDX-License-Identifier: GPL-2.0-only
//! Receive buffers: pages of a page_pool, or pieces of them, mapped once and recycled by the stack; and the sk_buffs that are built around them.

use super::{
    binding::Binding,
    bindings,
    napi::{NapiHandle, PollContext},
    netdev::NetDev,
};
use core::ptr::NonNull;
use kernel::{prelude::*, sync::Arc};

/// How a receive buffer is divided: `headroom` bytes that the stack wants before the frame, `capacity` for the frame, and what is left for `skb_shared_info`. A
/// page holds one buffer or two.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) struct BufferLayout {
    bytes: u32,
    headroom: u32,
    capacity: u32,
    card_bytes: u32,
}

impl BufferLayout {
    /// A page a buffer: 256 bytes of headroom, as XDP programs expect, and 3 KiB for the card.
    pub(crate) const WHOLE_PAGE: Self =
        Self { bytes: bindings::RIGB_PAGE_SIZE, headroom: bindings::RIGB_XDP_HEADROOM, capacity: 3072, card_bytes: 3072 };
    /// Two buffers a page, each for a frame of the usual length. The card counts buffers in KiB and is told 2; it is the longest frame it was told (RLPML) that keeps
    /// it from writing so much, so only for longest frames within `capacity`.
    pub(crate) const HALF_PAGE: Self = Self {
        bytes: bindings::RIGB_PAGE_SIZE / 2,
        headroom: bindings::RIGB_STACK_HEADROOM,
        capacity: bindings::RIGB_PAGE_SIZE / 2 - bindings::RIGB_STACK_HEADROOM - bindings::RIGB_SHARED_INFO,
        card_bytes: 2048,
    };

    /// Bytes of all of it.
    pub(crate) const fn bytes(self) -> u32 {
        self.bytes
    }

    /// What the card is told that it may write, in whole KiB. A frame that spans buffers fills all but its last.
    pub(crate) const fn card_bytes(self) -> u32 {
        self.card_bytes
    }

    /// Bytes that a frame may have in it.
    pub(crate) const fn capacity(self) -> u32 {
        self.capacity
    }
}

const _: () = {
    let whole = BufferLayout::WHOLE_PAGE;
    assert!(whole.headroom + whole.capacity + bindings::RIGB_SHARED_INFO <= whole.bytes);
};

/// A pool of mapped pages for one receive queue.
pub(crate) struct PagePool {
    pool: NonNull<bindings::page_pool>,
    layout: BufferLayout,
    // The other half of the page that was taken last, and its bus address.
    other_half: Option<(RxBuffer, u64)>,
    _netdev: Arc<NetDev>,
}

// SAFETY: the pool is used by the poll of its queue, which is one thread at a time, and by set-up and teardown, while there is no poll that has it.
unsafe impl Send for PagePool {}

impl PagePool {
    /// A pool for `buffers` buffers of receive queue `queue`.
    pub(crate) fn new(binding: Binding, netdev: Arc<NetDev>, queue: u32, buffers: u32, layout: BufferLayout) -> Result<Self> {
        // SAFETY: netdev and device are alive, and the pool is dropped before either.
        let pool = unsafe { bindings::rigb_pool_create(netdev.as_ptr(), binding.device(), buffers, layout.bytes, queue) };
        let pool = kernel::error::from_err_ptr(pool)?;
        Ok(Self { pool: NonNull::new(pool).ok_or(ENOMEM)?, layout, other_half: None, _netdev: netdev })
    }

    /// Lets pages that the stack frees in the poll of `napi` come back without a lock. From now on the pool must be dropped while that NAPI is disabled.
    pub(crate) fn recycle_in(&self, napi: NapiHandle<'_>) {
        // SAFETY: pool and NAPI are alive; the pool is part of what the NAPI's poll owns and is dropped before it.
        unsafe { bindings::page_pool_enable_direct_recycling(self.pool.as_ptr(), napi.as_ptr()) };
    }

    pub(super) fn as_ptr(&self) -> *mut bindings::page_pool {
        self.pool.as_ptr()
    }

    /// How its buffers are divided.
    pub(crate) fn layout(&self) -> BufferLayout {
        self.layout
    }

    /// A mapped buffer and the bus address at which the card may write, or `None` when there is no memory.
    #[inline]
    pub(crate) fn allocate(&mut self) -> Option<(RxBuffer, u64)> {
        if let Some(half) = self.other_half.take() {
            return Some(half);
        }
        let half = self.layout.bytes;
        let pieces = if half < bindings::RIGB_PAGE_SIZE { 2 } else { 1 };
        let mut address = 0;
        // SAFETY: the pool is valid, the place is for the result; `&mut self`: from its poll, or while that does not have it.
        let page = NonNull::new(unsafe { bindings::rigb_pool_alloc(self.pool.as_ptr(), pieces, &mut address) })?;
        let address = address.wrapping_add(self.layout.headroom.into());
        // The page counts two references, one for each half: the pool's own fragments cost a count at each step.
        if pieces == 2 {
            self.other_half = Some((RxBuffer { page, offset: half }, address.wrapping_add(half.into())));
        }
        Some((RxBuffer { page, offset: 0 }, address))
    }
}

impl Drop for PagePool {
    fn drop(&mut self) {
        drop(self.other_half.take());
        // SAFETY: nobody uses the pool after this; buffers that are elsewhere keep it alive on the kernel's side.
        unsafe { bindings::page_pool_destroy(self.pool.as_ptr()) };
    }
}

/// One receive buffer that software owns. Dropping it returns it to its pool.
pub(crate) struct RxBuffer {
    page: NonNull<kernel::bindings::page>,
    offset: u32,
}

// SAFETY: a buffer with one owner belongs to no thread.
unsafe impl Send for RxBuffer {}

impl RxBuffer {
    /// The bus address at which the card may write, or has written.
    pub(crate) fn dma_address(&self, layout: BufferLayout) -> u64 {
        // SAFETY: the page is ours and was mapped by its pool.
        let page = unsafe { bindings::rigb_pool_address(self.page.as_ptr()) };
        page.wrapping_add(self.offset.into()).wrapping_add(layout.headroom.into())
    }

    fn raw(&self, layout: BufferLayout, length: u32) -> bindings::rigb_rx_buffer {
        bindings::rigb_rx_buffer {
            page: self.page.as_ptr(),
            offset: self.offset,
            bytes: layout.bytes,
            headroom: layout.headroom,
            length: length.min(layout.capacity),
        }
    }

    /// Gives up ownership of the buffer, of which the card wrote `length` bytes (clamped).
    pub(super) fn into_raw(self, layout: BufferLayout, length: u32) -> bindings::rigb_rx_buffer {
        let raw = self.raw(layout, length);
        core::mem::forget(self);
        raw
    }

    /// Builds an sk_buff around the first `length` bytes (clamped to the buffer) that the card wrote. `None` when there was no memory: the buffer is returned.
    #[inline]
    pub(crate) fn build(self, layout: BufferLayout, length: u32, _context: &PollContext<'_>) -> Option<RxFrame> {
        let raw = self.raw(layout, length);
        // SAFETY: the buffer is ours, laid out as its pool lays it out, and the card has written it; we are in a poll (`napi_build_skb`).
        let skb = NonNull::new(unsafe { bindings::rigb_rx_build(&raw) })?;
        // The page is the sk_buff's now.
        core::mem::forget(self);
        Some(RxFrame { skb, fragments: 0, typed: false })
    }
}

impl Drop for RxBuffer {
    fn drop(&mut self) {
        // SAFETY: the page came from a pool, which it keeps alive, and is given back once. Not "in poll": this also runs in teardown.
        unsafe { bindings::rigb_page_put(self.page.as_ptr()) };
    }
}

/// What the card found out about a frame.
#[derive(Clone, Copy, Default)]
pub(crate) struct RxFacts {
    /// The checksums were checked and are right.
    pub(crate) checksum_good: bool,
    /// The hash, and whether ports went into it.
    pub(crate) hash: Option<(u32, bool)>,
    /// The tag of the VLAN that the card stripped.
    pub(crate) vlan_tag: Option<u16>,
    /// The receive queue.
    pub(crate) queue: u16,
}

/// A received frame on its way up. Dropping it frees it.
pub(crate) struct RxFrame {
    skb: NonNull<kernel::bindings::sk_buff>,
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
    pub(super) unsafe fn from_xdp(skb: NonNull<kernel::bindings::sk_buff>) -> Self {
        Self { skb, fragments: bindings::RIGB_MAX_FRAGMENTS, typed: true }
    }

    /// Adds a further buffer of the same frame. False when it has as many as an sk_buff can hold: the buffer is returned, and the frame cannot be whole.
    pub(crate) fn add(&mut self, buffer: RxBuffer, layout: BufferLayout, length: u32) -> bool {
        if self.fragments >= bindings::RIGB_MAX_FRAGMENTS {
            return false;
        }
        let raw = buffer.raw(layout, length);
        // SAFETY: sk_buff and buffer are ours, and there is room for another fragment.
        unsafe { bindings::rigb_rx_add(self.skb.as_ptr(), &raw) };
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

    /// Hands the frame up the stack; at once and not through GRO where it is `alone`, the only one of this poll.
    #[inline]
    pub(crate) fn deliver(self, facts: RxFacts, alone: bool, netdev: &NetDev, context: &PollContext<'_>) {
        let mut raw = bindings::rigb_rx_facts { hash: 0, vlan_tag: 0, queue: facts.queue, flags: 0 };
        if facts.checksum_good {
            raw.flags |= bindings::RIGB_RX_CHECKSUM_GOOD;
        }
        if let Some((hash, with_ports)) = facts.hash {
            raw.hash = hash;
            raw.flags |= if with_ports { bindings::RIGB_RX_HASH | bindings::RIGB_RX_HASH_L4 } else { bindings::RIGB_RX_HASH };
        }
        if let Some(tag) = facts.vlan_tag {
            raw.vlan_tag = tag;
            raw.flags |= bindings::RIGB_RX_VLAN;
        }
        if self.typed {
            raw.flags |= bindings::RIGB_RX_TYPED;
        }
        if alone {
            raw.flags |= bindings::RIGB_RX_ALONE;
        }
        let frame = core::mem::ManuallyDrop::new(self);
        // SAFETY: NAPI and netdev are alive, we are in the poll of that NAPI, and the sk_buff's ownership is handed over.
        unsafe { bindings::rigb_rx_deliver(context.as_ptr(), netdev.as_ptr(), frame.skb.as_ptr(), &raw) };
    }
}

impl Drop for RxFrame {
    fn drop(&mut self) {
        // SAFETY: we own a valid sk_buff and nobody uses it after this.
        unsafe { bindings::rigb_skb_free(self.skb.as_ptr()) };
    }
}
