// SPDX-License-Identifier: MIT OR Apache-2.0
//! The threads `ksoftirqd/N`, which take over what a CPU's softirqs cannot finish: how long each has run. A network card that keeps them busy gets its
//! frames polled by a thread that competes with every other.

use crate::ascii::number;
use crate::clock::SECOND;
use ringscope_wire::control::Counter;
use rustix::io::pread;
use std::fs::{File, read_dir, read_to_string};
use std::path::Path;

const PROC: &str = "/proc";
/// The kernel's ticks in `/proc/PID/stat` are hundredths on every architecture (USER_HZ).
const TICK_NS: u64 = SECOND / 100;

/// Which file of a thread tells how long it ran.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Form {
    /// `schedstat`: nanoseconds first.
    Schedstat,
    /// `stat`: ticks in user and in kernel mode are the 14th and 15th word. For a kernel without schedstat.
    Stat,
}

impl Form {
    fn run_ns(self, content: &[u8]) -> Option<u64> {
        match self {
            Self::Schedstat => number(content).map(|(value, _)| value),
            Self::Stat => {
                // The name stands in parentheses and may have blanks; what follows the last one has none.
                let end = content.iter().rposition(|&byte| byte == b')')?;
                let mut words = content.get(end + 1..)?.split(|&byte| byte == b' ').filter(|word| !word.is_empty());
                let user = number(words.nth(11)?)?.0;
                let system = number(words.next()?)?.0;
                Some(user.wrapping_add(system).wrapping_mul(TICK_NS))
            }
        }
    }
}

/// A line of either file is shorter.
const LINE_BYTES: usize = 512;

struct Thread {
    name: String,
    file: File,
    form: Form,
    run_ns: u64,
}

impl Thread {
    fn read(&self) -> Option<u64> {
        let mut line = [0; LINE_BYTES];
        let length = pread(&self.file, &mut line, 0).ok()?;
        self.form.run_ns(line.get(..length)?)
    }
}

/// The threads, one a CPU that was ever online, in the order of the CPUs.
pub struct Ksoftirqd {
    threads: Vec<Thread>,
    cpus: Vec<u32>,
    read_at: Option<u64>,
}

impl Ksoftirqd {
    /// None yet.
    pub fn new() -> Self {
        Self { threads: Vec::new(), cpus: Vec::new(), read_at: None }
    }

    /// Looks for the threads if there are other CPUs than last time, and names their counters. In a namespace of processes without them there are none.
    pub fn rebuild(&mut self, cpus: &[u32]) -> Vec<Counter> {
        if self.cpus != cpus {
            self.threads = find(Path::new(PROC));
            cpus.clone_into(&mut self.cpus);
            self.read_at = None;
        }
        let named = self.threads.iter().map(|thread| Counter {
            source: "ksoftirqd",
            interface: String::new(),
            name: thread.name.clone(),
            unit: "nanoseconds",
        });
        named.collect()
    }

    /// Appends the nanoseconds of each; they are read once a second, a small file each.
    pub fn read(&mut self, now: u64, values: &mut Vec<u64>) {
        let is_due = self.read_at.is_none_or(|at| now.saturating_sub(at) >= SECOND);
        if is_due {
            self.read_at = Some(now);
        }
        for thread in &mut self.threads {
            if is_due {
                // A thread whose CPU went away ran for as long as it did.
                thread.run_ns = thread.read().unwrap_or(thread.run_ns);
            }
            values.push(thread.run_ns);
        }
    }
}

fn find(proc: &Path) -> Vec<Thread> {
    let mut found = Vec::new();
    for entry in read_dir(proc).into_iter().flatten().flatten() {
        let is_process = entry.file_name().as_encoded_bytes().iter().all(u8::is_ascii_digit);
        if !is_process {
            continue;
        }
        let directory = entry.path();
        let comm = read_to_string(directory.join("comm")).unwrap_or_default();
        let Some(cpu) = comm.trim().strip_prefix("ksoftirqd/").and_then(|cpu| cpu.parse::<u32>().ok()) else {
            continue;
        };
        // Any program may call itself that; what the kernel started has no command line.
        if read_to_string(directory.join("cmdline")).is_ok_and(|line| !line.is_empty()) {
            continue;
        }
        let open = |name: &str, form| File::open(directory.join(name)).ok().map(|file| (file, form));
        let opened = open("schedstat", Form::Schedstat).or_else(|| open("stat", Form::Stat));
        if let Some((file, form)) = opened {
            found.push((cpu, Thread { name: format!("ksoftirqd/{cpu}"), file, form, run_ns: 0 }));
        }
    }
    found.sort_by_key(|(cpu, _)| *cpu);
    found.into_iter().map(|(_, thread)| thread).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::fs;

    #[test]
    fn both_files_tell_the_time_that_was_run() {
        assert_eq!(Form::Schedstat.run_ns(b"1234567 89 10\n"), Some(1_234_567));
        let stat = b"15 (ksoftirqd/0) S 2 0 0 0 -1 69238848 0 0 0 0 3 40 0 0 20 0 1 0 11 0 0";
        assert_eq!(Form::Stat.run_ns(stat), Some(43 * TICK_NS));
        assert_eq!(Form::Stat.run_ns(b"15 (a) b) S 2"), None);
        assert_eq!(Form::Schedstat.run_ns(b""), None);
    }

    #[test]
    fn threads_are_found_in_the_order_of_their_cpus_and_programs_that_pretend_are_not() {
        let proc = std::env::temp_dir().join(format!("ringscope-agent-ksoftirqd-{}", std::process::id()));
        for (pid, comm, line, file) in [
            ("101", "ksoftirqd/10\n", "", "schedstat"),
            ("15", "ksoftirqd/2\n", "", "stat"),
            ("200", "ksoftirqd/3\n", "/bin/sh\0", "schedstat"),
            ("201", "ksoftirqd\n", "", "schedstat"),
        ] {
            let directory = proc.join(pid);
            fs::create_dir_all(&directory).expect("a temporary directory");
            for (name, content) in [("comm", comm), ("cmdline", line), (file, "7000 1 1\n")] {
                fs::write(directory.join(name), content).expect("a temporary file");
            }
        }
        let found: Vec<_> = find(&proc).into_iter().map(|thread| (thread.name, thread.form)).collect();
        assert_eq!(found, [("ksoftirqd/2".to_owned(), Form::Stat), ("ksoftirqd/10".to_owned(), Form::Schedstat)]);
        fs::remove_dir_all(&proc).expect("it was just made");
    }

    #[test]
    fn values_are_as_many_as_names_and_read_once_a_second() {
        let mut threads = Ksoftirqd::new();
        let names = threads.rebuild(&[0, 1]);
        let mut values = Vec::new();
        threads.read(SECOND, &mut values);
        threads.read(SECOND + 1, &mut values);
        assert_eq!(values.len(), 2 * names.len());
        assert_eq!(values[..names.len()], values[names.len()..]);
    }
}
