// SPDX-License-Identifier: MIT OR Apache-2.0
//! The module's file: where it is, what it is, and whether it is the one that was built.

use crate::start_check::executable;
use ringscope_wire::control::{ErrorCode, ModuleIdentity, Refusal};
use sha2::{Digest, Sha256};
use std::fs::{self, File};
use std::io::{ErrorKind, Read};
use std::os::unix::fs::MetadataExt;
use std::path::{Path, PathBuf};

/// The only module that the agent loads and unloads.
pub const NAME: &str = "rigb";
/// Where the module is when there is none beside the agent, fixed when the agent was built.
pub const BUILT_IN: &str = "/usr/lib/ringscope/rigb.ko";
const FILE: &str = "rigb.ko";
const DIGEST_FILE: &str = "rigb.ko.sha256";
const WORLD_WRITABLE: u32 = 0o002;

/// One of the two places.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ModuleFile {
    path: PathBuf,
    /// The file with the digest that the module must have.
    digest_path: Option<PathBuf>,
}

/// The module beside the agent if there is one, else the built-in place.
pub fn find() -> ModuleFile {
    let beside = executable().ok().and_then(|agent| agent.parent().and_then(beside));
    beside.unwrap_or_else(|| ModuleFile { path: BUILT_IN.into(), digest_path: None })
}

fn beside(directory: &Path) -> Option<ModuleFile> {
    let path = directory.join(FILE);
    // A link that leads nowhere is a module that is missing, not a reason to load another.
    path.symlink_metadata().ok()?;
    Some(ModuleFile { path, digest_path: Some(directory.join(DIGEST_FILE)) })
}

fn hexadecimal(content: &[u8]) -> String {
    Sha256::digest(content).iter().fold(String::new(), |text, byte| text + &format!("{byte:02x}"))
}

/// The digest of a line as `sha256sum` writes it: 64 hexadecimal digits, then blanks and a name or nothing.
fn written_digest(text: &str) -> Option<String> {
    let word = text.split_whitespace().next()?;
    let is_digest = word.len() == 64 && word.bytes().all(|byte| byte.is_ascii_hexdigit());
    is_digest.then(|| word.to_ascii_lowercase())
}

impl ModuleFile {
    /// Where it is.
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// Digest and version of the file; `None` each if it cannot be read.
    pub fn identity(&self) -> ModuleIdentity {
        let content = fs::read(&self.path).ok();
        let digest = content.as_deref().map(hexadecimal);
        let version = content.as_deref().and_then(|content| modinfo(content, "version"));
        ModuleIdentity { name: NAME, path: self.path.display().to_string(), digest, version }
    }

    /// Opens it once and checks what it opened, so that what is loaded is what was checked.
    pub fn open(&self) -> Result<File, Refusal> {
        let shown = self.path.display();
        let failed = |message: String| Refusal::new(ErrorCode::Failed, message);
        let file = File::open(&self.path).map_err(|error| match error.kind() {
            ErrorKind::NotFound => Refusal::new(ErrorCode::NotAvailable, format!("There is no {shown}."))
                .with_remedy("Build the module for the running kernel and put it there."),
            ErrorKind::PermissionDenied => Refusal::new(ErrorCode::NoPermission, format!("{shown} may not be opened."))
                .with_remedy("Run the agent as root."),
            _ => failed(format!("{shown} cannot be opened: {error}.")),
        })?;
        let Some(digest_path) = &self.digest_path else { return Ok(file) };
        let metadata = file.metadata().map_err(|error| failed(format!("{shown} cannot be examined: {error}.")))?;
        if metadata.mode() & WORLD_WRITABLE != 0 {
            return Err(failed(format!("{shown} is writable by everybody."))
                .with_remedy(format!("Build the module anew, then run chmod o-w {shown}.")));
        }
        let mut content = Vec::new();
        (&file).read_to_end(&mut content).map_err(|error| failed(format!("{shown} cannot be read: {error}.")))?;
        let listed = digest_path.display();
        let again = "Build the module again; the build writes the digest beside it.";
        let wanted = fs::read_to_string(digest_path)
            .map_err(|error| failed(format!("The digest of the module, {listed}, cannot be read: {error}.")))
            .and_then(|text| {
                written_digest(&text).ok_or_else(|| failed(format!("{listed} holds no SHA-256 digest of 64 digits.")))
            })
            .map_err(|refusal| refusal.with_remedy(again))?;
        let found = hexadecimal(&content);
        if found != wanted {
            let message = format!("{shown} is not the module that was built: its digest is {found}, not {wanted}.");
            return Err(failed(message).with_remedy(again));
        }
        Ok(file)
    }
}

/// A value of the `.modinfo` section, which is `key=value` strings with zeros between. The section is not looked up: a string that begins after a zero and
/// reads `version=…` is found wherever it is, and a wrong one would be shown, not obeyed.
fn modinfo(content: &[u8], key: &str) -> Option<String> {
    let strings = content.split(|&byte| byte == 0);
    let mut values = strings.filter_map(|text| text.strip_prefix(key.as_bytes())?.strip_prefix(b"="));
    let value = values.find(|value| value.len() <= 64 && value.iter().all(u8::is_ascii_graphic))?;
    Some(String::from_utf8_lossy(value).into_owned())
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::fs::Permissions;
    use std::os::unix::fs::PermissionsExt;

    #[test]
    fn the_version_is_found_between_zeros_only() {
        let content = b"\x7fELF srcversion=9\0license=GPL\0version=0.1.0\0srcversion=AB\0";
        assert_eq!(modinfo(content, "version"), Some("0.1.0".into()));
        assert_eq!(modinfo(content, "author"), None);
        assert_eq!(modinfo(b"", "version"), None);
    }

    #[test]
    fn a_module_beside_the_agent_is_opened_only_with_its_digest() {
        let directory = std::env::temp_dir().join(format!("ringscope-agent-module-file-{}", std::process::id()));
        fs::create_dir_all(&directory).expect("a temporary directory");
        assert_eq!(beside(&directory), None);
        let path = directory.join(FILE);
        fs::write(&path, b"module\0version=1\0").expect("a temporary file");
        fs::set_permissions(&path, Permissions::from_mode(0o644)).expect("it is ours");
        let module = beside(&directory).expect("it is there");
        let refused = |words: &str| {
            let refusal = module.open().expect_err(words);
            assert_eq!(refusal.code, ErrorCode::Failed);
            assert!(refusal.message.contains(words) && refusal.remedy.is_some(), "{refusal:?}");
        };
        refused("cannot be read");
        let digest_path = directory.join(DIGEST_FILE);
        fs::write(&digest_path, "no digest\n").expect("a temporary file");
        refused("holds no SHA-256 digest");
        fs::write(&digest_path, format!("{}  {FILE}\n", "0".repeat(64))).expect("a temporary file");
        refused("is not the module that was built");
        let digest = module.identity().digest.expect("it can be read");
        fs::write(&digest_path, format!("{digest}  {FILE}\n")).expect("a temporary file");
        assert!(module.open().is_ok());
        fs::set_permissions(&path, Permissions::from_mode(0o666)).expect("it is ours");
        refused("writable by everybody");
        fs::remove_dir_all(&directory).expect("it is there");
    }

    #[test]
    fn a_digest_is_read_as_sha256sum_writes_it() {
        let digest = "Ab".repeat(32);
        assert_eq!(written_digest(&format!("{digest}  rigb.ko\n")), Some("ab".repeat(32)));
        assert_eq!(written_digest(&digest), Some("ab".repeat(32)));
        for text in ["", "\n", "abc", &format!("{digest}0"), &"x".repeat(64)] {
            assert_eq!(written_digest(text), None, "{text}");
        }
    }
}
