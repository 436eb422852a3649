// SPDX-License-Identifier: GPL-2.0-only
//! The atomics that both halves of a ring share. `hosttest/loom` puts its own in their place, which try every order that the memory model allows.

#[cfg(loom)]
pub(crate) use crate::atomics::{AtomicU32, Ordering};
#[cfg(not(loom))]
pub(crate) use core::sync::atomic::{AtomicU32, Ordering};
