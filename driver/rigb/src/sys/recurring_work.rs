// SPDX-License-Identifier: GPL-2.0-only
//! Work that comes round: it runs in a process and says itself when it runs next. Cancelled and waited for when its owner is dropped.

use core::{marker::PhantomPinned, ops::Deref, pin::Pin, ptr::addr_of_mut};
use kernel::{
    prelude::*,
    str::CStr,
    sync::{Arc, LockClassKey},
    time::msecs_to_jiffies,
    types::Opaque,
};

/// What is done when the work runs.
pub(crate) trait Recurring: Send + Sync + 'static {
    /// Runs in a kernel worker; may sleep. Returns after how many milliseconds to run again, `None` to wait for being asked.
    fn run(&self) -> Option<u32>;
}

/// A task and its place in the system's work queue.
#[pin_data(PinnedDrop)]
#[repr(C)]
pub(crate) struct RecurringWork<T: Recurring> {
    // First, and `work` is the first field in it: the pointer that the worker gets is also the pointer to `Self`.
    #[pin]
    work: Opaque<kernel::bindings::delayed_work>,
    #[pin]
    task: T,
    #[pin]
    _pin: PhantomPinned,
}

const _: () = assert!(core::mem::offset_of!(kernel::bindings::delayed_work, work) == 0);

const ANY_CPU: i32 = kernel::bindings::wq_misc_consts_WORK_CPU_UNBOUND as i32;

fn queue() -> *mut kernel::bindings::workqueue_struct {
    // SAFETY: the queue is made once, long before a driver is loaded.
    unsafe { kernel::bindings::system_percpu_wq }
}

// SAFETY: the delayed_work is made for use from any context, and `T` is `Send + Sync`.
unsafe impl<T: Recurring> Send for RecurringWork<T> {}
// SAFETY: as above.
unsafe impl<T: Recurring> Sync for RecurringWork<T> {}

impl<T: Recurring> RecurringWork<T> {
    /// Work that is not queued yet. `keys` are for its work and its timer.
    pub(crate) fn new(
        name: &'static CStr,
        keys: [Pin<&'static LockClassKey>; 2],
        task: impl PinInit<T>,
    ) -> Result<Arc<Self>> {
        let [work_key, timer_key] = keys;
        Arc::pin_init(
            pin_init!(Self {
                work <- Opaque::ffi_init(move |slot: *mut kernel::bindings::delayed_work| {
                    // SAFETY: `slot` is a place for a delayed_work; only an address is computed.
                    let work = unsafe { addr_of_mut!((*slot).work) };
                    // SAFETY: as above.
                    let timer = unsafe { addr_of_mut!((*slot).timer) };
                    // SAFETY: `work` is a place for a work_struct; name and key live for ever.
                    unsafe {
                        kernel::bindings::init_work_with_key(work, Some(Self::callback), false, name.as_char_ptr(), work_key.as_ptr())
                    };
                    // SAFETY: `timer` is a place for the timer of this delayed_work, whose function and flags those of `INIT_DELAYED_WORK` are.
                    unsafe {
                        kernel::bindings::timer_init_key(
                            timer,
                            Some(kernel::bindings::delayed_work_timer_fn),
                            kernel::bindings::TIMER_IRQSAFE,
                            name.as_char_ptr(),
                            timer_key.as_ptr(),
                        )
                    };
                }),
                task <- task,
                _pin: PhantomPinned,
            }),
            GFP_KERNEL,
        )
    }

    unsafe extern "C" fn callback(work: *mut kernel::bindings::work_struct) {
        // SAFETY: the work_struct is at the start of a pinned `Self` (repr(C), asserted above) that cannot be freed before `disable_delayed_work_sync`.
        let this = unsafe { &*work.cast::<Self>() };
        if let Some(milliseconds) = this.task.run() {
            let delay = msecs_to_jiffies(milliseconds);
            // SAFETY: the delayed_work was initialised in `new` and is pinned. Refused once it is disabled, and when it was asked to run earlier meanwhile.
            unsafe { kernel::bindings::queue_delayed_work_on(ANY_CPU, queue(), this.work.get(), delay) };
        }
    }

    /// Runs in `milliseconds` from now, whenever it would have run otherwise. From any context.
    pub(crate) fn run_in(&self, milliseconds: u32) {
        let delay = msecs_to_jiffies(milliseconds);
        // SAFETY: the delayed_work was initialised in `new` and is pinned.
        unsafe { kernel::bindings::mod_delayed_work_on(ANY_CPU, queue(), self.work.get(), delay) };
    }
}

impl<T: Recurring> Deref for RecurringWork<T> {
    type Target = T;

    fn deref(&self) -> &T {
        &self.task
    }
}

#[pinned_drop]
impl<T: Recurring> PinnedDrop for RecurringWork<T> {
    fn drop(self: Pin<&mut Self>) {
        // SAFETY: the delayed_work is initialised. What runs is waited for, and it cannot queue itself again.
        unsafe { kernel::bindings::disable_delayed_work_sync(self.work.get()) };
    }
}
