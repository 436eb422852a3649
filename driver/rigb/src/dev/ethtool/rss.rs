// SPDX-License-Identifier: GPL-2.0-only
//! Receive side scaling.

use crate::{
    dev::operations::PortOperations,
    hw::rss,
    sys::ethtool::rss::{Flow, HashedParts, RssOperations},
};
use kernel::prelude::*;

impl RssOperations for PortOperations {
    const KEY_BYTES: usize = rss::KEY_BYTES;
    const TABLE_ENTRIES: usize = rss::TABLE_ENTRIES;

    fn receive_queues(&self) -> u32 {
        self.adapter.state.lock().configuration.pairs
    }

    fn rss(&self, key: Option<&mut [u8]>, table: Option<&mut [u32]>) {
        let state = self.adapter.state.lock();
        for (place, byte) in key.into_iter().flatten().zip(&state.rss.key) {
            *place = *byte;
        }
        for (place, queue) in table.into_iter().flatten().zip(&state.rss.table) {
            *place = (*queue).into();
        }
    }

    fn set_rss(&self, key: Option<&[u8]>, table: Option<&[u32]>) {
        let mut state = self.adapter.state.lock();
        for (place, byte) in state.rss.key.iter_mut().zip(key.into_iter().flatten()) {
            *place = *byte;
        }
        for (place, queue) in state.rss.table.iter_mut().zip(table.into_iter().flatten()) {
            *place = *queue as u8;
        }
        if state.is_running() {
            if key.is_some() {
                rss::write_key(&self.adapter.registers, &state.rss);
            }
            rss::write_table(&self.adapter.registers, &state.rss);
        }
    }

    fn hashed(&self, flow: Flow) -> HashedParts {
        let fields = self.adapter.state.lock().rss.fields;
        let ports = match flow {
            Flow::TcpV4 => fields.tcp_ipv4_ports,
            Flow::TcpV6 => fields.tcp_ipv6_ports,
            Flow::UdpV4 => fields.udp_ipv4_ports,
            Flow::UdpV6 => fields.udp_ipv6_ports,
            Flow::Other => false,
        };
        if ports { HashedParts::AddressesAndPorts } else { HashedParts::Addresses }
    }

    fn set_hashed(&self, flow: Flow, parts: HashedParts) -> Result {
        if self.hashed(flow) == parts {
            return Ok(());
        }
        let mut state = self.adapter.state.lock();
        let ports = parts == HashedParts::AddressesAndPorts;
        match flow {
            Flow::TcpV4 => state.rss.fields.tcp_ipv4_ports = ports,
            Flow::TcpV6 => state.rss.fields.tcp_ipv6_ports = ports,
            Flow::UdpV4 => state.rss.fields.udp_ipv4_ports = ports,
            Flow::UdpV6 => state.rss.fields.udp_ipv6_ports = ports,
            Flow::Other => return Err(EINVAL),
        }
        if state.is_running() {
            rss::write_fields(&self.adapter.registers, state.rss.fields);
        }
        Ok(())
    }
}
