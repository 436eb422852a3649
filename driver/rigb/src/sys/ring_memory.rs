// SPDX-License-Identifier: GPL-2.0-only
//! The memory of a descriptor ring: coherent, shared with the card, addressed by masked indexes, so that no index can leave it and no access can panic.

use super::binding::Binding;
use crate::ring::{DescriptorMemory, descriptor::Descriptor, index::RingSize};
use kernel::{dma::Coherent, prelude::*};

/// `RingSize` descriptors of two 64-bit words (82576 datasheet 7.1.5 and 7.2.2), zeroed at first.
pub(crate) struct RingMemory {
    memory: Coherent<[u64]>,
    size: RingSize,
}

impl RingMemory {
    /// Allocates the ring. `ENOMEM` when there is no such piece of coherent memory.
    pub(crate) fn new(binding: Binding, size: RingSize) -> Result<Self> {
        let words = (size.count() as usize).wrapping_mul(2);
        let memory = Coherent::zeroed_slice(binding.pci().as_ref(), words, GFP_KERNEL)?;
        Ok(Self { memory, size })
    }

    /// The bus address of descriptor 0.
    pub(crate) fn dma_address(&self) -> u64 {
        self.memory.dma_address()
    }

    #[inline(always)]
    fn word(&self, index: u32, word: usize) -> *mut u64 {
        let offset = ((index & self.size.mask()) as usize).wrapping_mul(2).wrapping_add(word & 1);
        self.memory.as_mut_ptr().cast::<u64>().wrapping_add(offset)
    }
}

impl DescriptorMemory for RingMemory {
    #[inline(always)]
    fn size(&self) -> RingSize {
        self.size
    }

    #[inline(always)]
    fn read(&self, index: u32) -> Descriptor {
        Descriptor([self.read_word(index, 0), self.read_word(index, 1)])
    }

    #[inline(always)]
    fn read_word(&self, index: u32, word: usize) -> u64 {
        // SAFETY: `word` masks its arguments into the allocation; a volatile read of memory that the card writes is what coherent memory is for.
        unsafe { self.word(index, word).read_volatile() }
    }

    #[inline(always)]
    fn read_when(&self, index: u32, done: u64) -> Option<Descriptor> {
        let first = self.word(index, 0);
        // SAFETY: as in `read_word`: the second word of the same descriptor.
        let second = unsafe { first.wrapping_add(1).read_volatile() };
        if second & done != done {
            return None;
        }
        self.observe();
        // SAFETY: as in `read_word`.
        Some(Descriptor([unsafe { first.read_volatile() }, second]))
    }

    #[inline(always)]
    fn write(&self, index: u32, descriptor: Descriptor) {
        let [low, high] = descriptor.0;
        let first = self.word(index, 0);
        // SAFETY: as in `read_word`.
        unsafe { first.write_volatile(low) };
        // SAFETY: as in `read_word`: the second word of the same descriptor.
        unsafe { first.wrapping_add(1).write_volatile(high) };
    }

    #[inline(always)]
    fn publish(&self) {
        barrier::write();
    }

    #[inline(always)]
    fn observe(&self) {
        barrier::read();
    }
}

/// `dma_wmb` and `dma_rmb`. x86 keeps the order of stores, and that of loads, also as a device sees them: there both are the compiler's alone (`barrier()`,
/// arch/x86/include/asm/barrier.h), and the kernel's own would be a call.
mod barrier {
    #[cfg(not(target_arch = "x86_64"))]
    use kernel::sync::barrier::{Read, Write, dma_mb};

    #[inline(always)]
    pub(super) fn write() {
        #[cfg(target_arch = "x86_64")]
        core::sync::atomic::compiler_fence(core::sync::atomic::Ordering::SeqCst);
        #[cfg(not(target_arch = "x86_64"))]
        dma_mb(Write);
    }

    #[inline(always)]
    pub(super) fn read() {
        #[cfg(target_arch = "x86_64")]
        core::sync::atomic::compiler_fence(core::sync::atomic::Ordering::SeqCst);
        #[cfg(not(target_arch = "x86_64"))]
        dma_mb(Read);
    }
}
