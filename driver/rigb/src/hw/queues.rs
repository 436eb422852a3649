// SPDX-License-Identifier: GPL-2.0-only
//! The queues: their rings' registers and their doorbells.

use super::registers::*;
use crate::{ring::index::RingSize, sys::tail::Tail};
use kernel::{
    io::{Io, IoLoc, Region, register::Array},
    sync::Arc,
};

// SRRCTL: advanced descriptors, one buffer each (DESCTYPE 001b), header buffer size 256 as the datasheet wants it even when unused.
const ADVANCED_ONE_BUFFER: u32 = 1 << 25 | 4 << 8;
// SRRCTL: a queue without buffers drops instead of holding up the others.
const DROP_WHEN_EMPTY: u32 = 1 << 31;

/// Where a ring is.
#[derive(Clone, Copy)]
pub(crate) struct RingPlace {
    /// Bus address of descriptor 0.
    pub(crate) dma_address: u64,
    /// How many descriptors.
    pub(crate) size: RingSize,
}

impl RingPlace {
    fn low(self) -> u32 {
        self.dma_address as u32
    }

    fn high(self) -> u32 {
        (self.dma_address >> 32) as u32
    }

    fn bytes(self) -> u32 {
        self.size.count().wrapping_mul(16)
    }
}

/// Writes one register of queue `queue`; nothing when the card has no such queue.
macro_rules! write_queue {
    ($io:expr, $queue:expr, $register:ident, $value:expr) => {
        if let Some(place) = $register::try_at($queue as usize) {
            $io.write(place, $value);
        }
    };
}

/// Sets a transmit queue up and enables it (datasheet 4.5.10).
pub(super) fn start_transmit(registers: &Registers, queue: u32, ring: RingPlace) {
    let io = registers.io();
    write_queue!(io, queue, TXDCTL, TXDCTL::from(0));
    registers.flush();
    write_queue!(io, queue, TDLEN, TDLEN::from(ring.bytes()));
    write_queue!(io, queue, TDBAL, TDBAL::from(ring.low()));
    write_queue!(io, queue, TDBAH, TDBAH::from(ring.high()));
    write_queue!(io, queue, TDH, TDH::from(0));
    write_queue!(io, queue, TDT, TDT::from(0));
    // The 82576 with MSI-X wants a write-back threshold of 1 (its errata; as the in-tree driver does).
    write_queue!(
        io,
        queue,
        TXDCTL,
        TXDCTL::from(0)
            .with_const_prefetch::<8>()
            .with_const_host::<1>()
            .with_const_write_back::<1>()
            .with_const_enable::<1>()
    );
}

/// Lets the MAC send.
pub(super) fn enable_transmit(registers: &Registers) {
    registers.io().write_reg(
        TCTL::from(0)
            .with_const_enable::<1>()
            .with_const_pad_short::<1>()
            .with_const_collision_threshold::<15>()
            .with_const_retransmit_late::<1>(),
    );
}

/// Sets a receive queue up and enables it, without buffers (datasheet 4.5.9). `buffer_bytes` is what the card may write into each, a multiple of 1 KiB.
pub(super) fn start_receive(
    registers: &Registers,
    queue: u32,
    ring: RingPlace,
    buffer_bytes: u32,
    drop_when_empty: bool,
) {
    let io = registers.io();
    write_queue!(io, queue, RXDCTL, RXDCTL::from(0));
    write_queue!(io, queue, RDBAL, RDBAL::from(ring.low()));
    write_queue!(io, queue, RDBAH, RDBAH::from(ring.high()));
    write_queue!(io, queue, RDLEN, RDLEN::from(ring.bytes()));
    write_queue!(io, queue, RDH, RDH::from(0));
    write_queue!(io, queue, RDT, RDT::from(0));
    let drop = if drop_when_empty { DROP_WHEN_EMPTY } else { 0 };
    write_queue!(io, queue, SRRCTL, SRRCTL::from(ADVANCED_ONE_BUFFER | drop | buffer_bytes >> 10 & 0x7f));
    write_queue!(
        io,
        queue,
        RXDCTL,
        RXDCTL::from(0)
            .with_const_prefetch::<8>()
            .with_const_host::<8>()
            .with_const_write_back::<1>()
            .with_const_enable::<1>()
    );
}

/// Whether a receive queue without buffers drops what comes for it, instead of holding up the packet buffer; also while it runs.
pub(crate) fn set_drop_when_empty(registers: &Registers, queue: u32, drop: bool) {
    if let Some(place) = SRRCTL::try_at(queue as usize) {
        registers.io().update(place, |control| {
            if drop { control.with_const_drop_enable::<1>() } else { control.with_const_drop_enable::<0>() }
        });
    }
}

/// Lets the MAC receive.
pub(super) fn enable_receive(registers: &Registers) {
    registers.io().update(RCTL, |control| {
        control
            .with_const_enable::<1>()
            .with_const_long_packets::<1>()
            .with_const_broadcast::<1>()
            .with_const_strip_fcs::<1>()
    });
}

/// Whether a transmit queue has sent all that it was told of, so that it may be disabled (datasheet 4.5.10.2).
pub(super) fn has_sent_all(registers: &Registers, queue: u32) -> bool {
    let (head, tail) = transmit_head_tail(registers, queue);
    head == tail
}

/// Asks a receive queue to stop; it finishes what it has begun.
pub(super) fn disable_receive(registers: &Registers, queue: u32) {
    write_queue!(registers.io(), queue, RXDCTL, RXDCTL::from(0));
}

/// Whether neither side of a queue pair works any more. The card takes the enable bits away when the last access to the rings is done (4.5.9.2, 4.5.10.2).
pub(super) fn is_disabled(registers: &Registers, queue: u32) -> bool {
    are_both(registers, queue, 0)
}

/// Whether both sides of a queue pair work.
pub(super) fn is_enabled(registers: &Registers, queue: u32) -> bool {
    are_both(registers, queue, 1)
}

fn are_both(registers: &Registers, queue: u32, enable: u32) -> bool {
    match (RXDCTL::try_at(queue as usize), TXDCTL::try_at(queue as usize)) {
        (Some(receive), Some(transmit)) => {
            let io = registers.io();
            io.read(receive).enable().get() == enable && io.read(transmit).enable().get() == enable
        }
        _ => true,
    }
}

/// Disables both sides of a queue pair.
pub(super) fn disable(registers: &Registers, queue: u32) {
    let io = registers.io();
    write_queue!(io, queue, RXDCTL, RXDCTL::from(0));
    write_queue!(io, queue, TXDCTL, TXDCTL::from(0));
}

/// Tells the card up to where receive buffers of a running queue are posted.
pub(crate) struct ReceiveDoorbell {
    registers: Arc<Registers>,
    queue: u32,
}

/// Tells the card up to where frames of a running queue are posted.
pub(crate) struct TransmitDoorbell(Option<Tail<Registers>>);

impl ReceiveDoorbell {
    pub(super) fn new(registers: Arc<Registers>, queue: u32) -> Self {
        Self { registers, queue }
    }

    /// Writes the tail (RDT).
    #[inline]
    pub(crate) fn ring(&self, tail: u32) {
        write_queue!(self.registers.io(), self.queue, RDT, RDT::from(tail));
    }
}

impl TransmitDoorbell {
    pub(super) fn new(registers: Arc<Registers>, queue: u32) -> Self {
        let place = TDT::try_at(queue as usize);
        let offset = place.map(IoLoc::<Region<BAR_BYTES>, TDT>::offset);
        Self(offset.and_then(|offset| Tail::new(registers, Registers::io, offset)))
    }

    /// Writes the tail (TDT). QEMU's card sends before this returns.
    #[inline(always)]
    pub(crate) fn ring(&self, tail: u32) {
        if let Some(register) = &self.0 {
            register.write(tail);
        }
    }
}

/// Head and tail of a receive queue, as the card has them.
pub(crate) fn receive_head_tail(registers: &Registers, queue: u32) -> (u32, u32) {
    match (RDH::try_at(queue as usize), RDT::try_at(queue as usize)) {
        (Some(head), Some(tail)) => (registers.io().read(head).into_raw(), registers.io().read(tail).into_raw()),
        _ => (0, 0),
    }
}

/// Head and tail of a transmit queue, as the card has them.
pub(crate) fn transmit_head_tail(registers: &Registers, queue: u32) -> (u32, u32) {
    match (TDH::try_at(queue as usize), TDT::try_at(queue as usize)) {
        (Some(head), Some(tail)) => (registers.io().read(head).into_raw(), registers.io().read(tail).into_raw()),
        _ => (0, 0),
    }
}
