// SPDX-License-Identifier: GPL-2.0-only
//! The MAC's statistics registers (datasheet 8.19). Reading clears them and they are 32 bits wide, so what they say is added up here, and everybody reads the sums.
//!
//! All sums are of frames between destination address and FCS, FCS included.

use super::registers::*;
use core::sync::atomic::{AtomicU64, Ordering::Relaxed};
use kernel::io::{Io, register, register::Array};

register! {
    /// The block of statistics registers (8.19): clear on read. Elements are named by `Statistic`.
    pub(crate) STATISTIC(u32)[64] @ 0x4000 { 31:0 count; }
    /// Frames that queue n had no descriptor for (8.10.12): clear on read, counts while the queue drops (SRRCTL.DROP_EN).
    pub(crate) RQDPC(u32)[16, stride = 0x40] @ 0xc030 { 31:0 count; }
}

macro_rules! statistics {
    ($($(#[$meaning:meta])* $name:ident = $place:literal,)*) => {
        /// The counters that the driver reads; the value is the register's place in the block. What belongs to SerDes, and what is a sum of others, is left out.
        #[derive(Clone, Copy, PartialEq, Eq, Debug)]
        #[repr(usize)]
        pub(crate) enum Statistic {
            $($(#[$meaning])* $name = $place,)*
        }

        /// All of them, in the order of the block.
        const ALL: &[Statistic] = &[$(Statistic::$name,)*];
    };
}

statistics! {
    /// CRCERRS: frames with a wrong FCS.
    CrcErrors = 0x00,
    /// ALGNERRC: frames with a wrong FCS that do not end at a byte.
    AlignmentErrors = 0x01,
    /// RXERRC: frames during which the PHY signalled an error.
    ReceiveErrors = 0x03,
    /// MPC: frames that found the packet buffer full.
    Missed = 0x04,
    /// SCC: frames sent after one collision.
    SingleCollisions = 0x05,
    /// ECOL: frames given up after 16 collisions.
    ExcessiveCollisions = 0x06,
    /// MCC: frames sent after several collisions.
    MultipleCollisions = 0x07,
    /// LATECOL: collisions after the first 64 bytes.
    LateCollisions = 0x08,
    /// COLC: all collisions.
    Collisions = 0x0a,
    /// DC: frames that had to wait for the line.
    Deferred = 0x0c,
    /// TNCRS: frames sent while the PHY saw no carrier.
    NoCarrier = 0x0d,
    /// XONRXC: pause frames of length 0 received.
    XonReceived = 0x12,
    /// XONTXC: pause frames of length 0 sent by the MAC.
    XonSent = 0x13,
    /// XOFFRXC: pause frames received.
    XoffReceived = 0x14,
    /// XOFFTXC: pause frames sent by the MAC.
    XoffSent = 0x15,
    /// FCRUC: MAC control frames received whose opcode is not pause.
    UnsupportedControlReceived = 0x16,
    /// PRC64: frames of 64 bytes received.
    Received64 = 0x17,
    /// PRC127: 65 to 127 bytes.
    Received127 = 0x18,
    /// PRC255: 128 to 255 bytes.
    Received255 = 0x19,
    /// PRC511: 256 to 511 bytes.
    Received511 = 0x1a,
    /// PRC1023: 512 to 1023 bytes.
    Received1023 = 0x1b,
    /// PRC1522: 1024 bytes and more.
    Received1522 = 0x1c,
    /// GPRC: good frames received.
    GoodReceived = 0x1d,
    /// BPRC: good broadcast frames received.
    BroadcastReceived = 0x1e,
    /// MPRC: good multicast frames received.
    MulticastReceived = 0x1f,
    /// GPTC: good frames sent.
    GoodSent = 0x20,
    /// GORC: bytes of good frames received (two registers, the sum is kept under the lower).
    GoodOctetsReceived = 0x22,
    /// GOTC: bytes of good frames sent (two registers).
    GoodOctetsSent = 0x24,
    /// RNBC: frames that came while no receive descriptor was free; they waited in the packet buffer.
    NoBuffers = 0x28,
    /// RUC: good frames shorter than 64 bytes.
    Undersize = 0x29,
    /// RFC: frames shorter than 64 bytes with a wrong FCS.
    Fragments = 0x2a,
    /// ROC: good frames longer than allowed.
    Oversize = 0x2b,
    /// RJC: frames longer than allowed with a wrong FCS.
    Jabbers = 0x2c,
    /// MGTPRC: frames received for the management controller.
    ManagementReceived = 0x2d,
    /// MGTPDC: frames for the management controller that were dropped.
    ManagementDropped = 0x2e,
    /// MGTPTC: frames sent by the management controller.
    ManagementSent = 0x2f,
    /// PTC64: frames of 64 bytes sent.
    Sent64 = 0x36,
    /// PTC127: 65 to 127 bytes.
    Sent127 = 0x37,
    /// PTC255: 128 to 255 bytes.
    Sent255 = 0x38,
    /// PTC511: 256 to 511 bytes.
    Sent511 = 0x39,
    /// PTC1023: 512 to 1023 bytes.
    Sent1023 = 0x3a,
    /// PTC1522: 1024 bytes and more.
    Sent1522 = 0x3b,
    /// MPTC: multicast frames sent.
    MulticastSent = 0x3c,
    /// BPTC: broadcast frames sent.
    BroadcastSent = 0x3d,
    /// TSCTC: TCP segmentations done.
    SegmentationsDone = 0x3e,
    /// TSCTFC: TCP segmentations that the card gave up.
    SegmentationsFailed = 0x3f,
}

const BLOCK: usize = 64;
const QUEUES: usize = 16;

/// The right to read the registers. There is one a card, kept under a lock: a count in two registers must not be taken by two readers at a time.
pub(crate) struct Turn(());

impl Turn {
    /// The one of a card.
    pub(crate) const fn new() -> Self {
        Self(())
    }
}

/// The sums. They never go back; who looks at them touches no register.
pub(crate) struct HardwareStatistics {
    sums: [AtomicU64; BLOCK],
    drops: [AtomicU64; QUEUES],
}

/// The sums at one time.
#[derive(Clone, Copy)]
pub(crate) struct Snapshot {
    sums: [u64; BLOCK],
    drops: [u64; QUEUES],
}

impl Snapshot {
    /// One sum.
    pub(crate) fn get(&self, statistic: Statistic) -> u64 {
        self.sums.get(statistic as usize).copied().unwrap_or(0)
    }

    /// Several together.
    pub(crate) fn sum(&self, statistics: &[Statistic]) -> u64 {
        statistics.iter().fold(0, |sum, &statistic| sum.wrapping_add(self.get(statistic)))
    }

    /// Frames that a receive queue had no descriptor for.
    pub(crate) fn dropped_by_queue(&self, queue: usize) -> u64 {
        self.drops.get(queue).copied().unwrap_or(0)
    }

    /// The same for all queues.
    pub(crate) fn dropped_by_queues(&self) -> u64 {
        self.drops.iter().fold(0, |sum, drops| sum.wrapping_add(*drops))
    }
}

impl HardwareStatistics {
    /// All zero.
    pub(crate) const fn new() -> Self {
        Self { sums: [const { AtomicU64::new(0) }; BLOCK], drops: [const { AtomicU64::new(0) }; QUEUES] }
    }

    /// Adds what the card counted since the last time, by some 65 reads. At least every two seconds, then nothing can wrap (2^32 of the shortest frames take 48 minutes, and
    /// octets have 64 bits). Not after a reset: that leaves the registers undefined, `discard` them.
    pub(crate) fn accumulate(&self, registers: &Registers, turn: &mut Turn) {
        let mut counted = Snapshot { sums: [0; BLOCK], drops: [0; QUEUES] };
        read(registers, turn, &mut counted);
        // All ones come from no card: it may have gone meanwhile.
        if registers.is_present() {
            add(&self.sums, &counted.sums);
            add(&self.drops, &counted.drops);
        }
    }

    /// The sums as of the last `accumulate`. From any context.
    pub(crate) fn snapshot(&self) -> Snapshot {
        let mut snapshot = Snapshot { sums: [0; BLOCK], drops: [0; QUEUES] };
        copy(&self.sums, &mut snapshot.sums);
        copy(&self.drops, &mut snapshot.drops);
        snapshot
    }
}

/// Clears the registers without counting what they say.
pub(crate) fn discard(registers: &Registers, turn: &mut Turn) {
    read(registers, turn, &mut Snapshot { sums: [0; BLOCK], drops: [0; QUEUES] });
}

fn read(registers: &Registers, _turn: &mut Turn, into: &mut Snapshot) {
    // Each read of a card that is gone may take as long as the bus waits for an answer.
    if !registers.is_present() {
        return;
    }
    let count = |place: usize| STATISTIC::try_at(place).map_or(0, |register| registers.io().read(register).into_raw());
    for &statistic in ALL {
        let place = statistic as usize;
        let Some(sum) = into.sums.get_mut(place) else { continue };
        *sum = count(place).into();
        if matches!(statistic, Statistic::GoodOctetsReceived | Statistic::GoodOctetsSent) {
            // The upper register comes next; reading it clears both.
            *sum |= u64::from(count(place.wrapping_add(1))) << 32;
        }
    }
    for (queue, drops) in into.drops.iter_mut().enumerate() {
        *drops = RQDPC::try_at(queue).map_or(0, |register| registers.io().read(register).into_raw().into());
    }
}

fn add(sums: &[AtomicU64], counted: &[u64]) {
    for (sum, counted) in sums.iter().zip(counted) {
        sum.store(sum.load(Relaxed).wrapping_add(*counted), Relaxed);
    }
}

fn copy(sums: &[AtomicU64], into: &mut [u64]) {
    for (sum, into) in sums.iter().zip(into) {
        *into = sum.load(Relaxed);
    }
}
