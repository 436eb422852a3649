// SPDX-License-Identifier: MIT OR Apache-2.0
//! The verbs that take and observe devices, and giving everything back when the agent begins and ends.

use crate::agent::{Agent, Change};
use crate::clock::monotonic;
use crate::start_check::is_root;
use crate::takeover::{StepEnd, hindrance, is_anything_left_behind, restore_left_behind};
use crate::verbs::{Answer, Outcome};
use crate::{complain, devices, module};
use ringscope_wire::control::{ErrorCode, Notice, Observe, Refusal, ReleaseDevice, Role, Severity, TakeDevice};
use rustix::event::{PollFd, PollFlags, poll};

impl Agent<'_> {
    pub(crate) fn take_device(&mut self, id: u32, take: &TakeDevice) -> Answer {
        let begun = self.nothing_is_under_way().and_then(|()| {
            // What depends on a device may have changed since it was last told.
            let scan = devices::scan();
            self.scan_reads += scan.mmio_reads;
            let device = scan.devices.iter().find(|device| device.pci_address == take.device);
            let device = device.ok_or_else(|| no_such_device(&take.device))?;
            if !is_root() {
                let refusal = Refusal::new(ErrorCode::NoPermission, "Only root may give a device to another driver.");
                return Err(refusal.with_remedy("Run the agent as root."));
            }
            hindrance(device, take.confirmed)?;
            self.takeover.take(id, &take.device, self.has_loaded, &self.threads)
        });
        later(begun)
    }

    pub(crate) fn release_device(&mut self, id: u32, release: &ReleaseDevice) -> Answer {
        // Watches of its driver's files do not hold it; they end with a notice.
        let begun = self.nothing_is_under_way();
        let begun = begun.and_then(|()| self.takeover.release(id, &release.device, self.has_loaded, &self.threads));
        later(begun)
    }

    pub(crate) fn observe(&mut self, observe: &Observe) -> Outcome {
        self.known(&observe.device)?;
        let set = self.observers.set(&observe.device, observe.hz, &self.scan.devices, monotonic());
        set.map_err(|error| {
            Refusal::new(ErrorCode::NotAvailable, format!("Generic netlink is not there: {}.", module::words(error)))
        })?;
        // In the lab's guest the partner's port is counted while it is observed.
        if self.lab.is_some() && self.rebuild_table() {
            self.send_table();
        }
        Ok(())
    }

    fn nothing_is_under_way(&self) -> Outcome {
        if self.takeover.is_at_work() {
            return Err(Refusal::new(ErrorCode::Busy, "A device is being taken or given back already."));
        }
        if self.change.is_some() {
            return Err(Refusal::new(ErrorCode::Busy, "The module is being loaded or unloaded."));
        }
        if self.is_lab_at_work {
            return Err(Refusal::new(ErrorCode::Busy, "A driver or a card is being changed."));
        }
        Ok(())
    }

    /// Whether the module may be loaded or unloaded now.
    pub(crate) fn module_is_free(&self, change: Change) -> Outcome {
        if self.change.is_some() {
            return Err(Refusal::new(ErrorCode::Busy, "The module is being loaded or unloaded already."));
        }
        if self.takeover.is_at_work() {
            return Err(Refusal::new(ErrorCode::Busy, "A device is being taken or given back."));
        }
        if self.is_lab_at_work {
            return Err(Refusal::new(ErrorCode::Busy, "A driver or a card is being changed."));
        }
        if matches!(change, Change::Unload(_)) && !self.takeover.is_empty() {
            let taken = self.takeover.told();
            let names: Vec<_> = taken.iter().map(|taken| taken.device.as_str()).collect();
            let message = format!("The driver has taken {} over.", names.join(", "));
            return Err(Refusal::new(ErrorCode::Busy, message).with_remedy("Release the device first."));
        }
        Ok(())
    }

    /// A thread has taken a device or given it back, or not.
    pub(crate) fn step_ended(&mut self, end: StepEnd) {
        let before = self.takeover.told();
        let told = self.takeover.ends(end);
        self.reply(told.id, told.outcome);
        for problem in told.problems {
            self.notice(Severity::Warning, "not-carried-over", problem);
        }
        if self.takeover.told() != before {
            self.send_taken();
        }
        self.look();
    }

    /// Before anything is served: gives back what an agent that was killed has left behind.
    pub(crate) fn restore(&mut self) {
        let mut note = |severity, code: &str, text| {
            self.earlier.push(Notice { severity, code: code.to_owned(), text });
        };
        if self.rights.role == Role::Observe {
            if is_anything_left_behind() {
                let text = "An agent that was killed has left devices with rigb; the next one that may change the machine gives them back.";
                note(Severity::Warning, "left-behind", text.to_owned());
            }
            return;
        }
        let found = restore_left_behind();
        for restored in found.restored {
            let text = format!("An agent that was killed had taken {restored}");
            note(Severity::Info, "restored", text);
        }
        for problem in found.problems {
            note(Severity::Warning, "not-restored", problem);
        }
    }

    /// At the end, however it came: waits for what is under way, gives every device back, and unloads the module that was loaded for them.
    pub(crate) fn give_back(&mut self) {
        while self.takeover.is_at_work() || (self.change.is_some() && self.takeover.has_taken) {
            let mut waiting = [PollFd::from_borrowed_fd(self.threads.descriptor(), PollFlags::IN)];
            let _ = poll(&mut waiting, None);
            for report in self.threads.take() {
                self.reported(report);
            }
        }
        if !self.takeover.has_taken {
            return;
        }
        // An open file of debugfs would hold the module.
        self.watches.clear();
        self.sampler.counters.release_module();
        let problems = self.takeover.give_all_back();
        problems.iter().for_each(|problem| complain(problem));
        if self.has_loaded {
            let unloaded = module::unload();
            unloaded.err().iter().for_each(|refusal| complain(&refusal.message));
        }
    }
}

fn no_such_device(address: &str) -> Refusal {
    Refusal::new(ErrorCode::NoSuchDevice, format!("There is no network function at {address}."))
}

fn later(begun: Outcome) -> Answer {
    match begun {
        Ok(()) => Answer::Later,
        Err(refusal) => Answer::Now(Err(refusal)),
    }
}
