// SPDX-License-Identifier: MIT OR Apache-2.0
//! What was taken, on disk: written before anything is touched, removed when all is given back, so that the next agent can restore what one that was killed has
//! left behind. The directory is locked for as long as its agent has taken anything; the kernel unlocks it when that agent ends, however it ends.

use super::record::Record;
use rustix::fs::{AtFlags, FlockOperation, Mode, OFlags, flock, fstat, fsync, mkdir, open, openat, renameat, unlinkat};
use rustix::io::Errno;
use rustix::process::geteuid;
use serde::{Deserialize, Serialize};
use std::fs::File;
use std::io::{Read, Write};
use std::os::fd::OwnedFd;
use std::path::Path;

/// Root's own, and empty after a restart of the machine, as are the bindings.
pub const DIRECTORY: &str = "/run/ringscope";
const FILE: &str = "taken.json";
const NEW_FILE: &str = "taken.json.new";
const VERSION: u32 = 1;
const OTHERS_WRITE: u32 = 0o022;

/// What the file holds.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Kept {
    version: u32,
    /// Whether the module is to be unloaded when all devices are given back.
    pub unload_module: bool,
    /// The taken devices.
    pub devices: Vec<Record>,
}

impl Kept {
    /// What is to be kept.
    pub fn new(devices: Vec<Record>, unload_module: bool) -> Self {
        Self { version: VERSION, unload_module, devices }
    }
}

/// The locked directory.
pub struct StateFile {
    directory: OwnedFd,
}

/// Why the directory is not ours.
#[derive(Debug, PartialEq, Eq)]
pub enum Unclaimed {
    /// Another agent has taken devices and lives.
    Held,
    /// It is not there, so nothing was left behind.
    Missing,
    /// It cannot be used, as a sentence.
    Unusable(String),
}

fn unusable(directory: &Path, error: Errno) -> Unclaimed {
    Unclaimed::Unusable(format!("{} cannot be used: {}.", directory.display(), crate::module::words(error)))
}

impl StateFile {
    /// Makes the directory if it is not there, and locks it.
    pub fn make(directory: &Path) -> Result<Self, Unclaimed> {
        match mkdir(directory, Mode::RWXU) {
            Ok(()) | Err(Errno::EXIST) => Self::claim(directory),
            Err(error) => Err(unusable(directory, error)),
        }
    }

    /// Locks the directory if it is there.
    pub fn claim(directory: &Path) -> Result<Self, Unclaimed> {
        let flags = OFlags::RDONLY | OFlags::DIRECTORY | OFlags::NOFOLLOW | OFlags::CLOEXEC;
        let opened = open(directory, flags, Mode::empty()).map_err(|error| match error {
            Errno::NOENT => Unclaimed::Missing,
            error => unusable(directory, error),
        })?;
        let found = fstat(&opened).map_err(|error| unusable(directory, error))?;
        // What is in there is obeyed, so nobody else may have put it there.
        if found.st_uid != geteuid().as_raw() || found.st_mode & OTHERS_WRITE != 0 {
            let shown = directory.display();
            let text =
                format!("{shown} is not the agent's own: it must belong to root, and only root may write there.");
            return Err(Unclaimed::Unusable(text));
        }
        match flock(&opened, FlockOperation::NonBlockingLockExclusive) {
            Ok(()) => Ok(Self { directory: opened }),
            Err(Errno::AGAIN) => Err(Unclaimed::Held),
            Err(error) => Err(unusable(directory, error)),
        }
    }

    /// What an agent has left behind; `None` if nothing.
    pub fn read(&self) -> Result<Option<Kept>, String> {
        let flags = OFlags::RDONLY | OFlags::NOFOLLOW | OFlags::CLOEXEC;
        let opened = match openat(&self.directory, FILE, flags, Mode::empty()) {
            Ok(opened) => File::from(opened),
            Err(Errno::NOENT) => return Ok(None),
            Err(error) => return Err(format!("{FILE} cannot be opened: {}.", crate::module::words(error))),
        };
        let mut text = String::new();
        (&opened).read_to_string(&mut text).map_err(|error| format!("{FILE} cannot be read: {error}."))?;
        let kept: Kept = serde_json::from_str(&text).map_err(|error| format!("{FILE} makes no sense: {error}."))?;
        // An address becomes part of a path.
        let is_sound = kept.devices.iter().all(|record| ringscope_wire::control::is_pci_address(&record.device));
        if kept.version != VERSION || !is_sound {
            return Err(format!("{FILE} was written by another version of the agent."));
        }
        Ok(Some(kept))
    }

    /// Keeps what is taken, or removes the file if nothing is.
    pub fn write(&self, kept: &Kept) -> Result<(), String> {
        let outcome = if kept.devices.is_empty() { self.remove() } else { self.replace(kept) };
        outcome.map_err(|error| format!("{DIRECTORY}/{FILE} cannot be written: {error}."))
    }

    fn remove(&self) -> std::io::Result<()> {
        match unlinkat(&self.directory, FILE, AtFlags::empty()) {
            Ok(()) | Err(Errno::NOENT) => Ok(()),
            Err(error) => Err(error.into()),
        }
    }

    fn replace(&self, kept: &Kept) -> std::io::Result<()> {
        let flags = OFlags::WRONLY | OFlags::CREATE | OFlags::TRUNC | OFlags::NOFOLLOW | OFlags::CLOEXEC;
        let mut file = File::from(openat(&self.directory, NEW_FILE, flags, Mode::RUSR | Mode::WUSR)?);
        file.write_all(&serde_json::to_vec(kept)?)?;
        fsync(&file)?;
        Ok(renameat(&self.directory, NEW_FILE, &self.directory, FILE)?)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::fs::{self, Permissions};
    use std::os::unix::fs::PermissionsExt;
    use std::path::PathBuf;

    fn place(name: &str) -> PathBuf {
        std::env::temp_dir().join(format!("ringscope-agent-state-{name}-{}", std::process::id()))
    }

    fn kept() -> Kept {
        let record = Record::remember("ffff:ff:1f.7").expect("a device that is not there has nothing");
        Kept::new(vec![record], true)
    }

    #[test]
    fn what_is_taken_is_kept_until_nothing_is() {
        let directory = place("kept");
        assert!(matches!(StateFile::claim(&directory), Err(Unclaimed::Missing)));
        let state = StateFile::make(&directory).expect("it is ours");
        assert_eq!(fs::metadata(&directory).expect("it is there").permissions().mode() & 0o777, 0o700);
        assert_eq!(state.read(), Ok(None));
        state.write(&kept()).expect("there is room");
        assert_eq!(fs::metadata(directory.join(FILE)).expect("it is there").permissions().mode() & 0o777, 0o600);
        assert_eq!(state.read(), Ok(Some(kept())));
        state.write(&Kept::new(Vec::new(), true)).expect("it can be removed");
        assert_eq!(fs::read_dir(&directory).expect("it is there").count(), 0);
        fs::remove_dir_all(&directory).expect("it is there");
    }

    #[test]
    fn only_one_agent_holds_it_and_it_is_free_when_that_one_ends() {
        let directory = place("lock");
        let state = StateFile::make(&directory).expect("it is ours");
        assert!(matches!(StateFile::claim(&directory), Err(Unclaimed::Held)));
        drop(state);
        assert!(StateFile::claim(&directory).is_ok());
        fs::remove_dir_all(&directory).expect("it is there");
    }

    #[test]
    fn a_directory_that_others_write_and_a_file_that_makes_no_sense_are_not_obeyed() {
        let directory = place("others");
        let state = StateFile::make(&directory).expect("it is ours");
        for text in ["", "{", "{\"version\":2,\"unloadModule\":false,\"devices\":[]}", "[]"] {
            fs::write(directory.join(FILE), text).expect("a temporary file");
            assert!(state.read().is_err(), "{text}");
        }
        let elsewhere = serde_json::to_string(&kept()).expect("it is printable").replace("ffff:ff:1f.7", "../../x");
        fs::write(directory.join(FILE), elsewhere).expect("a temporary file");
        assert!(state.read().is_err());
        drop(state);
        fs::set_permissions(&directory, Permissions::from_mode(0o777)).expect("it is ours");
        assert!(matches!(StateFile::claim(&directory), Err(Unclaimed::Unusable(_))));
        fs::remove_dir_all(&directory).expect("it is there");
    }
}
