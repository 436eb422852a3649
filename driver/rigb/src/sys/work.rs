// SPDX-License-Identifier: GPL-2.0-only
//! Work that needs a process: queued from an interrupt, run once, cancelled and waited for when its owner is dropped. (The `kernel` crate's has no cancel.)

use core::{marker::PhantomPinned, pin::Pin};
use kernel::{
    prelude::*,
    str::CStr,
    sync::{Arc, LockClassKey},
    types::Opaque,
};

/// What is done when the work runs.
pub(crate) trait Task: Send + Sync + 'static {
    /// Runs in a kernel worker; may sleep. `work` is its own place in the queue.
    fn run(&self, work: &Work<Self>)
    where
        Self: Sized;
}

/// A task and its place in the system's work queue.
#[pin_data(PinnedDrop)]
#[repr(C)]
pub(crate) struct Work<T: Task> {
    // First, so that the pointer the worker gets is also the pointer to `Self`.
    #[pin]
    work: Opaque<kernel::bindings::work_struct>,
    task: T,
    #[pin]
    _pin: PhantomPinned,
}

// SAFETY: the work_struct is made for use from any context, and `T` is `Send + Sync`.
unsafe impl<T: Task> Send for Work<T> {}
// SAFETY: as above.
unsafe impl<T: Task> Sync for Work<T> {}

impl<T: Task> Work<T> {
    /// Work that is not queued yet.
    pub(crate) fn new(name: &'static CStr, key: Pin<&'static LockClassKey>, task: T) -> Result<Arc<Self>> {
        Arc::pin_init(
            pin_init!(Self {
                work <- Opaque::ffi_init(|slot| {
                    // SAFETY: `slot` is a place for a work_struct; name and key live for ever.
                    unsafe {
                        kernel::bindings::init_work_with_key(slot, Some(Self::callback), false, name.as_char_ptr(), key.as_ptr())
                    }
                }),
                task,
                _pin: PhantomPinned,
            }),
            GFP_KERNEL,
        )
    }

    unsafe extern "C" fn callback(work: *mut kernel::bindings::work_struct) {
        // SAFETY: the work_struct is the first field of a pinned `Self` (repr(C), transparent `Opaque`) that cannot be freed before `cancel_work_sync`.
        let this = unsafe { &*work.cast::<Self>() };
        this.task.run(this);
    }

    /// Queues the work, unless it waits already; behind itself if it runs just now. From any context.
    pub(crate) fn queue(&self) {
        let any_cpu = kernel::bindings::wq_misc_consts_WORK_CPU_UNBOUND as i32;
        // SAFETY: the queue is made once, long before a driver is loaded.
        let queue = unsafe { kernel::bindings::system_percpu_wq };
        // SAFETY: the work_struct was initialised in `new` and is pinned.
        unsafe { kernel::bindings::queue_work_on(any_cpu, queue, self.work.get()) };
    }

    /// Takes back what was queued and has not begun. For the work itself: it serves whoever asked while it had to wait.
    pub(crate) fn unqueue(&self) {
        // SAFETY: the work_struct was initialised in `new` and is pinned.
        unsafe { kernel::bindings::cancel_work(self.work.get()) };
    }
}

#[pinned_drop]
impl<T: Task> PinnedDrop for Work<T> {
    fn drop(self: Pin<&mut Self>) {
        // SAFETY: the work_struct is initialised. Nobody can queue it any more (this was the last owner); what runs is waited for.
        unsafe { kernel::bindings::cancel_work_sync(self.work.get()) };
    }
}
