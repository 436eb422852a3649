// SPDX-License-Identifier: GPL-2.0-only
//! The rings of the module, those who share them in threads of their own: loom runs every interleaving (with up to two or three
//! preemptions) and every order of memory accesses that the memory model of C11 allows, which is weaker than any machine's. KCSAN, the kernel's own detector
//! of races, does not see Rust.
#![cfg(test)]
#![allow(clippy::precedence, reason = "descriptors are ors of shifts, and everybody knows which comes first")]

#[path = "../../../src/ring/mod.rs"]
#[allow(dead_code, reason = "what no second thread reaches is tested in hosttest")]
mod ring;

mod atomics;
mod memory;
mod queue;
mod receive;
mod slots;
mod transmit;

/// Runs `test` in every order with at most `preemptions` switches to another thread where none is needed.
fn explore(preemptions: usize, test: impl Fn() + Sync + Send + 'static) {
    let mut builder = loom::model::Builder::new();
    // A ring has more descriptors than loom expects steps in a test.
    builder.max_branches = 20_000;
    builder.preemption_bound = Some(preemptions);
    builder.check(test);
}
