// SPDX-License-Identifier: MIT OR Apache-2.0
//! Replies: accepted, or why not.

use serde::{Serialize, Serializer, ser::SerializeMap};

/// Why a request was refused, for programs.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum ErrorCode {
    /// The first request must be `hello`.
    HelloFirst,
    /// The client speaks another version.
    ProtocolMismatch,
    /// No such verb.
    UnknownVerb,
    /// The arguments do not fit the verb.
    BadArguments,
    /// No such PCI function, interface or ring.
    NoSuchDevice,
    /// The kernel refused for lack of privileges.
    NoPermission,
    /// What was asked for does not exist on this machine, or not now.
    NotAvailable,
    /// Something else is under way or holds it.
    Busy,
    /// Something that matters depends on it; asked again with `confirmed` it is done.
    NeedsConfirmation,
    /// The kernel refused for another reason.
    Failed,
}

/// Why a request was refused, for programs and people.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Refusal {
    /// For programs.
    pub code: ErrorCode,
    /// A sentence.
    pub message: String,
    /// What a user can do.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub remedy: Option<String>,
}

impl Refusal {
    /// A refusal without a remedy.
    pub fn new(code: ErrorCode, message: impl Into<String>) -> Self {
        Self { code, message: message.into(), remedy: None }
    }

    /// The same refusal with what a user can do.
    pub fn with_remedy(self, remedy: impl Into<String>) -> Self {
        Self { remedy: Some(remedy.into()), ..self }
    }
}

/// The reply to one request.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Reply {
    /// The request's number.
    pub id: u32,
    /// Accepted or refused.
    pub outcome: Result<(), Refusal>,
}

impl Serialize for Reply {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut map = serializer.serialize_map(None)?;
        map.serialize_entry("type", "reply")?;
        map.serialize_entry("id", &self.id)?;
        map.serialize_entry("ok", &self.outcome.is_ok())?;
        if let Err(refusal) = &self.outcome {
            map.serialize_entry("error", refusal)?;
        }
        map.end()
    }
}

impl Reply {
    /// The reply as a payload.
    pub fn payload(&self) -> Vec<u8> {
        serde_json::to_vec(self).unwrap_or_default()
    }
}
