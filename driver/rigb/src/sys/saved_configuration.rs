// SPDX-License-Identifier: GPL-2.0-only
//! A copy of a device's PCI configuration, for when the PCI core's own is worthless: it keeps one a device, and whoever resets the function overwrites it, even
//! between a reset of the slot and the restoring, when there is nothing in it any more.

use super::binding::Binding;
use core::ptr::NonNull;
use kernel::{bindings, io::Io, prelude::*};

/// Offset of the address of BAR 0.
const BAR_0: usize = bindings::PCI_BASE_ADDRESS_0 as usize;
/// Offset of the command register.
const COMMAND: usize = bindings::PCI_COMMAND as usize;

/// What the device was configured with when this was made.
pub(crate) struct SavedConfiguration {
    binding: Binding,
    state: NonNull<bindings::pci_saved_state>,
    bar_0: u32,
}

// SAFETY: the copy is only read, and nothing in it belongs to a thread.
unsafe impl Send for SavedConfiguration {}
// SAFETY: as above.
unsafe impl Sync for SavedConfiguration {}

impl SavedConfiguration {
    /// Copies the configuration as it is now, for the PCI core too. By `probe`, which excludes everybody else who saves or restores.
    pub(crate) fn save(binding: Binding) -> Result<Self> {
        // SAFETY: the device is alive and bound (invariant of `Binding`).
        kernel::error::to_result(unsafe { bindings::pci_save_state(binding.raw()) })?;
        // SAFETY: as above. What it returns is ours.
        let state = NonNull::new(unsafe { bindings::pci_store_saved_state(binding.raw()) }).ok_or(ENOMEM)?;
        Ok(Self { binding, state, bar_0: binding.pci().config_space().read32(BAR_0) })
    }

    /// Configures the device as it was, unless it is: its registers are where they were, and answer. With the device's lock held.
    pub(crate) fn ensure(&self) {
        let now = self.binding.pci().config_space();
        let answers = u32::from(now.read16(COMMAND)) & bindings::PCI_COMMAND_MEMORY != 0;
        if answers && now.read32(BAR_0) == self.bar_0 {
            return;
        }
        dev_warn!(
            self.binding.pci(),
            "the configuration was lost in a reset; it is restored from the driver's own copy\n"
        );
        // SAFETY: as in `save`; the state is of this device, whose capabilities are still the same.
        let loaded = unsafe { bindings::pci_load_saved_state(self.binding.raw(), self.state.as_ptr()) };
        if loaded == 0 {
            // SAFETY: as in `save`.
            unsafe { bindings::pci_restore_state(self.binding.raw()) };
        }
    }
}

impl Drop for SavedConfiguration {
    fn drop(&mut self) {
        // SAFETY: allocated by `pci_store_saved_state`, freed once.
        unsafe { bindings::kfree(self.state.as_ptr().cast()) };
    }
}
