// SPDX-License-Identifier: MIT OR Apache-2.0
//! What follows a change of the module, of devices or of traffic: events, each only if it says something new.

use crate::agent::{Agent, Change};
use crate::clock::{SECOND, monotonic};
use crate::lab::Lab;
use crate::rhythm::Rhythm;
use crate::traffic::DueReply;
use crate::{devices, module};
use ringscope_wire::Stream;
use ringscope_wire::control::{Event, ModuleState, Refusal, Severity};

impl Agent<'_> {
    /// Looks at module and devices anew and tells what changed.
    pub(crate) fn look(&mut self) {
        self.look_at_module();
        let before = self.traffic.state(&self.scan.devices);
        let scan = devices::scan();
        self.scan_reads += scan.mmio_reads;
        if scan.devices != self.scan.devices {
            self.scan = scan;
            self.send_devices();
            let now = self.traffic.state(&self.scan.devices);
            if before != now {
                self.event(&Event::Traffic(now));
            }
        }
        if self.lab.as_mut().is_some_and(Lab::look) {
            self.send_partner();
        }
        if self.rebuild_table() {
            self.send_table();
        }
        for device in self.observers.refresh(&self.scan.devices) {
            let text = format!("{device} is no longer there, so it is not observed any more.");
            self.notice(Severity::Info, "observation-ended", text);
        }
        for device in self.tracing.refresh(&self.scan.devices, monotonic()) {
            let text = format!("rigb does not drive {device} any more, so it is not traced any more.");
            self.notice(Severity::Info, "trace-ended", text);
        }
    }

    /// Tells the module's state if it is another than was told.
    pub(crate) fn look_at_module(&mut self) {
        let mut module = module::state();
        match self.change {
            Some(Change::Load(_)) => module.state = ModuleState::Loading,
            Some(Change::Unload(_)) => module.state = ModuleState::Unloading,
            None if self.module_error.is_some() && module.state == ModuleState::Absent => {
                module.state = ModuleState::Failed
            }
            None => {}
        }
        module.error.clone_from(&self.module_error);
        // Someone else's load or unload is under way, and its end makes no uevent that could not be missed.
        if self.change.is_none() && matches!(module.state, ModuleState::Loading | ModuleState::Unloading) {
            self.look_again.get_or_insert(monotonic() + SECOND / 20);
        }
        if self.module.as_ref() != Some(&module) {
            self.module = Some(module);
            self.send_module();
        }
    }

    /// A thread begins to load or unload.
    pub(crate) fn module_changes(&mut self, change: Change) {
        self.change = Some(change);
        self.module_error = None;
        self.look_at_module();
    }

    /// The thread is done.
    pub(crate) fn module_changed(&mut self, outcome: Result<(), Refusal>) {
        let (id, is_load) = match self.change.take() {
            Some(Change::Load(id)) => (id, true),
            Some(Change::Unload(id)) => (id, false),
            None => return,
        };
        if outcome.is_ok() {
            self.has_loaded = is_load;
        }
        self.module_error = outcome.as_ref().err().map(|refusal| refusal.message.clone());
        self.reply(id, outcome);
        self.look();
    }

    /// A sender began or ended.
    pub(crate) fn traffic_changed(&mut self, due: Option<DueReply>) {
        if let Some((id, outcome)) = due {
            self.reply(id, outcome);
        }
        let now = monotonic();
        let is_running = self.traffic.is_running();
        if is_running != self.reporting.is_some() {
            self.reporting = if is_running { Rhythm::new(1.0, now + SECOND) } else { None };
        }
        self.send_traffic();
    }

    /// One tick of stream 2. If the rows are others by now, their table goes first.
    pub(crate) fn sample(&mut self) {
        if self.outlet.is_full() {
            self.outlet.samples_lost += 1;
            return;
        }
        for _ in 0..3 {
            if let Some(payload) = self.sampler.sample() {
                self.outlet.offer(Stream::Sample, payload);
                return;
            }
            if self.rebuild_table() {
                self.send_table();
            }
        }
        // The rows change faster than they can be read twice.
        self.outlet.samples_lost += 1;
    }

    /// Looks anew at which rows samples have; whether they are others now.
    pub(crate) fn rebuild_table(&mut self) -> bool {
        if self.lab.is_some() {
            self.sampler.counters.set_observed(self.observers.devices());
        }
        self.sampler.rebuild(&self.scan.devices)
    }

    pub(crate) fn send_module(&mut self) {
        if let Some(module) = self.module.clone() {
            self.event(&Event::Module(module));
        }
    }

    pub(crate) fn send_devices(&mut self) {
        self.event(&Event::Devices { devices: self.scan.devices.clone() });
    }

    pub(crate) fn send_taken(&mut self) {
        self.event(&Event::Taken { devices: self.takeover.told() });
    }

    /// In the lab's guest alone.
    pub(crate) fn send_partner(&mut self) {
        if let Some(partner) = self.lab.as_ref().map(|lab| lab.told().clone()) {
            self.event(&Event::Partner(partner));
        }
    }

    pub(crate) fn send_table(&mut self) {
        if let Some(table) = self.sampler.table().cloned() {
            self.event(&Event::Table(table));
        }
    }

    pub(crate) fn send_traffic(&mut self) {
        self.event(&Event::Traffic(self.traffic.state(&self.scan.devices)));
    }

    pub(crate) fn send_cost(&mut self) {
        let cost = self.meter.lap(self.totals());
        self.event(&Event::Cost(cost));
    }
}
