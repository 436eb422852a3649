// SPDX-License-Identifier: MIT OR Apache-2.0
//! Devices that the agent takes over from their drivers, and gives back whatever happens: when asked, when it ends, and what one that was killed has left.

pub mod binding;
mod hindrance;
mod holds;
mod interface;
mod record;
mod state_file;

pub use hindrance::{hindrance, is_driven};
pub use holds::find as find_holds;

use crate::background::{Background, Report};
use crate::module;
use record::Record;
use ringscope_wire::control::{ErrorCode, Refusal, TakenDevice};
use state_file::{DIRECTORY, Kept, StateFile, Unclaimed};
use std::path::Path;
use std::sync::Arc;
use std::thread;
use std::time::{Duration, Instant};

/// How long an agent that begins waits for the directory.
const CLAIM_TIME: Duration = Duration::from_secs(3);

/// What a step came to: whether it was done, sentences about what of the network is not as it should be, and the device if it is taken now.
#[derive(Debug)]
pub struct StepEnd {
    /// The request.
    id: u32,
    device: String,
    outcome: Result<Vec<String>, Refusal>,
    taken: Option<Record>,
}

/// What the client is to be told after a step.
pub struct Told {
    /// The request.
    pub id: u32,
    /// Its reply.
    pub outcome: Result<(), Refusal>,
    /// What of the network is not as it should be.
    pub problems: Vec<String>,
}

/// What was found of an agent that was killed.
#[derive(Debug, Default, PartialEq, Eq)]
pub struct LeftBehind {
    /// What was given back.
    pub restored: Vec<String>,
    /// What was not.
    pub problems: Vec<String>,
}

/// The taken devices.
#[derive(Default)]
pub struct Takeover {
    records: Vec<Record>,
    state: Option<Arc<StateFile>>,
    is_at_work: bool,
    /// Whether any device was ever taken through this agent.
    pub has_taken: bool,
}

fn unclaimed(why: Unclaimed) -> Refusal {
    match why {
        Unclaimed::Held => Refusal::new(ErrorCode::Busy, "Another agent on this machine has taken devices.")
            .with_remedy("End the other Ringscope first; it gives them back."),
        Unclaimed::Missing => Refusal::new(ErrorCode::Failed, format!("{DIRECTORY} went away.")),
        Unclaimed::Unusable(text) => {
            Refusal::new(ErrorCode::Failed, text).with_remedy(format!("Remove {DIRECTORY}; the agent makes it anew."))
        }
    }
}

impl Takeover {
    /// As the event has it, sorted by address.
    pub fn told(&self) -> Vec<TakenDevice> {
        let mut told: Vec<_> = self.records.iter().map(Record::told).collect();
        told.sort_by(|one, other| one.device.cmp(&other.device));
        told
    }

    /// Whether a step is under way.
    pub fn is_at_work(&self) -> bool {
        self.is_at_work
    }

    /// Whether anything is taken.
    pub fn is_empty(&self) -> bool {
        self.records.is_empty()
    }

    /// Begins to take a device that nothing hinders. The reply comes with the end of the step.
    pub fn take(&mut self, id: u32, device: &str, unloads: bool, threads: &Background) -> Result<(), Refusal> {
        let state = match &self.state {
            Some(state) => Arc::clone(state),
            None => Arc::new(StateFile::make(Path::new(DIRECTORY)).map_err(unclaimed)?),
        };
        if self.records.is_empty() && !matches!(state.read(), Ok(None)) {
            let message = format!("{DIRECTORY} still tells of devices that another agent took.");
            return Err(Refusal::new(ErrorCode::Busy, message)
                .with_remedy("End this agent and start it again; it gives them back."));
        }
        self.state = Some(Arc::clone(&state));
        let (device, others) = (device.to_owned(), self.records.clone());
        self.spawn(threads, move || {
            let (outcome, taken) = take(&state, others, unloads, &device);
            StepEnd { id, device, outcome, taken }
        })
    }

    /// Begins to give a device back. The reply comes with the end of the step.
    pub fn release(&mut self, id: u32, device: &str, unloads: bool, threads: &Background) -> Result<(), Refusal> {
        let place = self.records.iter().position(|record| record.device == device);
        let (Some(record), Some(state)) = (place.and_then(|place| self.records.get(place)), &self.state) else {
            return Err(Refusal::new(ErrorCode::NotAvailable, format!("{device} was not taken.")));
        };
        let (record, state, mut others) = (record.clone(), Arc::clone(state), self.records.clone());
        others.retain(|other| other.device != device);
        self.spawn(threads, move || {
            let outcome = record.give_back().and_then(|problems| {
                state.write(&Kept::new(others, unloads))?;
                Ok(problems)
            });
            let outcome = outcome.map_err(|message| Refusal::new(ErrorCode::Failed, message));
            let taken = outcome.is_err().then(|| record.clone());
            StepEnd { id, device: record.device, outcome, taken }
        })
    }

    fn spawn(&mut self, threads: &Background, work: impl FnOnce() -> StepEnd + Send + 'static) -> Result<(), Refusal> {
        let spawned = threads.spawn(move |reporter| reporter.report(Report::StepEnds(work())));
        spawned.map_err(|error| Refusal::new(ErrorCode::Failed, format!("A thread could not be started: {error}.")))?;
        self.is_at_work = true;
        Ok(())
    }

    /// A step is done.
    pub fn ends(&mut self, end: StepEnd) -> Told {
        self.is_at_work = false;
        self.records.retain(|record| record.device != end.device);
        self.has_taken |= end.taken.is_some();
        self.records.extend(end.taken);
        if self.records.is_empty() {
            self.state = None;
        }
        let (outcome, problems) = match end.outcome {
            Ok(problems) => (Ok(()), problems),
            Err(refusal) => (Err(refusal), Vec::new()),
        };
        Told { id: end.id, outcome, problems }
    }

    /// Gives everything back; blocks. Returns sentences about what could not be.
    pub fn give_all_back(&mut self) -> Vec<String> {
        let records = std::mem::take(&mut self.records);
        let Some(state) = self.state.take() else { return Vec::new() };
        let (_, mut problems, left) = give_back(records);
        problems.extend(state.write(&Kept::new(left, false)).err());
        problems
    }
}

fn take(
    state: &StateFile,
    mut others: Vec<Record>,
    unloads: bool,
    device: &str,
) -> (Result<Vec<String>, Refusal>, Option<Record>) {
    let failed = |message: String| Err(Refusal::new(ErrorCode::Failed, message));
    let record = match Record::remember(device) {
        Ok(record) => record,
        Err(message) => return (failed(message), None),
    };
    others.push(record.clone());
    if let Err(message) = state.write(&Kept::new(others.clone(), unloads)) {
        return (failed(message), None);
    }
    let because = match record.take() {
        Ok(problems) => return (Ok(problems), Some(record)),
        Err(because) => because,
    };
    others.pop();
    let undone = record.give_back().and_then(|problems| {
        state.write(&Kept::new(others, unloads))?;
        Ok(problems)
    });
    match undone {
        Ok(problems) => (failed([vec![because], problems].concat().join(" ")), None),
        // It stays on the list, so that it can be released again, and is at the end.
        Err(message) => (failed(format!("{because} It could not be undone: {message}")), Some(record)),
    }
}

/// What was given back, what was not in words, and the devices that were not.
fn give_back(records: Vec<Record>) -> (Vec<String>, Vec<String>, Vec<Record>) {
    let (mut restored, mut problems, mut left) = (Vec::new(), Vec::new(), Vec::new());
    // The last one first.
    for record in records.into_iter().rev() {
        match record.give_back() {
            Ok(more) => {
                restored.push(record.restored());
                problems.extend(more);
            }
            Err(problem) => {
                problems.push(problem);
                left.push(record);
            }
        }
    }
    (restored, problems, left)
}

/// An agent that was killed while a driver let go of its card, or took one, lives on until the kernel is done with that, and one that observes looks into the
/// directory for a moment. One that has taken devices and lives keeps it for longer than this waits.
fn claim_patiently() -> Option<StateFile> {
    let end = Instant::now() + CLAIM_TIME;
    loop {
        match StateFile::claim(Path::new(DIRECTORY)) {
            Err(Unclaimed::Held) if Instant::now() < end => thread::sleep(Duration::from_millis(20)),
            other => return other.ok(),
        }
    }
}

/// Gives back what an agent that was killed has left behind; blocks. Nothing if there is nothing, or if its agent lives.
pub fn restore_left_behind() -> LeftBehind {
    let mut found = LeftBehind::default();
    let Some(state) = claim_patiently() else { return found };
    let kept = match state.read() {
        Ok(Some(kept)) => kept,
        Ok(None) => return found,
        Err(problem) => {
            found.problems.push(format!("{DIRECTORY}: {problem} Look at it, and remove it."));
            return found;
        }
    };
    let left;
    (found.restored, found.problems, left) = give_back(kept.devices);
    if kept.unload_module && left.is_empty() {
        found.problems.extend(module::unload().err().map(|refusal| refusal.message));
    }
    found.problems.extend(state.write(&Kept::new(left, kept.unload_module)).err());
    found
}

/// Whether an agent that was killed has left anything behind; for one that may not change it.
pub fn is_anything_left_behind() -> bool {
    StateFile::claim(Path::new(DIRECTORY)).is_ok_and(|state| !matches!(state.read(), Ok(None)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_device_that_was_not_taken_is_not_given_back() {
        let threads = Background::new().expect("an eventfd");
        let mut takeover = Takeover::default();
        let refused = takeover.release(1, "0000:01:00.0", false, &threads).expect_err("it was not taken");
        assert_eq!(refused.code, ErrorCode::NotAvailable);
        assert!(takeover.is_empty() && !takeover.is_at_work() && takeover.give_all_back().is_empty());
    }

    #[test]
    fn a_step_that_fails_and_is_undone_leaves_nothing_taken() {
        let refusal = Refusal::new(ErrorCode::Failed, "No.");
        let mut takeover = Takeover { is_at_work: true, ..Takeover::default() };
        let end = StepEnd { id: 7, device: "0000:01:00.0".into(), outcome: Err(refusal.clone()), taken: None };
        let told = takeover.ends(end);
        assert_eq!((told.id, told.outcome, told.problems.len()), (7, Err(refusal), 0));
        assert!(takeover.is_empty() && !takeover.is_at_work() && !takeover.has_taken);
    }

    #[test]
    fn taking_a_device_that_cannot_be_bound_undoes_what_was_done() {
        let directory = std::env::temp_dir().join(format!("ringscope-agent-take-{}", std::process::id()));
        let state = StateFile::make(&directory).expect("it is ours");
        let (outcome, taken) = take(&state, Vec::new(), false, "ffff:ff:1f.7");
        let refusal = outcome.expect_err("there is no such device");
        assert!(refusal.message.contains("driver_override") && refusal.message.contains("no longer there"));
        assert!(taken.is_none());
        assert_eq!(state.read(), Ok(None));
        std::fs::remove_dir_all(&directory).expect("it is there");
    }
}
