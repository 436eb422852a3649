// SPDX-License-Identifier: GPL-2.0-only
//! Copies of short frames: a place beside each transmit descriptor that the card can read at any time, so that a short frame needs no mapping of its own.
//! (ethtool calls the longest such frame ETHTOOL_TX_COPYBREAK.)

use super::{binding::Binding, bindings};
use crate::ring::index::RingSize;
use core::{marker::PhantomData, ptr::null_mut};
use kernel::{dma::Coherent, ffi::c_void, prelude::*};

/// Bytes of a place, and so the longest frame that can be copied.
pub(crate) const MOST_COPIED: u32 = bindings::RIGB_COPY_BYTES;

/// A place for each descriptor of a ring.
pub(crate) struct CopyArea {
    memory: Coherent<[u8]>,
    size: RingSize,
}

impl CopyArea {
    /// Places for a ring of `size` descriptors, `MOST_COPIED` bytes each. `ENOMEM` when there is no such piece of coherent memory.
    pub(crate) fn new(binding: Binding, size: RingSize) -> Result<Self> {
        let bytes = (size.count() as usize).wrapping_mul(MOST_COPIED as usize);
        Ok(Self { memory: Coherent::zeroed_slice(binding.pci().as_ref(), bytes, GFP_KERNEL)?, size })
    }

    /// The place of descriptor `index`, which the card does not own, for a frame of up to `most` bytes.
    #[inline(always)]
    pub(crate) fn place(&mut self, index: u32, most: u32) -> CopyPlace<'_> {
        let offset = ((index & self.size.mask()) as usize).wrapping_mul(MOST_COPIED as usize);
        // INVARIANT: the mask keeps the place inside of the area.
        CopyPlace {
            bytes: self.memory.as_mut_ptr().cast::<u8>().wrapping_add(offset).cast::<c_void>(),
            address: self.memory.dma_address().wrapping_add(offset as u64),
            most: if most < MOST_COPIED { most } else { MOST_COPIED },
            _area: PhantomData,
        }
    }

    /// Copies what is in the place of descriptor `index` to `to`, if the card finds that place at `address`, for those who only look. False if not.
    pub(crate) fn look(&self, index: u32, address: u64, to: &mut [u8]) -> bool {
        let offset = ((index & self.size.mask()) as usize).wrapping_mul(MOST_COPIED as usize);
        if to.len() > MOST_COPIED as usize || self.memory.dma_address().wrapping_add(offset as u64) != address {
            return false;
        }
        let place = self.memory.as_ptr().cast::<u8>().wrapping_add(offset);
        // SAFETY: the mask keeps the place inside of the area, and `to` is no longer than it. Frames are copied there by `&mut self` alone; the card only reads.
        unsafe { core::ptr::copy_nonoverlapping(place, to.as_mut_ptr(), to.len()) };
        true
    }
}

/// A place for one frame's copy.
///
/// # Invariants
///
/// `bytes` are `MOST_COPIED` bytes of coherent memory, which the card finds at `address`; `most` is no more, and 0 where there is no such memory.
#[derive(Clone, Copy)]
pub(crate) struct CopyPlace<'a> {
    bytes: *mut c_void,
    address: u64,
    most: u32,
    _area: PhantomData<&'a mut CopyArea>,
}

impl CopyPlace<'_> {
    /// A place that takes no frame.
    pub(crate) const NONE: Self =
        // INVARIANT: nothing is said to be there.
        Self { bytes: null_mut(), address: 0, most: 0, _area: PhantomData };

    /// Where to copy to.
    #[inline(always)]
    pub(super) fn as_ptr(&self) -> *mut c_void {
        self.bytes
    }

    /// The bus address of the first byte.
    #[inline(always)]
    pub(super) fn dma_address(&self) -> u64 {
        self.address
    }

    /// The longest frame to be copied, in bytes.
    #[inline(always)]
    pub(crate) fn most(&self) -> u32 {
        self.most
    }
}
