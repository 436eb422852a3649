// SPDX-License-Identifier: MIT OR Apache-2.0
//! One observed device: which part of it is read when.

use super::affinity::affinity;
use super::pcie::pcie;
use super::sources::{Face, Sources};
use super::telling::Telling;
use crate::clock::SECOND;
use crate::rhythm::Rhythm;
use ringscope_wire::control::{Listed, Observation, Offered};

/// Counters move, but reading them may make a driver read its card: once a second, but for what else the same wake-up does before.
const COUNTERS_TIME: u64 = SECOND / 10 * 9;
/// Everything else changes when somebody changes it. Of most changes the kernel tells at once (see `look_again`); the others are found after this.
const SETTINGS_TIME: u64 = 5 * SECOND - SECOND / 10;
const HIGHEST_HZ: f64 = 1.0;

/// A device, and what is known of it.
pub struct Observer {
    /// Its PCI address.
    pub device: String,
    rhythm: Rhythm,
    hz: f64,
    face: Option<Face>,
    counters_at: Option<u64>,
    settings_at: Option<u64>,
    telling: Telling,
}

fn is_due(at: Option<u64>, time: u64, now: u64) -> bool {
    at.is_none_or(|at| now.saturating_sub(at) >= time)
}

fn rhythm(hz: f64, now: u64) -> Option<Rhythm> {
    Rhythm::new(hz.min(HIGHEST_HZ), now)
}

impl Observer {
    /// Begins now; `None` for a rate of 0.
    pub fn new(device: &str, hz: f64, now: u64) -> Option<Self> {
        let rhythm = rhythm(hz, now)?;
        let device = device.to_owned();
        Some(Self { device, rhythm, hz, face: None, counters_at: None, settings_at: None, telling: Telling::default() })
    }

    /// Somebody wants to see it, at this rate from now on.
    pub fn ask(&mut self, hz: f64, now: u64) {
        self.rhythm = rhythm(hz, now).unwrap_or(self.rhythm);
        self.hz = hz;
        self.telling.ask();
    }

    /// Something of the machine's devices or links has changed.
    pub fn look_again(&mut self, face: Option<Face>) {
        self.settings_at = None;
        if self.face != face {
            self.face = face;
            self.counters_at = None;
        }
    }

    /// Somebody has changed it by a verb: everything is read anew at once.
    pub fn changed(&mut self, now: u64) {
        (self.settings_at, self.counters_at) = (None, None);
        self.rhythm = rhythm(self.hz, now).unwrap_or(self.rhythm);
    }

    /// When it is due next.
    pub fn next(&self) -> u64 {
        self.rhythm.next()
    }

    /// Whether it is due.
    pub fn is_due(&mut self, now: u64) -> bool {
        self.rhythm.is_due(now)
    }

    /// Reads what is due; returns what is told.
    pub fn observe(&mut self, sources: &mut Sources, now: u64) -> Vec<Observation> {
        if !is_due(self.counters_at, COUNTERS_TIME, now) {
            return self.telling.owed().into_iter().collect();
        }
        self.counters_at = Some(now);
        let mut next = match (self.telling.newest(), &self.face) {
            (Some(newest), Some(face)) if !is_due(self.settings_at, SETTINGS_TIME, now) => {
                // A driver that does not count by queue is asked again with the settings only.
                let queue_statistics = if newest.queue_statistics.items.is_empty() {
                    newest.queue_statistics.clone()
                } else {
                    sources.queue_statistics(face)
                };
                let ethtool_statistics = if newest.ethtool_statistics.items.is_empty() {
                    newest.ethtool_statistics.clone()
                } else {
                    sources.own_statistics(face)
                };
                let byte_queue_limits = if newest.byte_queue_limits.items.is_empty() {
                    newest.byte_queue_limits.clone()
                } else {
                    Sources::byte_queue_limits(face)
                };
                let page_pools = if newest.page_pools.items.is_empty() {
                    newest.page_pools.clone()
                } else {
                    sources.page_pools(face)
                };
                Observation { queue_statistics, ethtool_statistics, byte_queue_limits, page_pools, ..newest.clone() }
            }
            (_, face) => {
                self.settings_at = Some(now);
                match face {
                    Some(face) => sources.everything(&self.device, face, pcie(&self.device)),
                    None => without_interface(&self.device),
                }
            }
        };
        next.time_ns = now.to_string();
        self.telling.take(next)
    }
}

fn without_interface(device: &str) -> Observation {
    let reason = format!("{device} has no interface in this network namespace.");
    let pcie = pcie(device);
    Observation {
        device: device.to_owned(),
        time_ns: String::new(),
        queues: Listed::absent(&reason),
        napis: Listed::absent(&reason),
        queue_statistics: Listed::absent(&reason),
        ethtool_statistics: Listed::absent(&reason),
        rings: Offered::absent(&reason),
        channels: Offered::absent(&reason),
        coalesce: Offered::absent(&reason),
        affinity: affinity(device, &pcie.msi_vectors),
        link: Offered::absent(&reason),
        rss: Offered::absent(&reason),
        byte_queue_limits: Listed::absent(&reason),
        page_pools: Listed::absent(&reason),
        driver_information: Offered::absent(&reason),
        pcie,
    }
}
