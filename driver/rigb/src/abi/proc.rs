// SPDX-License-Identifier: GPL-2.0-only
//! A port's part of `/proc/driver/network_stats`: every value has a type, and no text from elsewhere is a format.

use crate::{
    dev::adapter::Adapter,
    sys::{link_statistics::LinkStatistics, registry::Section},
};
use kernel::{prelude::*, seq_file::SeqFile, seq_print, str::CStr, sync::Arc};

/// What the section needs of its port.
pub(crate) struct ProcSection(Arc<Adapter>);

impl ProcSection {
    /// For one port.
    pub(crate) fn new(adapter: Arc<Adapter>) -> Result<Arc<Self>> {
        Ok(Arc::new(Self(adapter), GFP_KERNEL)?)
    }
}

impl Section for ProcSection {
    fn show(&self, file: &SeqFile) {
        let name = self.0.netdev.name();
        let mut total = LinkStatistics::default();
        let mut no_buffer = 0u64;
        for pair in &self.0.pairs {
            total.add(&pair.counters.link_statistics());
            no_buffer = no_buffer.wrapping_add(pair.counters.rx.no_buffer.get());
        }
        let errors = total.rx_errors.wrapping_add(total.tx_errors);
        let name = CStr::from_bytes_until_nul(&name).ok().and_then(|name| name.to_str().ok()).unwrap_or("?");
        seq_print!(file, "Interface: {}\n", name);
        seq_print!(file, "PCI address: {}\n", self.0.binding.name());
        seq_print!(file, "RX packets: {}\n", total.rx_packets);
        seq_print!(file, "RX bytes: {}\n", total.rx_bytes);
        seq_print!(file, "RX dropped: {}\n", total.rx_dropped);
        seq_print!(file, "RX no buffer: {}\n", no_buffer);
        seq_print!(file, "TX packets: {}\n", total.tx_packets);
        seq_print!(file, "TX bytes: {}\n", total.tx_bytes);
        seq_print!(file, "TX dropped: {}\n", total.tx_dropped);
        seq_print!(file, "Resets: {}\n", self.0.resets.get());
        seq_print!(file, "Errors: {}\n\n", errors);
    }
}
