// SPDX-License-Identifier: GPL-2.0-only
//! A read-only file of text in /proc whose content is typed: a value with `show`, never a format string from elsewhere.

use super::bindings;
use core::{ffi::c_void, marker::PhantomData, ptr::NonNull};
use kernel::{prelude::*, seq_file::SeqFile, str::CStr};

/// What the file says.
pub(crate) trait Show {
    /// Writes the text. Runs in the reader's context; may sleep.
    fn show(file: &SeqFile);
}

/// The file, from `new` to its drop, which waits for readers.
pub(crate) struct ProcFile<T: Show> {
    entry: NonNull<bindings::proc_dir_entry>,
    _content: PhantomData<fn() -> T>,
}

// SAFETY: the entry is a handle whose only use is its removal.
unsafe impl<T: Show> Send for ProcFile<T> {}
// SAFETY: a shared reference offers nothing.
unsafe impl<T: Show> Sync for ProcFile<T> {}

impl<T: Show> ProcFile<T> {
    /// Creates `/proc/PATH`, readable by everyone. `EEXIST`-like failures and lack of memory are `ENOMEM`, as procfs tells no more.
    pub(crate) fn new(path: &'static CStr) -> Result<Self> {
        // SAFETY: the path is a C string, no parent means the root of procfs, the callback matches its type and lives as long as the module.
        let entry = unsafe {
            bindings::proc_create_single_data(
                path.as_char_ptr(),
                0o444,
                core::ptr::null_mut(),
                Some(Self::callback),
                core::ptr::null_mut(),
            )
        };
        Ok(Self { entry: NonNull::new(entry).ok_or(ENOMEM)?, _content: PhantomData })
    }

    unsafe extern "C" fn callback(file: *mut kernel::bindings::seq_file, _data: *mut c_void) -> i32 {
        // SAFETY: seq_file calls this with a valid file for the time of the call.
        T::show(unsafe { SeqFile::from_raw(file) });
        0
    }
}

impl<T: Show> Drop for ProcFile<T> {
    fn drop(&mut self) {
        // SAFETY: the entry is ours and removed once; `proc_remove` waits for calls of the callback.
        unsafe { bindings::proc_remove(self.entry.as_ptr()) };
    }
}
