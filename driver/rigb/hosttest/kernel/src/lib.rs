// SPDX-License-Identifier: GPL-2.0-only
//! As much of the kernel's `kernel` crate as `src/hw` uses: the same paths, names and types, so that its files compile unchanged. The registers behind a BAR
//! are whatever a test puts there, and time passes only while somebody sleeps.

pub mod bitfield;
pub mod device;
pub mod error;
pub mod io;
pub mod message;
pub mod num;
pub mod pci;
pub mod prelude;
pub mod time;

#[doc(hidden)]
pub use paste::paste;

/// Shares.
pub mod sync {
    pub use std::sync::Arc;
}

/// C strings.
pub mod str {
    pub use core::ffi::CStr;
}
