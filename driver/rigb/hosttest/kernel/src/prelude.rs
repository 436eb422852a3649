// SPDX-License-Identifier: GPL-2.0-only
//! What the kernel's drivers import as a whole.

pub use crate::{
    bitfield::Zeroable,
    dev_dbg, dev_err, dev_info, dev_warn,
    error::{Error, Result, code::*},
    str::CStr,
};
