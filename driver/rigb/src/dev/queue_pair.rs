// SPDX-License-Identifier: GPL-2.0-only
//! A queue pair: one NAPI, one receive and one transmit queue, one vector.

use super::{
    poll::{QueuePoll, QueueRearm, Rings, Surroundings},
    receive::PreparedReceive,
    statistics::QueueCounters,
    switches::Switches,
    traced_memory::{TracedMemory, TransmitPosts},
    transmit::{Producer, Slot, TransmitRing},
    vector::Vector,
};
use crate::{
    hw::{
        interrupts::VectorPlan,
        port::{PairPlaces, Port, Running},
        queues::RingPlace,
        registers::Registers,
    },
    ring::{
        DescriptorMemory,
        index::RingSize,
        rx::{self, RxIndexes},
        slot::Quiesced,
        tx::{TxConsumer, TxIndexes},
    },
    sys::{
        binding::Binding,
        copy_area::CopyArea,
        napi::Napi,
        netdev::NetDev,
        page_pool::{BufferLayout, PagePool},
        ring_memory::RingMemory,
        slots::{SlotPutter, SlotTaker, slots},
        transmit_queue::{TransmitQueue, TxQueue},
        xdp::RxqInfo,
    },
};
use kernel::{prelude::*, sync::Arc};

/// The rings of an open queue pair, for observers.
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

impl RingView {
    /// Whether nothing waits: no frame for the stack, none for the wire.
    pub(crate) fn is_idle(&self) -> bool {
        !rx::has_received(&*self.rx_memory, &self.rx_indexes)
            && self.tx_indexes.next_to_use() == self.tx_indexes.next_to_clean()
    }
}

/// All that a queue pair needs to be opened, allocated before the card is touched.
pub(crate) struct PreparedPair {
    receive: PreparedReceive,
    putter: SlotPutter<Slot>,
    taker: SlotTaker<Slot>,
    copies: Option<CopyArea>,
    /// For observers.
    pub(crate) view: RingView,
    layout: BufferLayout,
}

impl PreparedPair {
    /// What the card is to know.
    pub(crate) fn places(&self) -> PairPlaces {
        let place = |memory: &RingMemory| RingPlace { dma_address: memory.dma_address(), size: memory.size() };
        PairPlaces {
            receive: place(&self.view.rx_memory),
            transmit: place(&self.view.tx_memory),
            buffer_bytes: self.layout.card_bytes(),
        }
    }
}

/// A queue pair, open or not. Field order: NAPI goes first.
#[pin_data]
pub(crate) struct QueuePair {
    /// The poll and, through it, the receive ring and the transmit ring's cleaning half.
    #[pin]
    pub(crate) napi: Napi<QueuePoll>,
    /// The transmit ring's posting half, under the queue's lock.
    pub(crate) transmit: Arc<TransmitQueue<Option<Producer>>>,
    /// What it counted.
    pub(crate) counters: Arc<QueueCounters>,
    /// Its vector.
    pub(crate) vector: Arc<Vector>,
    switches: Arc<Switches>,
    netdev: Arc<NetDev>,
    binding: Binding,
    /// Its number, which is its queues' and its vector's.
    pub(crate) index: u32,
}

impl QueuePair {
    /// Queue pair `index`, closed.
    pub(crate) fn new(
        index: u32,
        binding: Binding,
        netdev: Arc<NetDev>,
        registers: Arc<Registers>,
        plan: VectorPlan,
        vector: Arc<Vector>,
        switches: Arc<Switches>,
    ) -> Result<Arc<Self>> {
        let counters = Arc::new(QueueCounters::default(), GFP_KERNEL)?;
        let queue = TxQueue::new(netdev.clone(), index).ok_or(EINVAL)?;
        let transmit = Arc::new(TransmitQueue::new(queue, None), GFP_KERNEL)?;
        let poll = QueuePoll::new(Surroundings {
            port: binding,
            transmit: transmit.clone(),
            netdev: netdev.clone(),
            counters: counters.clone(),
            switches: switches.clone(),
            vector: vector.clone(),
            registers: registers.clone(),
        });
        let rearm = QueueRearm::new(registers, plan, index);
        let irq = vector.irq;
        Arc::pin_init(
            pin_init!(Self {
                napi <- Napi::new(netdev.clone(), index, irq, poll, rearm),
                transmit,
                counters,
                vector,
                switches,
                netdev,
                binding,
                index,
            }),
            GFP_KERNEL,
        )
    }

    /// Allocates what opening it takes. `ENOMEM` leaves everything as it was.
    pub(crate) fn prepare(&self, rx_size: RingSize, tx_size: RingSize, layout: BufferLayout) -> Result<PreparedPair> {
        let rx_memory = Arc::new(RingMemory::new(self.binding, rx_size)?, GFP_KERNEL)?;
        let tx_memory = Arc::new(RingMemory::new(self.binding, tx_size)?, GFP_KERNEL)?;
        let rx_indexes = Arc::new(RxIndexes::new(), GFP_KERNEL)?;
        let tx_indexes = Arc::new(TxIndexes::new(), GFP_KERNEL)?;
        let (putter, taker) = slots(tx_size, tx_indexes.clone())?;
        let pool = PagePool::new(self.binding, self.netdev.clone(), self.index, rx_size.count(), layout)?;
        let rxq = RxqInfo::new(&self.netdev, self.index, &pool)?;
        let receive =
            PreparedReceive::new(self.binding, self.index as u16, rx_memory.clone(), rx_indexes.clone(), rxq, pool)?;
        Ok(PreparedPair {
            receive,
            putter,
            taker,
            copies: CopyArea::new(self.binding, tx_size).ok(),
            view: RingView { rx_memory, rx_indexes, tx_memory, tx_indexes },
            layout,
        })
    }

    /// Gives the pair the rings that the card runs with; under RTNL. It works once its NAPI is enabled.
    pub(crate) fn open(&self, prepared: PreparedPair, port: &Port<Running>) -> Result {
        let PreparedPair { receive, putter, taker, copies, view, .. } = prepared;
        let rx = receive.start(port.receive_doorbell(self.index), self.napi.handle())?;
        let tx = TxConsumer::new(view.tx_memory.clone(), taker);
        self.napi.while_disabled(|poll| poll.exchange(Some(Rings { rx, tx })))?;
        let doorbell = port.transmit_doorbell(self.index);
        let queue = self.transmit.queue();
        let (counters, switches) = (self.counters.clone(), self.switches.clone());
        let posts = TransmitPosts { port: self.binding, queue: self.index as u16 };
        let memory = TracedMemory::new(view.tx_memory, posts);
        let ring = TransmitRing { memory, slots: putter, copies };
        let producer = Producer::new(ring, doorbell, queue.clone(), counters, switches, self.binding);
        *self.transmit.lock() = Some(producer);
        Ok(())
    }

    /// Wants a poll; from process context.
    pub(crate) fn poll_soon(&self) {
        // The poll begins when the guard goes, which had bottom halves off.
        let _guard = self.transmit.lock();
        self.napi.schedule_soon();
    }

    /// Takes the rings away, once the card has stopped and NAPI is disabled.
    pub(crate) fn close(&self, proof: &Quiesced) {
        if let Some(rings) = self.withdraw() {
            self.reclaim(rings, proof);
        }
    }

    /// Takes the rings away, to be reclaimed before NAPI is enabled again; once the card has stopped and NAPI is disabled.
    pub(crate) fn withdraw(&self) -> Option<Rings> {
        let producer = self.transmit.lock().take();
        drop(producer);
        self.transmit.queue().reset();
        self.napi.while_disabled(|poll| poll.exchange(None)).ok().flatten()
    }

    /// Frees what was in rings of this pair; while NAPI is disabled, which recycles pages of their pool.
    pub(crate) fn reclaim(&self, rings: Rings, proof: &Quiesced) {
        self.counters.tx.reclaimed.add(rings.reclaim(proof).into());
    }
}
