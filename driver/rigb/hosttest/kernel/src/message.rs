// SPDX-License-Identifier: GPL-2.0-only
//! The kernel log: a test's own output, which is shown when it fails.

/// Backs the macros below.
#[doc(hidden)]
#[macro_export]
macro_rules! device_message {
    ($level:literal, $device:expr, $($arguments:tt)+) => {{
        let _ = &$device;
        ::std::eprint!(::core::concat!($level, ": {}"), ::core::format_args!($($arguments)+))
    }};
}

/// An error of a device.
#[macro_export]
macro_rules! dev_err { ($($all:tt)+) => { $crate::device_message!("err", $($all)+) }; }

/// A warning about a device.
#[macro_export]
macro_rules! dev_warn { ($($all:tt)+) => { $crate::device_message!("warn", $($all)+) }; }

/// Something that a device's owner wants to know.
#[macro_export]
macro_rules! dev_info { ($($all:tt)+) => { $crate::device_message!("info", $($all)+) }; }

/// Something for whoever debugs a device.
#[macro_export]
macro_rules! dev_dbg { ($($all:tt)+) => { $crate::device_message!("debug", $($all)+) }; }
