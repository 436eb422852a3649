// SPDX-License-Identifier: GPL-2.0-only
//! Open, stop and change: everything that can fail is allocated before the card is touched; everything is taken back against the proof that the card has stopped.

use super::{
    adapter::{Adapter, Configuration, Phase, State},
    queue_pair::{PreparedPair, RingView},
};
use crate::{
    hw::{
        hardware_statistics, interrupts,
        port::{Port, PortConfiguration, Running},
        rss::Rss,
    },
    sys::{dynamic_debug, features::Features, netdev_log::netdev_err},
};
use core::sync::atomic::Ordering::Relaxed;
use kernel::prelude::*;

/// What observers see of the rings.
pub(super) fn views(prepared: &KVec<PreparedPair>) -> Result<KVec<RingView>> {
    let mut views = KVec::with_capacity(prepared.len(), GFP_KERNEL)?;
    for pair in prepared {
        views.push(pair.view.clone(), GFP_KERNEL)?;
    }
    Ok(views)
}

impl Adapter {
    fn prepare(&self, configuration: &Configuration) -> Result<KVec<PreparedPair>> {
        let mut prepared = KVec::with_capacity(configuration.pairs as usize, GFP_KERNEL)?;
        for pair in self.pairs.iter().take(configuration.pairs as usize) {
            prepared.push(
                pair.prepare(configuration.rx_size, configuration.tx_size, configuration.layout())?,
                GFP_KERNEL,
            )?;
        }
        Ok(prepared)
    }

    /// Brings the interface up; under RTNL. On an error everything is as it was before.
    pub(crate) fn up(&self) -> Result {
        let configuration = self.state.lock().configuration;
        let prepared = self.prepare(&configuration)?;
        self.up_with(&configuration, prepared)
    }

    fn up_with(&self, configuration: &Configuration, prepared: KVec<PreparedPair>) -> Result {
        if !self.registers.is_present() {
            return Err(ENODEV);
        }
        let views = views(&prepared)?;
        let (port, rss) = {
            let mut state = self.state.lock();
            match core::mem::replace(&mut state.phase, Phase::Changing) {
                Phase::Reset(port) => (port, self.spread_rss(&mut state, configuration.pairs)),
                other => {
                    state.phase = other;
                    return Err(EBUSY);
                }
            }
        };
        if let Err(error) = self.netdev.set_active_queues(configuration.pairs, configuration.pairs) {
            self.state.lock().phase = Phase::Reset(port);
            return Err(error);
        }
        let features = self.netdev.features();
        self.switches.follow(features);
        let settings = PortConfiguration {
            address: self.netdev.address(),
            mtu: configuration.mtu,
            vectors: self.plan,
            rss: &rss,
            strips_vlan: features.has(Features::VLAN_STRIP),
        };
        let port = self.switches.timestamps.around_reset(|| port.configure(&settings));
        self.state.lock().filter.write(&self.registers);
        let running = port.run(prepared.iter().map(PreparedPair::places));
        self.open_pairs(prepared, &running);
        self.let_poll(configuration.pairs);
        {
            let mut state = self.state.lock();
            hardware_statistics::discard(&self.registers, &mut state.statistics_turn);
            self.enter(&mut state, running, configuration, views);
        }
        interrupts::enable(&self.registers, self.plan);
        self.let_send(configuration.pairs);
        self.configure_link(&self.state.lock());
        Ok(())
    }

    /// The table that leads to queues for so many pairs: the user's, as long as it can be kept.
    pub(super) fn spread_rss(&self, state: &mut State, pairs: u32) -> Rss {
        if !self.netdev.rss_table_is_users() || !state.rss.fits(pairs) {
            state.rss.spread_over(pairs);
        }
        state.rss
    }

    /// Gives pairs the rings that the card runs with, and lets it receive.
    pub(super) fn open_pairs(&self, prepared: KVec<PreparedPair>, running: &Port<Running>) {
        for (pair, prepared) in self.pairs.iter().zip(prepared) {
            // Cannot fail: the pair was closed, and whoever opens pairs holds RTNL.
            if let Err(error) = pair.open(prepared, running) {
                netdev_err!(self.netdev, "a queue pair did not open ({error:?})\n");
            }
        }
        // Now that each queue has buffers: a frame for one without is lost.
        running.start_receiving();
    }

    /// Lets so many pairs work.
    pub(super) fn let_poll(&self, pairs: u32) {
        for pair in self.pairs.iter().take(pairs as usize) {
            pair.napi.enable();
        }
    }

    /// Makes this configuration the one that runs. Under the state's lock.
    pub(super) fn enter(
        &self,
        state: &mut State,
        running: Port<Running>,
        configuration: &Configuration,
        views: KVec<RingView>,
    ) {
        state.phase = Phase::Running(running);
        state.configuration = *configuration;
        state.views = views;
        state.generation = state.generation.wrapping_add(1);
        self.moderate(state);
        let Configuration { pairs, rx_size, tx_size, mtu, .. } = *configuration;
        dynamic_debug::opened(&self.netdev, pairs, rx_size.count(), tx_size.count(), mtu);
    }

    /// Lets no more be sent, by the stack or by XDP elsewhere, and waits until nobody is about to.
    pub(super) fn let_nobody_send(&self) {
        self.switches.down.store(true, Relaxed);
        self.switches.active_pairs.store(0, Relaxed);
        self.netdev.stop_queues();
    }

    /// Lets the stack send, and XDP through so many pairs. Also through queues that are not used, which it does not: the watchdog looks at every queue that there is, and one that stays stopped
    /// is one that hangs to it.
    pub(super) fn let_send(&self, pairs: u32) {
        self.switches.active_pairs.store(pairs, Relaxed);
        self.switches.down.store(false, Relaxed);
        for pair in &self.pairs {
            pair.transmit.queue().wake();
        }
    }

    /// Makes the vectors' moderation what is wanted. Under the state's lock, of a port that runs.
    pub(crate) fn moderate(&self, state: &State) {
        for (pair, vector) in self.pairs.iter().take(state.configuration.pairs as usize).zip(0u32..) {
            pair.vector.moderate(&self.registers, vector, state.moderation);
        }
    }

    /// Takes the interface down; under RTNL. Safe to call twice, and for a card that is gone.
    pub(crate) fn down(&self) {
        let running = {
            let mut state = self.state.lock();
            let running = match core::mem::replace(&mut state.phase, Phase::Changing) {
                Phase::Running(running) => running,
                other => {
                    state.phase = other;
                    return;
                }
            };
            state.link = None;
            state.link_control.partner = None;
            state.views = KVec::new();
            self.netdev.set_carrier(false);
            running
        };
        self.let_nobody_send();
        if self.registers.is_present() {
            interrupts::disable(&self.registers);
        }
        for pair in &self.pairs {
            pair.napi.disable();
        }
        if self.registers.is_present() {
            // Before the reset clears them.
            self.hardware.accumulate(&self.registers, &mut self.state.lock().statistics_turn);
        }
        let (port, proof) = self.switches.timestamps.around_reset(|| running.stop(|| self.bus_master.withdraw()));
        for pair in &self.pairs {
            pair.close(&proof);
        }
        self.state.lock().phase = Phase::Reset(port);
        dynamic_debug::closed(&self.netdev);
    }

    /// Changes the configuration, of an open interface too: the new one is allocated first, so that an error leaves the old one as it runs. Under RTNL.
    pub(crate) fn reconfigure(&self, configuration: Configuration) -> Result {
        if !self.state.lock().is_running() {
            self.netdev.set_active_queues(configuration.pairs, configuration.pairs)?;
            self.state.lock().configuration = configuration;
            return Ok(());
        }
        let before = self.state.lock().configuration;
        if configuration.has_rings_of(&before) {
            self.adjust(configuration);
            return Ok(());
        }
        let mut prepared = self.prepare(&configuration)?;
        if configuration.may_follow(&before) {
            match self.exchange(&configuration, prepared)? {
                None => return Ok(()),
                Some(unused) => prepared = unused,
            }
        }
        self.down();
        self.up_with(&configuration, prepared).inspect_err(|_| {
            // No memory for the stack's own part, or no card any more. The old one did fit.
            if let Err(error) = self.prepare(&before).and_then(|prepared| self.up_with(&before, prepared)) {
                netdev_err!(
                    self.netdev,
                    "the port did not come up again ({error:?}); take the interface down and up\n"
                );
            }
        })
    }
}
