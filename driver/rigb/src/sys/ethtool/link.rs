// SPDX-License-Identifier: GPL-2.0-only
//! `ethtool ETH`, `-s`, `-r`: speed, duplex and autonegotiation of a twisted pair.

use super::{Device, owner};
use crate::sys::operations::{LinkState, Operations};
use kernel::{bindings as c, error::from_result, prelude::*};

/// Link modes and pause abilities, as the bits of `ETHTOOL_LINK_MODE_*_BIT`; those up to 63, which is more than copper knows.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) struct LinkModes(u64);

impl LinkModes {
    /// None.
    pub(crate) const NONE: Self = Self(0);
    /// 10BASE-T, half duplex.
    pub(crate) const TEN_HALF: Self = Self(1 << 0);
    /// 10BASE-T, full duplex.
    pub(crate) const TEN_FULL: Self = Self(1 << 1);
    /// 100BASE-TX, half duplex.
    pub(crate) const HUNDRED_HALF: Self = Self(1 << 2);
    /// 100BASE-TX, full duplex.
    pub(crate) const HUNDRED_FULL: Self = Self(1 << 3);
    /// 1000BASE-T, half duplex.
    pub(crate) const THOUSAND_HALF: Self = Self(1 << 4);
    /// 1000BASE-T, full duplex.
    pub(crate) const THOUSAND_FULL: Self = Self(1 << 5);
    /// Autonegotiation.
    pub(crate) const AUTONEGOTIATION: Self = Self(1 << 6);
    /// Twisted pair.
    pub(crate) const TWISTED_PAIR: Self = Self(1 << 7);
    /// Symmetric pause.
    pub(crate) const PAUSE: Self = Self(1 << 13);
    /// Pause in one direction.
    pub(crate) const ASYMMETRIC_PAUSE: Self = Self(1 << 14);

    /// Both together.
    pub(crate) const fn and(self, other: Self) -> Self {
        Self(self.0 | other.0)
    }

    /// Whether all of `other` are there.
    pub(crate) const fn has(self, other: Self) -> bool {
        self.0 & other.0 == other.0
    }
}

/// Which pair of the cable is which.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum PairOrder {
    /// Found out by the PHY.
    Auto,
    /// MDI.
    Straight,
    /// MDI-X.
    Crossed,
}

/// What is wanted of the link.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum WantedLink {
    /// The best of what both ends offer.
    Negotiated {
        /// What is offered, pause abilities among it.
        advertised: LinkModes,
        /// How the pairs are found.
        order: PairOrder,
    },
    /// As told.
    Forced {
        /// Mb/s.
        speed_mbps: u32,
        /// Both directions at once.
        full_duplex: bool,
        /// How the pairs are found.
        order: PairOrder,
    },
}

/// The link as wanted and as it is.
pub(crate) struct LinkSettings {
    /// What the port could do.
    pub(crate) supported: LinkModes,
    /// What is wanted.
    pub(crate) wanted: WantedLink,
    /// What there is, `None` while the link is down.
    pub(crate) link: Option<LinkState>,
    /// What the partner offers; none while there is no negotiated link.
    pub(crate) partner: LinkModes,
    /// How the pairs are now, if that is known.
    pub(crate) order: Option<PairOrder>,
    /// The PHY's address on its bus.
    pub(crate) phy_address: u8,
}

/// The link.
pub(crate) trait LinkOperations {
    /// As wanted and as it is.
    fn link_settings(&self) -> LinkSettings;
    /// To be changed. `EINVAL` for what the port cannot do.
    fn set_link(&self, wanted: WantedLink) -> Result;
    /// Negotiates again. `EINVAL` when the link is not negotiated.
    fn restart_negotiation(&self) -> Result;
}

const SPEED_UNKNOWN: u32 = u32::MAX;

fn crossover(order: Option<PairOrder>) -> u8 {
    let order = match order {
        None => c::ETH_TP_MDI_INVALID,
        Some(PairOrder::Auto) => c::ETH_TP_MDI_AUTO,
        Some(PairOrder::Straight) => c::ETH_TP_MDI,
        Some(PairOrder::Crossed) => c::ETH_TP_MDI_X,
    };
    order as u8
}

pub(super) unsafe extern "C" fn get_link_ksettings<T: Operations>(
    netdev: *mut Device,
    place: *mut c::ethtool_link_ksettings,
) -> i32 {
    // SAFETY: the core calls this for a registered device.
    let settings = unsafe { owner::<T>(netdev) }.link_settings();
    // SAFETY: the core passes a place for the result, zeroed.
    let place = unsafe { &mut *place };
    // Without a link the speed is not known, unless there is no other: who sets one of the two wants the other to stay as it is.
    let known = settings.link.or(match settings.wanted {
        WantedLink::Negotiated { .. } => None,
        WantedLink::Forced { speed_mbps, full_duplex, .. } => Some(LinkState { speed_mbps, full_duplex }),
    });
    place.base.speed = known.map_or(SPEED_UNKNOWN, |link| link.speed_mbps);
    place.base.duplex = known.map_or(c::DUPLEX_UNKNOWN as u8, |link| link.full_duplex.into());
    place.base.port = c::PORT_TP as u8;
    place.base.phy_address = settings.phy_address;
    place.base.eth_tp_mdix = crossover(settings.order);
    let (advertised, order) = match settings.wanted {
        WantedLink::Negotiated { advertised, order } => (advertised.and(LinkModes::AUTONEGOTIATION), order),
        WantedLink::Forced { order, .. } => (LinkModes::NONE, order),
    };
    place.base.autoneg = advertised.has(LinkModes::AUTONEGOTIATION).into();
    place.base.eth_tp_mdix_ctrl = crossover(Some(order));
    let fixed = LinkModes::TWISTED_PAIR;
    place.link_modes.supported = [settings.supported.and(fixed).and(LinkModes::AUTONEGOTIATION).0 as usize, 0];
    place.link_modes.advertising = [advertised.and(fixed).0 as usize, 0];
    place.link_modes.lp_advertising = [settings.partner.0 as usize, 0];
    0
}

pub(super) unsafe extern "C" fn set_link_ksettings<T: Operations>(
    netdev: *mut Device,
    wanted: *const c::ethtool_link_ksettings,
) -> i32 {
    // SAFETY: the core calls this for a registered device.
    let owner = unsafe { owner::<T>(netdev) };
    // SAFETY: the core passes what is wanted.
    let wanted = unsafe { &*wanted };
    let (base, [advertised, _]) = (wanted.base, wanted.link_modes.advertising);
    from_result(|| {
        let order = match base.eth_tp_mdix_ctrl.into() {
            c::ETH_TP_MDI_INVALID | c::ETH_TP_MDI_AUTO => PairOrder::Auto,
            c::ETH_TP_MDI => PairOrder::Straight,
            c::ETH_TP_MDI_X => PairOrder::Crossed,
            _ => return Err(EINVAL),
        };
        if u32::from(base.port) != c::PORT_TP {
            return Err(EINVAL);
        }
        let wanted = if base.autoneg != 0 {
            WantedLink::Negotiated { advertised: LinkModes(advertised as u64), order }
        } else {
            let full_duplex = match base.duplex.into() {
                c::DUPLEX_HALF => false,
                // `ethtool -s` repeats what it was shown where nothing else is asked for, and without a link that is an unknown duplex.
                c::DUPLEX_FULL | c::DUPLEX_UNKNOWN => true,
                _ => return Err(EINVAL),
            };
            WantedLink::Forced { speed_mbps: base.speed, full_duplex, order }
        };
        owner.set_link(wanted).map(|()| 0)
    })
}

pub(super) unsafe extern "C" fn nway_reset<T: Operations>(netdev: *mut Device) -> i32 {
    // SAFETY: the core calls this for a registered device.
    let owner = unsafe { owner::<T>(netdev) };
    from_result(|| owner.restart_negotiation().map(|()| 0))
}
