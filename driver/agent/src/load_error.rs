// SPDX-License-Identifier: MIT OR Apache-2.0
//! Why the kernel did not load the module, in words: its error number says little, what it logged meanwhile says the rest.

use crate::kmsg::{KernelLog, Reading};
use crate::module::words;
use crate::module_file::{ModuleFile, NAME};
use ringscope_wire::control::{ErrorCode, Refusal};
use rustix::io::Errno;
use rustix::system::uname;
use std::fs::read_to_string;

const LOCKDOWN: &str = "/sys/kernel/security/lockdown";
const MODULES_DISABLED: &str = "/proc/sys/kernel/modules_disabled";
/// A load that fails logs a line a missing symbol; the first ones tell enough.
const LINES: usize = 64;

/// What stood around a load that failed.
#[derive(Debug, Default)]
pub struct Circumstances {
    /// The module's file.
    path: String,
    /// What the kernel logged of the module since the load began, oldest first.
    lines: Vec<String>,
    /// Whether the kernel is locked down.
    is_locked_down: bool,
    /// Whether loading was switched off for good.
    is_disabled: bool,
}

impl Circumstances {
    /// Looks at them now. `log` was opened before the load.
    pub fn now(file: &ModuleFile, log: Option<KernelLog>) -> Self {
        let lockdown = read_to_string(LOCKDOWN).unwrap_or_default();
        Self {
            path: file.path().display().to_string(),
            lines: log.map(lines).unwrap_or_default(),
            is_locked_down: lockdown.contains("[integrity]") || lockdown.contains("[confidentiality]"),
            is_disabled: read_to_string(MODULES_DISABLED).is_ok_and(|text| text.trim() == "1"),
        }
    }

    /// The first line that has one of these words.
    fn line(&self, words: &[&str]) -> Option<&str> {
        self.lines.iter().map(String::as_str).find(|line| words.iter().any(|word| line.contains(word)))
    }
}

fn lines(mut log: KernelLog) -> Vec<String> {
    let mut lines = Vec::new();
    while lines.len() < LINES {
        match log.next() {
            Reading::Record(record) if record.text.contains(NAME) => lines.push(record.text),
            Reading::Record(_) | Reading::Overwritten => {}
            Reading::Empty | Reading::Failed(_) => break,
        }
    }
    lines
}

/// Why the module was not loaded, and what to do.
pub fn refusal(error: Errno, around: &Circumstances) -> Refusal {
    let because = |code, message: String, remedy: &str| Refusal::new(code, message).with_remedy(remedy);
    let release = uname().release().to_string_lossy().into_owned();
    let build = format!("Build the module for the kernel that runs, {release}.");
    let sign = "Sign the module with a key that this machine trusts (mokutil --import), or switch Secure Boot off.";
    match error {
        Errno::NOEXEC => match around.line(&["version magic", "disagrees about version", "Unknown symbol"]) {
            Some(line) => because(
                ErrorCode::Failed,
                format!("The module was built for another kernel. The kernel says: {line}"),
                &build,
            ),
            None => {
                let message = format!("The kernel does not take {}: it is no module for this kernel.", around.path);
                because(ErrorCode::Failed, message, &build)
            }
        },
        Errno::NOENT => {
            let message = "The module needs a symbol that this kernel does not have.".to_owned();
            let message = match around.line(&["Unknown symbol"]) {
                Some(line) => format!("{message} The kernel says: {line}"),
                None => message,
            };
            because(ErrorCode::Failed, message, &build)
        }
        Errno::EXIST => because(
            ErrorCode::Failed,
            format!("{NAME} is loaded already."),
            "Unload it first if another build of it is wanted.",
        ),
        Errno::KEYREJECTED | Errno::NOKEY | Errno::BADMSG => because(
            ErrorCode::NoPermission,
            "The kernel loads signed modules only, and trusts no signature of this one.".to_owned(),
            sign,
        ),
        Errno::PERM | Errno::ACCESS if around.is_locked_down => because(
            ErrorCode::NoPermission,
            "The kernel is locked down (Secure Boot), so it loads signed modules only.".to_owned(),
            sign,
        ),
        Errno::PERM | Errno::ACCESS if around.is_disabled => because(
            ErrorCode::NoPermission,
            "Loading modules was switched off on this machine (kernel.modules_disabled is 1).".to_owned(),
            "Restart the machine without that setting.",
        ),
        Errno::PERM | Errno::ACCESS => because(
            ErrorCode::NoPermission,
            "The kernel does not let the agent load a module.".to_owned(),
            "Run the agent as root.",
        ),
        Errno::NOSYS => because(
            ErrorCode::NotAvailable,
            "This kernel was built without support for modules.".to_owned(),
            "Use a distribution's kernel, or the lab.",
        ),
        other => {
            let message = match around.lines.last() {
                Some(line) => format!("{NAME} was not loaded: {}. The kernel says: {line}", words(other)),
                None => format!("{NAME} was not loaded: {}.", words(other)),
            };
            because(ErrorCode::Failed, message, "The kernel log says more.")
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn around(line: &str) -> Circumstances {
        let lines = vec!["rigb: loading out-of-tree module taints kernel.".to_owned(), line.to_owned()];
        Circumstances { path: "/x/rigb.ko".into(), lines, ..Circumstances::default() }
    }

    #[test]
    fn a_module_for_another_kernel_is_told_with_the_kernels_own_line() {
        let line = "rigb: version magic '7.2.0 SMP' should be '7.3.4 SMP'";
        let refused = refusal(Errno::NOEXEC, &around(line));
        assert_eq!(refused.code, ErrorCode::Failed);
        assert!(refused.message.ends_with(line), "{}", refused.message);
        assert!(refusal(Errno::NOEXEC, &around("rigb: else")).message.contains("/x/rigb.ko"));
    }

    #[test]
    fn a_missing_symbol_is_named() {
        let line = "rigb: Unknown symbol napi_build_skb (err -2)";
        assert!(refusal(Errno::NOENT, &around(line)).message.ends_with(line));
        assert!(refusal(Errno::NOENT, &Circumstances::default()).message.contains("symbol"));
    }

    #[test]
    fn a_refused_signature_is_told_apart_from_a_lack_of_privilege() {
        let locked = Circumstances { is_locked_down: true, ..Circumstances::default() };
        let disabled = Circumstances { is_disabled: true, ..Circumstances::default() };
        for refused in [refusal(Errno::KEYREJECTED, &Circumstances::default()), refusal(Errno::PERM, &locked)] {
            assert_eq!(refused.code, ErrorCode::NoPermission);
            assert!(refused.message.contains("signed"), "{}", refused.message);
        }
        assert!(refusal(Errno::PERM, &disabled).message.contains("modules_disabled"));
        assert_eq!(refusal(Errno::PERM, &Circumstances::default()).remedy.as_deref(), Some("Run the agent as root."));
    }

    #[test]
    fn anything_else_is_told_in_the_systems_words_with_the_newest_line() {
        assert_eq!(refusal(Errno::NODEV, &Circumstances::default()).message, "rigb was not loaded: No such device.");
        assert!(refusal(Errno::NODEV, &around("rigb: probe")).message.ends_with("The kernel says: rigb: probe"));
        assert!(refusal(Errno::EXIST, &around("")).message.contains("loaded already"));
        assert_eq!(refusal(Errno::NOSYS, &around("")).code, ErrorCode::NotAvailable);
    }
}
