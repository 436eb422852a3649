// SPDX-License-Identifier: MIT OR Apache-2.0
//! Something due at a rate.

use crate::clock::SECOND;

/// A rate and when it is due next, on CLOCK_MONOTONIC.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Rhythm {
    period: u64,
    next: u64,
}

impl Rhythm {
    /// Due at `from`, then at `hz` times a second: at the multiples of the period on the clock, so that everything with the same rate, or a multiple of it,
    /// is due at the same instants and one wake-up serves it all. `None` for a rate of 0. A rate below one in a thousand seconds counts as that.
    pub fn new(hz: f64, from: u64) -> Option<Self> {
        let period = SECOND as f64 / hz.max(0.001);
        (hz > 0.0).then_some(Self { period: (period as u64).max(1), next: from })
    }

    /// When it is due.
    pub fn next(&self) -> u64 {
        self.next
    }

    /// Whether it is due; then the next time is set. Ticks that were missed are not made up for.
    pub fn is_due(&mut self, now: u64) -> bool {
        if now < self.next {
            return false;
        }
        self.next = (now / self.period + 1) * self.period;
        true
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_rhythm_is_due_at_once_and_then_at_every_multiple_of_its_period() {
        let mut rhythm = Rhythm::new(10.0, 1000).expect("ten is a rate");
        assert!(rhythm.is_due(1000));
        assert!(!rhythm.is_due(SECOND / 10 - 1));
        assert!(rhythm.is_due(SECOND / 10));
        assert_eq!(rhythm.next(), SECOND * 2 / 10);
    }

    #[test]
    fn rhythms_that_began_apart_come_together() {
        let mut both = [(10.0, 1000), (5.0, SECOND / 7)].map(|(hz, from)| Rhythm::new(hz, from).expect("a rate"));
        for rhythm in &mut both {
            assert!(rhythm.is_due(SECOND / 7));
        }
        assert_eq!(both.map(|rhythm| rhythm.next()), [SECOND * 2 / 10; 2]);
    }

    #[test]
    fn missed_ticks_are_not_made_up_for_and_the_grid_is_kept() {
        let mut rhythm = Rhythm::new(10.0, 0).expect("ten is a rate");
        assert!(rhythm.is_due(SECOND / 2 + 5));
        assert!(!rhythm.is_due(SECOND / 2 + 6));
        assert_eq!(rhythm.next(), SECOND * 6 / 10);
    }

    #[test]
    fn a_rate_of_zero_is_no_rhythm() {
        assert_eq!(Rhythm::new(0.0, 0), None);
    }
}
