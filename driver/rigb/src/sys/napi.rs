// SPDX-License-Identifier: GPL-2.0-only
//! NAPI as a lock: what a poll works on belongs to the poll while NAPI is enabled and to set-up and teardown while it is disabled. The fast path takes no lock.

use super::{bindings, interrupts::HandlerContext, netdev::NetDev};
use core::{
    cell::UnsafeCell,
    marker::{PhantomData, PhantomPinned},
    pin::Pin,
};
use kernel::{
    new_mutex,
    prelude::*,
    sync::{Arc, Mutex},
    types::Opaque,
};

/// What a NAPI polls.
pub(crate) trait Poll: Send + 'static {
    /// What re-arms the interrupt once polling has ended; shared, because the next poll may have begun on another CPU by then.
    type Rearm: Rearm;

    /// Works off at most `budget` received frames (0: netpoll, transmit side only) and returns how many, or `budget` to be called again.
    fn poll(&mut self, context: &PollContext<'_>, budget: u32) -> u32;
}

/// Re-arms the interrupt of a NAPI.
pub(crate) trait Rearm: Send + Sync + 'static {
    /// Lets the card interrupt again.
    fn rearm(&self);
}

/// Proof of being inside the poll of a NAPI.
pub(crate) struct PollContext<'a> {
    napi: *mut bindings::napi_struct,
    _poll: PhantomData<&'a mut ()>,
}

impl PollContext<'_> {
    pub(super) fn as_ptr(&self) -> *mut bindings::napi_struct {
        self.napi
    }
}

/// Names a NAPI to those that must know its address.
#[derive(Clone, Copy)]
pub(crate) struct NapiHandle<'a>(*mut bindings::napi_struct, PhantomData<&'a ()>);

impl NapiHandle<'_> {
    pub(super) fn as_ptr(&self) -> *mut bindings::napi_struct {
        self.0
    }
}

/// A NAPI of `netdev` and the state that its poll owns. It belongs to the device's list only while it is enabled.
#[pin_data(PinnedDrop)]
#[repr(C)]
pub(crate) struct Napi<T: Poll> {
    // First, so that the pointer the poll gets is also the pointer to `Self`.
    #[pin]
    napi: Opaque<bindings::napi_struct>,
    #[pin]
    enabled: Mutex<bool>,
    state: UnsafeCell<T>,
    rearm: T::Rearm,
    netdev: Arc<NetDev>,
    queue: u32,
    irq: u32,
    #[pin]
    _pin: PhantomPinned,
}

// SAFETY: `state` is reached by the poll, which runs on one CPU at a time, or under `enabled` while no poll can run; everything else is `Sync`.
unsafe impl<T: Poll> Sync for Napi<T> {}
// SAFETY: nothing in it belongs to a thread.
unsafe impl<T: Poll> Send for Napi<T> {}

impl<T: Poll> Napi<T> {
    /// A NAPI, disabled, for queue pair `queue`, whose interrupt is `irq`. The device keeps its configuration (identity, affinity) by the queue's number.
    pub(crate) fn new(netdev: Arc<NetDev>, queue: u32, irq: u32, state: T, rearm: T::Rearm) -> impl PinInit<Self> {
        pin_init!(Self {
            // SAFETY: a place for one napi_struct.
            napi <- Opaque::ffi_init(|slot: *mut bindings::napi_struct| unsafe { bindings::rigb_napi_init(slot) }),
            enabled <- new_mutex!(false),
            state: UnsafeCell::new(state),
            rearm,
            netdev,
            queue,
            irq,
            _pin: PhantomPinned,
        })
    }

    unsafe extern "C" fn callback(napi: *mut bindings::napi_struct, budget: i32) -> i32 {
        // SAFETY: the napi_struct is the first field of a pinned `Self` (repr(C), transparent `Opaque`), alive until `netif_napi_del`.
        let this = unsafe { &*napi.cast::<Self>() };
        let budget = u32::try_from(budget).unwrap_or(0);
        // SAFETY: a poll runs on one CPU at a time and only while NAPI is enabled, so nobody else has the state. The reference ends before completion.
        let state = unsafe { &mut *this.state.get() };
        let done = state.poll(&PollContext { napi, _poll: PhantomData }, budget).min(budget);
        // SAFETY: we are in the poll; after `true` the state may belong to the next poll already and is not touched.
        if done < budget && unsafe { bindings::napi_complete_done(napi, done as i32) } {
            this.rearm.rearm();
        }
        done as i32
    }

    /// Names this NAPI.
    pub(crate) fn handle(&self) -> NapiHandle<'_> {
        NapiHandle(self.napi.get(), PhantomData)
    }

    /// Wants a poll; from process context with bottom halves off, where it begins once they are on again. Does nothing when one is due already or NAPI is disabled.
    pub(crate) fn schedule_soon(&self) {
        // SAFETY: the napi_struct is initialised and alive; while it is in no device it says that it is scheduled already.
        unsafe { bindings::rigb_napi_schedule(self.napi.get()) };
    }

    /// Wants a poll; false when one is due already or NAPI is disabled.
    #[inline]
    pub(crate) fn schedule(&self, _context: &HandlerContext<'_>) -> bool {
        // SAFETY: the napi_struct is initialised and alive; while it is in no device it says that it is scheduled already. We are in a handler.
        unsafe { bindings::rigb_napi_schedule_irqoff(self.napi.get()) }
    }

    /// Adds the NAPI to its device, with its interrupt and queues, and lets polls run. Under RTNL. Does nothing when that is so already.
    pub(crate) fn enable(&self) {
        let mut enabled = self.enabled.lock();
        if !*enabled {
            let (netdev, napi) = (self.netdev.as_ptr(), self.napi.get());
            // SAFETY: the device is alive (we own a share of it), the napi_struct pinned and in no list, the callback matches its type, the interrupt is ours.
            unsafe { bindings::rigb_napi_add(netdev, napi, Some(Self::callback), self.queue as i32, self.irq as i32) };
            // SAFETY: as above; the queue exists. RTNL is held.
            unsafe { bindings::rigb_napi_set_queue(netdev, self.queue, napi) };
            *enabled = true;
        }
    }

    /// Waits for the poll to end, lets no other begin and takes the NAPI out of its device. Under RTNL. Does nothing when that is so already.
    pub(crate) fn disable(&self) {
        let mut enabled = self.enabled.lock();
        if *enabled {
            // SAFETY: as in `enable`.
            unsafe { bindings::rigb_napi_set_queue(self.netdev.as_ptr(), self.queue, core::ptr::null_mut()) };
            // SAFETY: added and enabled, in process context.
            unsafe { bindings::napi_disable(self.napi.get()) };
            // SAFETY: disabled. What the handler of a late interrupt does with it afterwards is a test of a bit that says "scheduled".
            unsafe { bindings::rigb_napi_del(self.napi.get()) };
            *enabled = false;
        }
    }

    /// Works on the state while no poll can run. `EBUSY` while NAPI is enabled.
    pub(crate) fn while_disabled<R>(&self, work: impl FnOnce(&mut T) -> R) -> Result<R> {
        let enabled = self.enabled.lock();
        if *enabled {
            return Err(EBUSY);
        }
        // SAFETY: NAPI is disabled and cannot be enabled while we hold `enabled`: no poll has the state, and no other caller is in here.
        Ok(work(unsafe { &mut *self.state.get() }))
    }

    /// Works on the state between two polls: waits for one to end, and lets no other begin meanwhile. `None` while NAPI is disabled. Whoever wanted a poll meanwhile
    /// was refused, so the caller is to want one afterwards.
    pub(crate) fn between_polls<R>(&self, work: impl FnOnce(&mut T) -> R) -> Option<R> {
        let enabled = self.enabled.lock();
        if !*enabled {
            return None;
        }
        // SAFETY: added and enabled, which stays so while we hold `enabled`; in process context.
        unsafe { bindings::napi_disable(self.napi.get()) };
        // SAFETY: no poll runs or can begin, and no other caller is in here while we hold `enabled`. The reference ends before polls may begin again.
        let result = work(unsafe { &mut *self.state.get() });
        // SAFETY: disabled just now, by us.
        unsafe { bindings::napi_enable(self.napi.get()) };
        Some(result)
    }
}

#[pinned_drop]
impl<T: Poll> PinnedDrop for Napi<T> {
    fn drop(self: Pin<&mut Self>) {
        // Unregistering the device has stopped it, and that has disabled us; a device that was never registered never enabled us.
        self.disable();
    }
}
