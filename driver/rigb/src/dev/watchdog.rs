// SPDX-License-Identifier: GPL-2.0-only
//! What is looked after while the interface is up, every two seconds: the MAC's statistics before they wrap, a card that is gone, and what a lost interrupt would
//! otherwise leave undone for ever (igb's `igb_watchdog_task` does the same).

use super::{adapter::Adapter, link::LinkCheck, reset::ResetPort};
use crate::{
    hw::{interrupts, link},
    sys::{
        recurring_work::{Recurring, RecurringWork},
        work::Work,
    },
};
use kernel::{prelude::*, static_lock_class, sync::Arc};

/// In milliseconds.
const PERIOD_MS: u32 = 2_000;

/// The work that looks after a port.
pub(crate) struct Watchdog {
    /// The port.
    pub(crate) adapter: Arc<Adapter>,
    /// Queued when the link is not what was announced.
    pub(crate) link_check: Arc<Work<LinkCheck>>,
    /// Queued for a card that is gone.
    pub(crate) reset: Arc<Work<ResetPort>>,
}

impl Watchdog {
    /// For a port whose interface is down: it sleeps until `wake`.
    pub(crate) fn new(
        adapter: Arc<Adapter>,
        link_check: Arc<Work<LinkCheck>>,
        reset: Arc<Work<ResetPort>>,
    ) -> Result<Arc<RecurringWork<Self>>> {
        let watchdog = Self { adapter, link_check, reset };
        RecurringWork::new(c"rigb-watchdog", [static_lock_class!(), static_lock_class!()], watchdog)
    }
}

impl RecurringWork<Watchdog> {
    /// The interface is up.
    pub(crate) fn wake(&self) {
        self.run_in(PERIOD_MS);
    }
}

impl Recurring for Watchdog {
    fn run(&self) -> Option<u32> {
        let adapter = &self.adapter;
        adapter.refresh_statistics();
        {
            // Held while the card is touched: `down` begins with it, so nothing is unmasked after `down` has masked it.
            let state = adapter.state.lock();
            if state.is_running() {
                if !adapter.registers.is_present() {
                    self.reset.queue();
                } else {
                    interrupts::kick(&adapter.registers, adapter.plan, state.configuration.pairs);
                    if link::state(&adapter.registers) != state.link {
                        self.link_check.queue();
                    }
                }
            }
        }
        // Also while the port sleeps or is reset: it comes up again without being opened.
        adapter.netdev.is_running().then_some(PERIOD_MS)
    }
}
