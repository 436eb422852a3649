// SPDX-License-Identifier: GPL-2.0-only
//! What the callbacks of one port share.

use super::{
    poll::{QueuePoll, QueueRearm},
    statistics::Counters,
    transmit::Producer,
};
use crate::{
    hw::{receive_filter::ReceiveFilter, registers::Registers},
    ring::{index::RingSize, rx::RxIndexes, tx::TxIndexes},
    sys::{
        binding::Binding,
        napi::Napi,
        netdev::{NetDev, TransmitQueue},
        operations::LinkState,
        ring_memory::RingMemory,
    },
};
use core::sync::atomic::AtomicBool;
use kernel::{
    new_mutex, new_spinlock_irq,
    prelude::*,
    sync::{Arc, Mutex, SpinLockIrq},
};

/// What a vector did, as its handler saw it.
#[derive(Clone, Copy, Default)]
pub(crate) struct VectorCounts {
    /// Interrupts handled.
    pub(crate) handled: u64,
    /// Interrupts that found nothing to do.
    pub(crate) spurious: u64,
    /// Polls that it caused.
    pub(crate) polls: u64,
    /// CLOCK_MONOTONIC of the last one, in nanoseconds.
    pub(crate) last_ns: u64,
}

/// A vector's counts, shared by its handler (interrupt context) and whoever looks (process context): hence a lock that masks interrupts, as a guard.
#[pin_data]
pub(crate) struct Vector {
    /// The counts.
    #[pin]
    pub(crate) counts: SpinLockIrq<VectorCounts>,
    /// The kernel's interrupt number.
    pub(crate) irq: u32,
}

/// The rings of the open interface, for observers.
#[derive(Clone)]
pub(crate) struct RingView {
    /// Receive descriptors.
    pub(crate) rx_memory: Arc<RingMemory>,
    /// Where software stands in them.
    pub(crate) rx_indexes: Arc<RxIndexes>,
    /// Transmit descriptors.
    pub(crate) tx_memory: Arc<RingMemory>,
    /// Where software stands in them.
    pub(crate) tx_indexes: Arc<TxIndexes>,
}

/// What changes when the interface is configured or the link changes; under one lock.
pub(crate) struct State {
    /// Open: rings exist, interrupts are on.
    pub(crate) running: bool,
    /// The link as last announced.
    pub(crate) link: Option<LinkState>,
    /// Sizes that the next open uses.
    pub(crate) rx_size: RingSize,
    /// The same for transmit.
    pub(crate) tx_size: RingSize,
    /// How often rings were set up.
    pub(crate) generation: u64,
    /// Which frames are received; written to the card after every reset.
    pub(crate) filter: ReceiveFilter,
    /// The rings while open.
    pub(crate) view: Option<RingView>,
}

/// One port. Field order is teardown order: NAPI goes before the device that it belongs to, and that before the registers.
#[pin_data]
pub(crate) struct Adapter {
    /// The poll and, through it, both rings' cleaning halves.
    #[pin]
    pub(crate) napi: Napi<QueuePoll>,
    /// The posting half of the transmit ring, under the queue's lock.
    pub(crate) transmit: TransmitQueue<Option<Producer>>,
    /// Configuration.
    #[pin]
    pub(crate) state: Mutex<State>,
    /// Whether the poll may wake the transmit queue.
    pub(crate) wakes: Arc<AtomicBool>,
    /// Queue vector, then the other causes' (absent with a shared interrupt).
    pub(crate) vectors: KVec<Arc<Vector>>,
    /// Counters.
    pub(crate) counters: Arc<Counters>,
    /// The interface's memory.
    pub(crate) netdev: Arc<NetDev>,
    /// The card's registers.
    pub(crate) registers: Arc<Registers>,
    /// Each cause has its own vector.
    pub(crate) msix: bool,
    /// The device.
    pub(crate) binding: Binding,
}

impl Adapter {
    /// An adapter for a port that was reset; nothing runs yet.
    pub(crate) fn new(
        binding: Binding,
        registers: Arc<Registers>,
        netdev: Arc<NetDev>,
        irqs: &[u32],
        msix: bool,
    ) -> Result<Arc<Self>> {
        let counters = Arc::new(Counters::default(), GFP_KERNEL)?;
        let wakes = Arc::new(AtomicBool::new(false), GFP_KERNEL)?;
        let mut vectors = KVec::with_capacity(irqs.len(), GFP_KERNEL)?;
        for &irq in irqs {
            let vector = Arc::pin_init(
                pin_init!(Vector { counts <- new_spinlock_irq!(VectorCounts::default()), irq }),
                GFP_KERNEL,
            )?;
            vectors.push(vector, GFP_KERNEL)?;
        }
        let queue_vector = vectors.first().cloned().ok_or(EINVAL)?;
        let poll = QueuePoll::new(registers.clone(), netdev.clone(), counters.clone(), wakes.clone(), queue_vector);
        let rearm = QueueRearm::new(registers.clone(), msix);
        let state = State {
            running: false,
            link: None,
            rx_size: RingSize::DEFAULT,
            tx_size: RingSize::DEFAULT,
            generation: 0,
            filter: ReceiveFilter::new(),
            view: None,
        };
        Arc::pin_init(
            pin_init!(Self {
                napi <- Napi::new(netdev.clone(), poll, rearm),
                transmit: TransmitQueue::new(netdev.clone(), None),
                state <- new_mutex!(state),
                wakes,
                vectors,
                counters,
                netdev,
                registers,
                msix,
                binding,
            }),
            GFP_KERNEL,
        )
    }
}
