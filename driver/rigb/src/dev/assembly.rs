// SPDX-License-Identifier: GPL-2.0-only
//! Frames that need more than a look at one descriptor: of several buffers, bad ones, stamped ones, and those that an XDP program does not drop.

use super::{
    poll::Surroundings,
    statistics::{ReceiveCounters, VerdictCounts},
};
use crate::{
    ring::{
        descriptor::{Checksum, ReceiveStatus},
        rx::{Received, WriteBack},
    },
    sys::{
        napi::PollContext,
        page_pool::RxBuffer,
        rx_frame::{RxFacts, RxFrame, RxPath, SHORTEST_FRAME},
        xdp::{self, AttachedProgram, RxqInfo, Verdict, XdpBuff},
    },
};
use core::sync::atomic::Ordering::Relaxed;

/// What one poll found.
#[derive(Default)]
pub(super) struct Tally {
    /// Frames, those that a program took included.
    pub(super) packets: u64,
    /// Their bytes.
    pub(super) bytes: u64,
    // What the program wanted.
    verdicts: VerdictCounts,
    checksum_good: u64,
    checksum_bad: u64,
    // XDP frames that were sent back, or to elsewhere, and wait for the end of the poll.
    sent_back: bool,
    redirected: bool,
}

/// One poll of a receive queue: its surroundings, and what it found.
pub(super) struct Round<'a> {
    /// The poll.
    pub(super) context: &'a PollContext<'a>,
    /// What is around it.
    pub(super) surroundings: &'a Surroundings,
    /// Where the frames go.
    pub(super) path: RxPath<'a>,
    /// The program that is attached.
    pub(super) program: Option<AttachedProgram<'a>>,
    /// The queue as programs see it.
    pub(super) rxq: &'a RxqInfo,
    /// What was found so far.
    pub(super) tally: Tally,
    checksum: bool,
    hash: bool,
    // What is known of the next frame before the card is asked.
    known: RxFacts,
}

impl<'a> Round<'a> {
    /// A poll that has found nothing yet. `alone`: there is one frame, and nothing behind it.
    #[inline]
    pub(super) fn new(
        context: &'a PollContext<'a>,
        surroundings: &'a Surroundings,
        path: RxPath<'a>,
        rxq: &'a RxqInfo,
        alone: bool,
    ) -> Self {
        let switches = &surroundings.switches;
        Self {
            context,
            surroundings,
            path,
            program: switches.xdp.current(context),
            rxq,
            tally: Tally::default(),
            checksum: switches.rx_checksum.load(Relaxed),
            hash: switches.rx_hash.load(Relaxed),
            known: if alone { RxFacts::ALONE } else { RxFacts::default() },
        }
    }

    /// What the card found out about a frame, as it says in the last of its descriptors.
    #[inline(always)]
    pub(super) fn facts(&mut self, said: WriteBack) -> RxFacts {
        let mut facts = core::mem::take(&mut self.known);
        if self.checksum {
            match said.status.checksum() {
                Checksum::Good => {
                    facts = facts.with_good_checksum();
                    self.tally.checksum_good = self.tally.checksum_good.wrapping_add(1);
                }
                Checksum::Bad => self.tally.checksum_bad = self.tally.checksum_bad.wrapping_add(1),
                Checksum::Unknown => {}
            }
        }
        if self.hash {
            if let Some(hash) = said.hash() {
                facts = facts.with_hash(hash.value, hash.with_ports);
            }
        }
        if let Some(tag) = said.status.vlan_tag() {
            facts = facts.with_vlan_tag(tag);
        }
        facts
    }

    /// Counts a frame.
    #[inline(always)]
    pub(super) fn count(&mut self, bytes: u32) {
        self.tally.packets = self.tally.packets.wrapping_add(1);
        self.tally.bytes = self.tally.bytes.wrapping_add(bytes.into());
    }

    /// Counts a frame for which there was no memory, and which was counted already.
    #[cold]
    pub(super) fn dropped(&mut self, bytes: u32) {
        self.tally.packets = self.tally.packets.wrapping_sub(1);
        self.tally.bytes = self.tally.bytes.wrapping_sub(bytes.into());
        self.counters().dropped.add(1);
    }

    /// The queue's counters.
    pub(super) fn counters(&self) -> &'a ReceiveCounters {
        &self.surroundings.counters.rx
    }

    /// What is done once a poll: counting, and sending on what the program sent. The bytes that were received.
    pub(super) fn end(self) -> u32 {
        let (tally, counters) = (&self.tally, self.counters());
        if tally.packets > 0 {
            counters.packets.add(tally.packets);
            counters.bytes.add(tally.bytes);
            counters.checksum_good.add(tally.checksum_good);
            counters.checksum_bad.add(tally.checksum_bad);
            if self.program.is_some() {
                counters.verdicts.add(&tally.verdicts, tally.packets);
            }
        }
        if tally.redirected {
            xdp::flush_redirected(self.context);
        }
        if tally.sent_back {
            if let Some(producer) = self.surroundings.transmit.lock().as_mut() {
                producer.flush();
            }
        }
        tally.bytes as u32
    }

    /// Does with a frame what the program says. The frame, if it is to go up the stack.
    pub(super) fn follow(&mut self, frame: XdpBuff, verdict: Verdict, program: AttachedProgram<'_>) -> Option<RxFrame> {
        let surroundings = self.surroundings;
        self.tally.verdicts.count(verdict);
        let followed = match verdict {
            Verdict::Pass => return self.pass(frame),
            Verdict::Drop => return None,
            Verdict::Transmit => {
                let sent = match (frame.into_sendable(), surroundings.transmit.lock().as_mut()) {
                    (Some(frame), Some(producer)) => producer.send_xdp(frame).is_ok(),
                    _ => false,
                };
                self.tally.sent_back |= sent;
                sent
            }
            Verdict::Redirect => {
                let redirected = frame.redirect(&surroundings.netdev, program, self.context);
                self.tally.redirected |= redirected;
                redirected
            }
            Verdict::Invalid(_) => false,
        };
        if !followed {
            xdp::report_exception(&surroundings.netdev, program, verdict);
            self.counters().dropped.add(1);
        }
        None
    }

    fn pass(&self, frame: XdpBuff) -> Option<RxFrame> {
        let frame = frame.into_frame(self.context);
        if frame.is_none() {
            self.counters().dropped.add(1);
        }
        frame
    }
}

/// A frame as it is put together from buffers: for the stack, or for the program that is attached when it begins.
enum Assembly {
    Frame(RxFrame),
    Xdp(XdpBuff),
}

impl Assembly {
    fn add(&mut self, buffer: RxBuffer, length: u32, path: &RxPath<'_>) -> bool {
        match self {
            Self::Frame(frame) => frame.add(buffer, length, path),
            Self::Xdp(frame) => frame.add(buffer, length, path),
        }
    }
}

/// What has arrived of a frame that spans several buffers.
pub(super) enum Partial {
    /// Nothing: the next buffer begins a frame.
    Nothing,
    /// Its first buffers, and their bytes.
    Begun(Parts),
    /// It is dropped; what else comes of it is too.
    Discarding,
}

/// The first buffers of a frame, and their bytes.
pub(super) struct Parts(Assembly, u32);

/// Whether what the card says of a buffer can be: it fills all but the last of a frame, and never more than there is. A frame's first has its Ethernet header.
fn makes_sense(status: ReceiveStatus, is_first: bool, capacity: u32) -> bool {
    let length = status.length();
    let least = if is_first { SHORTEST_FRAME } else { 1 };
    if status.end_of_packet() { (least..=capacity).contains(&length) && !status.bad() } else { length == capacity }
}

impl Partial {
    /// The frame that this buffer belongs to, once it is whole, and its bytes.
    fn assemble(&mut self, buffer: RxBuffer, status: ReceiveStatus, round: &Round<'_>) -> Option<Parts> {
        let (ends, length) = (status.end_of_packet(), status.length());
        let path = &round.path;
        let before = core::mem::replace(self, Self::Nothing);
        let is_first = matches!(before, Self::Nothing);
        let assembled = match before {
            Self::Discarding => None,
            _ if !makes_sense(status, is_first, path.capacity()) => {
                round.counters().errors.add(1);
                None
            }
            Self::Begun(Parts(mut assembly, bytes)) => {
                if assembly.add(buffer, length, path) {
                    Some(Parts(assembly, bytes.wrapping_add(length)))
                } else {
                    round.counters().errors.add(1);
                    None
                }
            }
            Self::Nothing if round.program.is_some() => {
                Some(Parts(Assembly::Xdp(XdpBuff::begin(buffer, length, round.rxq, path)), length))
            }
            Self::Nothing => {
                let frame = buffer.build(length, path);
                if frame.is_none() {
                    round.counters().dropped.add(1);
                }
                frame.map(|frame| Parts(Assembly::Frame(frame), length))
            }
        };
        if ends {
            return assembled;
        }
        *self = assembled.map_or(Self::Discarding, Self::Begun);
        None
    }

    /// Does with a buffer what is to be done: the frame may be whole with it, and go to a program or up the stack.
    #[inline(never)]
    pub(super) fn take(&mut self, received: Received<RxBuffer>, round: &mut Round<'_>) {
        // Whatever becomes of the frame, or no other is stamped for seconds.
        let Received { buffer, said } = received;
        let stamp = if said.status.has_timestamp() { round.surroundings.switches.timestamps.received() } else { None };
        let Some(Parts(assembly, bytes)) = self.assemble(buffer, said.status, round) else { return };
        round.count(bytes);
        let frame = match (assembly, round.program) {
            (Assembly::Frame(frame), _) => {
                round.tally.verdicts.count_unjudged();
                Some(frame)
            }
            (Assembly::Xdp(mut frame), Some(program)) => {
                let verdict = frame.run(program);
                round.follow(frame, verdict, program)
            }
            // The program went between two buffers of the frame.
            (Assembly::Xdp(frame), None) => round.pass(frame),
        };
        let Some(mut frame) = frame else { return };
        if let Some(stamp) = stamp {
            frame.stamp(stamp);
        }
        let facts = round.facts(said);
        frame.deliver(facts, &round.path);
    }
}
