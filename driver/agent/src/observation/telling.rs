// SPDX-License-Identifier: MIT OR Apache-2.0
//! Which readings of a device are told: those that differ from the one before, and as much around them as rates need.

use ringscope_wire::control::Observation;

/// The newest reading, and how much of it the client has.
#[derive(Default)]
pub struct Telling {
    newest: Option<Observation>,
    state: State,
    /// The client wants the next one, whatever it is.
    is_asked: bool,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
enum State {
    /// The newest differed from the one before, and was told.
    Moving,
    /// The newest was the same as the one before, and was told.
    #[default]
    Still,
    /// The newest was the same and was not told.
    Held,
}

impl Telling {
    /// The next reading is told whatever it is.
    pub fn ask(&mut self) {
        self.is_asked = true;
    }

    /// The newest reading.
    pub fn newest(&self) -> Option<&Observation> {
        self.newest.as_ref()
    }

    /// The newest reading if the client waits for one.
    pub fn owed(&mut self) -> Option<Observation> {
        let owed = self.newest.clone().filter(|_| self.is_asked)?;
        self.is_asked = false;
        if self.state == State::Held {
            self.state = State::Still;
        }
        Some(owed)
    }

    /// Takes a new reading; returns what is told now. When something moves again, the last reading before that is told first, so that its difference to this
    /// one is that of one period; and when it stops moving, that is told once.
    pub fn take(&mut self, next: Observation) -> Vec<Observation> {
        let before = self.newest.replace(next.clone());
        let is_same = before
            .as_ref()
            .is_some_and(|before| next == Observation { time_ns: next.time_ns.clone(), ..before.clone() });
        let held = before.filter(|_| self.state == State::Held && !is_same);
        let is_told = !is_same || self.state == State::Moving || self.is_asked;
        self.is_asked = false;
        self.state = match (is_same, is_told) {
            (false, _) => State::Moving,
            (true, true) => State::Still,
            (true, false) => State::Held,
        };
        held.into_iter().chain(is_told.then_some(next)).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use ringscope_wire::control::{Listed, NamedValue, Offered, Pcie};

    fn reading(time: u64, value: u64) -> Observation {
        Observation {
            device: "ffff:ff:1f.7".into(),
            time_ns: time.to_string(),
            queues: Listed::absent(""),
            napis: Listed::absent(""),
            queue_statistics: Listed::absent(""),
            ethtool_statistics: Listed { items: vec![NamedValue { name: "rx".into(), value }], reason: None },
            rings: Offered::absent(""),
            channels: Offered::absent(""),
            coalesce: Offered::absent(""),
            affinity: Listed::absent(""),
            link: Offered::absent(""),
            rss: Offered::absent(""),
            byte_queue_limits: Listed::absent(""),
            page_pools: Listed::absent(""),
            driver_information: Offered::absent(""),
            pcie: Pcie::default(),
        }
    }

    fn times(told: Vec<Observation>) -> Vec<String> {
        told.into_iter().map(|one| one.time_ns).collect()
    }

    #[test]
    fn what_moves_is_told_what_stops_once_and_what_moves_again_with_the_reading_before() {
        let mut telling = Telling::default();
        let told = [(1, 5), (2, 6), (3, 6), (4, 6), (5, 6), (6, 7), (7, 7)]
            .map(|(time, value)| times(telling.take(reading(time, value))));
        assert_eq!(told, [vec!["1"], vec!["2"], vec!["3"], vec![], vec![], vec!["5", "6"], vec!["7"]]);
    }

    #[test]
    fn no_reading_is_told_twice() {
        let mut telling = Telling::default();
        assert_eq!(times(telling.take(reading(1, 5))), ["1"]);
        assert_eq!(times(telling.take(reading(2, 5))), ["2"]);
        assert_eq!(times(telling.take(reading(3, 6))), ["3"]);
    }

    #[test]
    fn who_asks_gets_the_newest_at_once_and_only_once() {
        let mut telling = Telling::default();
        assert_eq!(telling.owed(), None);
        for time in 1..4 {
            telling.take(reading(time, 5));
        }
        assert_eq!(telling.owed(), None);
        telling.ask();
        assert_eq!(telling.owed(), Some(reading(3, 5)));
        assert_eq!(telling.owed(), None);
        telling.ask();
        assert_eq!(times(telling.take(reading(4, 5))), ["4"]);
    }
}
