// SPDX-License-Identifier: GPL-2.0-only
//! What an interface shall receive, as the stack passes it to `ndo_set_rx_mode_async`: flags and snapshots of its address lists.

use super::{bindings, netdev::MacAddress};
use core::{marker::PhantomData, mem::offset_of};

/// Flags and lists, for the length of one call.
pub(crate) struct ReceiveMode<'a> {
    /// Every frame.
    pub(crate) promiscuous: bool,
    /// Every frame to a group.
    pub(crate) all_multicast: bool,
    /// Addresses beside the interface's own.
    pub(crate) unicast: AddressList<'a>,
    /// Groups.
    pub(crate) multicast: AddressList<'a>,
}

impl<'a> ReceiveMode<'a> {
    /// # Safety
    ///
    /// `netdev` is alive; the lists belong to Ethernet addresses, and nobody else changes or frees them for `'a`.
    pub(super) unsafe fn new(
        netdev: *const bindings::net_device,
        unicast: &'a bindings::netdev_hw_addr_list,
        multicast: &'a bindings::netdev_hw_addr_list,
    ) -> Self {
        const IFF_PROMISC: u32 = 0x100;
        const IFF_ALLMULTI: u32 = 0x200;
        // SAFETY: the device is alive (the caller says so).
        let flags = unsafe { bindings::rigb_netdev_flags(netdev) };
        Self {
            promiscuous: flags & IFF_PROMISC != 0,
            all_multicast: flags & IFF_ALLMULTI != 0,
            unicast: AddressList(unicast),
            multicast: AddressList(multicast),
        }
    }
}

/// A list of Ethernet addresses.
///
/// # Invariants
///
/// The list is well formed, its entries hold six bytes of address, and nobody changes it while it is borrowed.
#[derive(Clone, Copy)]
pub(crate) struct AddressList<'a>(&'a bindings::netdev_hw_addr_list);

impl<'a> AddressList<'a> {
    /// The addresses, in the list's order.
    pub(crate) fn iter(self) -> Addresses<'a> {
        Addresses { head: &raw const self.0.list, next: self.0.list.next, _list: PhantomData }
    }
}

/// Walks an `AddressList`.
#[derive(Clone)]
pub(crate) struct Addresses<'a> {
    head: *const bindings::list_head,
    next: *const bindings::list_head,
    _list: PhantomData<&'a bindings::netdev_hw_addr_list>,
}

impl Iterator for Addresses<'_> {
    type Item = MacAddress;

    fn next(&mut self) -> Option<MacAddress> {
        if self.next == self.head {
            return None;
        }
        // Not the head, so the node of an entry.
        let entry =
            self.next.wrapping_byte_sub(offset_of!(bindings::netdev_hw_addr, list)).cast::<bindings::netdev_hw_addr>();
        // SAFETY: the entry is alive and unchanged while the list is borrowed (invariant of `AddressList`).
        let entry = unsafe { &*entry };
        self.next = entry.list.next;
        entry.addr.first_chunk().copied()
    }
}
