// SPDX-License-Identifier: GPL-2.0-only
//! The port shows itself by its LEDs.

use crate::{dev::operations::PortOperations, hw::identify, sys::ethtool::identify::IdentifyOperations};
use kernel::prelude::*;

impl IdentifyOperations for PortOperations {
    fn identify(&self, on: bool) -> Result {
        let registers = &self.adapter.registers;
        if !registers.is_present() {
            return Err(ENODEV);
        }
        let mut state = self.adapter.state.lock();
        if on {
            let before = identify::blink(registers);
            state.leds.get_or_insert(before);
        } else if let Some(before) = state.leds.take() {
            identify::restore(registers, before);
        }
        Ok(())
    }
}
