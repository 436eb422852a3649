// SPDX-License-Identifier: GPL-2.0-only
//! `buffers/` of a port in debugfs: what the buffers of its descriptors hold, payload and all. Nothing is shown before a `1` is written to `buffers/allowed`, which the
//! kernel refuses where it is locked down.

use super::snapshot::{self, RingKind};
use crate::dev::adapter::Adapter;
use kernel::{
    debugfs::{BinaryWriter, Reader, Writer},
    fmt,
    fs::file,
    new_mutex,
    prelude::*,
    sync::{Arc, Mutex},
    uaccess::{UserSliceReader, UserSliceWriter},
};

/// As a power of two, how far the descriptors are apart in a file.
const SLOT_SHIFT: u32 = 16;
/// Bytes of a frame that are shown at most.
const MOST_BYTES: u32 = 16 * 1024;

/// `buffers/allowed`: whether buffers are shown. A `1` also lets the beginnings of received frames be kept, while `rigb:rx_done` is traced.
#[pin_data]
pub(super) struct Allowed {
    adapter: Arc<Adapter>,
    // Held while somebody looks, so that nothing is kept after a `0` was written.
    #[pin]
    is: Mutex<bool>,
}

impl Allowed {
    /// Not at first.
    pub(super) fn new(adapter: Arc<Adapter>) -> Result<Arc<Self>> {
        Arc::pin_init(pin_init!(Self { adapter, is <- new_mutex!(false) }), GFP_KERNEL)
    }
}

/// The file of it.
pub(super) struct AllowedFile(pub(super) Arc<Allowed>);

impl Writer for AllowedFile {
    fn write(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(if *self.0.is.lock() { "1\n" } else { "0\n" })
    }
}

impl Reader for AllowedFile {
    fn read_from_slice(&self, reader: &mut UserSliceReader) -> Result {
        let mut text = [0; 2];
        let text = text.get_mut(..reader.len()).ok_or(EINVAL)?;
        reader.read_slice(text)?;
        let allowed = match text {
            [b'1'] | [b'1', b'\n'] => true,
            [b'0'] | [b'0', b'\n'] => false,
            _ => return Err(EINVAL),
        };
        let mut is_allowed = self.0.is.lock();
        *is_allowed = allowed;
        for pair in &self.0.adapter.pairs {
            pair.keep_frames(allowed)?;
        }
        Ok(())
    }
}

/// `buffers/rxN` and `txN`: at each multiple of 65536 that descriptor's, by one read.
pub(super) struct Buffers {
    /// Whether they are shown.
    pub(super) allowed: Arc<Allowed>,
    /// Of which ring.
    pub(super) kind: RingKind,
    /// Of which queue.
    pub(super) queue: u32,
}

impl BinaryWriter for Buffers {
    fn write_to_slice(&self, writer: &mut UserSliceWriter, offset: &mut file::Offset) -> Result<usize> {
        let is_allowed = self.allowed.is.lock();
        if !*is_allowed {
            return Err(EPERM);
        }
        let place = u64::try_from(*offset).map_err(|_| EINVAL)?;
        let (index, within) = (place >> SLOT_SHIFT, place & ((1 << SLOT_SHIFT) - 1));
        // A second read would be of another instant: there is one a descriptor, of what fits into it.
        if within != 0 {
            return Ok(0);
        }
        let adapter = &self.allowed.adapter;
        let index = u32::try_from(index).map_err(|_| EINVAL)?;
        let Some(bytes) = snapshot::buffer(adapter, self.kind, self.queue, index, MOST_BYTES)? else { return Ok(0) };
        drop(is_allowed);
        let written = writer.write_slice_partial(&bytes, 0)?;
        *offset = offset.saturating_add(written as i64);
        Ok(written)
    }
}
