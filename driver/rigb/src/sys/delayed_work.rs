// SPDX-License-Identifier: GPL-2.0-only
//! Work that comes back: run every so often in a kernel worker, from its start until its owner is dropped. (The `kernel` crate's has no cancel.)

use core::{marker::PhantomPinned, pin::Pin};
use kernel::{
    prelude::*,
    static_lock_class,
    str::CStr,
    sync::{Arc, LockClassKey},
    time::msecs_to_jiffies,
    types::Opaque,
};

/// What is done each time.
pub(crate) trait PeriodicTask: Send + Sync + 'static {
    /// How long from the end of one run to the next, in milliseconds. An idle processor is not woken for it: then it may take longer.
    const PERIOD_MS: u32;

    /// Runs in a kernel worker; may sleep.
    fn run(&self);
}

/// A task and its place in the system's work queue.
///
/// # Invariants
///
/// `work` is initialised. It is queued by `start` and by its own callback only, and disabled for good before `Self` is freed.
#[pin_data(PinnedDrop)]
#[repr(C)]
pub(crate) struct Periodic<T: PeriodicTask> {
    // First, so that the pointer the worker gets (its first field is the work_struct) is also the pointer to `Self`.
    #[pin]
    work: Opaque<kernel::bindings::delayed_work>,
    task: T,
    #[pin]
    _pin: PhantomPinned,
}

const _: () = assert!(core::mem::offset_of!(kernel::bindings::delayed_work, work) == 0);

// SAFETY: the delayed_work is made for use from any context, and `T` is `Send + Sync`.
unsafe impl<T: PeriodicTask> Send for Periodic<T> {}
// SAFETY: as above.
unsafe impl<T: PeriodicTask> Sync for Periodic<T> {}

impl<T: PeriodicTask> Periodic<T> {
    /// The task, to be run first after one period.
    pub(crate) fn start(name: &'static CStr, key: Pin<&'static LockClassKey>, task: T) -> Result<Arc<Self>> {
        let timer_key = static_lock_class!();
        let periodic = Arc::pin_init(
            pin_init!(Self {
                work <- Opaque::ffi_init(|slot: *mut kernel::bindings::delayed_work| {
                    // SAFETY: `slot` is a place for a delayed_work; only an address is computed.
                    let work = unsafe { &raw mut (*slot).work };
                    // SAFETY: as above.
                    let timer = unsafe { &raw mut (*slot).timer };
                    // SAFETY: a place for a work_struct; name and key live for ever.
                    unsafe {
                        kernel::bindings::init_work_with_key(work, Some(Self::callback), false, name.as_char_ptr(), key.as_ptr())
                    };
                    // SAFETY: a place for the timer of a delayed_work, with the function and flags that such a timer must have; name and key live for ever.
                    unsafe {
                        kernel::bindings::timer_init_key(
                            timer,
                            Some(kernel::bindings::delayed_work_timer_fn),
                            kernel::bindings::TIMER_IRQSAFE | kernel::bindings::TIMER_DEFERRABLE,
                            name.as_char_ptr(),
                            timer_key.as_ptr(),
                        )
                    };
                }),
                task,
                _pin: PhantomPinned,
            }),
            GFP_KERNEL,
        )?;
        periodic.queue();
        Ok(periodic)
    }

    unsafe extern "C" fn callback(work: *mut kernel::bindings::work_struct) {
        // SAFETY: the work_struct is the first field of the first field of a pinned `Self` that cannot be freed before `disable_delayed_work_sync` has returned.
        let this = unsafe { &*work.cast::<Self>() };
        this.task.run();
        this.queue();
    }

    fn queue(&self) {
        // SAFETY: the kernel's own work queue, set up before any module is loaded.
        let queue = unsafe { kernel::bindings::system_percpu_wq };
        let any_cpu = kernel::bindings::wq_misc_consts_WORK_CPU_UNBOUND as i32;
        // SAFETY: the delayed_work is initialised and pinned; once it is disabled this does nothing.
        unsafe {
            kernel::bindings::queue_delayed_work_on(any_cpu, queue, self.work.get(), msecs_to_jiffies(T::PERIOD_MS))
        };
    }
}

#[pinned_drop]
impl<T: PeriodicTask> PinnedDrop for Periodic<T> {
    fn drop(self: Pin<&mut Self>) {
        // SAFETY: the delayed_work is initialised. What runs is waited for, and its queueing itself again is refused.
        unsafe { kernel::bindings::disable_delayed_work_sync(self.work.get()) };
    }
}
