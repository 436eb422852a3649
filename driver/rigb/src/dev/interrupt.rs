// SPDX-License-Identifier: GPL-2.0-only
//! The interrupt handlers. Each lock is a guard that ends with its block: no path leaves a handler with one held.

use super::{
    adapter::{Adapter, Vector},
    link::LinkCheck,
    reset::ResetPort,
};
use crate::{
    hw::{interrupts, registers::ICR},
    sys::{clock, trace, work::Work},
};
use kernel::{
    irq::{Handler, IrqReturn},
    sync::Arc,
};

/// What a vector stands for.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Role {
    /// Queue pair 0, with MSI-X.
    Queue,
    /// Link and faults, with MSI-X.
    Other,
    /// Everything, with MSI or INTx.
    Shared,
}

/// The handler of one vector.
pub(crate) struct VectorHandler {
    role: Role,
    vector: Arc<Vector>,
    adapter: Arc<Adapter>,
    link_check: Arc<Work<LinkCheck>>,
    reset: Arc<Work<ResetPort>>,
}

impl VectorHandler {
    /// The handler of `vector`.
    pub(crate) fn new(
        role: Role,
        vector: Arc<Vector>,
        adapter: Arc<Adapter>,
        link_check: Arc<Work<LinkCheck>>,
        reset: Arc<Work<ResetPort>>,
    ) -> Self {
        Self { role, vector, adapter, link_check, reset }
    }

    fn count(&self, spurious: bool, cause: u32) {
        trace::irq(self.adapter.binding, || trace::Irq {
            vector: u16::from(self.role == Role::Other),
            irq: self.vector.irq,
            cause,
        });
        let now = clock::monotonic_ns();
        let mut counts = self.vector.counts.lock();
        counts.handled = counts.handled.wrapping_add(1);
        counts.last_ns = now;
        if spurious {
            counts.spurious = counts.spurious.wrapping_add(1);
        }
    }

    fn dispatch(&self, causes: ICR) {
        if causes.link_changed().get() == 1 {
            self.link_check.queue();
        }
        if causes.device_reset().get() == 1 {
            self.reset.queue();
        }
    }
}

impl Handler for VectorHandler {
    fn handle(&self) -> IrqReturn {
        let registers = &self.adapter.registers;
        match self.role {
            Role::Queue => {
                self.count(false, 0);
                self.adapter.napi.schedule();
            }
            Role::Other => {
                let causes = interrupts::take_causes(registers);
                self.count(causes.is_none(), causes.map_or(0, ICR::into_raw));
                if let Some(causes) = causes {
                    self.dispatch(causes);
                }
                interrupts::rearm_other(registers);
            }
            Role::Shared => {
                let Some(causes) = interrupts::take_causes(registers) else { return IrqReturn::None };
                self.count(false, causes.into_raw());
                self.dispatch(causes);
                interrupts::mask_shared(registers);
                if !self.adapter.napi.schedule() {
                    // A poll is due already and re-arms; or the interface is down and everything stays masked.
                    return IrqReturn::Handled;
                }
            }
        }
        IrqReturn::Handled
    }
}
