// SPDX-License-Identifier: GPL-2.0-only
//! Receive buffers: pages of a page_pool, or pieces of them, mapped once and recycled.

use super::{binding::Binding, bindings, napi::NapiHandle, netdev::NetDev, rx_frame::RxPath};
use core::ptr::NonNull;
use kernel::{alloc::kvec::InsertError, bindings as c, prelude::*, sync::Arc};

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
    pub(crate) const WHOLE_PAGE: Self = Self {
        bytes: bindings::RIGB_PAGE_SIZE,
        headroom: bindings::RIGB_XDP_HEADROOM,
        capacity: 3072,
        card_bytes: 3072,
    };
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

    /// How many of them a page has.
    pub(crate) const fn buffers_a_page(self) -> u32 {
        if self.bytes < bindings::RIGB_PAGE_SIZE { 2 } else { 1 }
    }

    /// Bytes before the frame.
    pub(super) const fn headroom(self) -> u32 {
        self.headroom
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

/// A share of a page that a pool gave. Dropping it gives it back.
struct Page(NonNull<c::page>);

impl Drop for Page {
    fn drop(&mut self) {
        // SAFETY: the page came from a pool, which it keeps alive, and the share is ours and given back once.
        unsafe { bindings::rigb_page_put(self.0.as_ptr()) };
    }
}

/// A pool of mapped pages for one receive queue.
///
/// Its pages go round without it: of each page that is divided into buffers it keeps a share too, in `pages`, and looks at them in turn. A page whose buffers have
/// all come home is divided again. When the one whose turn it is still has buffers out, the pool proper is asked for another, which joins the round; or takes its
/// place there, once the round is as large as it may be: a page whose share was given up returns to the pool proper by itself.
pub(crate) struct PagePool {
    // Before `pool`, which must be dropped after it. Its capacity stays what it is.
    pages: KVec<Page>,
    // Whose turn it is.
    turn: usize,
    layout: BufferLayout,
    binding: Binding,
    pool: RawPool,
    _netdev: Arc<NetDev>,
}

struct RawPool(NonNull<bindings::page_pool>);

impl Drop for RawPool {
    fn drop(&mut self) {
        // SAFETY: nobody uses the pool after this; pages that are elsewhere keep it alive on the kernel's side.
        unsafe { bindings::page_pool_destroy(self.0.as_ptr()) };
    }
}

// SAFETY: the pool is used by the poll of its queue, which is one thread at a time, and by set-up and teardown, while there is no poll that has it.
unsafe impl Send for PagePool {}

impl PagePool {
    /// A pool for `buffers` buffers (a power of two) of receive queue `queue`.
    pub(crate) fn new(
        binding: Binding,
        netdev: Arc<NetDev>,
        queue: u32,
        buffers: u32,
        layout: BufferLayout,
    ) -> Result<Self> {
        // Twice as many pages as the ring holds: as long as a ring takes to go round, frames may stay with the stack.
        let places = buffers.wrapping_mul(2) / layout.buffers_a_page();
        let pages = KVec::with_capacity(places as usize, GFP_KERNEL)?;
        // SAFETY: netdev and device are alive, and the pool is dropped before either.
        let pool =
            unsafe { bindings::rigb_pool_create(netdev.as_ptr(), binding.device(), buffers, layout.bytes, queue) };
        let pool = RawPool(NonNull::new(kernel::error::from_err_ptr(pool)?).ok_or(ENOMEM)?);
        Ok(Self { pages, turn: 0, layout, binding, pool, _netdev: netdev })
    }

    /// Lets pages that the stack frees in the poll of `napi` come back without a lock. From now on the pool must be dropped while that NAPI is disabled.
    pub(crate) fn recycle_in(&self, napi: NapiHandle<'_>) {
        // SAFETY: pool and NAPI are alive; the pool is part of what the NAPI's poll owns and is dropped before it.
        unsafe { bindings::page_pool_enable_direct_recycling(self.as_ptr(), napi.as_ptr()) };
    }

    pub(super) fn as_ptr(&self) -> *mut bindings::page_pool {
        self.pool.0.as_ptr()
    }

    /// How its buffers are divided.
    pub(crate) fn layout(&self) -> BufferLayout {
        self.layout
    }

    pub(super) fn binding(&self) -> Binding {
        self.binding
    }

    /// The buffers of a page and the bus addresses at which the card may write, or `None` when there is no memory. `N` has to be what the layout says; of more
    /// there is none.
    #[inline(always)]
    pub(crate) fn allocate<const N: usize>(&mut self) -> Option<[(RxBuffer, u64); N]> {
        if N as u32 != self.layout.buffers_a_page() {
            return None;
        }
        let (start, address) = match self.again() {
            Some(page) => page,
            None => self.fresh()?,
        };
        let address = address.wrapping_add(self.layout.headroom.into());
        let bytes = self.layout.bytes;
        Some(core::array::from_fn(|index| {
            let offset = (index as u32).wrapping_mul(bytes);
            let address = address.wrapping_add(offset.into());
            // SAFETY: the buffers of this layout are a page.
            let start = unsafe { start.add(offset as usize) };
            (RxBuffer { start, address }, address)
        }))
    }

    fn shares(&self) -> u32 {
        self.layout.buffers_a_page().wrapping_add(1)
    }

    /// The page whose turn it is, divided again, if all of it has come home.
    #[inline(always)]
    fn again(&mut self) -> Option<(NonNull<u8>, u64)> {
        let page = self.pages.get(self.turn)?;
        // SAFETY: the device is bound, and a share of the page is ours.
        let mapped = unsafe { bindings::rigb_page_again(self.binding.device(), page.0.as_ptr(), self.shares()) };
        let start = NonNull::new(mapped.start.cast())?;
        self.pass_the_turn();
        Some((start, mapped.address))
    }

    #[inline(always)]
    fn pass_the_turn(&mut self) {
        let next = self.turn.wrapping_add(1);
        self.turn = if next < self.pages.len() { next } else { 0 };
    }

    /// Lets `pages` more go round from the beginning, or as many as there is memory for, so that frames may stay with the stack for a while without the pool proper
    /// being asked.
    pub(crate) fn stock(&mut self, pages: u32) {
        for _ in 0..pages {
            // SAFETY: the pool is valid; `&mut self`: from its poll, or while that does not have it.
            let Some(page) = NonNull::new(unsafe { bindings::rigb_pool_alloc(self.as_ptr()) }) else { return };
            // Whose turn is next, as it is at home. Where there is no place it goes back.
            drop(self.pages.insert_within_capacity(self.turn, Page(page)));
        }
    }

    /// A page of the pool proper.
    #[inline(never)]
    fn fresh(&mut self) -> Option<(NonNull<u8>, u64)> {
        // SAFETY: the pool is valid; `&mut self`: from its poll, or while that does not have it.
        let page = NonNull::new(unsafe { bindings::rigb_pool_alloc(self.as_ptr()) })?;
        // SAFETY: the pool gave us the page's only share.
        let mapped = unsafe { bindings::rigb_page_divide(page.as_ptr(), self.shares()) };
        // In front of the one that is out, so that the round keeps the order in which the card gets the pages.
        if let Err(InsertError::OutOfCapacity(page)) = self.pages.insert_within_capacity(self.turn, Page(page)) {
            if let Some(place) = self.pages.get_mut(self.turn) {
                *place = page;
            }
        }
        self.pass_the_turn();
        NonNull::new(mapped.start.cast()).map(|start| (start, mapped.address))
    }
}

/// One receive buffer that software owns: a share of its page. Dropping it returns it.
pub(crate) struct RxBuffer {
    start: NonNull<u8>,
    address: u64,
}

// SAFETY: a buffer with one owner belongs to no thread.
unsafe impl Send for RxBuffer {}

impl RxBuffer {
    /// The bus address at which the card may write, or has written.
    #[inline(always)]
    pub(crate) fn dma_address(&self) -> u64 {
        self.address
    }

    /// Where it begins, its headroom that is.
    #[inline(always)]
    pub(super) fn start(&self) -> *mut u8 {
        self.start.as_ptr()
    }

    /// As C reads it, of which the card wrote `length` bytes (clamped).
    pub(super) fn raw(&self, path: &RxPath<'_>, length: u32) -> bindings::rigb_rx_buffer {
        bindings::rigb_rx_buffer { start: self.start().cast(), address: self.address, length: path.clamp(length) }
    }

    /// Gives up ownership of the buffer.
    pub(super) fn into_raw(self, path: &RxPath<'_>, length: u32) -> bindings::rigb_rx_buffer {
        core::mem::ManuallyDrop::new(self).raw(path, length)
    }
}

impl Drop for RxBuffer {
    fn drop(&mut self) {
        // SAFETY: the page came from a pool, which it keeps alive, and the share is given back once. Not "in poll": this also runs in teardown.
        unsafe { bindings::rigb_buffer_put(self.start.as_ptr().cast()) };
    }
}
