// SPDX-License-Identifier: GPL-2.0-only
//! The interrupt handlers. Each lock is a guard that ends with its block: no path leaves a handler with one held.

use super::{adapter::Adapter, link::LinkCheck, queue_pair::QueuePair, reset::ResetPort, vector::Vector};
use crate::{
    hw::{interrupts, registers::ICR},
    sys::{
        dynamic_debug,
        interrupts::{Handler, HandlerContext},
        trace,
        work::Work,
    },
};
use kernel::{irq::IrqReturn, sync::Arc};

/// What a vector stands for.
pub(crate) enum Role {
    /// A queue pair, with MSI-X.
    Queue(Arc<QueuePair>),
    /// Link and faults, with MSI-X.
    Other,
    /// Everything, with MSI or INTx.
    Shared(Arc<QueuePair>),
}

/// The handler of one vector.
pub(crate) struct VectorHandler {
    role: Role,
    number: u16,
    vector: Arc<Vector>,
    adapter: Arc<Adapter>,
    link_check: Arc<Work<LinkCheck>>,
    reset: Arc<Work<ResetPort>>,
}

impl VectorHandler {
    /// The handler of `vector`, which is vector `number` of the device.
    pub(crate) fn new(
        role: Role,
        number: u16,
        vector: Arc<Vector>,
        adapter: Arc<Adapter>,
        link_check: Arc<Work<LinkCheck>>,
        reset: Arc<Work<ResetPort>>,
    ) -> Self {
        Self { role, number, vector, adapter, link_check, reset }
    }

    fn tell(&self, cause: u32) {
        trace::irq(self.adapter.binding, || trace::Irq { vector: self.number, irq: self.vector.irq, cause });
    }

    fn dispatch(&self, causes: ICR) {
        dynamic_debug::causes(&self.adapter.netdev, causes.into_raw());
        if causes.link_changed().get() == 1 {
            self.link_check.queue();
        }
        if causes.device_reset().get() == 1 {
            self.reset.queue();
        }
    }
}

impl Handler for VectorHandler {
    fn handle(&self, context: &HandlerContext<'_>) -> IrqReturn {
        let registers = &self.adapter.registers;
        match &self.role {
            Role::Queue(pair) => {
                self.tell(0);
                self.vector.count_interrupt(false);
                pair.napi.schedule(context);
            }
            // One that was under way while the card was taken out of use.
            _ if !registers.is_reachable() => return IrqReturn::None,
            Role::Other => {
                let causes = interrupts::take_causes(registers);
                self.tell(causes.map_or(0, ICR::into_raw));
                self.vector.count_interrupt(causes.is_none());
                if let Some(causes) = causes {
                    self.dispatch(causes);
                }
                interrupts::rearm_other(registers, self.adapter.plan);
            }
            Role::Shared(pair) => {
                let Some(causes) = interrupts::take_causes(registers) else { return IrqReturn::None };
                self.tell(causes.into_raw());
                self.vector.count_interrupt(false);
                self.dispatch(causes);
                interrupts::mask_shared(registers);
                if !pair.napi.schedule(context) {
                    // A poll is due already and re-arms; or the interface is down and everything stays masked.
                    return IrqReturn::Handled;
                }
            }
        }
        IrqReturn::Handled
    }
}
