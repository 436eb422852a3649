// SPDX-License-Identifier: GPL-2.0-only
//! A port's part of `/proc/driver/network_stats`: every value has a type, and no text from elsewhere is a format.

use crate::{
    dev::{adapter::Adapter, statistics::Counters},
    sys::{netdev::NetDev, registry::Section},
};
use kernel::{prelude::*, seq_file::SeqFile, seq_print, str::CStr, sync::Arc};

/// What the section needs of its port.
pub(crate) struct ProcSection {
    netdev: Arc<NetDev>,
    counters: Arc<Counters>,
    address: &'static CStr,
}

impl ProcSection {
    /// For one port.
    pub(crate) fn new(adapter: &Adapter) -> Result<Arc<Self>> {
        Ok(Arc::new(
            Self {
                netdev: adapter.netdev.clone(),
                counters: adapter.counters.clone(),
                address: adapter.binding.name(),
            },
            GFP_KERNEL,
        )?)
    }
}

impl Section for ProcSection {
    fn show(&self, file: &SeqFile) {
        let name = self.netdev.name();
        let (rx, tx) = (&self.counters.rx, &self.counters.tx);
        let errors = rx.errors.get().wrapping_add(tx.reclaimed.get());
        let name = CStr::from_bytes_until_nul(&name).ok().and_then(|name| name.to_str().ok()).unwrap_or("?");
        seq_print!(file, "Interface: {}\n", name);
        seq_print!(file, "PCI address: {}\n", self.address);
        seq_print!(file, "RX packets: {}\n", rx.packets.get());
        seq_print!(file, "RX bytes: {}\n", rx.bytes.get());
        seq_print!(file, "RX dropped: {}\n", rx.dropped.get());
        seq_print!(file, "RX no buffer: {}\n", rx.no_buffer.get());
        seq_print!(file, "TX packets: {}\n", tx.packets.get());
        seq_print!(file, "TX bytes: {}\n", tx.bytes.get());
        seq_print!(file, "TX dropped: {}\n", tx.dropped.get());
        seq_print!(file, "Resets: {}\n", self.counters.resets.get());
        seq_print!(file, "Errors: {}\n\n", errors);
    }
}
