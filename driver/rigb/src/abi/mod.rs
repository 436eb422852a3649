// SPDX-License-Identifier: GPL-2.0-only
//! What inspectors read: binary snapshots in debugfs (layouts: driver/wire/README.md), text in /proc.
#![forbid(unsafe_code)]

mod buffers;
pub(crate) mod debugfs;
pub(crate) mod proc;
mod snapshot;
