// SPDX-License-Identifier: GPL-2.0-only
//! What is in the buffer of one descriptor. The poll owns the slots, so a look is taken between two polls: what a slot holds stays there, and nothing of it is freed,
//! while its bytes are copied. The transmit path goes on meanwhile: it reaches free slots only. On the paths of frames this costs nothing.

use super::{
    kept_frames::KeptFrames,
    poll::{QueuePoll, Rings},
    queue_pair::QueuePair,
    transmit::Sent,
};
use kernel::prelude::*;

/// Of whose descriptor.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Direction {
    /// Of a receive ring.
    Receive,
    /// Of a transmit ring.
    Transmit,
}

/// What a slot holds.
#[derive(Clone, Copy, PartialEq, Eq, Default)]
pub(crate) enum Standing {
    /// No buffer of the driver's, or the interface is down.
    #[default]
    Empty,
    /// An empty buffer, into which the card may be writing: its bytes are older, an earlier frame's or of whoever had the page before.
    Posted,
    /// What the card has received; the poll has not taken it yet.
    Received,
    /// A frame that the card is to send.
    Sending,
    /// A frame that the card has sent; the poll has not taken it back yet.
    Sent,
    /// No buffer any more; but the frame that was sent last was so short that it was copied, and its copy still stands beside the descriptor.
    Copied,
}

/// A look at a slot. All of it is of one instant but the kept frame, which is older.
#[derive(Default)]
pub(crate) struct BufferLook {
    /// What the slot holds.
    pub(crate) standing: Standing,
    /// The first and the last descriptor of what is shown.
    pub(crate) descriptors: (u32, u32),
    /// Bytes of the frame, or of the buffer.
    pub(crate) whole: u32,
    /// The first of them.
    pub(crate) bytes: KVec<u8>,
    /// What was kept of the last frame that was received there: when, how many bytes it had, the first of them.
    pub(crate) kept: (u64, u32, KVec<u8>),
    /// Frames are kept, or there is no ring.
    pub(crate) keeps: bool,
}

impl QueuePair {
    /// Looks at what descriptor `index` holds, and copies up to `most` bytes. `ENOMEM` when there is no memory for them.
    pub(crate) fn look(&self, direction: Direction, index: u32, most: u32) -> Result<BufferLook> {
        let mut look = BufferLook { descriptors: (index, index), ..BufferLook::default() };
        // Before the polls wait: this may take time.
        look.bytes.resize(most as usize, 0, GFP_KERNEL)?;
        look.kept.2.reserve(super::kept_frames::KEPT_BYTES, GFP_KERNEL)?;
        let copied = self.between_polls(|rings| match direction {
            Direction::Receive => look.receive(rings, index),
            Direction::Transmit => look.transmit(rings, index),
        });
        look.keeps |= copied.is_none();
        let mut copied = copied.unwrap_or(0);
        if direction == Direction::Transmit && look.standing == Standing::Empty {
            let producer = self.transmit.lock();
            if let Some(length) = producer.as_ref().and_then(|producer| producer.look_copied(index, &mut look.bytes)) {
                copied = length;
                look.standing = Standing::Copied;
                look.whole = length;
            }
        }
        look.bytes.truncate(copied as usize);
        Ok(look)
    }

    /// Keeps what is received from now on, while `rigb:rx_done` is traced, or nothing any more.
    pub(crate) fn keep_frames(&self, keep: bool) -> Result {
        let size = self.between_polls(|rings| (rings.rx.keeps() != keep).then_some(rings.rx.size())).flatten();
        let Some(size) = size else { return Ok(()) };
        let mut kept = if keep { Some(KeptFrames::new(size)?) } else { None };
        // Other rings may be there by now; their slots are told apart by how many there are.
        let before = self.between_polls(|rings| {
            if rings.rx.size().count() == size.count() { rings.rx.keep(kept.take()) } else { None }
        });
        // Not between the polls: freeing takes time.
        drop((kept, before));
        Ok(())
    }

    fn between_polls<R>(&self, work: impl FnOnce(&mut Rings) -> R) -> Option<R> {
        let result = self.napi.between_polls(|poll: &mut QueuePoll| poll.rings().map(work));
        if result.is_some() {
            self.poll_soon();
        }
        result.flatten()
    }
}

impl BufferLook {
    fn receive(&mut self, rings: &Rings, index: u32) -> u32 {
        let looked = rings.rx.look(index);
        self.keeps = rings.rx.keeps();
        if let Some(kept) = looked.kept {
            let (time, whole, bytes) = &mut self.kept;
            (*time, *whole) = (kept.time_ns, kept.whole);
            // There is room.
            let _copied = bytes.extend_from_slice(kept.bytes(), GFP_KERNEL);
        }
        let Some((buffer, status)) = looked.posted else { return 0 };
        let written = status.map(|status| status.length());
        self.standing = if written.is_some() { Standing::Received } else { Standing::Posted };
        self.whole = written.unwrap_or(looked.pool.layout().capacity());
        buffer.view().copy_to(looked.pool, written, &mut self.bytes)
    }

    fn transmit(&mut self, rings: &mut Rings, index: u32) -> u32 {
        let copied = rings.tx.look(index, |sent, looked| {
            self.standing = if looked.done { Standing::Sent } else { Standing::Sending };
            self.descriptors = (looked.first, looked.last);
            match sent {
                Sent::Frame(frame) => {
                    self.whole = frame.len();
                    frame.copy_to(&mut self.bytes)
                }
                Sent::Xdp { frame, .. } => {
                    self.whole = frame.len();
                    frame.copy_to(&mut self.bytes)
                }
            }
        });
        copied.unwrap_or(0)
    }
}
