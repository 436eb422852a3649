// SPDX-License-Identifier: GPL-2.0-only
//! What ethtool asks, answered for a port with an 82576.

mod channels;
mod coalesce;
mod identify;
mod link;
mod loopback_frames;
mod pause;
mod registers_and_eeprom;
mod ring;
mod rss;
mod self_test;
mod standard_statistics;
mod statistics;
mod tunable;

use super::operations::PortOperations;
use crate::{
    hw::nvm::{self, ImageDetail},
    sys::{ethtool::EthtoolOperations, text::FixedText},
};

impl EthtoolOperations for PortOperations {
    const VERSION: &'static str = crate::VERSION;

    /// The version of the EEPROM's image, written as Intel's tools do; empty when it cannot be read.
    fn firmware_version(&self) -> FixedText<32> {
        let Ok(image) = nvm::image_version(&self.adapter.registers) else { return FixedText::new(format_args!("")) };
        match image.detail {
            ImageDetail::Tracking(number) => {
                FixedText::new(format_args!("{}.{}, {number:#010x}", image.major, image.minor))
            }
            ImageDetail::Build(build) => FixedText::new(format_args!("{}.{}.{build}", image.major, image.minor)),
        }
    }

    fn message_level(&self) -> u32 {
        self.adapter.state.lock().message_level
    }

    fn set_message_level(&self, level: u32) {
        self.adapter.state.lock().message_level = level;
    }
}
