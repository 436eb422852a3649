// SPDX-License-Identifier: MIT OR Apache-2.0
//! Which driver holds a PCI function, through sysfs. See the kernel's Documentation/ABI/testing/sysfs-bus-pci. The address must have been found in the list of
//! devices.

use crate::function_interfaces::function_interfaces;
use std::fs::{OpenOptions, read_dir, read_link, read_to_string};
use std::io::{self, Write};
use std::path::{Path, PathBuf};
use std::thread;
use std::time::{Duration, Instant};

const DEVICES: &str = "/sys/bus/pci/devices";
const DRIVERS: &str = "/sys/bus/pci/drivers";
/// A driver's probe registers the interface before it returns; one that does it later gets this long.
const INTERFACE_TIME: Duration = Duration::from_secs(8);
const LOOK_TIME: Duration = Duration::from_millis(20);

fn device(address: &str) -> PathBuf {
    Path::new(DEVICES).join(address)
}

/// Whether the function is there.
pub fn exists(address: &str) -> bool {
    device(address).exists()
}

/// The driver that holds it.
pub fn driver(address: &str) -> Option<String> {
    Some(read_link(device(address).join("driver")).ok()?.file_name()?.to_string_lossy().into_owned())
}

/// The driver that it is reserved for.
pub fn driver_override(address: &str) -> Option<String> {
    let text = read_to_string(device(address).join("driver_override")).ok()?;
    // The kernel prints its null pointer for none.
    Some(text.trim().to_owned()).filter(|name| !name.is_empty() && name != "(null)")
}

/// The interfaces in the agent's network namespace, by name.
pub fn interfaces(address: &str) -> Vec<String> {
    let found = function_interfaces(&device(address));
    found.iter().filter_map(|path| Some(path.file_name()?.to_string_lossy().into_owned())).collect()
}

/// What else is built upon an interface: bridges, bonds, VLANs.
pub fn uppers(interface: &str) -> Vec<String> {
    uppers_in(&Path::new("/sys/class/net").join(interface))
}

fn uppers_in(directory: &Path) -> Vec<String> {
    let entries = read_dir(directory).into_iter().flatten().flatten();
    let names =
        entries.filter_map(|entry| Some(entry.file_name().to_string_lossy().strip_prefix("upper_")?.to_owned()));
    let mut names: Vec<_> = names.collect();
    names.sort();
    names
}

/// How many virtual functions it has.
pub fn virtual_functions(address: &str) -> u32 {
    let text = read_to_string(device(address).join("sriov_numvfs")).unwrap_or_default();
    text.trim().parse().unwrap_or(0)
}

fn write(path: &Path, text: &str) -> io::Result<()> {
    // One write, as sysfs wants it.
    OpenOptions::new().write(true).open(path)?.write_all(text.as_bytes())
}

/// An error in the system's words, without its number.
fn words(error: &io::Error) -> String {
    error.to_string().split(" (os error").next().unwrap_or_default().to_owned()
}

/// Reserves the function for a driver, or with `None` for whichever matches.
pub fn set_override(address: &str, driver: Option<&str>) -> Result<(), String> {
    write(&device(address).join("driver_override"), &format!("{}\n", driver.unwrap_or_default()))
        .map_err(|error| format!("The driver_override of {address} was not set: {}.", words(&error)))
}

/// Takes the function from its driver; blocks until that has let go.
pub fn unbind(address: &str, driver: &str) -> Result<(), String> {
    write(&Path::new(DRIVERS).join(driver).join("unbind"), address)
        .map_err(|error| format!("{driver} did not let go of {address}: {}.", words(&error)))
}

/// Gives the function to a driver; blocks while that probes it.
pub fn bind(address: &str, driver: &str) -> Result<(), String> {
    write(&Path::new(DRIVERS).join(driver).join("bind"), address).map_err(|error| match error.kind() {
        io::ErrorKind::NotFound => {
            format!("{driver} is not loaded, so it cannot drive {address} again; run modprobe {driver}.")
        }
        _ => format!("{driver} did not take {address}: {}.", words(&error)),
    })
}

/// Waits until the function has an interface, and returns its name.
pub fn wait_for_interface(address: &str) -> Option<String> {
    let end = Instant::now() + INTERFACE_TIME;
    loop {
        if let Some(name) = interfaces(address).into_iter().next() {
            return Some(name);
        }
        if Instant::now() >= end {
            return None;
        }
        thread::sleep(LOOK_TIME);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_built_upon_an_interface_is_listed_by_name() {
        let directory = std::env::temp_dir().join(format!("ringscope-agent-uppers-{}", std::process::id()));
        assert!(uppers_in(&directory).is_empty());
        for name in ["upper_eth0.5", "upper_br0", "lower_x", "mtu"] {
            std::fs::create_dir_all(directory.join(name)).expect("a temporary directory");
        }
        assert_eq!(uppers_in(&directory), ["br0", "eth0.5"]);
        std::fs::remove_dir_all(&directory).expect("it is there");
    }

    #[test]
    fn a_function_that_is_not_there_has_nothing_and_takes_nothing() {
        let address = "ffff:ff:1f.7";
        assert!(!exists(address) && interfaces(address).is_empty());
        assert_eq!((driver(address), driver_override(address), virtual_functions(address)), (None, None, 0));
        assert!(set_override(address, None).is_err_and(|sentence| sentence.ends_with('.')));
        assert!(bind(address, "no-such-driver").is_err_and(|sentence| sentence.contains("modprobe no-such-driver")));
    }
}
