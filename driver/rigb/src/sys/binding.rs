// SPDX-License-Identifier: GPL-2.0-only
//! The PCI device for as long as the driver is bound to it.

use super::bindings;
use kernel::{
    device::{Bound, Core},
    dma::{Device as _, DmaMask},
    pci,
    prelude::*,
    str::CStr,
};

/// The device while it is bound. Copies may be kept by everything that the driver's private data owns, directly or through `Arc`s that it drops.
///
/// # Invariants
///
/// The driver core drops the private data returned by `probe` before it ends the binding, and whatever holds a `Binding` is dropped with that data (or with
/// `probe`, when it fails): every registration whose callbacks share a holder is itself a field of the data and waits for its callbacks when it is dropped.
#[derive(Clone, Copy)]
pub(crate) struct Binding(&'static pci::Device<Bound>);

impl Binding {
    /// The binding that `probe` was called for.
    pub(crate) fn new(dev: &pci::Device<Core<'_>>) -> Self {
        let bound: &pci::Device<Bound> = dev;
        // SAFETY: by the type's invariant no copy outlives the binding, and a bound device is alive.
        Self(unsafe { &*core::ptr::from_ref(bound) })
    }

    /// The PCI device.
    pub(crate) fn pci(self) -> &'static pci::Device<Bound> {
        self.0
    }

    /// The C device, for the DMA and netdev functions of the shim.
    #[inline(always)]
    pub(super) fn device(self) -> *mut kernel::bindings::device {
        // SAFETY: the device is alive for as long as `self` (type invariant); only an address is computed.
        unsafe { &raw mut (*self.raw()).dev }
    }

    #[inline(always)]
    pub(super) fn raw(self) -> *mut kernel::bindings::pci_dev {
        // `pci::Device` is a transparent wrapper of `struct pci_dev`; its own `as_raw` is private.
        core::ptr::from_ref(self.0).cast_mut().cast()
    }

    /// Whether the device's configuration space answers. A slow read; process context or a handler, never the data path.
    pub(crate) fn answers(self) -> bool {
        // SAFETY: the device is alive (type invariant).
        unsafe { kernel::bindings::pci_device_is_present(self.raw()) }
    }

    /// The address, as `0000:01:00.0`.
    pub(crate) fn name(self) -> &'static CStr {
        // SAFETY: the device is alive (type invariant).
        let name = unsafe { bindings::rigb_pci_name(self.raw()) };
        // SAFETY: a device's name is set before it is bound and freed after it is unbound.
        unsafe { CStr::from_char_ptr(name.cast()) }
    }
}

/// The right of the card to read and write memory. Dropping it takes the right away (`pci_clear_master`), which the `kernel` crate does not do.
pub(crate) struct BusMaster(Binding);

impl BusMaster {
    /// Lets the card do DMA, to any address that it can form. A mask of 64 bits is never refused where a narrower one would be granted
    /// (Documentation/core-api/dma-api-howto.rst), so there is nothing to fall back to.
    pub(crate) fn enable(dev: &pci::Device<Core<'_>>) -> Result<Self> {
        // SAFETY: called by `probe` before anything is allocated or mapped for the device.
        unsafe { dev.dma_set_mask_and_coherent(DmaMask::new::<64>()) }?;
        dev.set_master();
        Ok(Self(Binding::new(dev)))
    }

    /// Takes the right away for a while and waits until no read of the card is under way (at most about a second). Works without the card's registers.
    pub(crate) fn withdraw(&self) {
        // SAFETY: the device is alive and bound (invariant of `Binding`).
        unsafe { kernel::bindings::pci_clear_master(self.0.raw()) };
        if !self.0.answers() {
            return;
        }
        // SAFETY: as above; process context.
        if unsafe { kernel::bindings::pci_wait_for_pending_transaction(self.0.raw()) } == 0 {
            dev_warn!(self.0.pci(), "transactions are still pending after bus mastering was switched off\n");
        }
    }

    /// Gives the right back.
    pub(crate) fn restore(&self) {
        // SAFETY: the device is alive and bound (invariant of `Binding`).
        unsafe { kernel::bindings::pci_set_master(self.0.raw()) };
    }
}

impl Drop for BusMaster {
    fn drop(&mut self) {
        // SAFETY: the device is alive and bound (invariant of `Binding`).
        unsafe { kernel::bindings::pci_clear_master(self.0.raw()) };
    }
}
