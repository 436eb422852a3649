// SPDX-License-Identifier: MIT OR Apache-2.0
//! `set-driver`, `reset-device`, `set-mtu` and `crash`.

use super::{driver, hindrance};
use crate::agent::Agent;
use crate::background::Report;
use crate::clock::{SECOND, monotonic};
use crate::module;
use crate::netlink::{RequestSocket, links, set_mtu};
use crate::partner;
use crate::takeover::is_driven;
use crate::verbs::{Answer, Outcome, write_mark};
use ringscope_wire::control::{
    Crash, ErrorCode, LabDriver, Mark, ModuleState, Refusal, ResetDevice, SetDriver, SetMtu, Severity,
};
use std::fs::OpenOptions;
use std::io::Write;

/// The log's newest lines are on their way within a tenth of it.
const LAST_MOMENT: u64 = SECOND / 4;
const SYSRQ: &str = "/proc/sysrq-trigger";

fn failed(sentence: String) -> Refusal {
    Refusal::new(ErrorCode::Failed, sentence)
}

impl Agent<'_> {
    pub(crate) fn set_driver(&mut self, id: u32, set: SetDriver) -> Answer {
        let wanted = set.driver.map(LabDriver::name);
        let checked = self.may_be_given(&set);
        self.in_the_lab(id, checked, move || driver::give(&set.device, wanted).map_err(failed))
    }

    fn may_be_given(&mut self, set: &SetDriver) -> Outcome {
        self.is_lab_card(&set.device)?;
        if self.takeover.told().iter().any(|taken| taken.device == set.device) {
            let message = format!("{} was taken, and its driver gets it back.", set.device);
            return Err(Refusal::new(ErrorCode::Busy, message).with_remedy("Release the device first."));
        }
        if set.driver == Some(LabDriver::Rigb) && module::state().state != ModuleState::Live {
            return Err(
                Refusal::new(ErrorCode::NotAvailable, "rigb is not loaded.").with_remedy("Load the driver first.")
            );
        }
        Ok(())
    }

    pub(crate) fn reset_device(&mut self, id: u32, reset: ResetDevice) -> Answer {
        let checked = self.is_lab_card(&reset.device).and_then(|()| {
            if reset.confirmed {
                return Ok(());
            }
            let message = format!("{} loses its link and what is in its rings.", reset.device);
            Err(Refusal::new(ErrorCode::NeedsConfirmation, message).with_remedy("Confirm the reset."))
        });
        self.in_the_lab(id, checked, move || driver::reset(&reset.device).map_err(failed))
    }

    pub(crate) fn set_mtu(&mut self, id: u32, set: &SetMtu) -> Answer {
        let checked = self.is_lab();
        let own: Vec<_> = self.scan.devices.iter().filter_map(|device| device.interface.clone()).collect();
        let mtu = set.mtu;
        self.in_the_lab(id, checked, move || set_mtu_of_both(own, mtu))
    }

    /// The guest is gone a moment after the reply: what the kernel has said until then is told first.
    pub(crate) fn crash(&mut self, crash: &Crash) -> Answer {
        if let Err(refusal) = self.is_lab() {
            return Answer::Now(Err(refusal));
        }
        if !crash.confirmed {
            let message = "The guest’s kernel panics: everything in the guest’s memory is lost.";
            let refusal = Refusal::new(ErrorCode::NeedsConfirmation, message).with_remedy("Confirm the crash.");
            return Answer::Now(Err(refusal));
        }
        let _ = write_mark(&Mark { text: "the guest is crashed on request".to_owned() });
        self.crash_due = Some(monotonic() + LAST_MOMENT);
        Answer::Now(Ok(()))
    }

    /// The kernel panics within this call.
    pub(crate) fn crash_now(&mut self) {
        let _ = self.outlet.flush();
        if let Err(error) = OpenOptions::new().write(true).open(SYSRQ).and_then(|mut file| file.write_all(b"c")) {
            let text = format!("The guest was not crashed: {SYSRQ}: {error}.");
            self.notice(Severity::Error, "not-crashed", text);
        }
    }

    fn is_lab(&self) -> Outcome {
        hindrance(self.rights.is_lab).map_err(|reason| {
            Refusal::new(ErrorCode::NotAvailable, format!("This is done to the lab's guest only: {reason}."))
        })
    }

    fn is_lab_card(&self, address: &str) -> Outcome {
        self.is_lab()?;
        self.known(address)?;
        if self.scan.devices.iter().any(|device| device.pci_address == address && is_driven(device)) {
            return Ok(());
        }
        Err(Refusal::new(ErrorCode::NotAvailable, format!("{address} is no port of the lab.")))
    }

    /// Runs `work` in a thread if the request was found good; the reply comes with its end.
    fn in_the_lab(&mut self, id: u32, checked: Outcome, work: impl FnOnce() -> Outcome + Send + 'static) -> Answer {
        let begun = checked.and_then(|()| {
            if self.is_lab_at_work || self.change.is_some() || self.takeover.is_at_work() {
                return Err(Refusal::new(ErrorCode::Busy, "A driver or a card is being changed already."));
            }
            let spawned = self.threads.spawn(move |reporter| reporter.report(Report::LabStepEnds(id, work())));
            spawned.map_err(|error| failed(format!("A thread could not be started: {error}.")))?;
            self.is_lab_at_work = true;
            Ok(())
        });
        begun.map_or_else(|refusal| Answer::Now(Err(refusal)), |()| Answer::Later)
    }

    /// The thread is done.
    pub(crate) fn lab_step_ended(&mut self, id: u32, outcome: Outcome) {
        self.is_lab_at_work = false;
        self.reply(id, outcome);
        self.look();
    }
}

fn set_mtu_of_both(own: Vec<String>, mtu: u32) -> Outcome {
    let refused = move |name: &str, socket: &RequestSocket, error| {
        let words = socket.reason().map_or_else(|| module::words(error), str::to_owned);
        failed(format!("The MTU of {name} was not set to {mtu}: {words}."))
    };
    let mut socket = RequestSocket::route().map_err(|error| failed(module::words(error)))?;
    for link in links(&mut socket).unwrap_or_default().into_iter().filter(|link| own.contains(&link.name)) {
        set_mtu(&mut socket, link.index, mtu).map_err(|error| refused(&link.name, &socket, error))?;
    }
    let outcome = partner::within(move || {
        let mut socket = RequestSocket::route().map_err(module::words)?;
        let Some(link) = partner::port(&mut socket) else { return Ok(Ok(())) };
        Ok(set_mtu(&mut socket, link.index, mtu).map_err(|error| refused(&link.name, &socket, error)))
    });
    outcome.map_err(failed)?
}
