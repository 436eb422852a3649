// SPDX-License-Identifier: MIT OR Apache-2.0
//! The pipe to the client: a queue that is bounded for what can be dropped, and never blocks.

use ringscope_wire::{Encoder, MAXIMUM_PAYLOAD_BYTES, Stream};
use rustix::io::{Errno, write};
use std::os::fd::BorrowedFd;

/// Beyond this many waiting bytes samples and snapshots are dropped, and the kernel's log stays in the kernel.
const FULL_BYTES: usize = 256 * 1024;

/// What is to be written, and what was.
pub struct Outlet<'a> {
    pipe: BorrowedFd<'a>,
    encoder: Encoder,
    queue: Vec<u8>,
    written: usize,
    /// Bytes that went into the pipe.
    pub bytes_sent: u64,
    /// Samples and snapshots that found it full.
    pub samples_lost: u64,
}

impl<'a> Outlet<'a> {
    /// An outlet on a descriptor that does not block.
    pub fn new(pipe: BorrowedFd<'a>) -> Self {
        Self { pipe, encoder: Encoder::default(), queue: Vec::new(), written: 0, bytes_sent: 0, samples_lost: 0 }
    }

    /// Whether bytes wait for the pipe.
    pub fn is_waiting(&self) -> bool {
        self.written < self.queue.len()
    }

    /// Whether more than can be dropped should wait.
    pub fn is_full(&self) -> bool {
        self.queue.len() - self.written >= FULL_BYTES
    }

    /// Queues a control message; these are small and never dropped.
    pub fn control(&mut self, payload: &[u8]) {
        self.put(Stream::Control, payload);
    }

    /// Queues a log batch; who sends one has asked [`Self::is_full`] before it took the records out of the kernel.
    pub fn log(&mut self, payload: &[u8]) {
        self.put(Stream::Log, payload);
    }

    /// Queues trace events; who sends them has asked [`Self::is_full`], and keeps what does not fit.
    pub fn trace(&mut self, payload: &[u8]) {
        self.put(Stream::Trace, payload);
    }

    /// Queues a sample or a snapshot, or counts it as lost when the pipe is full. Says whether it was queued.
    pub fn offer(&mut self, stream: Stream, payload: &[u8]) -> bool {
        let fits = !self.is_full() && payload.len() <= MAXIMUM_PAYLOAD_BYTES;
        if fits {
            self.put(stream, payload);
        } else {
            self.samples_lost += 1;
        }
        fits
    }

    /// Starts the sequences at 0 again.
    pub fn restart_sequences(&mut self) {
        self.encoder.restart();
    }

    /// Writes what the pipe takes without waiting. An error means that nobody reads any more.
    pub fn flush(&mut self) -> Result<(), Errno> {
        while let Some(waiting) = self.queue.get(self.written..).filter(|waiting| !waiting.is_empty()) {
            match write(self.pipe, waiting) {
                Ok(0) | Err(Errno::AGAIN) => break,
                Ok(count) => {
                    self.written += count;
                    self.bytes_sent += count as u64;
                }
                Err(Errno::INTR) => {}
                Err(error) => return Err(error),
            }
        }
        // Moving the rest to the front once a flush keeps the queue from creeping through memory.
        self.queue.drain(..self.written);
        self.written = 0;
        Ok(())
    }

    fn put(&mut self, stream: Stream, payload: &[u8]) {
        // A control message longer than a frame cannot occur: the longest, a table, names a few thousand rows.
        let _ = self.encoder.encode(&mut self.queue, stream, payload);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use rustix::pipe::{PipeFlags, pipe_with};
    use std::os::fd::AsFd;

    #[test]
    fn a_full_pipe_drops_snapshots_and_counts_them_but_keeps_control_messages() {
        let (_reader, writer) = pipe_with(PipeFlags::NONBLOCK).expect("a pipe");
        let mut outlet = Outlet::new(writer.as_fd());
        let snapshot = vec![0; 100 * 1024];
        let queued = (0..10).filter(|_| outlet.offer(Stream::Ring, &snapshot)).count();
        outlet.control(b"{}");
        outlet.flush().expect("the pipe is open");
        assert!(queued < 10 && outlet.is_waiting());
        assert_eq!(outlet.samples_lost, 10 - queued as u64);
    }

    #[test]
    fn writing_to_a_pipe_that_nobody_reads_is_an_error() {
        let (reader, writer) = pipe_with(PipeFlags::NONBLOCK).expect("a pipe");
        drop(reader);
        let mut outlet = Outlet::new(writer.as_fd());
        outlet.control(b"{}");
        assert_eq!(outlet.flush(), Err(Errno::PIPE));
    }
}
