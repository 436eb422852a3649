// SPDX-License-Identifier: GPL-2.0-only
//! `/sys/kernel/debug/rigb/ADDRESS/`: root only, every read a fresh snapshot. Dropping the files removes them and waits for readers.

use super::{
    buffers::{Allowed, AllowedFile, Buffers},
    snapshot::{self, RingKind},
};
use crate::{
    dev::adapter::{Adapter, MOST_PAIRS},
    sys::registry::Registry,
};
use core::pin::Pin;
use kernel::{
    debugfs::{BinaryWriter, Dir, File},
    fs::file,
    prelude::*,
    str::CStr,
    sync::Arc,
    uaccess::UserSliceWriter,
};

/// The rings' files, by queue.
const RING_NAMES: [(&CStr, &CStr); MOST_PAIRS as usize] = [
    (c"rx0", c"tx0"),
    (c"rx1", c"tx1"),
    (c"rx2", c"tx2"),
    (c"rx3", c"tx3"),
    (c"rx4", c"tx4"),
    (c"rx5", c"tx5"),
    (c"rx6", c"tx6"),
    (c"rx7", c"tx7"),
];

#[derive(Clone, Copy)]
enum What {
    Ring(RingKind, u32),
    Registers,
    Vectors,
}

struct Snapshot {
    adapter: Arc<Adapter>,
    what: What,
}

impl BinaryWriter for Snapshot {
    fn write_to_slice(&self, writer: &mut UserSliceWriter, offset: &mut file::Offset) -> Result<usize> {
        let bytes = match self.what {
            What::Ring(kind, queue) => snapshot::ring(&self.adapter, kind, queue)?,
            What::Registers => snapshot::registers(&self.adapter)?,
            What::Vectors => snapshot::vectors(&self.adapter)?,
        };
        writer.write_slice_file(&bytes, offset)
    }
}

/// The files of one port. Files before the directories that hold them.
pub(crate) struct DebugFiles {
    _files: KVec<Pin<KBox<File<Snapshot>>>>,
    _buffers: KVec<Pin<KBox<File<Buffers>>>>,
    _allowed: Option<Pin<KBox<File<AllowedFile>>>>,
    _directories: KVec<Dir>,
}

impl DebugFiles {
    /// Creates them; none at all when the kernel has no debugfs.
    pub(crate) fn new(adapter: &Arc<Adapter>) -> Result<Self> {
        let mut files = KVec::new();
        let mut buffers = KVec::new();
        let mut allowed_file = None;
        let mut directories = KVec::new();
        if let Some(module) = Registry::directory() {
            let port = module.subdir(adapter.binding.name());
            let rings = port.subdir(c"rings");
            let snapshot = |what| Snapshot { adapter: adapter.clone(), what };
            for (queue, (rx, tx)) in (0u32..).zip(RING_NAMES).take(adapter.pairs.len()) {
                let rx = rings.read_binary_file(rx, snapshot(What::Ring(RingKind::Rx, queue)));
                files.push(KBox::pin_init(rx, GFP_KERNEL)?, GFP_KERNEL)?;
                let tx = rings.read_binary_file(tx, snapshot(What::Ring(RingKind::Tx, queue)));
                files.push(KBox::pin_init(tx, GFP_KERNEL)?, GFP_KERNEL)?;
            }
            files.push(
                KBox::pin_init(port.read_binary_file(c"registers", snapshot(What::Registers)), GFP_KERNEL)?,
                GFP_KERNEL,
            )?;
            files.push(
                KBox::pin_init(port.read_binary_file(c"vectors", snapshot(What::Vectors)), GFP_KERNEL)?,
                GFP_KERNEL,
            )?;
            let shown = port.subdir(c"buffers");
            let allowed = Allowed::new(adapter.clone())?;
            for (queue, (rx, tx)) in (0u32..).zip(RING_NAMES).take(adapter.pairs.len()) {
                for (name, kind) in [(rx, RingKind::Rx), (tx, RingKind::Tx)] {
                    let of_ring = Buffers { allowed: allowed.clone(), kind, queue };
                    buffers.push(KBox::pin_init(shown.read_binary_file(name, of_ring), GFP_KERNEL)?, GFP_KERNEL)?;
                }
            }
            let file = shown.read_write_file(c"allowed", AllowedFile(allowed));
            allowed_file = Some(KBox::pin_init(file, GFP_KERNEL)?);
            directories.push(shown, GFP_KERNEL)?;
            directories.push(rings, GFP_KERNEL)?;
            directories.push(port, GFP_KERNEL)?;
        }
        Ok(Self { _files: files, _buffers: buffers, _allowed: allowed_file, _directories: directories })
    }
}
