// SPDX-License-Identifier: MIT OR Apache-2.0
//! A request before its arguments are looked at.

use crate::Fault;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

/// `{"type":"request","id":u32,"verb":string,"arguments":object}`.
#[derive(Debug, Clone, PartialEq)]
pub struct Request {
    /// The client's number, repeated in the reply.
    pub id: u32,
    /// The verb, at most 40 characters; whether it is known is [`super::Verb`]'s matter.
    pub verb: String,
    /// The arguments as they came.
    pub arguments: Map<String, Value>,
}

#[derive(Serialize, Deserialize)]
enum RequestType {
    #[serde(rename = "request")]
    Request,
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Raw {
    r#type: RequestType,
    id: u32,
    verb: String,
    arguments: Map<String, Value>,
}

/// Reads a control payload of a client. The faults are `bad-json` (no UTF-8, no JSON) and `bad-message` (no request).
pub fn read_request(payload: &[u8]) -> Result<Request, Fault> {
    let text = std::str::from_utf8(payload).map_err(|error| Fault::BadJson(error.to_string()))?;
    let value: Value = serde_json::from_str(text).map_err(|error| Fault::BadJson(error.to_string()))?;
    let raw: Raw = serde_json::from_value(value).map_err(|error| Fault::BadMessage(error.to_string()))?;
    if raw.verb.chars().count() > 40 {
        return Err(Fault::BadMessage("the verb is longer than 40 characters".into()));
    }
    Ok(Request { id: raw.id, verb: raw.verb, arguments: raw.arguments })
}

impl Request {
    /// The request as a payload, for a client and for tests.
    pub fn payload(&self) -> Vec<u8> {
        let raw = Raw {
            r#type: RequestType::Request,
            id: self.id,
            verb: self.verb.clone(),
            arguments: self.arguments.clone(),
        };
        serde_json::to_vec(&raw).unwrap_or_default()
    }
}
