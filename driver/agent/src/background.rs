// SPDX-License-Identifier: MIT OR Apache-2.0
//! Threads for what blocks in the kernel: a module's init and exit, pktgen's start, anything in another network namespace. They report through a channel and
//! wake the loop by an eventfd.

use crate::takeover::StepEnd;
use crate::traffic::Side;
use ringscope_wire::control::Refusal;
use rustix::event::{EventfdFlags, eventfd};
use rustix::io::{Errno, read, write};
use std::fs::File;
use std::os::fd::{AsFd, BorrowedFd, OwnedFd};
use std::sync::{Arc, mpsc};
use std::{io, thread};

/// What a thread has to say.
#[derive(Debug)]
pub enum Report {
    /// `finit_module` returned.
    Loaded(Result<(), Refusal>),
    /// `delete_module` returned.
    Unloaded(Result<(), Refusal>),
    /// A device was taken or given back, or not.
    StepEnds(StepEnd),
    /// A driver or a card of the lab was changed, or not; the request's number.
    LabStepEnds(u32, Result<(), Refusal>),
    /// A sender is set up and begins; the file tells pktgen's count, the text is who sends.
    SenderBegins(Side, Option<File>, String),
    /// A sender is done; with the reason if it could not send.
    SenderEnds(Side, Result<(), String>),
}

/// A thread's end of the channel.
pub struct Reporter {
    channel: mpsc::Sender<Report>,
    wake: Arc<OwnedFd>,
}

impl Reporter {
    /// Reports. A loop that is gone hears nothing, which is fine: the process ends with it.
    pub fn report(&self, report: Report) {
        if self.channel.send(report).is_ok() {
            let _ = write(&self.wake, &1_u64.to_ne_bytes());
        }
    }
}

/// The loop's end of the channel.
pub struct Background {
    channel: (mpsc::Sender<Report>, mpsc::Receiver<Report>),
    wake: Arc<OwnedFd>,
}

impl Background {
    /// No thread yet.
    pub fn new() -> Result<Self, Errno> {
        let wake = eventfd(0, EventfdFlags::CLOEXEC | EventfdFlags::NONBLOCK)?;
        Ok(Self { channel: mpsc::channel(), wake: Arc::new(wake) })
    }

    /// For polling.
    pub fn descriptor(&self) -> BorrowedFd<'_> {
        self.wake.as_fd()
    }

    /// Runs `work` in a thread of its own.
    pub fn spawn(&self, work: impl FnOnce(&Reporter) + Send + 'static) -> io::Result<()> {
        let reporter = Reporter { channel: self.channel.0.clone(), wake: Arc::clone(&self.wake) };
        thread::Builder::new().spawn(move || work(&reporter)).map(drop)
    }

    /// What was reported since the last call.
    pub fn take(&self) -> Vec<Report> {
        let _ = read(&self.wake, &mut [0; 8]);
        self.channel.1.try_iter().collect()
    }
}
