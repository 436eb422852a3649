// SPDX-License-Identifier: GPL-2.0-only
//! Random bytes that all devices of the machine share.

use super::bindings;

/// The RSS key that the kernel gives to all devices (`netdev_rss_key_fill`); from process context.
pub(crate) fn rss_key(key: &mut [u8]) {
    // SAFETY: the slice is writable for its length; at most 52 bytes are asked for, which is what the kernel has.
    unsafe { bindings::netdev_rss_key_fill(key.as_mut_ptr().cast(), key.len().min(52)) };
}
