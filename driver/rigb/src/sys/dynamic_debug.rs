// SPDX-License-Identifier: GPL-2.0-only
//! Debug messages under dynamic debug, which the `kernel` crate's `dev_dbg!` does not know at 7.3. Each message below has the descriptor that C's `netdev_dbg`
//! makes (include/linux/dynamic_debug.h), in the section where the module loader looks for them. So
//! `echo 'module rigb +p' > /sys/kernel/debug/dynamic_debug/control` shows them all, `'module rigb func link_read +p'` one, and `dyndbg=+p` does while the module is
//! loaded. Until then a message is one nop, and nothing is formatted.
//!
//! They stand here in one list, and not as a macro at their callers, because a static in a section of its own is `unsafe` code.

use super::{netdev::NetDev, operations::LinkState};
use core::cell::UnsafeCell;
use kernel::{
    bindings::{__BindgenBitfieldUnit, _ddebug},
    ffi::c_void,
    fmt,
    prelude::*,
};

/// What the kernel knows of one message.
///
/// # Invariants
///
/// Its strings end with a NUL and are there for as long as the module. Once the module is loaded, only the kernel writes to it.
#[repr(transparent)]
struct Message(UnsafeCell<_ddebug>);

// SAFETY: only the kernel writes to a message, under its own lock, and only the kernel reads it.
unsafe impl Sync for Message {}

impl Message {
    const NO_CLASS: u32 = 63;

    /// A message that is off. The strings end with a NUL, or this does not compile.
    const fn new(name: &'static str, file: &'static str, line: u32, format: &'static str) -> Self {
        assert!(ends_with_nul(name) && ends_with_nul(file) && ends_with_nul(format));
        // lineno:18, class_id:6, flags:8.
        let bits = line & 0x3_ffff | Self::NO_CLASS << 18;
        Self(UnsafeCell::new(_ddebug {
            modname: c"rigb".to_bytes_with_nul().as_ptr().cast(),
            function: name.as_ptr().cast(),
            filename: file.as_ptr().cast(),
            format: format.as_ptr().cast(),
            _bitfield_align_1: [],
            _bitfield_1: __BindgenBitfieldUnit::new(bits.to_le_bytes()),
            #[cfg(CONFIG_JUMP_LABEL)]
            // SAFETY: a key of zeros is STATIC_KEY_FALSE_INIT.
            key: unsafe { core::mem::zeroed() },
        }))
    }

    #[cold]
    #[inline(never)]
    #[cfg_attr(not(CONFIG_DYNAMIC_DEBUG), expect(unused_variables))]
    fn print(&'static self, netdev: &NetDev, text: fmt::Arguments<'_>) {
        let text = core::ptr::from_ref(&text).cast::<c_void>();
        #[cfg(CONFIG_DYNAMIC_DEBUG)]
        // SAFETY: message and interface are alive; `%pA` takes a pointer to `fmt::Arguments`, which lives to the end of the call.
        unsafe {
            kernel::bindings::__dynamic_netdev_dbg(self.0.get(), netdev.as_ptr().cast(), c"%pA".as_char_ptr(), text)
        };
    }
}

const fn ends_with_nul(text: &str) -> bool {
    matches!(text.as_bytes(), [.., 0])
}

macro_rules! messages {
    ($($(#[$about:meta])* fn $name:ident($($argument:ident: $type:ty),*) = $text:tt;)+) => {$(
        $(#[$about])*
        #[inline(always)]
        pub(crate) fn $name(netdev: &NetDev $(, $argument: $type)*) {
            #[link_section = "__dyndbg"]
            static MESSAGE: Message =
                Message::new(concat!(stringify!($name), "\0"), concat!(file!(), "\0"), line!(), concat!($text, "\0"));

            #[cfg(CONFIG_JUMP_LABEL)]
            // SAFETY: the key is a real one, in the descriptor; the kernel patches this branch when the message is switched on.
            let on = unsafe { kernel::jump_label::arch_static_branch!(MESSAGE, _ddebug, key, false) };
            #[cfg(not(CONFIG_JUMP_LABEL))]
            // SAFETY: the descriptor lives forever; a torn or old value of the flags does no harm.
            let on = unsafe { _ddebug::flags_raw(MESSAGE.0.get()) } & kernel::bindings::_DPRINTK_FLAGS_PRINT != 0;
            if on {
                MESSAGE.print(netdev, fmt!($text));
            }
        }
    )+};
}

messages! {
    /// The interface runs.
    fn opened(pairs: u32, rx: u32, tx: u32, mtu: u32) =
        "up: {pairs} queue pairs of {rx} receive and {tx} transmit descriptors, MTU {mtu}\n";
    /// It no longer does; its rings are gone.
    fn closed() = "down\n";
    /// What the vector that is no queue's was about (ICR).
    fn causes(icr: u32) = "interrupt causes {icr:#010x}\n";
    /// What the MAC said about the link.
    fn link_read(link: Option<LinkState>) = "link read as {link:?}\n";
}
