// SPDX-License-Identifier: GPL-2.0-only
//! The net_device: its memory and its registration.

use super::{
    binding::Binding,
    bindings, ethtool,
    features::Features,
    operations::{self, Operations},
    queue_statistics,
};
use core::ptr::NonNull;
use kernel::{error::to_result, prelude::*, sync::Arc};

/// An Ethernet address.
pub(crate) type MacAddress = [u8; 6];

/// The memory of a net_device. Dropping the last share frees it.
pub(crate) struct NetDev {
    netdev: NonNull<bindings::net_device>,
    queues: u32,
}

// SAFETY: the functions used here may be called from any thread.
unsafe impl Send for NetDev {}
// SAFETY: as above.
unsafe impl Sync for NetDev {}

impl NetDev {
    /// Allocates the device with `queues` queues of each direction, unregistered.
    pub(crate) fn new(queues: u32) -> Result<Arc<Self>> {
        // SAFETY: no arguments to keep alive; room for the owner's pointer.
        let netdev = unsafe { bindings::alloc_etherdev_mqs(size_of::<*const ()>() as i32, queues, queues) };
        Ok(Arc::new(Self { netdev: NonNull::new(netdev).ok_or(ENOMEM)?, queues }, GFP_KERNEL)?)
    }

    pub(super) fn as_ptr(&self) -> *mut bindings::net_device {
        self.netdev.as_ptr()
    }

    /// The interface's name now, as zero-padded bytes (`IFNAMSIZ`).
    pub(crate) fn name(&self) -> [u8; 16] {
        // SAFETY: the device is alive.
        let name = unsafe { bindings::rigb_netdev_name(self.as_ptr()) }.cast::<[u8; 16]>();
        // SAFETY: `dev->name` is an array of 16 bytes inside the device; a rename while it is read can at worst mix two names.
        unsafe { name.read_volatile() }
    }

    /// The current address.
    pub(crate) fn address(&self) -> MacAddress {
        // SAFETY: the device is alive.
        let address = unsafe { bindings::rigb_netdev_address(self.as_ptr()) }.cast::<MacAddress>();
        // SAFETY: `dev->dev_addr` points to at least six bytes.
        unsafe { address.read_volatile() }
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

    /// How many queues of each direction it was allocated with.
    pub(crate) fn queues(&self) -> u32 {
        self.queues
    }

    /// How many queues of each direction the stack uses from now on; under RTNL. `ENOMEM` leaves it as it was; fewer never fail.
    pub(crate) fn set_active_queues(&self, transmit: u32, receive: u32) -> Result {
        // SAFETY: the device is alive; RTNL is held once it is registered.
        to_result(unsafe { bindings::netif_set_real_num_queues(self.as_ptr(), transmit, receive) })
    }

    /// What is switched on now.
    pub(crate) fn features(&self) -> Features {
        // SAFETY: the device is alive.
        Features(unsafe { bindings::rigb_netdev_features(self.as_ptr()) })
    }

    /// Whether the user chose the RSS table, rather than the driver.
    pub(crate) fn rss_table_is_users(&self) -> bool {
        // SAFETY: the device is alive.
        unsafe { bindings::rigb_netdev_rss_is_users(self.as_ptr()) }
    }

    /// Stops all transmit queues and waits until no transmit call runs.
    pub(crate) fn stop_queues(&self) {
        // SAFETY: the device is alive; process context.
        unsafe { bindings::rigb_netdev_stop_queues(self.as_ptr()) };
    }
}

impl Drop for NetDev {
    fn drop(&mut self) {
        // SAFETY: nobody has a share any more; the device was never registered or is unregistered.
        unsafe { bindings::free_netdev(self.as_ptr()) };
    }
}

/// The registered interface. Dropping it unregisters, which stops it, and waits until no call is under way.
pub(crate) struct Registration<T: Operations> {
    netdev: Arc<NetDev>,
    _operations: KBox<T>,
}

/// What an interface is registered with.
pub(crate) struct Offer {
    /// Switched on at first.
    pub(crate) features: Features,
    /// That the user may switch.
    pub(crate) toggles: Features,
    /// That also hold for frames below a VLAN tag.
    pub(crate) vlan_features: Features,
    /// That also hold inside of a tunnel.
    pub(crate) encapsulated: Features,
    /// That hold for frames of tunnels whose outer headers the stack has prepared.
    pub(crate) partial: Features,
    /// The largest MTU, in bytes.
    pub(crate) max_mtu: u32,
    /// After which a frame that is not sent is the watchdog's affair.
    pub(crate) watchdog_jiffies: i32,
}

impl<T: Operations> Registration<T> {
    /// Registers `netdev` below the bound device; from now on the stack calls `operations`.
    pub(crate) fn new(binding: Binding, netdev: Arc<NetDev>, operations: T, offer: &Offer) -> Result<Self> {
        let operations = KBox::new(operations, GFP_KERNEL)?;
        let owner: *const T = &*operations;
        let setup = bindings::rigb_netdev_setup {
            parent: binding.device(),
            ops: operations::table::<T>(),
            ethtool: ethtool::table::<T>(),
            statistics: queue_statistics::table::<T>(),
            owner: owner.cast_mut().cast(),
            features: offer.features.0,
            toggles: offer.toggles.0,
            vlan_features: offer.vlan_features.0,
            encapsulated: offer.encapsulated.0,
            partial: offer.partial.0,
            xdp_features: bindings::RIGB_XDP_FEATURES,
            max_mtu: offer.max_mtu,
            watchdog_jiffies: offer.watchdog_jiffies,
        };
        // SAFETY: the tables are constants; the owner lives in a box that is dropped after `unregister_netdev`; the parent is bound.
        unsafe { bindings::rigb_netdev_setup(netdev.as_ptr(), &setup) };
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
