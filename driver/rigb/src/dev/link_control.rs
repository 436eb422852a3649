// SPDX-License-Identifier: GPL-2.0-only
//! What is wanted of the link, what came of it, and what flow control follows.

use crate::{
    hw::{
        flow_control::FlowControl,
        link::LinkMode,
        phy::{Abilities, Crossover, ForcedMode, Partner},
    },
    sys::{ethtool::pause::Pause, operations::LinkState},
};

/// The settings of the link; they outlive a reset.
pub(crate) struct LinkControl {
    /// Speeds and duplexes that are offered to the partner.
    pub(crate) offered: Abilities,
    /// How the pairs are found.
    pub(crate) crossover: Crossover,
    /// No negotiation but this.
    pub(crate) forced: Option<ForcedMode>,
    /// What is sent comes back: `NETIF_F_LOOPBACK`. The rest waits until that is off.
    pub(crate) loopback: bool,
    /// What is wanted of pause frames.
    pub(crate) pause: Pause,
    /// What the PHY learned of the partner of this link.
    pub(crate) partner: Option<Partner>,
    /// The flow control in force.
    pub(crate) flow_control: FlowControl,
}

impl LinkControl {
    /// Everything is offered, pause in both directions.
    pub(crate) const fn new() -> Self {
        Self {
            offered: Abilities::SUPPORTED_MODES,
            crossover: Crossover::Auto,
            forced: None,
            loopback: false,
            pause: Pause { negotiated: true, receive: true, transmit: true },
            partner: None,
            flow_control: FlowControl { receive: false, transmit: false },
        }
    }

    /// Pause as it is wanted.
    pub(crate) fn wanted_flow_control(&self) -> FlowControl {
        FlowControl { receive: self.pause.receive, transmit: self.pause.transmit }
    }

    /// What is said to the partner.
    pub(crate) fn advertised(&self) -> Abilities {
        self.offered.and(self.wanted_flow_control().advertised())
    }

    /// Whether speed and duplex come from a negotiation.
    pub(crate) fn is_negotiated(&self) -> bool {
        !self.loopback && self.forced.is_none()
    }

    /// What to make of MAC and PHY.
    pub(crate) fn mode(&self) -> LinkMode {
        match self.forced {
            _ if self.loopback => LinkMode::Loopback,
            Some(forced) => LinkMode::Forced(forced),
            None => LinkMode::Negotiated { offered: self.advertised(), crossover: self.crossover },
        }
    }

    /// The flow control that follows from a link. There is none in half duplex, where a collision does it, and none with ourselves.
    pub(crate) fn flow_control_on(&self, link: LinkState) -> FlowControl {
        if !link.full_duplex || self.loopback {
            return FlowControl::default();
        }
        if !self.pause.negotiated || !self.is_negotiated() {
            return self.wanted_flow_control();
        }
        self.partner.map_or(FlowControl::default(), |partner| FlowControl::resolve(self.advertised(), partner.offered))
    }
}
