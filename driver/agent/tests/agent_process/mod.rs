// SPDX-License-Identifier: MIT OR Apache-2.0
//! The built binary over pipes. Waiting is reading: the pipe gives the next frame or its end.

use ringscope_wire::{Decoded, Decoder, Encoder, Frame, Stream};
use serde_json::{Value, json};
use std::collections::VecDeque;
use std::io::{Read, Write};
use std::process::{Child, ChildStdin, ChildStdout, Command, ExitStatus, Stdio};

/// A running agent and a client's end of its pipes.
pub struct AgentProcess {
    child: Child,
    input: Option<ChildStdin>,
    output: ChildStdout,
    encoder: Encoder,
    decoder: Decoder,
    waiting: VecDeque<Decoded>,
    last_id: u32,
}

impl AgentProcess {
    /// Starts `ringscope-agent serve`.
    pub fn start() -> Self {
        Self::start_with(&["serve"])
    }

    /// Starts the agent with these arguments.
    pub fn start_with(arguments: &[&str]) -> Self {
        let mut child = Command::new(env!("CARGO_BIN_EXE_ringscope-agent"))
            .args(arguments)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .expect("the agent starts");
        let input = child.stdin.take();
        let output = child.stdout.take().expect("its output is a pipe");
        Self {
            child,
            input,
            output,
            encoder: Encoder::default(),
            decoder: Decoder::default(),
            waiting: VecDeque::new(),
            last_id: 0,
        }
    }

    /// Writes bytes as they are.
    pub fn write(&mut self, bytes: &[u8]) {
        let input = self.input.as_mut().expect("the input is open");
        input.write_all(bytes).expect("the agent reads");
    }

    /// Writes a payload on the control stream.
    pub fn payload(&mut self, payload: &[u8]) {
        let mut bytes = Vec::new();
        self.encoder.encode(&mut bytes, Stream::Control, payload).expect("the payload is short");
        self.write(&bytes);
    }

    /// Writes a request and returns its number.
    pub fn request(&mut self, verb: &str, arguments: Value) -> u32 {
        self.last_id += 1;
        let request = json!({"type": "request", "id": self.last_id, "verb": verb, "arguments": arguments});
        self.payload(request.to_string().as_bytes());
        self.last_id
    }

    /// The next frame, gap or fault; `None` when the agent closed the pipe.
    pub fn decoded(&mut self) -> Option<Decoded> {
        loop {
            if let Some(decoded) = self.waiting.pop_front() {
                return Some(decoded);
            }
            let mut buffer = [0; 65_536];
            let length = self.output.read(&mut buffer).expect("the pipe can be read");
            if length == 0 {
                return None;
            }
            self.waiting.extend(self.decoder.push(&buffer[..length]));
        }
    }

    /// The next frame; `None` when the agent closed the pipe. Its frames have no gaps and no faults.
    pub fn frame(&mut self) -> Option<Frame> {
        match self.decoded()? {
            Decoded::Frame(frame) => Some(frame),
            fault => panic!("the agent wrote a bad frame: {fault:?}"),
        }
    }

    /// The next control message of a type; others and bulk frames before it are skipped.
    pub fn message(&mut self, kind: &str) -> Value {
        loop {
            let frame = self.frame().unwrap_or_else(|| panic!("the agent ended before `{kind}`"));
            if frame.stream != Stream::Control {
                continue;
            }
            let message: Value = serde_json::from_slice(&frame.payload).expect("control messages are JSON");
            if message["type"] == kind {
                return message;
            }
        }
    }

    /// Asks and waits for the answer.
    pub fn ask(&mut self, verb: &str, arguments: Value) -> Value {
        let id = self.request(verb, arguments);
        let reply = self.message("reply");
        assert_eq!(reply["id"], id);
        reply
    }

    /// Opens the session and waits for its last event.
    pub fn hello(&mut self) {
        assert_eq!(self.ask("hello", json!({"protocol": 1, "application": "test"}))["ok"], true);
        self.message("traffic");
    }

    /// Asks for the end by SIGTERM, reads the output to its end and returns how the agent ended.
    pub fn terminate(mut self) -> ExitStatus {
        let process = rustix::process::Pid::from_child(&self.child);
        rustix::process::kill_process(process, rustix::process::Signal::TERM).expect("the agent runs");
        while self.decoded().is_some() {}
        self.child.wait().expect("the agent was started here")
    }

    /// Closes the input, reads the output to its end and returns how the agent ended.
    pub fn close(mut self) -> ExitStatus {
        self.input = None;
        while self.decoded().is_some() {}
        self.child.wait().expect("the agent was started here")
    }
}
