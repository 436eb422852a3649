// SPDX-License-Identifier: GPL-2.0-only
//! Messages about an interface as C drivers print them, `rigb 0000:01:00.0 eth0: TEXT`: through `netdev_err`, `netdev_warn` and `netdev_info`.

use super::{bindings, netdev::NetDev};
use kernel::{ffi::c_void, fmt, prelude::*};

/// How serious a message is.
#[derive(Clone, Copy)]
pub(crate) enum Level {
    /// The interface does not do what it is for.
    Error,
    /// It does, but somebody should look.
    Warning,
    /// What an administrator wants to know.
    Info,
}

/// Prints one message that ends with a line feed; for the macros below.
pub(crate) fn print(level: Level, netdev: &NetDev, text: fmt::Arguments<'_>) {
    let (format, text) = (c"%pA".as_char_ptr(), core::ptr::from_ref(&text).cast::<c_void>());
    match level {
        // SAFETY: the interface's memory is alive; `%pA` takes a pointer to `fmt::Arguments`, which lives to the end of the call.
        Level::Error => unsafe { bindings::netdev_err(netdev.as_ptr(), format, text) },
        // SAFETY: as above.
        Level::Warning => unsafe { bindings::netdev_warn(netdev.as_ptr(), format, text) },
        // SAFETY: as above.
        Level::Info => unsafe { bindings::netdev_info(netdev.as_ptr(), format, text) },
    }
}

/// Says that an interface does not work: `netdev_err!(netdev, "text with {}\n", values)`, where `netdev` is a `NetDev` or a pointer to one.
macro_rules! netdev_err {
    ($netdev:expr, $($text:tt)+) => {
        $crate::sys::netdev_log::print($crate::sys::netdev_log::Level::Error, &$netdev, ::kernel::prelude::fmt!($($text)+))
    };
}

/// The same for what somebody should look at.
macro_rules! netdev_warn {
    ($netdev:expr, $($text:tt)+) => {
        $crate::sys::netdev_log::print($crate::sys::netdev_log::Level::Warning, &$netdev, ::kernel::prelude::fmt!($($text)+))
    };
}

/// The same for what an administrator wants to know.
macro_rules! netdev_info {
    ($netdev:expr, $($text:tt)+) => {
        $crate::sys::netdev_log::print($crate::sys::netdev_log::Level::Info, &$netdev, ::kernel::prelude::fmt!($($text)+))
    };
}

pub(crate) use {netdev_err, netdev_info, netdev_warn};
