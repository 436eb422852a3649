// SPDX-License-Identifier: GPL-2.0-only
//! The few plain types of the module's `sys` folder that `hw` works with. The real files need the kernel's headers.

pub mod binding;
pub mod netdev;
pub mod operations;
pub mod tail;
