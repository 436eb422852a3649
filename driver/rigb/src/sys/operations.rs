// SPDX-License-Identifier: GPL-2.0-only
//! `net_device_ops` as a trait: every callback arrives with a valid owner, results are `Result`s, a frame is owned by exactly one side.

use super::{
    bindings,
    ethtool::EthtoolOperations,
    extack::ExtAck,
    features::Features,
    hwtstamp::{self, Timestamping},
    link_statistics::LinkStatistics,
    netdev::MacAddress,
    queue_statistics::{ReceiveStatistics, TransmitStatistics},
    rx_mode::ReceiveMode,
    skb::SkBuff,
    transmit_queue::TransmitQueue,
    xdp::{ProgramSlot, XdpProgram, XdpProgramFacts},
    xdp_frame::Redirected,
};
use core::{ffi::c_void, marker::PhantomData, ptr::NonNull};
use kernel::{error::from_result, prelude::*};

/// What became of a frame.
pub(crate) enum Transmit {
    /// Posted or dropped: the driver has it.
    Taken,
    /// No room: the stack keeps it and tries again.
    Busy(SkBuff),
}

/// Where the headers of a frame are, in bytes.
#[derive(Clone, Copy)]
pub(crate) struct Headers {
    /// Before the network header.
    pub(crate) network_offset: u32,
    /// From there to the transport header whose checksum is asked for; 0 when none is.
    pub(crate) network_length: u32,
    /// It is a frame of a tunnel.
    pub(crate) encapsulated: bool,
}

/// The link as ethtool shows it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct LinkState {
    /// 10, 100 or 1000.
    pub(crate) speed_mbps: u32,
    /// Both directions at once.
    pub(crate) full_duplex: bool,
}

/// What a driver does for its interface. Calls under RTNL unless said otherwise.
pub(crate) trait Operations: EthtoolOperations + Timestamping + Send + Sync + 'static {
    /// What the transmit path owns under the queue's lock.
    type Producer: Send;

    /// A transmit queue of the interface; `None` when it has no such queue.
    fn transmit_queue(&self, index: usize) -> Option<&TransmitQueue<Self::Producer>>;
    /// The interface is set up.
    fn open(&self) -> Result;
    /// The interface is taken down.
    fn stop(&self);
    /// A frame is to be sent; with the queue's lock held, in softirq context.
    fn start_xmit(&self, producer: &mut Self::Producer, frame: SkBuff) -> Transmit;
    /// Features shall be switched on and off: `wanted` is what they shall be. May say no to some in `fix_features` first.
    fn set_features(&self, wanted: Features) -> Result;
    /// What of `features` the card can do for a frame with such headers; from any context, for each frame.
    fn frame_features(headers: Headers, features: Features) -> Features;
    /// What of `wanted` can be had together.
    fn fix_features(&self, wanted: Features) -> Features;
    /// The address has changed.
    fn address_changed(&self, address: MacAddress);
    /// Which frames beside its own the interface wants; only while it is up.
    fn set_receive_mode(&self, mode: &ReceiveMode<'_>);
    /// Frames of a VLAN are wanted, or no longer; also while the interface is down.
    fn set_vlan(&self, id: u16, wanted: bool);
    /// The MTU shall change.
    fn change_mtu(&self, mtu: u32) -> Result;
    /// A frame has been under way for longer than the watchdog allows; softirq context, the queue is frozen.
    fn transmit_timeout(&self, queue: u32);
    /// The counters; from any context, at any time.
    fn statistics(&self) -> LinkStatistics;
    /// Where the interface's XDP program is.
    fn xdp_program(&self) -> &ProgramSlot;
    /// A program shall be attached: makes the interface ready for it.
    fn prepare_xdp(&self, program: XdpProgramFacts, ack: ExtAck<'_>) -> Result;
    /// The program is gone.
    fn xdp_detached(&self);
    /// Frames that others redirected here shall be sent; in softirq context. Stops at the first that there is no room for and returns how many were taken.
    fn send_redirected(&self, frames: Redirected<'_>, flush: bool) -> Result<u32>;
    /// The counters of a receive queue that is in use.
    fn receive_statistics(&self, queue: usize) -> ReceiveStatistics;
    /// The counters of a transmit queue that is in use.
    fn transmit_statistics(&self, queue: usize) -> TransmitStatistics;
    /// What queues counted that are not in use now.
    fn retired_statistics(&self) -> (ReceiveStatistics, TransmitStatistics);
}

/// # Safety
///
/// `netdev` is the device of a live `Registration<T>`.
pub(super) unsafe fn owner<'a, T: Operations>(netdev: *const bindings::net_device) -> &'a T {
    let private = netdev.cast::<u8>().wrapping_add(bindings::RIGB_OFFSETOF_NETDEV_PRIVATE as usize);
    // SAFETY: the device is alive (the caller says so); its private part is a `struct rigb_private`, which is the pointer to the owner and no more.
    let owner = unsafe { private.cast::<*const T>().read() };
    // SAFETY: the owner was set before registration and lives until after `unregister_netdev`, which waits for callbacks.
    unsafe { &*owner }
}

/// The table of callbacks for `T`.
pub(super) fn table<T: Operations>() -> &'static bindings::net_device_ops {
    Table::<T>::OPERATIONS
}

struct Table<T>(PhantomData<T>);

impl<T: Operations> Table<T> {
    const OPERATIONS: &'static bindings::net_device_ops = &bindings::net_device_ops {
        ndo_open: Some(Self::open),
        ndo_stop: Some(Self::stop),
        ndo_start_xmit: Some(Self::start_xmit),
        ndo_set_mac_address: Some(Self::set_mac_address),
        ndo_set_rx_mode_async: Some(Self::set_rx_mode),
        ndo_vlan_rx_add_vid: Some(Self::vlan_rx_add_vid),
        ndo_vlan_rx_kill_vid: Some(Self::vlan_rx_kill_vid),
        ndo_change_mtu: Some(Self::change_mtu),
        ndo_tx_timeout: Some(Self::tx_timeout),
        ndo_get_stats64: Some(Self::get_stats64),
        ndo_features_check: Some(Self::features_check),
        ndo_bpf: Some(Self::bpf),
        ndo_xdp_xmit: Some(Self::xdp_xmit),
        ndo_fix_features: Some(Self::fix_features),
        ndo_set_features: Some(Self::set_features),
        ndo_hwtstamp_get: Some(hwtstamp::get::<T>),
        ndo_hwtstamp_set: Some(hwtstamp::set::<T>),
        // SAFETY: a table of optional function pointers; all zeros means none.
        ..unsafe { core::mem::zeroed() }
    };

    unsafe extern "C" fn open(netdev: *mut bindings::net_device) -> i32 {
        // SAFETY: the stack calls this for a registered device.
        let owner = unsafe { owner::<T>(netdev) };
        from_result(|| owner.open().map(|()| 0))
    }

    unsafe extern "C" fn stop(netdev: *mut bindings::net_device) -> i32 {
        // SAFETY: as in `open`.
        unsafe { owner::<T>(netdev) }.stop();
        0
    }

    unsafe extern "C" fn start_xmit(
        skb: *mut kernel::bindings::sk_buff,
        netdev: *mut bindings::net_device,
    ) -> bindings::netdev_tx_t {
        // SAFETY: there is a frame.
        let skb = unsafe { NonNull::new_unchecked(skb) };
        // SAFETY: the stack hands it over.
        let frame = unsafe { SkBuff::from_raw(skb) };
        // SAFETY: as in `open`.
        let owner = unsafe { owner::<T>(netdev) };
        let Some(queue) = owner.transmit_queue(frame.queue()) else {
            return bindings::RIGB_NETDEV_TX_OK as bindings::netdev_tx_t;
        };
        // SAFETY: the stack holds the lock of the queue that the frame names during this call (no NETIF_F_LLTX).
        let producer = unsafe { queue.locked_by_caller() };
        match owner.start_xmit(producer, frame) {
            Transmit::Taken => bindings::RIGB_NETDEV_TX_OK as bindings::netdev_tx_t,
            Transmit::Busy(frame) => Self::busy(frame),
        }
    }

    #[cold]
    fn busy(frame: SkBuff) -> bindings::netdev_tx_t {
        let _still_the_stacks = frame.into_raw();
        bindings::RIGB_NETDEV_TX_BUSY as bindings::netdev_tx_t
    }

    unsafe extern "C" fn set_mac_address(netdev: *mut bindings::net_device, socket_address: *mut c_void) -> i32 {
        // SAFETY: the stack passes a sockaddr for this device; the function checks the address in it.
        let result = unsafe { bindings::rigb_netdev_take_address(netdev, socket_address) };
        if result == 0 {
            // SAFETY: the device is alive.
            let address = unsafe { bindings::rigb_netdev_address(netdev) }.cast::<MacAddress>();
            // SAFETY: six bytes inside the device.
            let address = unsafe { address.read_volatile() };
            // SAFETY: as in `open`.
            unsafe { owner::<T>(netdev) }.address_changed(address);
        }
        result
    }

    unsafe extern "C" fn set_rx_mode(
        netdev: *mut bindings::net_device,
        unicast: *mut bindings::netdev_hw_addr_list,
        multicast: *mut bindings::netdev_hw_addr_list,
    ) -> i32 {
        // SAFETY: the stack passes a snapshot that belongs to this call.
        let unicast = unsafe { &*unicast };
        // SAFETY: as above.
        let multicast = unsafe { &*multicast };
        // SAFETY: the device is an Ethernet device and alive; nobody else has the snapshots.
        let mode = unsafe { ReceiveMode::new(netdev, unicast, multicast) };
        // SAFETY: as in `open`.
        unsafe { owner::<T>(netdev) }.set_receive_mode(&mode);
        0
    }

    unsafe extern "C" fn vlan_rx_add_vid(netdev: *mut bindings::net_device, _protocol: u16, id: u16) -> i32 {
        // SAFETY: as in `open`. Only 802.1Q comes here: the device does not offer to filter any other protocol.
        unsafe { owner::<T>(netdev) }.set_vlan(id, true);
        0
    }

    unsafe extern "C" fn vlan_rx_kill_vid(netdev: *mut bindings::net_device, _protocol: u16, id: u16) -> i32 {
        // SAFETY: as in `open`.
        unsafe { owner::<T>(netdev) }.set_vlan(id, false);
        0
    }

    unsafe extern "C" fn change_mtu(netdev: *mut bindings::net_device, mtu: i32) -> i32 {
        // SAFETY: as in `open`.
        let owner = unsafe { owner::<T>(netdev) };
        from_result(|| owner.change_mtu(u32::try_from(mtu)?).map(|()| 0))
    }

    unsafe extern "C" fn bpf(netdev: *mut bindings::net_device, bpf: *mut bindings::netdev_bpf) -> i32 {
        // SAFETY: the stack passes a valid request.
        if !unsafe { bindings::rigb_bpf_is_setup(bpf) } {
            return EINVAL.to_errno();
        }
        // SAFETY: as in `open`.
        let owner = unsafe { owner::<T>(netdev) };
        // SAFETY: the request is about a program.
        let program = NonNull::new(unsafe { bindings::rigb_bpf_program(bpf) });
        // SAFETY: as above.
        let ack = unsafe { bindings::rigb_bpf_extack(bpf) };
        // SAFETY: null or valid for the time of the call.
        let ack = unsafe { ExtAck::from_raw(ack) };
        let Some(program) = program else {
            drop(owner.xdp_program().exchange(None));
            owner.xdp_detached();
            return 0;
        };
        // SAFETY: the stack holds a share of the program during the call.
        let facts = unsafe { XdpProgramFacts::of(program) };
        if let Err(error) = owner.prepare_xdp(facts, ack) {
            return error.to_errno();
        }
        // SAFETY: on success the stack's share becomes ours.
        let program = unsafe { XdpProgram::from_raw(program) };
        drop(owner.xdp_program().exchange(Some(program)));
        0
    }

    unsafe extern "C" fn xdp_xmit(
        netdev: *mut bindings::net_device,
        count: i32,
        frames: *mut *mut bindings::xdp_frame,
        flags: u32,
    ) -> i32 {
        if flags & !bindings::RIGB_XDP_XMIT_FLAGS_MASK != 0 {
            return EINVAL.to_errno();
        }
        // SAFETY: as in `open`.
        let owner = unsafe { owner::<T>(netdev) };
        // SAFETY: the caller passes `count` frames.
        let frames = unsafe { core::slice::from_raw_parts(frames, usize::try_from(count).unwrap_or(0)) };
        // SAFETY: they are valid, and those become ours that we say we took.
        let frames = unsafe { Redirected::new(frames) };
        let flush = flags & bindings::RIGB_XDP_XMIT_FLUSH != 0;
        from_result(|| owner.send_redirected(frames, flush).map(|sent| sent as i32))
    }

    unsafe extern "C" fn features_check(
        skb: *mut kernel::bindings::sk_buff,
        _netdev: *mut bindings::net_device,
        features: u64,
    ) -> u64 {
        let mut headers = Headers { network_offset: 0, network_length: 0, encapsulated: false };
        let Headers { network_offset, network_length, encapsulated } = &mut headers;
        // SAFETY: the stack passes a valid frame; the places are for the results.
        unsafe { bindings::rigb_tx_headers(skb, network_offset, network_length, encapsulated) };
        T::frame_features(headers, Features(features)).0
    }

    unsafe extern "C" fn fix_features(netdev: *mut bindings::net_device, wanted: u64) -> u64 {
        // SAFETY: as in `open`.
        unsafe { owner::<T>(netdev) }.fix_features(Features(wanted)).0
    }

    unsafe extern "C" fn set_features(netdev: *mut bindings::net_device, wanted: u64) -> i32 {
        // SAFETY: as in `open`.
        let owner = unsafe { owner::<T>(netdev) };
        from_result(|| owner.set_features(Features(wanted)).map(|()| 0))
    }

    unsafe extern "C" fn tx_timeout(netdev: *mut bindings::net_device, queue: u32) {
        // SAFETY: as in `open`.
        unsafe { owner::<T>(netdev) }.transmit_timeout(queue);
    }

    unsafe extern "C" fn get_stats64(netdev: *mut bindings::net_device, storage: *mut bindings::rtnl_link_stats64) {
        // SAFETY: as in `open`.
        let statistics = unsafe { owner::<T>(netdev) }.statistics();
        // SAFETY: the stack passes a place for the result, zeroed.
        statistics.show_in(unsafe { &mut *storage });
    }
}
