// SPDX-License-Identifier: GPL-2.0-only
//! Settings of the link: between ethtool's link modes and the PHY's abilities.

use crate::{
    dev::operations::PortOperations,
    hw::{
        flow_control::FlowControl,
        phy::{Abilities, Crossover, ForcedMode, PHY_ADDRESS, Partner},
    },
    sys::ethtool::link::{LinkModes, LinkOperations, LinkSettings, PairOrder, WantedLink},
};
use kernel::prelude::*;

const NAMES: [(Abilities, LinkModes); 8] = [
    (Abilities::TEN_HALF, LinkModes::TEN_HALF),
    (Abilities::TEN_FULL, LinkModes::TEN_FULL),
    (Abilities::HUNDRED_HALF, LinkModes::HUNDRED_HALF),
    (Abilities::HUNDRED_FULL, LinkModes::HUNDRED_FULL),
    (Abilities::THOUSAND_HALF, LinkModes::THOUSAND_HALF),
    (Abilities::THOUSAND_FULL, LinkModes::THOUSAND_FULL),
    (Abilities::PAUSE, LinkModes::PAUSE),
    (Abilities::ASYMMETRIC_PAUSE, LinkModes::ASYMMETRIC_PAUSE),
];

fn modes(abilities: Abilities) -> LinkModes {
    NAMES.iter().filter(|(ability, _)| abilities.has(*ability)).fold(LinkModes::NONE, |all, (_, mode)| all.and(*mode))
}

fn abilities(modes: LinkModes) -> Abilities {
    NAMES.iter().filter(|(_, mode)| modes.has(*mode)).fold(Abilities::NONE, |all, (ability, _)| all.and(*ability))
}

fn partners_modes(partner: Partner) -> LinkModes {
    let offered = modes(partner.offered);
    if partner.negotiates { offered.and(LinkModes::AUTONEGOTIATION) } else { offered }
}

fn order(crossover: Crossover) -> PairOrder {
    match crossover {
        Crossover::Auto => PairOrder::Auto,
        Crossover::Straight => PairOrder::Straight,
        Crossover::Crossed => PairOrder::Crossed,
    }
}

fn crossover(order: PairOrder) -> Crossover {
    match order {
        PairOrder::Auto => Crossover::Auto,
        PairOrder::Straight => Crossover::Straight,
        PairOrder::Crossed => Crossover::Crossed,
    }
}

impl LinkOperations for PortOperations {
    fn link_settings(&self) -> LinkSettings {
        let state = self.adapter.state.lock();
        let control = &state.link_control;
        let supported = Abilities::SUPPORTED_MODES.and(Abilities::PAUSE).and(Abilities::ASYMMETRIC_PAUSE);
        LinkSettings {
            supported: modes(supported),
            wanted: match control.forced {
                None => {
                    WantedLink::Negotiated { advertised: modes(control.advertised()), order: order(control.crossover) }
                }
                Some(forced) => WantedLink::Forced {
                    speed_mbps: if forced.hundred { 100 } else { 10 },
                    full_duplex: forced.full_duplex,
                    order: order(control.crossover),
                },
            },
            link: state.link,
            partner: control.partner.map_or(LinkModes::NONE, partners_modes),
            order: control
                .partner
                .map(|partner| if partner.crossed { PairOrder::Crossed } else { PairOrder::Straight }),
            phy_address: PHY_ADDRESS as u8,
        }
    }

    fn set_link(&self, wanted: WantedLink) -> Result {
        {
            let mut state = self.adapter.state.lock();
            let control = &mut state.link_control;
            match wanted {
                WantedLink::Negotiated { advertised, order } => {
                    let advertised = abilities(advertised);
                    let offered = advertised.only(Abilities::SUPPORTED_MODES);
                    if offered.is_empty() {
                        return Err(EINVAL);
                    }
                    let flow_control = FlowControl::from_advertised(advertised);
                    control.pause.receive = flow_control.receive;
                    control.pause.transmit = flow_control.transmit;
                    control.offered = offered;
                    control.crossover = crossover(order);
                    control.forced = None;
                }
                WantedLink::Forced { speed_mbps, full_duplex, order } => {
                    // The PHY finds the pairs out during negotiation only, and takes them as labelled without.
                    if order != PairOrder::Auto {
                        return Err(EINVAL);
                    }
                    match (speed_mbps, full_duplex) {
                        (10, _) => control.forced = Some(ForcedMode { hundred: false, full_duplex }),
                        (100, _) => control.forced = Some(ForcedMode { hundred: true, full_duplex }),
                        // 1000BASE-T cannot do without negotiation: its ends agree there on who gives the clock. So it is all that is offered, which comes to the
                        // same for whoever asked, and what the in-tree driver makes of it.
                        (1000, true) => {
                            control.offered = Abilities::THOUSAND_FULL;
                            control.forced = None;
                        }
                        _ => return Err(EINVAL),
                    }
                }
            }
            if state.is_running() {
                self.adapter.configure_link(&state);
            }
        }
        self.link_check.queue();
        Ok(())
    }

    fn restart_negotiation(&self) -> Result {
        {
            let state = self.adapter.state.lock();
            if !state.link_control.is_negotiated() {
                return Err(EINVAL);
            }
            if state.is_running() {
                self.adapter.configure_link(&state);
            }
        }
        self.link_check.queue();
        Ok(())
    }
}
