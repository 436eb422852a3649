// SPDX-License-Identifier: GPL-2.0-only
//! One bound port, from probe to unbind.

use super::{
    adapter::Adapter,
    interrupt::{Role, VectorHandler},
    link::LinkCheck,
    operations::PortOperations,
    reset::ResetPort,
};
use crate::{
    abi::{debugfs::DebugFiles, proc::ProcSection},
    hw::{interrupts, queues, registers::Registers, reset},
    sys::{
        binding::{Binding, BusMaster},
        interrupts::{InterruptLines, Vectors},
        netdev::{NetDev, Registration},
        page_pool::RX_CAPACITY,
        registry::Published,
        work::Work,
    },
};
use kernel::{device::Core, pci, prelude::*, static_lock_class, sync::Arc, time::msecs_to_jiffies};

/// The largest MTU: what fits one receive buffer with header, FCS and VLAN tag.
const MAX_MTU: u32 = queues::BUFFER_BYTES - 22;
const _: () = assert!(queues::BUFFER_BYTES <= RX_CAPACITY);
/// How long a frame may be under way before the watchdog resets the port.
const WATCHDOG_MS: u32 = 5_000;

/// A port that is driven. The order of its fields is the order of its teardown: first nobody looks in any more, then the stack leaves (which stops the queues
/// and frees their rings), then no interrupt comes, then no work runs, then the card is quiet and loses its right to do DMA, and its registers go last.
pub(crate) struct NetworkDevice {
    _files: DebugFiles,
    _proc: Published,
    _registration: Registration<PortOperations>,
    _interrupts: InterruptLines<VectorHandler>,
    pub(super) link_check: Arc<Work<LinkCheck>>,
    _reset: Arc<Work<ResetPort>>,
    pub(super) adapter: Arc<Adapter>,
    pub(super) bus_master: BusMaster,
    _registers: Arc<Registers>,
}

impl NetworkDevice {
    /// Takes the port over: maps it, resets it, reads its address, requests its vectors, registers its interface.
    pub(crate) fn take(dev: &pci::Device<Core<'_>>) -> Result<Self> {
        dev.enable_device_mem()?;
        let binding = Binding::new(dev);
        let registers = Arc::new(Registers::map(binding)?, GFP_KERNEL)?;
        let bus_master = BusMaster::enable(dev)?;
        if !registers.is_present() {
            dev_err!(dev, "the card does not answer\n");
            return Err(ENODEV);
        }
        reset::reset(&registers);
        let address = reset::mac_address(&registers);
        let netdev = NetDev::new()?;
        netdev
            .set_address(&address)
            .inspect_err(|_| dev_err!(dev, "the EEPROM holds no valid address: {address:02x?}\n"))?;

        let vectors = Vectors::allocate(binding, 2)?;
        let msix = vectors.is_msix();
        let mut irqs = KVec::with_capacity(vectors.count(), GFP_KERNEL)?;
        for index in 0..vectors.count() {
            irqs.push(vectors.irq(index)?, GFP_KERNEL)?;
        }
        let adapter = Adapter::new(binding, registers.clone(), netdev.clone(), &irqs, msix)?;
        let link_check = Work::new(c"rigb-link", static_lock_class!(), LinkCheck(adapter.clone()))?;
        let reset = Work::new(
            c"rigb-reset",
            static_lock_class!(),
            ResetPort { adapter: adapter.clone(), link_check: link_check.clone() },
        )?;
        let lines = InterruptLines::request(vectors, |index| {
            let (name, role) = match (msix, index) {
                (true, interrupts::QUEUE_VECTOR) => (c"rigb-TxRx-0", Role::Queue),
                (true, _) => (c"rigb-link", Role::Other),
                (false, _) => (c"rigb", Role::Shared),
            };
            let vector = adapter.vectors.get(index).cloned().ok_or(EINVAL)?;
            Ok((name, VectorHandler::new(role, vector, adapter.clone(), link_check.clone(), reset.clone())))
        })?;
        netdev.set_carrier(false);
        let operations =
            PortOperations { adapter: adapter.clone(), link_check: link_check.clone(), reset: reset.clone() };
        let registration =
            Registration::new(binding, netdev, operations, MAX_MTU, msecs_to_jiffies(WATCHDOG_MS) as i32)?;
        let [a, b, c, d, e, f] = address;
        let mode = if msix { "MSI-X, 2 vectors" } else { "one interrupt for everything" };
        dev_info!(dev, "82576 at {a:02x}:{b:02x}:{c:02x}:{d:02x}:{e:02x}:{f:02x}, {mode}\n");
        Ok(Self {
            _files: DebugFiles::new(&adapter)?,
            _proc: Published::new(ProcSection::new(&adapter)?)?,
            _registration: registration,
            _interrupts: lines,
            link_check,
            _reset: reset,
            adapter,
            bus_master,
            _registers: registers,
        })
    }
    /// Says that the port is let go.
    pub(crate) fn announce_release(&self) {
        dev_info!(self.adapter.binding.pci(), "releasing the port\n");
    }
}
