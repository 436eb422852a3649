// SPDX-License-Identifier: MIT OR Apache-2.0
//! Numbers and blanks in the kernel's tables, without allocation.

/// The text after its leading blanks.
pub fn trim_start(text: &[u8]) -> &[u8] {
    let blanks = text.iter().take_while(|byte| matches!(byte, b' ' | b'\t')).count();
    text.get(blanks..).unwrap_or_default()
}

/// A decimal number at the begin, and what follows it. Numbers beyond 64 bits wrap, as the kernel's counters do.
pub fn number(text: &[u8]) -> Option<(u64, &[u8])> {
    let mut value = 0_u64;
    let mut digits = 0;
    for byte in text {
        let digit = byte.wrapping_sub(b'0');
        if digit > 9 {
            break;
        }
        value = value.wrapping_mul(10).wrapping_add(u64::from(digit));
        digits += 1;
    }
    (digits > 0).then(|| (value, text.get(digits..).unwrap_or_default()))
}

/// The lines without their ends.
pub fn lines(text: &[u8]) -> impl Iterator<Item = &[u8]> {
    text.split(|&byte| byte == b'\n').filter(|line| !line.is_empty())
}

/// As text; the kernel's names are ASCII.
pub fn text(bytes: &[u8]) -> String {
    String::from_utf8_lossy(bytes).trim().to_owned()
}
