// SPDX-License-Identifier: GPL-2.0-only
//! A transmit queue of a net_device: its lock, its stop and wake, its byte queue limits.

use super::{binding::Binding, bindings, copy_area::CopyPlace, mapping::HeadMapping, netdev::NetDev, skb::SkBuff};
use crate::ring::tx::TxIndexes;
use core::{
    cell::UnsafeCell,
    ops::{Deref, DerefMut},
    ptr::NonNull,
};
use kernel::sync::Arc;

/// What became of a frame that was to be sent as a plain one.
pub(crate) enum Plain {
    /// It is one.
    Mapped {
        /// Its bytes.
        head: HeadMapping,
        /// The frame.
        frame: SkBuff,
        /// The card is to be told of it now: no more frames follow at once, or the queue is stopped.
        doorbell: bool,
    },
    /// It is one, and the DMA layer refuses it.
    Refused(SkBuff),
    /// It is none.
    Not(SkBuff),
}

/// A transmit queue, without the right to send.
#[derive(Clone)]
pub(crate) struct TxQueue {
    queue: NonNull<bindings::netdev_queue>,
    index: u32,
    _netdev: Arc<NetDev>,
}

// SAFETY: the functions used here may be called from any thread.
unsafe impl Send for TxQueue {}
// SAFETY: as above.
unsafe impl Sync for TxQueue {}

fn place(indexes: &TxIndexes, mask: u32) -> bindings::rigb_ring_place {
    let (next_to_use, next_to_clean) = indexes.cells();
    bindings::rigb_ring_place { next_to_use: next_to_use.as_ptr(), next_to_clean: next_to_clean.as_ptr(), mask }
}

impl TxQueue {
    /// Queue `index` of `netdev`; `None` when it has no such queue.
    pub(crate) fn new(netdev: Arc<NetDev>, index: u32) -> Option<Self> {
        if index >= netdev.queues() {
            return None;
        }
        // SAFETY: the device is alive (we own a share of it) and has that queue, for as long as it lives.
        let queue = unsafe { bindings::rigb_txq(netdev.as_ptr(), index) };
        Some(Self { queue: NonNull::new(queue)?, index, _netdev: netdev })
    }

    /// Its number in the device.
    pub(crate) fn index(&self) -> u16 {
        self.index as u16
    }

    /// Lets the stack send.
    pub(crate) fn start(&self) {
        // SAFETY: the queue is part of a live device.
        unsafe { bindings::rigb_txq_start(self.queue.as_ptr()) };
    }

    /// Lets the stack send, beginning with what waits in the queue's discipline.
    pub(crate) fn wake(&self) {
        // SAFETY: as in `start`.
        unsafe { bindings::netif_tx_wake_queue(self.queue.as_ptr()) };
    }

    /// Lets the stack send no more.
    pub(crate) fn stop(&self) {
        // SAFETY: as in `start`.
        unsafe { bindings::rigb_txq_stop(self.queue.as_ptr()) };
    }

    /// Tells the watchdog that the queue moves, though the stack does not send. By the holder of the queue's lock.
    pub(crate) fn touch(&self) {
        // SAFETY: as in `start`.
        unsafe { bindings::rigb_txq_touch(self.queue.as_ptr()) };
    }

    /// Forgets what the byte queue limits counted, while nothing is under way.
    pub(crate) fn reset(&self) {
        // SAFETY: as in `start`.
        unsafe { bindings::rigb_txq_reset(self.queue.as_ptr()) };
    }

    /// Copies or maps, stamps and counts a frame of `length` bytes, if it is a plain one: of one piece, and nothing asked of the card but to send it. It is to be
    /// posted then, with the descriptor that `copy` is the place of. By the holder of the queue's lock.
    #[inline(always)]
    pub(crate) fn map_plain(&self, binding: Binding, frame: SkBuff, length: u32, copy: CopyPlace<'_>) -> Plain {
        let (queue, skb, most) = (self.queue.as_ptr(), frame.as_ptr(), copy.most());
        // SAFETY: as in `start`; the device is bound, the sk_buff ours, and `copy` has room for so many bytes.
        let plain =
            unsafe { bindings::rigb_tx_plain(binding.device(), queue, skb, copy.as_ptr(), copy.dma_address(), most) };
        match plain.state as u32 {
            bindings::RIGB_TX_NOT_PLAIN => Plain::Not(frame),
            bindings::RIGB_TX_REFUSED => Plain::Refused(frame),
            state => {
                let mapped = if length <= most { HeadMapping::NOTHING } else { length };
                // SAFETY: `length` bytes, all of the frame, were mapped just now by `map_head` of the shim; a copied frame was not.
                let head = unsafe { HeadMapping::from_raw(binding, plain.address, mapped) };
                Plain::Mapped { head, frame, doorbell: state == bindings::RIGB_TX_MAPPED_LAST }
            }
        }
    }

    /// Takes the software's time stamp of a frame that is about to be posted, and counts its `bytes` on the wire for the byte queue limits. Whether the card is to be
    /// told now: no more frames follow at once, or the queue is stopped. By the holder of the queue's lock.
    #[inline]
    pub(crate) fn sent(&self, frame: &SkBuff, bytes: u32) -> bool {
        // SAFETY: as in `start`; the sk_buff is ours.
        unsafe { bindings::rigb_tx_sent(self.queue.as_ptr(), frame.as_ptr(), bytes) }
    }

    /// Stops the queue when fewer than `stop` descriptors are free (`netif_txq_maybe_stop`). Whether it did. By the holder of the queue's lock.
    pub(crate) fn maybe_stop(&self, indexes: &TxIndexes, mask: u32, stop: u32, start: u32) -> bool {
        let place = place(indexes, mask);
        // SAFETY: as in `start`; the indexes live for the time of the call.
        unsafe { bindings::rigb_txq_maybe_stop(self.queue.as_ptr(), &place, stop, start) }
    }

    /// Counts cleaned frames for the byte queue limits, and wakes the queue when `start` descriptors are free (`netif_txq_completed_wake`), unless `down`.
    /// From the queue's poll. Whether it was woken.
    #[inline]
    pub(crate) fn cleaned(
        &self,
        packets: u32,
        bytes: u32,
        indexes: &TxIndexes,
        mask: u32,
        start: u32,
        down: bool,
    ) -> bool {
        let place = place(indexes, mask);
        // SAFETY: as in `maybe_stop`; the caller is in the only poll of the queue.
        unsafe { bindings::rigb_txq_cleaned(self.queue.as_ptr(), packets, bytes, &place, start, down) }
    }
}

/// What belongs to whoever holds the transmit queue's lock: the stack's transmit call, or a guard.
pub(crate) struct TransmitQueue<P> {
    queue: TxQueue,
    producer: UnsafeCell<P>,
}

// SAFETY: `producer` is reached under the transmit queue's lock only.
unsafe impl<P: Send> Sync for TransmitQueue<P> {}
// SAFETY: nothing in it belongs to a thread.
unsafe impl<P: Send> Send for TransmitQueue<P> {}

impl<P> TransmitQueue<P> {
    /// `producer` under the lock of `queue`.
    pub(crate) fn new(queue: TxQueue, producer: P) -> Self {
        Self { queue, producer: UnsafeCell::new(producer) }
    }

    /// The queue.
    pub(crate) fn queue(&self) -> &TxQueue {
        &self.queue
    }

    /// Takes the queue's lock, with bottom halves off. The holder must not sleep.
    pub(crate) fn lock(&self) -> TransmitGuard<'_, P> {
        // SAFETY: the queue is part of a live device; unlocked when the guard is dropped.
        unsafe { bindings::rigb_txq_lock_bh(self.queue.queue.as_ptr()) };
        TransmitGuard(self)
    }

    /// # Safety
    ///
    /// The caller holds the lock of this queue and makes no second reference while it uses this one.
    #[expect(clippy::mut_from_ref)]
    pub(super) unsafe fn locked_by_caller(&self) -> &mut P {
        // SAFETY: the lock is held and there is no other reference (the caller says so).
        unsafe { &mut *self.producer.get() }
    }
}

/// The transmit queue's lock.
pub(crate) struct TransmitGuard<'a, P>(&'a TransmitQueue<P>);

impl<P> Deref for TransmitGuard<'_, P> {
    type Target = P;

    fn deref(&self) -> &P {
        // SAFETY: the lock is held for as long as the guard lives.
        unsafe { &*self.0.producer.get() }
    }
}

impl<P> DerefMut for TransmitGuard<'_, P> {
    fn deref_mut(&mut self) -> &mut P {
        // SAFETY: the lock is held for as long as the guard lives, and the guard is borrowed mutably.
        unsafe { &mut *self.0.producer.get() }
    }
}

impl<P> Drop for TransmitGuard<'_, P> {
    fn drop(&mut self) {
        // SAFETY: locked in `lock`, by this context.
        unsafe { bindings::rigb_txq_unlock_bh(self.0.queue.queue.as_ptr()) };
    }
}
