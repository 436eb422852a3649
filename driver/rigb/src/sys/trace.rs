// SPDX-License-Identifier: GPL-2.0-only
//! The tracepoints of `rigb_trace.h`, which says what each field means. While nobody listens a call site is one nop, and the closure that fills the event is
//! not run; so it may read what is not at hand.
//!
//! `kernel::declare_trace!` looks for its symbols among the kernel's own bindings, where those of a module outside the tree are not: hence the same by hand.

use super::{binding::Binding, bindings};

/// The frame ends in this descriptor.
pub(crate) const EOP: u32 = bindings::RIGB_TRACE_EOP;
/// Transmit: the card inserts a checksum. Receive: it found the checksums right.
pub(crate) const CSUM: u32 = bindings::RIGB_TRACE_CSUM;
/// Transmit: the card cuts the frame into segments.
pub(crate) const TSO: u32 = bindings::RIGB_TRACE_TSO;
/// Transmit: the card inserts the VLAN tag. Receive: it took the tag out.
pub(crate) const VLAN: u32 = bindings::RIGB_TRACE_VLAN;
/// Transmit: a context descriptor.
pub(crate) const CONTEXT: u32 = bindings::RIGB_TRACE_CONTEXT;
/// Receive: the card computed an RSS hash.
pub(crate) const HASH: u32 = bindings::RIGB_TRACE_HASH;
/// Receive: the MAC found the frame bad.
pub(crate) const BAD: u32 = bindings::RIGB_TRACE_BAD;
/// The card takes the frame's time.
pub(crate) const TIMESTAMP: u32 = bindings::RIGB_TRACE_TIMESTAMP;

/// `flag` if `condition` holds, for sums of flags.
pub(crate) const fn flag(condition: bool, flag: u32) -> u32 {
    if condition { flag } else { 0 }
}

// One event a line: its function, the structure of its fields, and those in the order of TP_PROTO. bindgen's declarations are those of the header, so a field of
// another type does not compile.
macro_rules! events {
    ($($(#[$about:meta])* $name:ident, $event:ident { $($field:ident: $type:ty),+ $(,)? })+) => {
        kernel::macros::paste! {
            $(
                $(#[$about])*
                #[derive(Clone, Copy)]
                pub(crate) struct $event {
                    $(#[allow(missing_docs)] pub(crate) $field: $type),+
                }

                $(#[$about])*
                #[inline(always)]
                pub(crate) fn $name(port: Binding, event: impl FnOnce() -> $event) {
                    #[cfg(CONFIG_TRACEPOINTS)]
                    {
                        #[expect(clippy::multiple_unsafe_ops_per_block, reason = "the kernel's macro looks into the key and branches")]
                        // SAFETY: the key is that of a tracepoint, which C defines in trace.c.
                        let listening = unsafe {
                            kernel::jump_label::static_branch_unlikely!(
                                bindings::[<__tracepoint_ $name>],
                                kernel::bindings::tracepoint,
                                key
                            )
                        };
                        if listening {
                            // Here and not behind the call, so that nothing has to lie in memory for the closure while nobody listens.
                            let $event { $($field),+ } = event();
                            [<fire_ $name>](port, $($field),+);
                        }
                    }
                    #[cfg(not(CONFIG_TRACEPOINTS))]
                    let _ = (port, event);
                }

                #[cfg(CONFIG_TRACEPOINTS)]
                #[cold]
                #[inline(never)]
                fn [<fire_ $name>](port: Binding, $($field: $type),+) {
                    // SAFETY: the device is alive, because the port is bound; the function reads its name and copies the numbers.
                    unsafe { bindings::[<rust_do_trace_ $name>](port.raw(), $($field),+) };
                }
            )+
        }
    };
}

events! {
    /// An empty buffer was written into a receive descriptor.
    rx_post, RxPost { queue: u16, index: u32, dma_address: u64, length: u32 }
    /// The receive tail was written.
    rx_refill, RxRefill { queue: u16, posted: u32, next_to_use: u32, next_to_clean: u32, starved: bool }
    /// The card wrote a receive descriptor back.
    rx_done, RxDone { queue: u16, index: u32, dma_address: u64, length: u32, flags: u32 }
    /// A transmit descriptor was written.
    tx_post, TxPost { queue: u16, index: u32, dma_address: u64, length: u32, flags: u32 }
    /// The transmit tail was written.
    tx_doorbell, TxDoorbell { queue: u16, next_to_use: u32, next_to_clean: u32, free: u32 }
    /// The card is done with a frame.
    tx_done, TxDone { queue: u16, index: u32, frames: u32, length: u32 }
    /// An interrupt handler ran.
    irq, Irq { vector: u16, irq: u32, cause: u32 }
    /// A poll ended.
    poll, Poll { queue: u16, budget: u32, received: u32, cleaned: u32, complete: bool }
}
