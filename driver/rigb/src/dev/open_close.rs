// SPDX-License-Identifier: GPL-2.0-only
//! Open and stop: everything that can fail is allocated before the card is touched; everything is taken back against the proof that the card has stopped.

use super::{
    adapter::{Adapter, RingView},
    poll::{ReceiveRing, Rings},
    transmit::Producer,
};
use crate::{
    hw::{interrupts, link, queues, receive_filter, reset},
    ring::{
        rx::RxIndexes,
        tx::{TxConsumer, TxIndexes},
    },
    sys::{page_pool::PagePool, ring_memory::RingMemory, slots::slots},
};
use core::sync::atomic::Ordering::Relaxed;
use kernel::{prelude::*, sync::Arc};

struct Prepared {
    rings: Rings,
    producer: Producer,
    view: RingView,
}

impl Adapter {
    fn prepare(&self) -> Result<Prepared> {
        let (rx_size, tx_size) = {
            let state = self.state.lock();
            (state.rx_size, state.tx_size)
        };
        let rx_memory = Arc::new(RingMemory::new(self.binding, rx_size)?, GFP_KERNEL)?;
        let tx_memory = Arc::new(RingMemory::new(self.binding, tx_size)?, GFP_KERNEL)?;
        let rx_indexes = Arc::new(RxIndexes::new(), GFP_KERNEL)?;
        let tx_indexes = Arc::new(TxIndexes::new(), GFP_KERNEL)?;
        let mut rx_slots = KVec::with_capacity(rx_size.count() as usize, GFP_KERNEL)?;
        for _ in 0..rx_size.count() {
            rx_slots.push(None, GFP_KERNEL)?;
        }
        let (putter, taker) = slots(tx_size, tx_indexes.clone())?;
        let pool = PagePool::new(self.binding, self.netdev.clone(), self.napi.handle(), rx_size.count())?;
        let rx = ReceiveRing::new(rx_memory.clone(), rx_slots, rx_indexes.clone());
        let tx = TxConsumer::new(tx_memory.clone(), taker);
        Ok(Prepared {
            rings: Rings::new(rx, tx, pool),
            producer: Producer::new(tx_memory.clone(), putter),
            view: RingView { rx_memory, rx_indexes, tx_memory, tx_indexes },
        })
    }

    /// Brings the interface up; under RTNL. On an error everything is as it was before.
    pub(crate) fn up(&self) -> Result {
        if !self.registers.is_present() {
            return Err(ENODEV);
        }
        let mut prepared = self.prepare()?;
        let registers = &self.registers;
        reset::reset(registers);
        receive_filter::clear_pool_table(registers);
        receive_filter::set_own_address(registers, self.netdev.address());
        receive_filter::set_longest_frame(registers, self.netdev.mtu());
        self.state.lock().filter.write(registers);
        interrupts::configure(registers, self.msix);
        queues::start_transmit(registers, place(&prepared.view.tx_memory));
        queues::start_receive(registers, place(&prepared.view.rx_memory));
        if !prepared.rings.fill(&self.counters, registers) {
            let proof = queues::quiesce(registers);
            prepared.rings.reclaim(&proof);
            return Err(ENOMEM);
        }
        let Prepared { rings, producer, view } = prepared;
        self.napi.while_disabled(|poll| poll.exchange(Some(rings)))?;
        *self.transmit.lock() = Some(producer);
        {
            let mut state = self.state.lock();
            state.running = true;
            state.view = Some(view);
            state.generation = state.generation.wrapping_add(1);
        }
        self.napi.enable();
        self.wakes.store(true, Relaxed);
        interrupts::enable(registers, self.msix);
        self.netdev.start_queue();
        if let Err(error) = link::negotiate(registers) {
            dev_warn!(self.binding.pci(), "the PHY does not answer ({error:?}); the link stays as it is\n");
        }
        Ok(())
    }

    /// Takes the interface down; under RTNL. Safe to call twice, and for a card that is gone.
    pub(crate) fn down(&self) {
        {
            let mut state = self.state.lock();
            if !state.running {
                return;
            }
            state.running = false;
            state.link = None;
            state.view = None;
            self.netdev.set_carrier(false);
        }
        self.wakes.store(false, Relaxed);
        self.netdev.flush_queue();
        interrupts::disable(&self.registers);
        self.napi.disable();
        let proof = queues::quiesce(&self.registers);
        let producer = self.transmit.lock().take();
        drop(producer);
        if let Ok(Some(rings)) = self.napi.while_disabled(|poll| poll.exchange(None)) {
            rings.reclaim(&proof);
        }
        self.netdev.reset_queue();
    }
}

fn place(memory: &Arc<RingMemory>) -> queues::RingPlace {
    use crate::ring::DescriptorMemory;
    queues::RingPlace { dma_address: memory.dma_address(), size: memory.size() }
}
