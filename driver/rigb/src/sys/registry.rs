// SPDX-License-Identifier: GPL-2.0-only
//! What all devices of the module share: the list behind its file in /proc, and its directory in debugfs.

use super::procfs::{ProcFile, Show};
use kernel::{debugfs::Dir, prelude::*, seq_file::SeqFile, str::CStr, sync::Arc};

/// One device's part of the file.
pub(crate) trait Section: Send + Sync + 'static {
    /// Writes it.
    fn show(&self, file: &SeqFile);
}

struct Shared {
    sections: KVec<Arc<dyn Section>>,
    directory: Option<Dir>,
}

kernel::sync::global_lock! {
    // SAFETY: initialised in `Registry::new`, which the module calls once, before any device is probed.
    unsafe(uninit) static SHARED: Mutex<Shared> = Shared { sections: KVec::new(), directory: None };
}

struct Sections;

impl Show for Sections {
    fn show(file: &SeqFile) {
        for section in SHARED.lock().sections.iter() {
            section.show(file);
        }
    }
}

/// The module's file and directory, from its init to its exit.
pub(crate) struct Registry {
    _file: ProcFile<Sections>,
}

impl Registry {
    /// Creates `/proc/PATH` and the debugfs directory `directory`.
    pub(crate) fn new(path: &'static CStr, directory: &'static CStr) -> Result<Self> {
        // SAFETY: called once in the life of the module, from its init.
        unsafe { SHARED.init() };
        SHARED.lock().directory = Some(Dir::new(directory));
        Ok(Self { _file: ProcFile::new(path)? })
    }

    /// The module's debugfs directory, while there is one.
    pub(crate) fn directory() -> Option<Dir> {
        SHARED.lock().directory.clone()
    }
}

impl Drop for Registry {
    fn drop(&mut self) {
        SHARED.lock().directory = None;
    }
}

/// A section that is shown. Dropping it takes it out; no reader is in it afterwards.
pub(crate) struct Published(Arc<dyn Section>);

impl Published {
    /// Shows `section` from now on.
    pub(crate) fn new(section: Arc<dyn Section>) -> Result<Self> {
        SHARED.lock().sections.push(section.clone(), GFP_KERNEL)?;
        Ok(Self(section))
    }
}

impl Drop for Published {
    fn drop(&mut self) {
        let mine = Arc::as_ptr(&self.0).cast::<()>();
        let mut shared = SHARED.lock();
        let place = shared.sections.iter().position(|section| core::ptr::eq(Arc::as_ptr(section).cast::<()>(), mine));
        let _taken_out = place.map(|place| shared.sections.remove(place));
    }
}
