// SPDX-License-Identifier: GPL-2.0-only
//! A frame to send: the sk_buff, what its offloads ask for and, while the card reads it, its mappings.

use super::{
    binding::Binding,
    bindings,
    copy_area::CopyPlace,
    mapping::{FragmentMapping, HeadMapping, Unmapping},
};
use core::ptr::NonNull;

/// An sk_buff that we own. Dropping it frees it as a dropped packet.
pub(crate) struct SkBuff(NonNull<kernel::bindings::sk_buff>);

// SAFETY: an sk_buff with a single owner belongs to no thread.
unsafe impl Send for SkBuff {}

/// What the transmit path has to know of a frame. Lengths and offsets in bytes from the frame's first.
pub(crate) struct FrameFacts(bindings::rigb_tx_frame);

impl FrameFacts {
    /// Of no frame: a place for `SkBuff::describe`.
    #[inline(always)]
    pub(crate) const fn none() -> Self {
        // SAFETY: numbers only, for which zeros are valid.
        Self(unsafe { core::mem::zeroed() })
    }

    /// Length, without FCS.
    pub(crate) fn length(&self) -> u32 {
        self.0.length
    }

    /// Bytes of it in the linear part.
    pub(crate) fn head_length(&self) -> u32 {
        self.0.head_length
    }

    /// How many page fragments follow the linear part.
    pub(crate) fn fragments(&self) -> u32 {
        self.0.fragments.into()
    }

    fn has(&self, flag: u32) -> bool {
        u32::from(self.0.flags) & flag != 0
    }

    /// What is asked of the card, and of what headers.
    #[inline(always)]
    pub(crate) fn shape(&self) -> FrameShape {
        let bindings::rigb_tx_frame { flags, vlan_tag, network_offset, checksum_start, checksum_offset, .. } = self.0;
        FrameShape([flags, vlan_tag, network_offset, checksum_start, checksum_offset])
    }

    /// Whether the frame is to be cut into segments.
    pub(crate) fn wants_segments(&self) -> bool {
        self.has(bindings::RIGB_TX_SEGMENT)
    }

    /// Whether a hardware timestamp is wanted.
    pub(crate) fn wants_timestamp(&self) -> bool {
        self.has(bindings::RIGB_TX_TIMESTAMP)
    }

    /// The tag of the VLAN to insert.
    pub(crate) fn vlan_tag(&self) -> Option<u16> {
        self.has(bindings::RIGB_TX_VLAN).then_some(self.0.vlan_tag)
    }

    /// The checksum to fill in.
    pub(crate) fn checksum(&self) -> Option<ChecksumFacts> {
        self.has(bindings::RIGB_TX_CHECKSUM).then_some(ChecksumFacts {
            network_offset: self.0.network_offset.into(),
            start: self.0.checksum_start.into(),
            offset: self.0.checksum_offset.into(),
            is_ipv4: self.has(bindings::RIGB_TX_IPV4),
            is_sctp: self.has(bindings::RIGB_TX_SCTP),
        })
    }
}

/// All of a frame's facts but its lengths.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) struct FrameShape([u16; 5]);

/// A checksum that the stack left to us (CHECKSUM_PARTIAL).
#[derive(Clone, Copy)]
pub(crate) struct ChecksumFacts {
    /// Where the network header begins.
    pub(crate) network_offset: u32,
    /// Where the checksum's range begins: the transport header.
    pub(crate) start: u32,
    /// Where in that header it is put.
    pub(crate) offset: u32,
    /// The network header is IPv4.
    pub(crate) is_ipv4: bool,
    /// It is SCTP's CRC32c.
    pub(crate) is_sctp: bool,
}

/// How a frame is to be cut.
#[derive(Clone, Copy)]
pub(crate) struct Segments {
    /// All headers, in bytes; each segment gets them.
    pub(crate) header_length: u32,
    /// Payload bytes a segment.
    pub(crate) segment_size: u32,
    /// How many segments.
    pub(crate) count: u32,
}

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

    /// For wrappers of further sk_buff functions.
    pub(super) fn as_ptr(&self) -> *mut kernel::bindings::sk_buff {
        self.0.as_ptr()
    }

    /// Length in bytes, without FCS.
    #[inline(always)]
    pub(crate) fn len(&self) -> u32 {
        // SAFETY: we own a valid sk_buff.
        unsafe { (*self.as_ptr()).len }
    }

    /// Whether all of it lies in one piece.
    #[inline(always)]
    pub(crate) fn is_linear(&self) -> bool {
        // SAFETY: we own a valid sk_buff.
        unsafe { (*self.as_ptr()).data_len == 0 }
    }

    /// The transmit queue that the stack chose.
    #[inline(always)]
    pub(super) fn queue(&self) -> usize {
        let place = self.as_ptr().cast::<u8>().wrapping_add(bindings::RIGB_OFFSETOF_SKB_QUEUE as usize);
        // SAFETY: we own a valid sk_buff, in which `queue_mapping` lies there (`layout::check`).
        usize::from(unsafe { place.cast::<u16>().read() })
    }

    /// Looks at the frame; `facts` are none yet.
    #[inline(always)]
    pub(crate) fn describe(&self, facts: &mut FrameFacts) {
        // SAFETY: we own a valid sk_buff.
        unsafe { bindings::rigb_tx_describe(self.as_ptr(), &mut facts.0) };
    }

    /// Descriptors that the frame's data takes when each carries at most `most_bytes`.
    pub(crate) fn descriptors(&self, most_bytes: u32) -> u32 {
        // SAFETY: we own a valid sk_buff; `most_bytes` is a constant above zero of the card.
        unsafe { bindings::rigb_tx_descriptors(self.as_ptr(), most_bytes.max(1)) }
    }

    /// Makes the headers ready for being cut by the card. `ENOMEM` when they cannot be made writable.
    pub(crate) fn prepare_segments(&mut self) -> kernel::error::Result<Segments> {
        let mut segments = bindings::rigb_tx_segments { header_length: 0, segment_size: 0, segments: 0 };
        // SAFETY: we own a valid sk_buff, which is CHECKSUM_PARTIAL and GSO (the caller asked `wants_segments`).
        kernel::error::to_result(unsafe { bindings::rigb_tx_segment(self.as_ptr(), &mut segments) })?;
        Ok(Segments {
            header_length: segments.header_length.into(),
            segment_size: segments.segment_size.into(),
            count: segments.segments.into(),
        })
    }

    /// Computes the checksum here. False when there is no memory for it.
    pub(crate) fn checksum_in_software(&mut self) -> bool {
        // SAFETY: we own a valid sk_buff.
        unsafe { bindings::rigb_tx_checksum_in_software(self.as_ptr()) }
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

    /// Copies the frame of `length` bytes, which has no fragments, to where the card can read it. `None` when it is too long for that.
    pub(crate) fn copy_head(&self, binding: Binding, length: u32, copy: CopyPlace<'_>) -> Option<HeadMapping> {
        if length > copy.most() || length != self.len() {
            return None;
        }
        // SAFETY: we own a valid sk_buff, all of which fits into the place.
        unsafe { bindings::rigb_tx_copy(self.as_ptr(), copy.as_ptr()) };
        // SAFETY: nothing is mapped.
        Some(unsafe { HeadMapping::from_raw(binding, copy.dma_address(), HeadMapping::NOTHING) })
    }

    /// Maps the linear part of `length` bytes for the card to read. `None` when the DMA layer refuses.
    pub(crate) fn map_head(&self, binding: Binding, length: u32) -> Option<HeadMapping> {
        let mut address = 0;
        // SAFETY: the device is bound, the sk_buff valid with a linear part of `length` bytes, `address` a place for the result.
        if !unsafe { bindings::rigb_tx_map_head(binding.device(), self.as_ptr(), length, &mut address) } {
            return None;
        }
        // SAFETY: mapped just now, with this length.
        Some(unsafe { HeadMapping::from_raw(binding, address, length) })
    }

    /// Maps fragment `index`. `None` when the DMA layer refuses or there is no such fragment.
    pub(crate) fn map_fragment(&self, binding: Binding, index: u32) -> Option<FragmentMapping> {
        if index >= bindings::RIGB_MAX_FRAGMENTS {
            return None;
        }
        let mut address = 0;
        let mut length = 0;
        // SAFETY: the device is bound, the sk_buff valid; the caller counts through the frame's own fragments, and none beyond the array is reached.
        let mapped = unsafe {
            bindings::rigb_tx_map_fragment(binding.device(), self.as_ptr(), index, &mut address, &mut length)
        };
        // SAFETY: mapped just now, with this length.
        mapped.then(|| unsafe { FragmentMapping::from_raw(binding, address, length) })
    }
}

impl Drop for SkBuff {
    fn drop(&mut self) {
        // SAFETY: we own a valid sk_buff and nobody uses it after this.
        unsafe { bindings::rigb_skb_free(self.as_ptr()) };
    }
}

/// What a frame on its way counts for: frames on the wire and their bytes without FCS, in one word.
#[derive(Clone, Copy, Default)]
pub(crate) struct WireCount(u64);

impl WireCount {
    /// So many `frames` of so many `bytes` together.
    #[inline(always)]
    pub(crate) const fn new(frames: u32, bytes: u32) -> Self {
        Self((frames as u64) << 32 | bytes as u64)
    }

    /// Frames on the wire.
    #[inline(always)]
    pub(crate) const fn frames(self) -> u32 {
        (self.0 >> 32) as u32
    }

    /// Their bytes, without FCS.
    #[inline(always)]
    pub(crate) const fn bytes(self) -> u32 {
        self.0 as u32
    }

    /// Both together. Good for a poll, whose sums are far from 32 bits.
    #[inline(always)]
    pub(crate) const fn and(self, other: Self) -> Self {
        Self(self.0.wrapping_add(other.0))
    }
}

/// A frame that the card may read. Field order: unmapped first, then freed.
pub(crate) struct MappedFrame {
    head: HeadMapping,
    pub(super) skb: SkBuff,
    wire: WireCount,
}

impl MappedFrame {
    /// The frame with its linear part mapped.
    pub(crate) fn new(head: HeadMapping, skb: SkBuff, wire: WireCount) -> Self {
        Self { head, skb, wire }
    }

    /// What it counts for.
    pub(crate) fn wire(&self) -> WireCount {
        self.wire
    }

    /// Ends the mapping and frees the frame as one that was sent. `budget` is the poll's.
    #[inline(always)]
    pub(crate) fn complete(self, unmapping: Unmapping, budget: i32) {
        let Self { head, skb, .. } = self;
        head.complete(unmapping);
        // SAFETY: the sk_buff's ownership is handed over.
        unsafe { kernel::bindings::napi_consume_skb(skb.into_raw(), budget) };
    }
}
