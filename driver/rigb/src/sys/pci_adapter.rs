// SPDX-License-Identifier: GPL-2.0-only
//! `struct pci_driver` as traits. The `kernel` crate's own adapter knows probe and remove only; this one also tells the driver about shutdown, system sleep,
//! errors of the bus and resets of the function. `sriov_configure` stays empty: the kernel then refuses to create virtual functions.

use core::{marker::PhantomData, mem::offset_of, pin::Pin};
use kernel::{
    bindings,
    device::{self, Core, CoreInternal},
    driver,
    error::{from_result, to_result},
    pci,
    prelude::*,
    str::CStr,
    types::Opaque,
};

/// A bound PCI device as its driver keeps it. The calls of this trait and of its parents come one at a time, with the device's lock held, in process context.
pub(crate) trait PciDriver: PowerManagement + ErrorHandlers + Send + Sync + 'static {
    /// The devices that the driver takes.
    const ID_TABLE: pci::IdTable<()>;

    /// Takes a device over.
    fn probe(dev: &pci::Device<Core<'_>>) -> Result<Self>
    where
        Self: Sized;

    /// The device is about to be released; afterwards the value is dropped.
    fn unbind(&self);
}

/// The system goes down, sleeps or wakes.
pub(crate) trait PowerManagement {
    /// The machine is switched off, restarts, or starts another kernel: nothing may be written to memory any more.
    fn shutdown(&self);

    /// The system sleeps, or a picture of its memory is taken: the device must be quiet. The PCI core saves its configuration and switches its power.
    fn suspend(&self) -> Result;

    /// The system is awake, the device powered and its configuration restored.
    fn resume(&self) -> Result;
}

/// What an error did to the way to the device.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Channel {
    /// It works: a transaction was lost, no more.
    Normal,
    /// It is closed until the device is reset.
    Frozen,
    /// It is closed for good.
    Dead,
}

/// What the driver asks for after an error, or answers after a reset.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Recovery {
    /// The device works on; no reset is needed.
    CanRecover,
    /// Only a reset helps.
    NeedReset,
    /// The device works again.
    Recovered,
    /// The device is lost.
    Disconnect,
}

/// Recovery from errors of the bus (Documentation/PCI/pci-error-recovery.rst) and resets of the function that somebody else wants.
pub(crate) trait ErrorHandlers {
    /// The bus reports an error. With `Frozen` and `Dead` the device must not be touched.
    fn error_detected(&self, channel: Channel) -> Recovery;

    /// The slot was reset and the device's configuration restored.
    fn slot_reset(&self) -> Recovery;

    /// Everybody on the bus has recovered: work goes on.
    fn error_resume(&self);

    /// The function is about to be reset, for example by a write to its `reset` file.
    fn reset_prepare(&self);

    /// The function was reset and its configuration restored.
    fn reset_done(&self);
}

/// Registers `T` as a driver of the PCI bus, for `driver::Registration`.
pub(crate) struct PciAdapter<T>(PhantomData<T>);

// SAFETY: `pci_driver` is a C structure that embeds a `device_driver` at the offset given, and `T` is what `probe` stores as the device's private data.
unsafe impl<T: PciDriver> driver::DriverLayout for PciAdapter<T> {
    type DriverType = bindings::pci_driver;
    type DriverData<'bound> = T;
    const DEVICE_DRIVER_OFFSET: usize = offset_of!(bindings::pci_driver, driver);
}

// SAFETY: `unregister` takes back exactly what `register` did.
unsafe impl<T: PciDriver> driver::RegistrationOps for PciAdapter<T> {
    unsafe fn register(
        driver: &Opaque<bindings::pci_driver>,
        name: &'static CStr,
        module: &'static ThisModule,
    ) -> Result {
        // SAFETY: the structure is being initialised: nobody else knows it yet.
        let fields = unsafe { &mut *driver.get() };
        fields.name = name.as_char_ptr();
        fields.id_table = T::ID_TABLE.as_ptr();
        fields.probe = Some(Self::probe);
        fields.remove = Some(Self::remove);
        fields.shutdown = Some(Self::shutdown);
        fields.err_handler = Self::ERROR_HANDLERS;
        fields.driver.pm = Self::POWER_OPERATIONS;
        // SAFETY: the structure is filled in and stays pinned until `unregister` (the caller says so).
        to_result(unsafe { bindings::__pci_register_driver(driver.get(), module.as_ptr(), name.as_char_ptr()) })
    }

    unsafe fn unregister(driver: &Opaque<bindings::pci_driver>) {
        // SAFETY: registered by `register` (the caller says so).
        unsafe { bindings::pci_unregister_driver(driver.get()) };
    }
}

impl<T: PciDriver> PciAdapter<T> {
    const ERROR_HANDLERS: &'static bindings::pci_error_handlers = &bindings::pci_error_handlers {
        error_detected: Some(Self::error_detected),
        mmio_enabled: None,
        slot_reset: Some(Self::slot_reset),
        reset_prepare: Some(Self::reset_prepare),
        reset_done: Some(Self::reset_done),
        resume: Some(Self::error_resume),
        cor_error_detected: None,
    };

    // A picture of memory for hibernation wants no less than sleep does: no DMA while it is taken, and a device that starts anew afterwards.
    const POWER_OPERATIONS: &'static bindings::dev_pm_ops = &bindings::dev_pm_ops {
        suspend: Some(Self::suspend),
        resume: Some(Self::resume),
        freeze: Some(Self::suspend),
        thaw: Some(Self::resume),
        poweroff: Some(Self::suspend),
        restore: Some(Self::resume),
        // SAFETY: a table of optional function pointers; all zeros means none.
        ..unsafe { core::mem::zeroed() }
    };

    extern "C" fn probe(device: *mut bindings::pci_dev, _id: *const bindings::pci_device_id) -> c_int {
        // SAFETY: the bus calls this with a device that it holds and locks for the length of the call.
        let pci = unsafe { &*device.cast::<pci::Device<CoreInternal<'_>>>() };
        from_result(|| {
            pci.as_ref().set_drvdata(T::probe(pci))?;
            Ok(0)
        })
    }

    extern "C" fn remove(device: *mut bindings::pci_dev) {
        // SAFETY: called once for a device whose `probe` succeeded; the data is dropped later, by the driver core.
        unsafe { Self::data(device) }.unbind();
    }

    extern "C" fn shutdown(device: *mut bindings::pci_dev) {
        // SAFETY: called for bound devices only, with the device's lock held.
        unsafe { Self::data(device) }.shutdown();
    }

    extern "C" fn suspend(device: *mut bindings::device) -> c_int {
        // SAFETY: called for bound devices only, with the device's lock held.
        from_result(|| unsafe { Self::data_of(device) }.suspend().map(|()| 0))
    }

    extern "C" fn resume(device: *mut bindings::device) -> c_int {
        // SAFETY: called for bound devices only, with the device's lock held.
        from_result(|| unsafe { Self::data_of(device) }.resume().map(|()| 0))
    }

    extern "C" fn error_detected(
        device: *mut bindings::pci_dev,
        state: bindings::pci_channel_state_t,
    ) -> bindings::pci_ers_result_t {
        let channel = match state {
            bindings::pci_channel_io_normal => Channel::Normal,
            bindings::pci_channel_io_frozen => Channel::Frozen,
            _ => Channel::Dead,
        };
        // SAFETY: called for bound devices only, with the device's lock held.
        result(unsafe { Self::data(device) }.error_detected(channel))
    }

    extern "C" fn slot_reset(device: *mut bindings::pci_dev) -> bindings::pci_ers_result_t {
        // SAFETY: the device is held by the caller; the PCI core saved its state when it was found, the driver or the core later.
        unsafe { bindings::pci_restore_state(device) };
        // SAFETY: called for bound devices only, with the device's lock held.
        result(unsafe { Self::data(device) }.slot_reset())
    }

    extern "C" fn error_resume(device: *mut bindings::pci_dev) {
        // SAFETY: called for bound devices only, with the device's lock held.
        unsafe { Self::data(device) }.error_resume();
    }

    extern "C" fn reset_prepare(device: *mut bindings::pci_dev) {
        // SAFETY: called for bound devices only, with the device's lock held.
        unsafe { Self::data(device) }.reset_prepare();
    }

    extern "C" fn reset_done(device: *mut bindings::pci_dev) {
        // SAFETY: called for bound devices only, with the device's lock held.
        unsafe { Self::data(device) }.reset_done();
    }

    /// # Safety
    ///
    /// `device` is bound to this driver (its `probe` has returned success, its data is not dropped yet) and stays so for `'a`.
    unsafe fn data<'a>(device: *mut bindings::pci_dev) -> Pin<&'a T> {
        // SAFETY: the device is alive (the caller says so); the wrapper is transparent.
        let pci = unsafe { &*device.cast::<pci::Device<CoreInternal<'_>>>() };
        // SAFETY: `probe` stored a `T` (the caller says that it did and that it is still there).
        unsafe { pci.as_ref().drvdata_borrow::<T>() }
    }

    /// # Safety
    ///
    /// As for `data`, of the PCI device that `device` belongs to.
    unsafe fn data_of<'a>(device: *mut bindings::device) -> Pin<&'a T> {
        // SAFETY: the device is alive (the caller says so); the wrapper is transparent.
        let device = unsafe { &*device.cast::<device::Device<CoreInternal<'_>>>() };
        // SAFETY: `probe` stored a `T` (the caller says that it did and that it is still there).
        unsafe { device.drvdata_borrow::<T>() }
    }
}

fn result(recovery: Recovery) -> bindings::pci_ers_result_t {
    match recovery {
        Recovery::CanRecover => bindings::pci_ers_result_PCI_ERS_RESULT_CAN_RECOVER,
        Recovery::NeedReset => bindings::pci_ers_result_PCI_ERS_RESULT_NEED_RESET,
        Recovery::Recovered => bindings::pci_ers_result_PCI_ERS_RESULT_RECOVERED,
        Recovery::Disconnect => bindings::pci_ers_result_PCI_ERS_RESULT_DISCONNECT,
    }
}
