// SPDX-License-Identifier: GPL-2.0-only
//! Receive buffers: pages of a page_pool, mapped once, recycled by the stack.

use super::{
    binding::Binding,
    bindings,
    napi::{NapiHandle, PollContext},
    netdev::NetDev,
};
use core::ptr::NonNull;
use kernel::{prelude::*, sync::Arc};

/// Bytes that a receive buffer has room for.
pub(crate) const RX_CAPACITY: u32 = bindings::RIGB_RX_CAPACITY as u32;

/// A pool of mapped pages for one receive queue.
pub(crate) struct PagePool {
    pool: NonNull<bindings::page_pool>,
    netdev: Arc<NetDev>,
}

// SAFETY: the pool is used by the poll of its queue, which is one thread at a time, and by set-up and teardown, while there is no poll.
unsafe impl Send for PagePool {}
// SAFETY: through a shared reference pages are only returned, which any thread may do.
unsafe impl Sync for PagePool {}

impl PagePool {
    /// A pool of `pages` pages whose direct recycling belongs to `napi`. Must be made and dropped while that NAPI is disabled.
    pub(crate) fn new(binding: Binding, netdev: Arc<NetDev>, napi: NapiHandle<'_>, pages: u32) -> Result<Arc<Self>> {
        // SAFETY: netdev, device and napi are alive: the pool is dropped before each of them (it is part of what the NAPI's poll owns).
        let pool = unsafe { bindings::rigb_pool_create(netdev.as_ptr(), binding.device(), napi.as_ptr(), pages) };
        let pool = kernel::error::from_err_ptr(pool)?;
        Ok(Arc::new(Self { pool: NonNull::new(pool).ok_or(ENOMEM)?, netdev }, GFP_KERNEL)?)
    }

    /// A mapped page, or `None` when there is no memory.
    pub(crate) fn allocate(self: &Arc<Self>) -> Option<RxPage> {
        let mut address = 0;
        // SAFETY: the pool is valid, `address` a place for the result. Called from its poll, or while that is disabled.
        let page = unsafe { bindings::rigb_pool_alloc(self.pool.as_ptr(), &mut address) };
        NonNull::new(page).map(|page| RxPage { pool: self.clone(), page, address })
    }
}

impl Drop for PagePool {
    fn drop(&mut self) {
        // SAFETY: nobody uses the pool after this; pages that the stack still holds keep it alive on the kernel's side.
        unsafe { bindings::page_pool_destroy(self.pool.as_ptr()) };
    }
}

/// One receive buffer that software owns. Dropping it returns it to its pool.
pub(crate) struct RxPage {
    pool: Arc<PagePool>,
    page: NonNull<kernel::bindings::page>,
    address: u64,
}

// SAFETY: a page with one owner belongs to no thread.
unsafe impl Send for RxPage {}

impl RxPage {
    /// Bus address at which the card may write a frame.
    pub(crate) fn dma_address(&self) -> u64 {
        self.address
    }

    /// Hands a received frame of `length` bytes (clamped to the page) up the stack. False when there was no memory for its sk_buff.
    pub(crate) fn deliver(self, length: u32, context: &PollContext<'_>) -> bool {
        let length = length.min(RX_CAPACITY);
        let netdev = self.pool.netdev.as_ptr();
        // SAFETY: pool, page, NAPI and netdev are alive, `length` is within the page, and we are in the poll of this NAPI.
        let taken = unsafe {
            bindings::rigb_pool_deliver(self.pool.pool.as_ptr(), self.page.as_ptr(), length, context.as_ptr(), netdev)
        };
        if taken {
            // The page is the sk_buff's now; only our count of the pool is given back.
            let page = core::mem::ManuallyDrop::new(self);
            // SAFETY: `page` is never used again, so the `Arc` is moved out once.
            drop(unsafe { core::ptr::read(&page.pool) });
        }
        taken
    }
}

impl Drop for RxPage {
    fn drop(&mut self) {
        // SAFETY: the page came from this pool and is given back once. Not "in poll": this also runs in teardown.
        unsafe { bindings::rigb_pool_put(self.pool.pool.as_ptr(), self.page.as_ptr(), false) };
    }
}
