// SPDX-License-Identifier: MIT OR Apache-2.0
//! The verbs, each from checked arguments to a reply.

use crate::agent::{Agent, Change};
use crate::background::Report;
use crate::clock::{SECOND, boot_time_unix, monotonic};
use crate::cost::Meter;
use crate::log_stream::LogStream;
use crate::netlink::{RequestSocket, links, set_link};
use crate::rhythm::Rhythm;
use crate::{capabilities, devices, kmsg, module, module_file, watched_file};
use ringscope_wire::control::{
    Device, ErrorCode, Event, Hello, HelloArguments, LoadModule, Mark, PROTOCOL_VERSION, Read, Refusal, Request, Role,
    SetLink, Trace, Verb, Watch, What,
};
use rustix::io::Errno;
use rustix::system::uname;
use std::fs::OpenOptions;
use std::io::Write;

pub(crate) type Outcome = Result<(), Refusal>;

/// What a request came to: a reply now, or one later.
pub(crate) enum Answer {
    Now(Outcome),
    Later,
}

impl Agent<'_> {
    /// Serves a request.
    pub(crate) fn request(&mut self, request: Request) {
        let id = request.id;
        if !self.is_open && request.verb != "hello" {
            let refusal = Refusal::new(ErrorCode::HelloFirst, "The first request on a pipe must be hello.");
            return self.reply(id, Err(refusal));
        }
        let answer = match Verb::read(request) {
            Ok(Verb::Hello(hello)) => return self.hello(id, &hello),
            Ok(verb) if self.rights.role == Role::Observe && verb.changes_machine() => {
                let refusal = Refusal::new(ErrorCode::NoPermission, "The agent was started to observe only.");
                Answer::Now(Err(refusal.with_remedy("Connect again with the right to change the machine.")))
            }
            Ok(verb) => self.verb(id, verb),
            Err(refusal) => Answer::Now(Err(refusal)),
        };
        if let Answer::Now(outcome) = answer {
            self.reply(id, outcome);
        }
    }

    fn verb(&mut self, id: u32, verb: Verb) -> Answer {
        Answer::Now(match verb {
            Verb::Hello(_) => Ok(()),
            Verb::LoadModule(load) => return self.change_module(Change::Load(id), &load),
            Verb::UnloadModule => return self.change_module(Change::Unload(id), &LoadModule::default()),
            Verb::Sample(hz) => self.set_sampling(hz),
            Verb::Watch(watch) => self.watch(&watch),
            Verb::Read(read) => self.read(&read),
            Verb::Traffic(traffic) => {
                let is_stop = !traffic.running;
                let answer = self.traffic.ask(id, traffic, &self.scan.devices, &self.threads);
                let Some(outcome) = answer else { return Answer::Later };
                if is_stop && !self.traffic.is_running() {
                    self.send_traffic();
                }
                outcome
            }
            Verb::SetLink(link) => self.set_link(&link),
            Verb::Mark(mark) => write_mark(&mark),
            Verb::TakeDevice(take) => return self.take_device(id, &take),
            Verb::ReleaseDevice(release) => return self.release_device(id, &release),
            Verb::Observe(observe) => self.observe(&observe),
            Verb::WriteRegister(write) => self.write_register(&write),
            Verb::Trace(trace) => self.trace(&trace),
            Verb::SetAffinity(affinity) => self.set_affinity(&affinity),
            Verb::SetCoalesce(coalesce) => self.set_coalesce(&coalesce),
            Verb::ShowBuffers(show) => self.show_buffers(&show),
            Verb::SetDriver(set) => return self.set_driver(id, set),
            Verb::ResetDevice(reset) => return self.reset_device(id, reset),
            Verb::SetMtu(set) => return self.set_mtu(id, &set),
            Verb::Crash(crash) => return self.crash(&crash),
            Verb::Cost => {
                self.reply(id, Ok(()));
                self.send_cost();
                return Answer::Later;
            }
        })
    }

    fn hello(&mut self, id: u32, hello: &HelloArguments) {
        if hello.protocol != PROTOCOL_VERSION {
            let message = format!("The agent speaks protocol {PROTOCOL_VERSION}, the client {}.", hello.protocol);
            let refusal = Refusal::new(ErrorCode::ProtocolMismatch, message)
                .with_remedy("Start the lab anew so that agent and application are of one version.");
            return self.reply(id, Err(refusal));
        }
        self.watches.clear();
        self.observers.clear();
        self.tracing.abandon();
        self.shown_buffers.clear();
        self.sampling = None;
        self.costing = None;
        if self.is_open {
            self.outlet.restart_sequences();
        }
        self.is_open = true;
        self.reply(id, Ok(()));
        self.scan = devices::scan();
        self.scan_reads += self.scan.mmio_reads;
        self.rebuild_table();
        self.send_hello();
        self.module = None;
        self.look_at_module();
        self.send_devices();
        self.send_taken();
        if let Some(lab) = &mut self.lab {
            lab.look();
        }
        self.send_partner();
        self.send_table();
        self.send_traffic();
        for notice in std::mem::take(&mut self.earlier) {
            self.event(&Event::Notice(notice));
        }
        // Anew from the oldest record: who says hello knows nothing yet.
        self.log = LogStream::open(monotonic()).ok();
    }

    fn send_hello(&mut self) {
        let system = uname();
        let (capabilities, missing) = capabilities::find(self.rights);
        let event = Event::Hello(Hello {
            protocol: PROTOCOL_VERSION,
            role: self.rights.role,
            agent: env!("CARGO_PKG_VERSION").to_owned(),
            kernel: system.release().to_string_lossy().into_owned(),
            architecture: system.machine().to_string_lossy().into_owned(),
            boot_time_unix_ns: boot_time_unix().to_string(),
            cpus: self.sampler.table().map(|table| table.cpus.clone()).unwrap_or_default(),
            capabilities,
            missing,
            module: module_file::find().identity(),
        });
        self.event(&event);
    }

    fn change_module(&mut self, change: Change, load: &LoadModule) -> Answer {
        if let Err(refusal) = self.module_is_free(change) {
            return Answer::Now(Err(refusal));
        }
        if matches!(change, Change::Unload(_)) {
            // Before the module goes, since its going empties the trace buffers.
            self.tracing.end(&mut self.outlet);
        }
        let (parameters, file) = (load.parameter_text(), module_file::find());
        let spawned = self.threads.spawn(move |reporter| {
            reporter.report(match change {
                Change::Load(_) => Report::Loaded(module::load(&file, &parameters)),
                Change::Unload(_) => Report::Unloaded(module::unload()),
            });
        });
        if let Err(error) = spawned {
            return Answer::Now(Err(Refusal::new(
                ErrorCode::Failed,
                format!("A thread could not be started: {error}."),
            )));
        }
        if matches!(change, Change::Unload(_)) {
            // An open file of debugfs would hold the module.
            self.watches.clear();
            self.sampler.counters.release_module();
        }
        self.module_changes(change);
        Answer::Later
    }

    fn set_sampling(&mut self, hz: f64) -> Outcome {
        let now = monotonic();
        self.sampling = Rhythm::new(hz, now);
        if self.sampling.is_none() {
            self.costing = None;
        } else if self.costing.is_none() {
            self.costing = Rhythm::new(1.0, now + SECOND);
            self.meter = Meter::new(self.totals());
        }
        Ok(())
    }

    /// A device may be named only if sysfs lists it.
    pub(crate) fn known(&self, address: &str) -> Outcome {
        if self.scan.devices.iter().any(|device| device.pci_address == address) {
            return Ok(());
        }
        Err(Refusal::new(ErrorCode::NoSuchDevice, format!("There is no network function at {address}.")))
    }

    fn watch(&mut self, watch: &Watch) -> Outcome {
        self.known(&watch.device)?;
        self.watches.set(&watch.device, watch.what, watch.hz, monotonic()).map_err(snapshot_refusal)
    }

    fn trace(&mut self, trace: &Trace) -> Outcome {
        self.known(&trace.device)?;
        let is_traceable = |device: &Device| device.pci_address == trace.device && !device.rings.is_empty();
        if !trace.events.is_empty() && !self.scan.devices.iter().any(is_traceable) {
            let message = format!("The driver of {} has no such trace events.", trace.device);
            return Err(Refusal::new(ErrorCode::NotAvailable, message)
                .with_remedy("Load rigb, which has them for the devices that it drives."));
        }
        self.tracing.set(trace, monotonic(), &mut self.outlet)
    }

    fn read(&mut self, read: &Read) -> Outcome {
        if let What::Buffer(kind, queue, index) = read.what {
            return self.read_buffer(&read.device, kind, queue, index);
        }
        self.known(&read.device)?;
        match self.watches.read(&read.device, read.what, &mut self.outlet) {
            Ok(true) => Ok(()),
            Ok(false) => Err(Refusal::new(ErrorCode::Busy, "The pipe is full; the snapshot was dropped.")),
            Err(error) => Err(snapshot_refusal(error)),
        }
    }

    fn set_link(&mut self, link: &SetLink) -> Outcome {
        let no_such = || {
            Refusal::new(ErrorCode::NoSuchDevice, format!("No network function has an interface {:?}.", link.interface))
        };
        let is_known = self.scan.devices.iter().any(|device| device.interface.as_ref() == Some(&link.interface));
        if !is_known {
            return Err(no_such());
        }
        let set = || -> Result<bool, Errno> {
            let mut socket = RequestSocket::route()?;
            let found = links(&mut socket)?.into_iter().find(|one| one.name == link.interface);
            let Some(found) = found else { return Ok(false) };
            set_link(&mut socket, found.index, link.up).map(|()| true)
        };
        match set() {
            Ok(true) => {
                self.look_again.get_or_insert(monotonic() + SECOND / 50);
                Ok(())
            }
            Ok(false) => Err(no_such()),
            Err(Errno::PERM | Errno::ACCESS) => {
                let refusal = Refusal::new(ErrorCode::NoPermission, "The kernel does not let the agent set a link.");
                Err(refusal.with_remedy("Run the agent as root."))
            }
            Err(error) => {
                Err(Refusal::new(ErrorCode::Failed, format!("The link was not set: {}.", module::words(error))))
            }
        }
    }
}

fn snapshot_refusal(error: Errno) -> Refusal {
    match error {
        Errno::PERM | Errno::ACCESS => {
            Refusal::new(ErrorCode::NoPermission, format!("{} may not be read.", watched_file::DIRECTORY))
                .with_remedy("Run the agent as root.")
        }
        Errno::NOENT | Errno::NODEV => {
            Refusal::new(ErrorCode::NotAvailable, "The device's driver offers no such snapshot.")
                .with_remedy("Load rigb, which offers them for the devices that it drives.")
        }
        other => Refusal::new(ErrorCode::Failed, format!("The snapshot was not read: {}.", module::words(other))),
    }
}

pub(crate) fn write_mark(mark: &Mark) -> Outcome {
    // The number is syslog's priority "user, informational" and no part of the text.
    let line = format!("<14>ringscope: mark: {}\n", mark.text);
    let written = OpenOptions::new().write(true).open(kmsg::PATH).and_then(|mut file| file.write_all(line.as_bytes()));
    written.map_err(|error| match error.kind() {
        std::io::ErrorKind::PermissionDenied => {
            Refusal::new(ErrorCode::NoPermission, format!("{} may not be written.", kmsg::PATH))
                .with_remedy("Run the agent as root.")
        }
        std::io::ErrorKind::NotFound => Refusal::new(ErrorCode::NotAvailable, format!("There is no {}.", kmsg::PATH)),
        _ => Refusal::new(ErrorCode::Failed, format!("The mark was not written: {error}.")),
    })
}
