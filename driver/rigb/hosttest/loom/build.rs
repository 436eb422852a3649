// SPDX-License-Identifier: GPL-2.0-only
//! Has the ring's files take loom's atomics, in this crate alone.

fn main() {
    println!("cargo::rerun-if-changed=build.rs");
    println!("cargo::rustc-cfg=loom");
}
