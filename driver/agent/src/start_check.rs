// SPDX-License-Identifier: MIT OR Apache-2.0
//! Whether the place that the agent was started from is safe: who can write there decides what runs as root.

use rustix::process::geteuid;
use std::fs::{Metadata, metadata, read_link};
use std::os::unix::fs::MetadataExt;
use std::path::{Path, PathBuf};

const EXECUTABLE: &str = "/proc/self/exe";
const WORLD_WRITABLE: u32 = 0o002;
const GROUP_WRITABLE: u32 = 0o020;
const STICKY: u32 = 0o1000;
const ROOT: u32 = 0;

/// What matters of a file or directory.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Facts {
    mode: u32,
    owner: u32,
    group: u32,
}

impl From<&Metadata> for Facts {
    fn from(metadata: &Metadata) -> Self {
        Self { mode: metadata.mode(), owner: metadata.uid(), group: metadata.gid() }
    }
}

/// The path of the running executable, links resolved.
pub fn executable() -> Result<PathBuf, String> {
    let unknown = |error| format!("The agent's own place is not known: {error}. Mount /proc and start it again.");
    let path = read_link(EXECUTABLE).map_err(unknown)?;
    let (running, there) = (metadata(EXECUTABLE).map_err(unknown)?, metadata(&path).ok());
    if there.is_none_or(|there| (there.dev(), there.ino()) != (running.dev(), running.ino())) {
        return Err(format!("{} is no longer the file that was started; start the agent again.", path.display()));
    }
    Ok(path)
}

/// Refuses a place where somebody else could put another agent, with a sentence that says what to do.
pub fn check() -> Result<(), String> {
    let path = executable()?;
    let file = metadata(&path).map_err(|error| format!("{} cannot be examined: {error}.", path.display()))?;
    let mut directories = Vec::new();
    for directory in path.ancestors().skip(1) {
        let found = metadata(directory);
        let found = found.map_err(|error| format!("{} cannot be examined: {error}.", directory.display()))?;
        directories.push((directory, Facts::from(&found)));
    }
    verdict(&path, Facts::from(&file), &directories)
}

/// `directories` from the innermost to the root.
fn verdict(path: &Path, file: Facts, directories: &[(&Path, Facts)]) -> Result<(), String> {
    let shown = path.display();
    if file.mode & WORLD_WRITABLE != 0 {
        return Err(format!("{shown} is writable by everybody; run chmod o-w on it before it is started."));
    }
    if file.mode & GROUP_WRITABLE != 0 && file.group != ROOT {
        return Err(format!("{shown} is writable by its group; run chmod g-w on it before it is started."));
    }
    let is_trusted = |owner: u32| owner == ROOT || owner == file.owner;
    // In a sticky directory only the owner of an entry, or of the directory, can put something else in its place. So everything on the way down must be theirs
    // whom the executable is trusted to anyway.
    let mut below_is_trusted = true;
    for (directory, facts) in directories {
        let is_sticky = facts.mode & STICKY != 0;
        if facts.mode & WORLD_WRITABLE != 0 && !(is_sticky && below_is_trusted && is_trusted(facts.owner)) {
            let directory = directory.display();
            return Err(format!(
                "{shown} lies below {directory}, where everybody can write; move it to a directory that only root can write, such as /usr/lib/ringscope."
            ));
        }
        below_is_trusted &= is_trusted(facts.owner);
    }
    Ok(())
}

/// Whether the agent runs as root.
pub fn is_root() -> bool {
    geteuid().is_root()
}

#[cfg(test)]
mod tests {
    use super::*;

    const USER: u32 = 1000;
    const OTHER: u32 = 1001;

    fn facts(mode: u32, owner: u32) -> Facts {
        Facts { mode, owner, group: owner }
    }

    fn judge(file: Facts, directories: &[Facts]) -> Result<(), String> {
        let places = ["/a/b", "/a", "/"].map(Path::new);
        let directories: Vec<_> = places.into_iter().zip(directories.iter().copied()).collect();
        verdict(Path::new("/a/b/agent"), file, &directories)
    }

    #[test]
    fn a_place_that_only_root_writes_is_fine_and_so_is_a_users_own() {
        let usual = [facts(0o755, ROOT); 3];
        assert_eq!(judge(facts(0o755, ROOT), &usual), Ok(()));
        assert_eq!(judge(facts(0o775, ROOT), &usual), Ok(()), "the group is root");
        assert_eq!(judge(facts(0o755, USER), &[facts(0o755, USER), facts(0o755, USER), facts(0o755, ROOT)]), Ok(()));
    }

    #[test]
    fn a_file_that_others_write_is_refused_with_what_to_do() {
        let usual = [facts(0o755, ROOT); 3];
        for (mode, remedy) in [(0o757, "chmod o-w"), (0o775, "chmod g-w")] {
            let refused = judge(facts(mode, USER), &usual).expect_err("others can write it");
            assert!(refused.contains(remedy), "{refused}");
        }
    }

    #[test]
    fn a_directory_that_everybody_writes_is_refused_wherever_it_is_above() {
        let fine = facts(0o755, ROOT);
        for place in 0..3 {
            let mut directories = [fine; 3];
            directories[place] = facts(0o777, ROOT);
            assert!(judge(facts(0o755, ROOT), &directories).is_err(), "{place}");
        }
    }

    #[test]
    fn a_sticky_directory_is_fine_only_if_all_below_it_is_roots_or_the_same_owners() {
        let (fine, sticky) = (facts(0o755, ROOT), facts(0o1777, ROOT));
        assert_eq!(judge(facts(0o755, USER), &[facts(0o755, USER), sticky, fine]), Ok(()));
        assert_eq!(judge(facts(0o755, ROOT), &[sticky, fine, fine]), Ok(()));
        // Someone else's directory below /tmp can be filled by that someone.
        assert!(judge(facts(0o755, USER), &[facts(0o755, OTHER), sticky, fine]).is_err());
        // The owner of a sticky directory can replace what is in it.
        assert!(judge(facts(0o755, USER), &[facts(0o1777, OTHER), fine, fine]).is_err());
        assert!(judge(facts(0o755, USER), &[facts(0o755, USER), facts(0o755, OTHER), sticky]).is_err());
    }
}
