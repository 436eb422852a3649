// SPDX-License-Identifier: MIT OR Apache-2.0
//! How many events a second are passed on. Beyond it recording goes off and on in slices: whole stretches stay complete, in which the life of a descriptor
//! can be followed, where leaving out single events would tear every life apart.

use crate::clock::SECOND;

/// Events a second that are passed on in the long run.
pub const EVENTS_PER_SECOND: u64 = 200_000;
/// Events that may come at once after a quiet time.
const BURST: i64 = EVENTS_PER_SECOND as i64 / 4;

/// What may still be spent.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Budget {
    left: i64,
    since: u64,
}

impl Budget {
    /// Full.
    pub fn new(now: u64) -> Self {
        Self { left: BURST, since: now }
    }

    /// Spends; says until when recording should be off, if it was too much.
    pub fn spend(&mut self, events: u64, now: u64) -> Option<u64> {
        let earned = u128::from(now.saturating_sub(self.since)) * u128::from(EVENTS_PER_SECOND) / u128::from(SECOND);
        let earned = i64::try_from(earned).unwrap_or(i64::MAX);
        let spent = i64::try_from(events).unwrap_or(i64::MAX);
        self.since = now;
        self.left = self.left.saturating_add(earned).min(BURST).saturating_sub(spent);
        (self.left < 0).then(|| now.saturating_add(self.left.unsigned_abs().saturating_mul(SECOND / EVENTS_PER_SECOND)))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const TICK: u64 = SECOND / 20;

    /// Events a second that are passed on when so many a second happen.
    fn passed(rate: u64) -> u64 {
        let mut budget = Budget::new(0);
        let (mut off_until, mut total, seconds) = (0, 0, 20);
        for now in (1..seconds * 20).map(|tick| tick * TICK) {
            let on = off_until < now;
            let events = if on { rate / 20 } else { 0 };
            total += events;
            if let Some(until) = budget.spend(events, now) {
                off_until = until;
            }
        }
        total / seconds
    }

    #[test]
    fn what_is_within_the_budget_is_never_interrupted() {
        let mut budget = Budget::new(0);
        assert!((1..200).all(|tick| budget.spend(EVENTS_PER_SECOND / 20, tick * TICK).is_none()));
    }

    #[test]
    fn more_than_the_budget_is_cut_to_about_the_budget() {
        for rate in [300_000, 1_000_000, 3_000_000] {
            let passed = passed(rate);
            assert!((EVENTS_PER_SECOND * 8 / 10..EVENTS_PER_SECOND * 12 / 10).contains(&passed), "{rate}: {passed}");
        }
    }

    #[test]
    fn a_burst_after_a_quiet_time_passes() {
        assert_eq!(Budget::new(0).spend(50_000, TICK), None);
        assert!(Budget::new(0).spend(100_000, TICK).is_some());
    }
}
