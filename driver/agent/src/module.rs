// SPDX-License-Identifier: MIT OR Apache-2.0
//! Loading and unloading, and where the module is in its life, as `/sys/module/rigb` tells it.

use crate::kmsg::KernelLog;
use crate::load_error::{Circumstances, refusal};
use crate::module_file::{ModuleFile, NAME};
use ringscope_wire::control::{ErrorCode, Module, ModuleState, Refusal};
use rustix::io::Errno;
use rustix::system::{delete_module, finit_module};
use std::ffi::{CString, c_int};
use std::fs::read_to_string;
use std::path::Path;

const SYSFS: &str = "/sys/module/rigb";
/// `O_NONBLOCK`: a module in use is refused instead of waited for.
const NONBLOCK: c_int = 0o4000;

/// Loads the module; blocks while its `init` runs. Needs CAP_SYS_MODULE.
pub fn load(file: &ModuleFile, parameters: &str) -> Result<(), Refusal> {
    let opened = file.open()?;
    let parameters = CString::new(parameters).map_err(|_| refusal(Errno::INVAL, &Circumstances::default()))?;
    // What the kernel logs from here on is about this load.
    let log = KernelLog::open_at_end().ok();
    finit_module(opened, &parameters, 0).map_err(|error| refusal(error, &Circumstances::now(file, log)))
}

/// Unloads the module; blocks while its `exit` runs. Needs CAP_SYS_MODULE.
pub fn unload() -> Result<(), Refusal> {
    let name = CString::new(NAME).map_err(|_| unload_refusal(Errno::INVAL))?;
    delete_module(&name, NONBLOCK).map_err(unload_refusal)
}

/// Why it could not be unloaded.
fn unload_refusal(error: Errno) -> Refusal {
    match error {
        Errno::PERM | Errno::ACCESS => {
            Refusal::new(ErrorCode::NoPermission, "The kernel does not let the agent unload a module.")
                .with_remedy("Run the agent as root.")
        }
        Errno::NOENT => Refusal::new(ErrorCode::NotAvailable, format!("{NAME} is not loaded.")),
        Errno::AGAIN | Errno::BUSY => Refusal::new(ErrorCode::Busy, format!("Something holds {NAME}.")),
        other => Refusal::new(ErrorCode::Failed, format!("{NAME} was not unloaded: {}.", words(other))),
    }
}

/// An error in the system's words, without its number.
pub fn words(error: Errno) -> String {
    let text = std::io::Error::from(error).to_string();
    text.split(" (os error").next().unwrap_or_default().to_owned()
}

/// What sysfs says of the module.
pub fn state() -> Module {
    state_below(Path::new(SYSFS))
}

fn state_below(directory: &Path) -> Module {
    let attribute = |name: &str| read_to_string(directory.join(name)).ok().map(|text| text.trim().to_owned());
    let state = match attribute("initstate").as_deref() {
        Some("coming") => ModuleState::Loading,
        Some("going") => ModuleState::Unloading,
        Some(_) => ModuleState::Live,
        // Without an initstate it is nothing that was loaded.
        None => ModuleState::Absent,
    };
    let loaded = |name: &str| if state == ModuleState::Absent { None } else { attribute(name) };
    Module {
        name: NAME,
        state,
        version: loaded("version"),
        size_bytes: loaded("coresize").and_then(|text| text.parse().ok()),
        reference_count: loaded("refcnt").and_then(|text| text.parse().ok()),
        error: None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::fs;

    #[test]
    fn the_state_is_what_sysfs_says() {
        let directory = std::env::temp_dir().join(format!("ringscope-agent-module-{}", std::process::id()));
        assert_eq!(state_below(&directory).state, ModuleState::Absent);
        fs::create_dir_all(&directory).expect("a temporary directory");
        for (name, content) in
            [("initstate", "live\n"), ("version", "0.1.0\n"), ("coresize", "98304\n"), ("refcnt", "-1\n")]
        {
            fs::write(directory.join(name), content).expect("a temporary file");
        }
        let module = state_below(&directory);
        assert_eq!(
            (module.state, module.size_bytes, module.reference_count),
            (ModuleState::Live, Some(98_304), Some(-1))
        );
        fs::write(directory.join("initstate"), "coming\n").expect("a temporary file");
        assert_eq!(state_below(&directory).state, ModuleState::Loading);
        fs::remove_dir_all(&directory).expect("it is there");
    }

    #[test]
    fn what_the_kernel_refuses_is_told_by_its_code_and_in_words() {
        assert_eq!(unload_refusal(Errno::AGAIN).code, ErrorCode::Busy);
        assert_eq!(unload_refusal(Errno::PERM).code, ErrorCode::NoPermission);
        assert_eq!(unload_refusal(Errno::NODEV).message, "rigb was not unloaded: No such device.");
    }
}
