// SPDX-License-Identifier: GPL-2.0-only
//! A register that is written for every frame: its address is found once, and the write is a store in line. The kernel crate's would be a call.

use core::ptr::NonNull;
use kernel::{
    io::{Io, IoBackend, IoBase, MmioBackend},
    pci::Bar,
    sync::Arc,
};

/// A 32-bit register of the card that software only writes.
///
/// # Invariants
///
/// `place` is a register inside of a BAR that stays mapped for as long as `_mapping` lives.
pub(crate) struct Tail<R> {
    place: NonNull<u32>,
    _mapping: Arc<R>,
}

// SAFETY: any CPU may write a register; a write of 32 bits is one access.
unsafe impl<R: Send + Sync> Send for Tail<R> {}
// SAFETY: as above.
unsafe impl<R: Send + Sync> Sync for Tail<R> {}

impl<R> Tail<R> {
    /// The register `offset` bytes into the BAR of `mapping`. `None` when there is none.
    pub(crate) fn new<const SIZE: usize>(
        mapping: Arc<R>,
        bar: for<'a> fn(&'a R) -> &'a Bar<'static, SIZE>,
        offset: usize,
    ) -> Option<Self> {
        let view = bar(&mapping);
        if offset % 4 != 0 || offset.checked_add(4)? > view.size() {
            return None;
        }
        let place = MmioBackend::as_ptr(view.as_view()).cast::<u8>().wrapping_add(offset).cast::<u32>();
        // INVARIANT: inside, as was just seen. `bar` lends for as long as what it borrows from is shared, which is as long as this share is held.
        Some(Self { place: NonNull::new(place)?, _mapping: mapping })
    }

    /// Writes the register, after all that was written to memory before (`writel`).
    #[inline(always)]
    pub(crate) fn write(&self, value: u32) {
        #[cfg(target_arch = "x86_64")]
        {
            // x86 keeps the order of stores; what is left of writel is the compiler's barrier and the store (arch/x86/include/asm/io.h).
            core::sync::atomic::compiler_fence(core::sync::atomic::Ordering::SeqCst);
            // SAFETY: a register that is mapped (type invariant).
            unsafe { self.place.as_ptr().write_volatile(value) };
        }
        #[cfg(not(target_arch = "x86_64"))]
        // SAFETY: as above.
        unsafe {
            kernel::bindings::writel(value, self.place.as_ptr().cast())
        };
    }
}
