// SPDX-License-Identifier: GPL-2.0-only
//! loom's atomics for values that one thread alone writes, such that no interleaving is missed.
//!
//! loom saves itself interleavings that make no difference, but of an object it remembers only the latest access: a thread that reads its own index before it
//! writes it hides that another has read it before. So the writer's own reading, which tells it nothing, is kept from loom.

use loom::{
    sync::atomic,
    thread::{self, ThreadId},
};
use std::sync::Mutex;

pub use loom::sync::atomic::Ordering;

/// An integer that one thread writes and all may read.
pub struct AtomicU32 {
    inner: atomic::AtomicU32,
    /// Who writes, and what was written last.
    own: Mutex<(Option<ThreadId>, u32)>,
}

impl AtomicU32 {
    pub fn new(value: u32) -> Self {
        Self { inner: atomic::AtomicU32::new(value), own: Mutex::new((None, value)) }
    }

    /// From now on this thread writes.
    pub fn claim(&self) {
        self.own.lock().expect("no test panics in here").0 = Some(thread::current().id());
    }

    pub fn load(&self, order: Ordering) -> u32 {
        let (writer, value) = *self.own.lock().expect("no test panics in here");
        if writer == Some(thread::current().id()) { value } else { self.inner.load(order) }
    }

    pub fn store(&self, value: u32, order: Ordering) {
        let this = thread::current().id();
        let writer = self.own.lock().expect("no test panics in here").0;
        assert!(writer.is_none_or(|writer| writer == this), "two threads write one index");
        // The place where another thread may run, before anything has changed.
        self.inner.store(value, order);
        *self.own.lock().expect("no test panics in here") = (Some(this), value);
    }
}

/// Makes two accesses of different threads count as different in either order, and nothing else: it is written only, so that no order comes from it.
pub struct Witness(atomic::AtomicBool);

impl Witness {
    pub fn new() -> Self {
        Self(atomic::AtomicBool::new(false))
    }

    pub fn touch(&self) {
        self.0.store(true, Ordering::Relaxed);
    }
}
