// SPDX-License-Identifier: GPL-2.0-only
//! Copies of what is in buffers, for those who only look. Who may look is the rings' matter: a reference says that the slot holds the buffer.

use super::{
    bindings,
    page_pool::{PagePool, RxBuffer},
    skb::MappedFrame,
    xdp_frame::XdpFrame,
};
use core::marker::PhantomData;
use kernel::bindings as c;

/// A look at a receive buffer, as a value: what is passed on of it leaves the buffer itself where it is, in registers as it may be.
///
/// # Invariants
///
/// `start` and `address` are those of a buffer that is borrowed.
#[derive(Clone, Copy)]
pub(crate) struct BufferView<'a> {
    start: *mut u8,
    address: u64,
    _buffer: PhantomData<&'a RxBuffer>,
}

impl RxBuffer {
    /// A look at it.
    #[inline(always)]
    pub(crate) fn view(&self) -> BufferView<'_> {
        // INVARIANT: they are this buffer's.
        BufferView { start: self.start(), address: self.dma_address(), _buffer: PhantomData }
    }
}

impl BufferView<'_> {
    /// Copies what the buffer, one of `pool`'s, has where the card writes: the `written` bytes of one that came back; of one that the card has still whatever is
    /// there, perhaps half written. How many bytes.
    pub(crate) fn copy_to(self, pool: &PagePool, written: Option<u32>, to: &mut [u8]) -> u32 {
        let capacity = pool.layout().capacity();
        let length = written.unwrap_or(capacity).min(capacity).min(to.len() as u32);
        let buffer = bindings::rigb_rx_buffer { start: self.start.cast(), address: self.address, length };
        let (device, headroom) = (pool.binding().device(), pool.layout().headroom());
        // SAFETY: the device is bound, the buffer is there (type invariant), laid out as its pool lays it out, so that `length` bytes follow the headroom, and `to` has room for them. They are
        // copied in C, to which memory that a device writes meanwhile is an ordinary thing.
        unsafe { bindings::rigb_look_received(device, &buffer, headroom, written.is_some(), to.as_mut_ptr().cast()) };
        length
    }
}

impl MappedFrame {
    /// Bytes of the frame.
    pub(crate) fn len(&self) -> u32 {
        self.skb.len()
    }

    /// Copies the frame's bytes, as many as there is room for. How many; none of a frame whose memory the kernel cannot read.
    pub(crate) fn copy_to(&self, to: &mut [u8]) -> u32 {
        let length = self.len().min(to.len() as u32);
        // SAFETY: we own a valid sk_buff of at least `length` bytes, and `to` has room for them. The card only reads them.
        let error = unsafe { c::skb_copy_bits(self.skb.as_ptr(), 0, to.as_mut_ptr().cast(), length as i32) };
        if error == 0 { length } else { 0 }
    }
}

impl XdpFrame {
    /// Copies the frame's bytes, as many as there is room for. How many.
    pub(crate) fn copy_to(&self, to: &mut [u8]) -> u32 {
        // SAFETY: we own a valid frame, whose buffers are in the kernel's own memory, and `to` has room for as many bytes as are said.
        unsafe { bindings::rigb_look_xdp_frame(self.as_ptr(), to.as_mut_ptr().cast(), to.len() as u32) }
    }
}
