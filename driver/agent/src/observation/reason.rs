// SPDX-License-Identifier: MIT OR Apache-2.0
//! Why something is not told, as a sentence.

use crate::module::words;
use rustix::io::Errno;

/// What a driver or the kernel answered instead of `what`, which is in the plural.
pub fn reason(what: &str, driver: &str, error: Errno) -> String {
    match error {
        Errno::OPNOTSUPP => format!("{driver} offers no {what}."),
        Errno::PERM | Errno::ACCESS => format!("The agent may not read the {what}; run it as root."),
        other => format!("The {what} were not read: {}.", words(other)),
    }
}

/// Why the kernel cannot be asked at all.
pub fn no_family(family: &str, error: Errno) -> String {
    match error {
        Errno::NOENT => format!("This kernel has no netlink family {family}; it is too old."),
        other => format!("The netlink family {family} was not found: {}.", words(other)),
    }
}

/// Why an interface that offers lists has empty ones.
pub fn nothing_listed(what: &str, driver: &str, interface: &str, is_up: bool) -> String {
    if is_up { format!("{driver} tells the kernel of no {what}.") } else { format!("{interface} is down.") }
}
