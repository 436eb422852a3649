// SPDX-License-Identifier: GPL-2.0-only
//! Changes of a port that runs, without a reset: the link stays, and the stack sees no loss of carrier. What was received goes up the stack, what was to be sent
//! is sent, and then the card is given other rings (datasheet 4.5.9.2, 4.5.10.2).

use super::{
    adapter::{Adapter, Configuration, Phase},
    open_close::views,
    queue_pair::{PreparedPair, RingView},
};
use crate::{hw::interrupts, sys::netdev_log::netdev_err};
use kernel::{
    prelude::*,
    time::{Delta, delay::fsleep},
};

/// How long what is under way may take, in milliseconds: full rings at 10 Mb/s take longer, and then the port is reset. Far below what the watchdog allows.
const DRAIN_MS: u32 = 200;

impl Adapter {
    /// Changes what the rings need not change for. Under RTNL, of a port that runs.
    pub(super) fn adjust(&self, configuration: Configuration) {
        let mut state = self.state.lock();
        let differs = configuration.mtu != state.configuration.mtu;
        state.configuration = configuration;
        if let Phase::Running(running) = &state.phase {
            if differs {
                running.set_longest_frame(configuration.mtu);
                self.apply_flow_control(&state);
            }
        }
    }

    /// Gives the card other rings. Under RTNL, of a port that runs. The rings come back when those in use do not come to rest: then nothing is left but a reset.
    /// On an error everything is as it was before.
    pub(super) fn exchange(
        &self,
        configuration: &Configuration,
        prepared: KVec<PreparedPair>,
    ) -> Result<Option<KVec<PreparedPair>>> {
        let views = views(&prepared)?;
        let mut withdrawn = KVec::with_capacity(self.pairs.len(), GFP_KERNEL)?;
        let (before, pairs) = (self.state.lock().configuration.pairs, configuration.pairs);
        if pairs < before {
            // First, while all of them send: what waits for those that go would be thrown away. What they have received still comes.
            self.netdev.set_active_queues(pairs, before)?;
        }
        // The queues are stopped just now by the watchdog's clock, so it leaves them alone although the carrier is there.
        self.let_nobody_send();
        if pairs > before {
            self.netdev.set_active_queues(pairs, pairs).inspect_err(|_| self.let_send(before))?;
        }
        let (running, rss, old_views) = {
            let mut state = self.state.lock();
            match core::mem::replace(&mut state.phase, Phase::Changing) {
                Phase::Running(running) => {
                    let rss = self.spread_rss(&mut state, pairs);
                    (running, rss, core::mem::replace(&mut state.views, KVec::new()))
                }
                other => {
                    state.phase = other;
                    return Ok(Some(prepared));
                }
            }
        };
        running.stop_receiving();
        self.drain(&old_views);
        for pair in &self.pairs {
            pair.napi.disable();
        }
        interrupts::mask_queues(&self.registers, self.plan);
        let (port, proof) = match running.release() {
            Ok(released) => released,
            Err(running) => {
                self.state.lock().phase = Phase::Running(running);
                return Ok(Some(prepared));
            }
        };
        for pair in &self.pairs {
            if let Some(rings) = pair.withdraw() {
                // There is room for all.
                let _pushed = withdrawn.push((pair, rings), GFP_KERNEL);
            }
        }
        // Cannot fail: fewer never do, and more are in use already.
        if let Err(error) = self.netdev.set_active_queues(pairs, pairs) {
            netdev_err!(self.netdev, "the stack does not take {pairs} queues ({error:?})\n");
        }
        port.change(configuration.mtu, &rss);
        let running = port.run(prepared.iter().map(PreparedPair::places));
        self.open_pairs(prepared, &running);
        // Not before, because it takes time in which nothing would be received.
        for (pair, rings) in withdrawn {
            pair.reclaim(rings, &proof);
        }
        self.let_poll(pairs);
        {
            let mut state = self.state.lock();
            self.enter(&mut state, running, configuration, views);
            self.apply_flow_control(&state);
        }
        interrupts::unmask(&self.registers, self.plan);
        self.let_send(pairs);
        Ok(None)
    }

    /// Waits until the polls have taken what was received and what was sent, for as long as it may take.
    fn drain(&self, views: &KVec<RingView>) {
        for _ in 0..DRAIN_MS {
            if views.iter().all(RingView::is_idle) {
                break;
            }
            for pair in self.pairs.iter().take(views.len()) {
                pair.poll_soon();
            }
            fsleep(Delta::from_millis(1));
        }
    }
}
