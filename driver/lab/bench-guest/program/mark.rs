// SPDX-License-Identifier: MIT OR Apache-2.0
//! Marks that the instruction counter (plugin/count.rs) sees.
use std::arch::asm;

/// Runs `work` as one counted section.
pub fn counted<T>(work: impl FnOnce() -> T) -> T {
    // SAFETY: a `nop` with a displacement.
    unsafe { asm!(".byte 0x0f, 0x1f, 0x84, 0x00", ".long 0x72696701") };
    let result = work();
    // SAFETY: as above.
    unsafe { asm!(".byte 0x0f, 0x1f, 0x84, 0x00", ".long 0x72696702") };
    result
}

/// The time-stamp counter. Under `-icount shift=0` it counts nanoseconds, one an instruction.
pub fn now_ns() -> u64 {
    // SAFETY: no condition.
    unsafe { core::arch::x86_64::_rdtsc() }
}

/// Waits in user space, where instructions are not counted as the kernel's, until `instant`.
pub fn wait_until(instant: u64) {
    while now_ns() < instant {
        std::hint::spin_loop();
    }
}
