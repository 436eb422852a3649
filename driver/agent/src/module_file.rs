// SPDX-License-Identifier: MIT OR Apache-2.0
//! The module's file: what it is, before it is loaded.

use ringscope_wire::control::ModuleIdentity;
use sha2::{Digest, Sha256};
use std::fs;

/// The only module that the agent loads and unloads.
pub const NAME: &str = "rigb";
/// The only file that the agent loads, fixed when it was built.
pub const PATH: &str = "/usr/lib/ringscope/rigb.ko";

/// Digest and version of the file; `None` each if it cannot be read.
pub fn identity() -> ModuleIdentity {
    let content = fs::read(PATH).ok();
    let digest = content.as_deref().map(|content| {
        let digest = Sha256::digest(content);
        digest.iter().fold(String::new(), |text, byte| text + &format!("{byte:02x}"))
    });
    let version = content.as_deref().and_then(|content| modinfo(content, "version"));
    ModuleIdentity { name: NAME, path: PATH, digest, version }
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

    #[test]
    fn the_version_is_found_between_zeros_only() {
        let content = b"\x7fELF srcversion=9\0license=GPL\0version=0.1.0\0srcversion=AB\0";
        assert_eq!(modinfo(content, "version"), Some("0.1.0".into()));
        assert_eq!(modinfo(content, "author"), None);
        assert_eq!(modinfo(b"", "version"), None);
    }
}
