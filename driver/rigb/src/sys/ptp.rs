// SPDX-License-Identifier: GPL-2.0-only
//! PTP hardware clocks: `ptp_clock_info` as a trait, the registered clock as a value.

use super::{binding::Binding, bindings};
use core::{cell::UnsafeCell, marker::PhantomPinned, mem::offset_of, pin::Pin, ptr::NonNull};
use kernel::{
    error::{from_err_ptr, from_result},
    ffi,
    prelude::*,
};

/// Nanoseconds since the clock's epoch.
pub(crate) type Nanoseconds = i64;

const NANOSECONDS_PER_SECOND: i64 = 1_000_000_000;

/// What a PTP hardware clock does. Calls come in process context, at any time between registration and drop, several at once.
pub(crate) trait Clock: Send + Sync + 'static {
    /// By how much the frequency can be adjusted, in parts per billion.
    const MAX_ADJUSTMENT_PPB: i32;

    /// Runs `scaled_ppm` (parts per million with 16 bits of fraction) faster than nominal from now on.
    fn adjust_frequency(&self, scaled_ppm: i64) -> Result;
    /// Moves the time.
    fn adjust_time(&self, by: Nanoseconds) -> Result;
    /// Reads the time, and lets `system` note the system's around the access that reads it.
    fn get_time(&self, system: &mut SystemTime) -> Result<Nanoseconds>;
    /// Sets the time.
    fn set_time(&self, to: Nanoseconds) -> Result;
}

/// The system's clock right before and after the card's is read, if the caller wants it.
pub(crate) struct SystemTime(*mut bindings::ptp_system_timestamp);

impl SystemTime {
    /// To be called right before the access.
    pub(crate) fn note_before(&self) {
        // SAFETY: null, or the caller's place for both stamps, which nobody else has during the call.
        unsafe { bindings::rigb_ptp_system_before(self.0) };
    }

    /// To be called right after it.
    pub(crate) fn note_after(&self) {
        // SAFETY: as in `note_before`.
        unsafe { bindings::rigb_ptp_system_after(self.0) };
    }
}

#[pin_data]
#[repr(C)]
struct Registered<T: Clock> {
    // First, so that the pointer the callbacks get is also the pointer to `Self`. The core fills in what is left empty, hence the cell.
    info: UnsafeCell<bindings::ptp_clock_info>,
    clock: T,
    #[pin]
    _pin: PhantomPinned,
}

// SAFETY: `info` is the core's after registration; `clock` is `Sync`.
unsafe impl<T: Clock> Sync for Registered<T> {}
// SAFETY: nothing in it belongs to a thread.
unsafe impl<T: Clock> Send for Registered<T> {}

/// A registered clock, `/dev/ptpN`. Dropping it unregisters it and waits until no call is under way; who has it open gets `ENODEV` from then on.
pub(crate) struct PtpClock<T: Clock> {
    handle: NonNull<bindings::ptp_clock>,
    _registered: Pin<KBox<Registered<T>>>,
}

// SAFETY: a clock may be unregistered from any thread.
unsafe impl<T: Clock> Send for PtpClock<T> {}
// SAFETY: through a shared reference only the index is read, which does not change.
unsafe impl<T: Clock> Sync for PtpClock<T> {}

impl<T: Clock> PtpClock<T> {
    /// Registers `clock` below the bound device. `name` is shown in `/sys/class/ptp/ptpN/clock_name`, cut to 31 bytes. `EOPNOTSUPP` from a kernel without PTP.
    pub(crate) fn register(binding: Binding, module: &'static ThisModule, name: &[u8], clock: T) -> Result<Self> {
        check_layout()?;
        // SAFETY: a struct of numbers, optional function pointers and pointers that may be null; all zeros means none.
        let mut info: bindings::ptp_clock_info = unsafe { core::mem::zeroed() };
        info.owner = module.as_ptr().cast();
        info.max_adj = T::MAX_ADJUSTMENT_PPB;
        info.adjfine = Some(Self::adjfine);
        info.adjtime = Some(Self::adjtime);
        info.gettimex64 = Some(Self::gettimex64);
        info.settime64 = Some(Self::settime64);
        // The last byte stays the terminator.
        let last = info.name.len().wrapping_sub(1);
        for (place, byte) in info.name.iter_mut().take(last).zip(name) {
            *place = *byte;
        }
        let registered = KBox::pin_init(
            pin_init!(Registered { info: UnsafeCell::new(info), clock, _pin: PhantomPinned }),
            GFP_KERNEL,
        )?;
        // SAFETY: the info is pinned until after the clock is unregistered, its callbacks match their types, and the parent is bound.
        let handle = unsafe { bindings::rigb_ptp_register(registered.info.get(), binding.device()) };
        let handle = NonNull::new(from_err_ptr(handle)?).ok_or(EOPNOTSUPP)?;
        Ok(Self { handle, _registered: registered })
    }

    /// N of `/dev/ptpN`.
    pub(crate) fn index(&self) -> i32 {
        // SAFETY: registered.
        unsafe { bindings::rigb_ptp_index(self.handle.as_ptr()) }
    }

    /// # Safety
    ///
    /// `info` is the one of a registered clock of this type.
    unsafe fn clock<'a>(info: *mut bindings::ptp_clock_info) -> &'a T {
        // SAFETY: the info is the first field of a pinned `Registered` (repr(C), transparent cell) that is freed after the clock is unregistered.
        unsafe { &(*info.cast::<Registered<T>>()).clock }
    }

    unsafe extern "C" fn adjfine(info: *mut bindings::ptp_clock_info, scaled_ppm: ffi::c_long) -> i32 {
        // SAFETY: the core calls this for a registered clock.
        let clock = unsafe { Self::clock(info) };
        from_result(|| clock.adjust_frequency(scaled_ppm as i64).map(|()| 0))
    }

    unsafe extern "C" fn adjtime(info: *mut bindings::ptp_clock_info, by: i64) -> i32 {
        // SAFETY: as in `adjfine`.
        let clock = unsafe { Self::clock(info) };
        from_result(|| clock.adjust_time(by).map(|()| 0))
    }

    unsafe extern "C" fn gettimex64(
        info: *mut bindings::ptp_clock_info,
        time: *mut bindings::timespec64,
        system: *mut bindings::ptp_system_timestamp,
    ) -> i32 {
        // SAFETY: as in `adjfine`.
        let clock = unsafe { Self::clock(info) };
        from_result(|| {
            let now = clock.get_time(&mut SystemTime(system))?;
            // SAFETY: the core passes a place for the result.
            let time = unsafe { &mut *time };
            time.tv_sec = now.div_euclid(NANOSECONDS_PER_SECOND);
            time.tv_nsec = now.rem_euclid(NANOSECONDS_PER_SECOND) as ffi::c_long;
            Ok(0)
        })
    }

    unsafe extern "C" fn settime64(info: *mut bindings::ptp_clock_info, time: *const bindings::timespec64) -> i32 {
        // SAFETY: as in `adjfine`.
        let clock = unsafe { Self::clock(info) };
        // SAFETY: the core passes the wanted time.
        let time = unsafe { &*time };
        let to =
            time.tv_sec.checked_mul(NANOSECONDS_PER_SECOND).and_then(|whole| whole.checked_add(time.tv_nsec as i64));
        from_result(|| clock.set_time(to.ok_or(ERANGE)?).map(|()| 0))
    }
}

impl<T: Clock> Drop for PtpClock<T> {
    fn drop(&mut self) {
        // SAFETY: registered in `register`, unregistered once.
        unsafe { bindings::rigb_ptp_unregister(self.handle.as_ptr()) };
    }
}

const _: () = assert!(size_of::<bindings::ptp_clock_info>() == bindings::RIGB_SIZEOF_PTP_CLOCK_INFO as usize);
const _: () =
    assert!(offset_of!(bindings::ptp_clock_info, settime64) == bindings::RIGB_OFFSETOF_PTP_SETTIME64 as usize);

/// As `layout::check`, for the structures of timestamping.
fn check_layout() -> Result {
    let expected = [
        bindings::RIGB_SIZEOF_PTP_CLOCK_INFO,
        bindings::RIGB_OFFSETOF_PTP_SETTIME64,
        bindings::RIGB_SIZEOF_HWTSTAMP_CONFIG,
        bindings::RIGB_OFFSETOF_NDO_HWTSTAMP_SET,
    ];
    // SAFETY: `rigb_ptp_layout` is a constant of the shim with as many elements as the bindings say; nobody writes it.
    let actual = unsafe { &*core::ptr::addr_of!(bindings::rigb_ptp_layout) };
    if expected != *actual {
        pr_err!(
            "the bindings do not match the compiler's layout of struct ptp_clock_info or kernel_hwtstamp_config; build the module again\n"
        );
        return Err(EINVAL);
    }
    Ok(())
}
