// SPDX-License-Identifier: MIT OR Apache-2.0
//! Giving a card to a driver, or to none, and resetting it. All of it blocks in the kernel.

use crate::takeover::binding;
use std::fs::OpenOptions;
use std::io::Write;
use std::path::Path;
use std::thread;
use std::time::{Duration, Instant};

/// A card that was just plugged in is not to be bound before the kernel has listed all of the bus.
const LISTING_TIME: Duration = Duration::from_secs(3);
const LOOK_TIME: Duration = Duration::from_millis(50);
/// What a card is reserved for that nobody shall have: no driver is called so.
const NOBODY: &str = "none";

/// Gives the card to `wanted`. The error is a sentence and says who has the card then.
pub fn give(address: &str, wanted: Option<&str>) -> Result<(), String> {
    let before = binding::driver(address);
    binding::set_override(address, Some(wanted.unwrap_or(NOBODY)))?;
    if before.as_deref() == wanted {
        return Ok(());
    }
    if let Some(before) = &before {
        binding::unbind(address, before)?;
    }
    let Some(wanted) = wanted else { return Ok(()) };
    let Err(because) = bind(address, wanted) else { return Ok(()) };
    let Some(before) = before else { return Err(because) };
    let undone = binding::set_override(address, Some(&before)).and_then(|()| binding::bind(address, &before));
    match undone {
        Ok(()) => Err(format!("{because} {before} drives it again.")),
        Err(also) => Err(format!("{because} {also}")),
    }
}

fn bind(address: &str, driver: &str) -> Result<(), String> {
    let end = Instant::now() + LISTING_TIME;
    loop {
        match binding::bind(address, driver) {
            Err(because) if Instant::now() >= end || !binding::exists(address) => return Err(because),
            Err(_) => thread::sleep(LOOK_TIME),
            Ok(()) => return Ok(()),
        }
    }
}

/// Resets the card as the kernel thinks best for it, by function level reset where it has that.
pub fn reset(address: &str) -> Result<(), String> {
    let path = Path::new("/sys/bus/pci/devices").join(address).join("reset");
    let written = OpenOptions::new().write(true).open(path).and_then(|mut file| file.write_all(b"1"));
    written.map_err(|error| {
        let words = error.to_string();
        format!("{address} was not reset: {}.", words.split(" (os error").next().unwrap_or_default())
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_card_that_is_not_there_goes_to_nobody_and_is_not_reset() {
        let address = "ffff:ff:1f.7";
        assert!(give(address, Some("igb")).is_err_and(|sentence| sentence.contains("driver_override")));
        assert!(give(address, None).is_err());
        assert!(reset(address).is_err_and(|sentence| sentence.contains("No such file") && sentence.ends_with('.')));
    }
}
