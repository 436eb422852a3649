// SPDX-License-Identifier: GPL-2.0-only

use kernel::{io::IoBase, pci::Bar, sync::Arc};

/// A register that is written for every frame.
pub struct Tail<R>(Box<dyn Fn(u32)>, core::marker::PhantomData<R>);

impl<R: 'static> Tail<R> {
    /// The register at `offset`.
    pub fn new<const SIZE: usize>(
        mapping: Arc<R>,
        bar: for<'a> fn(&'a R) -> &'a Bar<'static, SIZE>,
        offset: usize,
    ) -> Option<Self> {
        let write = move |value| bar(&mapping).write_at(offset, value);
        (offset < SIZE).then(|| Self(Box::new(write), core::marker::PhantomData))
    }

    /// Writes it.
    pub fn write(&self, value: u32) {
        (self.0)(value);
    }
}
