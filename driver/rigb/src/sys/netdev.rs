// SPDX-License-Identifier: GPL-2.0-only
//! The net_device: its memory, its transmit queue and its registration.

use super::{
    binding::Binding,
    bindings, ethtool,
    operations::{self, Operations},
};
use core::{
    cell::UnsafeCell,
    ops::{Deref, DerefMut},
    ptr::NonNull,
};
use kernel::{error::to_result, prelude::*, sync::Arc};

/// An Ethernet address.
pub(crate) type MacAddress = [u8; 6];

/// The memory of a net_device with one queue pair. Dropping the last share frees it.
pub(crate) struct NetDev(NonNull<bindings::net_device>);

// SAFETY: the functions used here may be called from any thread.
unsafe impl Send for NetDev {}
// SAFETY: as above.
unsafe impl Sync for NetDev {}

impl NetDev {
    /// Allocates the device, unregistered.
    pub(crate) fn new() -> Result<Arc<Self>> {
        // SAFETY: no arguments to keep alive; room for the owner's pointer, one queue each way.
        let netdev = unsafe { bindings::alloc_etherdev_mqs(size_of::<*const ()>() as i32, 1, 1) };
        Ok(Arc::new(Self(NonNull::new(netdev).ok_or(ENOMEM)?), GFP_KERNEL)?)
    }

    pub(super) fn as_ptr(&self) -> *mut bindings::net_device {
        self.0.as_ptr()
    }

    /// The interface's name now, as zero-padded bytes (`IFNAMSIZ`).
    pub(crate) fn name(&self) -> [u8; 16] {
        // SAFETY: `dev->name` is an array of 16 bytes inside the device; a rename while it is read can at worst mix two names.
        unsafe { bindings::rigb_netdev_name(self.as_ptr()).cast::<[u8; 16]>().read_volatile() }
    }

    /// The current address.
    pub(crate) fn address(&self) -> MacAddress {
        // SAFETY: `dev->dev_addr` points to at least six bytes.
        unsafe { bindings::rigb_netdev_address(self.as_ptr()).cast::<MacAddress>().read_volatile() }
    }

    /// Sets the address before registration. `EADDRNOTAVAIL` for one that no station may have.
    pub(crate) fn set_address(&self, address: &MacAddress) -> Result {
        // SAFETY: six readable bytes.
        to_result(unsafe { bindings::rigb_netdev_set_address(self.as_ptr(), address.as_ptr()) })
    }

    /// Whether the interface is administratively up.
    pub(crate) fn is_running(&self) -> bool {
        // SAFETY: the device is alive.
        unsafe { bindings::rigb_netdev_running(self.as_ptr()) }
    }

    /// Takes the device out of the stack's use: it is refused everything but to be taken down. Under RTNL.
    pub(crate) fn detach(&self) {
        // SAFETY: the device is alive.
        unsafe { bindings::netif_device_detach(self.as_ptr()) };
    }

    /// Gives it back to the stack; its queues are woken if it is up. Under RTNL.
    pub(crate) fn attach(&self) {
        // SAFETY: the device is alive.
        unsafe { bindings::netif_device_attach(self.as_ptr()) };
    }

    /// Whether it is attached.
    pub(crate) fn is_present(&self) -> bool {
        // SAFETY: the device is alive.
        unsafe { bindings::rigb_netdev_present(self.as_ptr()) }
    }

    /// The MTU in bytes.
    pub(crate) fn mtu(&self) -> u32 {
        // SAFETY: the device is alive.
        unsafe { bindings::rigb_netdev_mtu(self.as_ptr()) }
    }

    /// Sets the MTU; under RTNL.
    pub(crate) fn set_mtu(&self, mtu: u32) {
        // SAFETY: the device is alive.
        unsafe { bindings::rigb_netdev_set_mtu(self.as_ptr(), mtu) };
    }

    /// Tells the stack about the carrier.
    pub(crate) fn set_carrier(&self, on: bool) {
        if on {
            // SAFETY: the device is alive.
            unsafe { bindings::netif_carrier_on(self.as_ptr()) };
        } else {
            // SAFETY: the device is alive.
            unsafe { bindings::netif_carrier_off(self.as_ptr()) };
        }
    }

    /// Starts the transmit queue.
    pub(crate) fn start_queue(&self) {
        // SAFETY: the device is alive and has queue 0.
        unsafe { bindings::rigb_txq_start(self.as_ptr()) };
    }

    /// Stops the transmit queue.
    pub(crate) fn stop_queue(&self) {
        // SAFETY: as in `start_queue`.
        unsafe { bindings::rigb_txq_stop(self.as_ptr()) };
    }

    /// Wakes the transmit queue.
    pub(crate) fn wake_queue(&self) {
        // SAFETY: as in `start_queue`.
        unsafe { bindings::rigb_txq_wake(self.as_ptr()) };
    }

    /// Whether the driver stopped the queue.
    pub(crate) fn is_queue_stopped(&self) -> bool {
        // SAFETY: as in `start_queue`.
        unsafe { bindings::rigb_txq_stopped(self.as_ptr()) }
    }

    /// Counts a posted frame for the byte queue limits; true when the card must be told now.
    pub(crate) fn sent(&self, bytes: u32) -> bool {
        // SAFETY: as in `start_queue`; called with the queue's lock held, from the transmit path.
        unsafe { bindings::rigb_txq_sent(self.as_ptr(), bytes) }
    }

    /// Counts completed frames for the byte queue limits.
    pub(crate) fn completed(&self, packets: u32, bytes: u32) {
        // SAFETY: as in `start_queue`; called from the poll, of which there is one.
        unsafe { bindings::rigb_txq_completed(self.as_ptr(), packets, bytes) };
    }

    /// Forgets what the byte queue limits counted, while nothing is under way.
    pub(crate) fn reset_queue(&self) {
        // SAFETY: as in `start_queue`.
        unsafe { bindings::rigb_txq_reset(self.as_ptr()) };
    }

    /// Stops the queue and waits until no transmit call runs.
    pub(crate) fn flush_queue(&self) {
        // SAFETY: the device is alive; process context.
        unsafe { bindings::rigb_txq_flush(self.as_ptr()) };
    }
}

impl Drop for NetDev {
    fn drop(&mut self) {
        // SAFETY: nobody has a share any more; the device was never registered or is unregistered.
        unsafe { bindings::free_netdev(self.as_ptr()) };
    }
}

/// What belongs to whoever holds the transmit queue's lock: the stack's transmit call, or a guard.
pub(crate) struct TransmitQueue<P> {
    netdev: Arc<NetDev>,
    producer: UnsafeCell<P>,
}

// SAFETY: `producer` is reached under the transmit queue's lock only.
unsafe impl<P: Send> Sync for TransmitQueue<P> {}
// SAFETY: nothing in it belongs to a thread.
unsafe impl<P: Send> Send for TransmitQueue<P> {}

impl<P> TransmitQueue<P> {
    /// Queue 0 of `netdev`.
    pub(crate) fn new(netdev: Arc<NetDev>, producer: P) -> Self {
        Self { netdev, producer: UnsafeCell::new(producer) }
    }

    /// Takes the queue's lock, with bottom halves off. The holder must not sleep.
    pub(crate) fn lock(&self) -> TransmitGuard<'_, P> {
        // SAFETY: the device is alive; unlocked when the guard is dropped.
        unsafe { bindings::rigb_txq_lock_bh(self.netdev.as_ptr()) };
        TransmitGuard(self)
    }

    /// # Safety
    ///
    /// The caller holds the lock of queue 0 of `netdev` and makes no second reference while it uses this one.
    pub(super) unsafe fn locked_by_caller(&self, netdev: *const bindings::net_device) -> Option<&mut P> {
        if !core::ptr::eq(self.netdev.as_ptr(), netdev) {
            return None;
        }
        // SAFETY: the lock is held (the caller says so), and it is this queue's lock.
        Some(unsafe { &mut *self.producer.get() })
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
        unsafe { bindings::rigb_txq_unlock_bh(self.0.netdev.as_ptr()) };
    }
}

/// The registered interface. Dropping it unregisters, which stops it, and waits until no call is under way.
pub(crate) struct Registration<T: Operations> {
    netdev: Arc<NetDev>,
    _operations: KBox<T>,
}

impl<T: Operations> Registration<T> {
    /// Registers `netdev` below the bound device; from now on the stack calls `operations`.
    pub(crate) fn new(
        binding: Binding,
        netdev: Arc<NetDev>,
        operations: T,
        max_mtu: u32,
        watchdog_jiffies: i32,
    ) -> Result<Self> {
        let operations = KBox::new(operations, GFP_KERNEL)?;
        let owner: *const T = &*operations;
        // SAFETY: both tables are constants; the owner lives in a box that is dropped after `unregister_netdev`; the parent is bound.
        unsafe {
            bindings::rigb_netdev_setup(
                netdev.as_ptr(),
                binding.device(),
                operations::table::<T>(),
                ethtool::table::<T>(),
                owner.cast_mut().cast(),
                max_mtu,
                watchdog_jiffies,
            )
        };
        // SAFETY: set up, not registered yet.
        to_result(unsafe { bindings::register_netdev(netdev.as_ptr()) })?;
        Ok(Self { netdev, _operations: operations })
    }
}

impl<T: Operations> Drop for Registration<T> {
    fn drop(&mut self) {
        // SAFETY: registered in `new`, unregistered once; sleeps until everybody is out.
        unsafe { bindings::unregister_netdev(self.netdev.as_ptr()) };
    }
}

/// The lock that serialises configuration of interfaces.
pub(crate) struct Rtnl(());

impl Rtnl {
    /// Takes RTNL; from process context that does not hold it.
    pub(crate) fn lock() -> Self {
        // SAFETY: process context; released by the guard.
        unsafe { bindings::rtnl_lock() };
        Self(())
    }
}

impl Drop for Rtnl {
    fn drop(&mut self) {
        // SAFETY: taken in `lock`.
        unsafe { bindings::rtnl_unlock() };
    }
}
