// SPDX-License-Identifier: MIT OR Apache-2.0
//! What can be done on this machine by this process, and why the rest cannot.

use crate::netlink::GenericSocket;
use crate::start_check::is_root;
use crate::{kmsg, lab, module, module_file, register_write, trace, traffic};
use ringscope_wire::control::{CapabilityMissing, Role};
use rustix::fs::{Access, access};
use std::fs::{OpenOptions, read_dir, read_to_string};
use std::io;

const CAP_NET_ADMIN: u32 = 12;
const CAP_SYS_MODULE: u32 = 16;
const DEBUGFS: &str = "/sys/kernel/debug";

/// Whether the kernel granted a capability; see capabilities(7) and proc(5).
fn is_granted(status: &str, capability: u32) -> bool {
    let line = status.lines().find_map(|line| line.strip_prefix("CapEff:"));
    line.and_then(|mask| u64::from_str_radix(mask.trim(), 16).ok()).is_some_and(|mask| (mask >> capability) & 1 == 1)
}

fn granted(capability: u32, name: &str) -> Result<(), String> {
    let status = read_to_string("/proc/self/status").unwrap_or_default();
    if is_granted(&status, capability) { Ok(()) } else { Err(format!("the agent runs without {name}")) }
}

fn in_words(path: &str, error: &io::Error) -> String {
    match error.kind() {
        io::ErrorKind::NotFound => format!("there is no {path}"),
        io::ErrorKind::PermissionDenied => format!("{path} may not be opened"),
        _ => format!("{path}: {error}"),
    }
}

fn module() -> Result<(), String> {
    granted(CAP_SYS_MODULE, "CAP_SYS_MODULE")?;
    let file = module_file::find();
    access(file.path(), Access::READ_OK).map_err(|error| in_words(&file.path().display().to_string(), &error.into()))
}

fn debugfs() -> Result<(), String> {
    let mut entries = read_dir(DEBUGFS).map_err(|error| in_words(DEBUGFS, &error))?;
    entries.next().map(drop).ok_or_else(|| format!("debugfs is not mounted on {DEBUGFS}"))
}

fn opened(read: bool) -> Result<(), String> {
    OpenOptions::new().read(read).write(!read).open(kmsg::PATH).map(drop).map_err(|error| in_words(kmsg::PATH, &error))
}

fn pktgen() -> Result<(), String> {
    granted(CAP_NET_ADMIN, "CAP_NET_ADMIN")?;
    traffic::pktgen_exists()
}

/// Binding a driver is writing to sysfs, which root alone may.
fn take_device() -> Result<(), String> {
    if !is_root() {
        return Err("the agent does not run as root".to_owned());
    }
    granted(CAP_NET_ADMIN, "CAP_NET_ADMIN")
}

fn observe() -> Result<(), String> {
    GenericSocket::open().map(drop).map_err(|error| format!("generic netlink: {}", module::words(error)))
}

/// What the agent may do, as it was started.
#[derive(Debug, Clone, Copy)]
pub struct Rights {
    /// Whether it may change the machine.
    pub role: Role,
    /// Registers may be written.
    pub allows_writes: bool,
    /// The machine is a lab guest.
    pub is_lab: bool,
}

/// Capabilities that are there, and those that are not with the reason.
pub fn find(Rights { role, allows_writes, is_lab }: Rights) -> (Vec<&'static str>, Vec<CapabilityMissing>) {
    let changing = |outcome: Result<(), String>| match role {
        Role::Change => outcome,
        Role::Observe => Err("the agent was started to observe only".to_owned()),
    };
    let found = [
        ("module", changing(module())),
        ("kmsg", opened(true)),
        ("debugfs", debugfs()),
        ("traffic", changing(pktgen())),
        ("set-link", changing(granted(CAP_NET_ADMIN, "CAP_NET_ADMIN"))),
        ("mark", changing(opened(false))),
        ("take-device", changing(take_device())),
        ("observe", observe()),
        ("write-register", changing(register_write::hindrance(allows_writes))),
        ("trace", trace::hindrance()),
        ("lab", changing(lab::hindrance(is_lab))),
    ];
    let (mut present, mut missing) = (Vec::new(), Vec::new());
    for (capability, outcome) in found {
        match outcome {
            Ok(()) => present.push(capability),
            Err(reason) => missing.push(CapabilityMissing { capability, reason }),
        }
    }
    (present, missing)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_capability_is_a_bit_of_the_effective_mask() {
        let status = "CapPrm:\tffffffffffffffff\nCapEff:\t0000000000011000\n";
        assert!(is_granted(status, CAP_NET_ADMIN) && is_granted(status, CAP_SYS_MODULE));
        assert!(!is_granted(status, 0));
        assert!(!is_granted("", CAP_NET_ADMIN));
    }

    #[test]
    fn every_capability_is_either_there_or_missing_with_a_reason() {
        for role in [Role::Change, Role::Observe] {
            let (present, missing) = find(Rights { role, allows_writes: false, is_lab: false });
            assert_eq!(present.len() + missing.len(), 11);
            assert!(missing.iter().all(|one| !one.reason.is_empty()));
        }
    }

    #[test]
    fn who_only_observes_changes_nothing() {
        let (present, _) = find(Rights { role: Role::Observe, allows_writes: true, is_lab: true });
        assert!(present.iter().all(|one| ["kmsg", "debugfs", "observe", "trace"].contains(one)), "{present:?}");
    }
}
