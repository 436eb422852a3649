// SPDX-License-Identifier: GPL-2.0-only
//! `netlink_ext_ack`: why a request was refused, in a sentence that `ip` and `ethtool` print.

use core::marker::PhantomData;
use kernel::{prelude::*, str::CStr};

/// The place for the sentence, while a request is answered.
#[derive(Clone, Copy)]
pub(crate) struct ExtAck<'a>(*mut kernel::bindings::netlink_ext_ack, PhantomData<&'a mut ()>);

impl ExtAck<'_> {
    /// # Safety
    ///
    /// `ack` is null or valid for as long as the value lives.
    pub(super) unsafe fn from_raw(ack: *mut kernel::bindings::netlink_ext_ack) -> Self {
        Self(ack, PhantomData)
    }

    /// Gives the reason.
    pub(crate) fn say(self, reason: &'static CStr) {
        if !self.0.is_null() {
            // SAFETY: valid by the type's construction; the text lives for ever.
            unsafe { (*self.0)._msg = reason.as_char_ptr() };
        }
    }
}
