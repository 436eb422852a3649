// SPDX-License-Identifier: GPL-2.0-only
//! One bound port, from probe to unbind.

use super::{
    adapter::{Adapter, MOST_PAIRS},
    interrupt::{Role, VectorHandler},
    link::LinkCheck,
    operations::PortOperations,
    port_clock::{self, PortClock},
    reset::ResetPort,
    timestamps::Timestamps,
    watchdog::Watchdog,
};
use crate::{
    abi::{debugfs::DebugFiles, proc::ProcSection},
    hw::{interrupts::VectorPlan, port::Port, registers::Registers, reset},
    sys::{
        binding::{Binding, BusMaster},
        features::Features,
        interrupts::{InterruptLines, Vectors},
        netdev::{NetDev, Offer, Registration},
        ptp::PtpClock,
        recurring_work::RecurringWork,
        registry::Published,
        saved_configuration::SavedConfiguration,
        work::Work,
    },
};
use kernel::{device::Core, pci, prelude::*, static_lock_class, str::CStr, sync::Arc, time::msecs_to_jiffies};

/// The largest MTU (datasheet 8.10.3: frames of up to 9.5 KiB).
const MAX_MTU: u32 = 9216;
/// How long a frame may be under way before the watchdog resets the port.
const WATCHDOG_MS: u32 = 5_000;

/// A vector for each queue pair and one for the other causes; the card has 10.
const MOST_VECTORS: u32 = MOST_PAIRS.wrapping_add(1);

/// The queue pairs' names in /proc/interrupts; the controller's name beside them says which port.
const QUEUE_NAMES: [&CStr; MOST_PAIRS as usize] = [
    c"rigb-TxRx-0",
    c"rigb-TxRx-1",
    c"rigb-TxRx-2",
    c"rigb-TxRx-3",
    c"rigb-TxRx-4",
    c"rigb-TxRx-5",
    c"rigb-TxRx-6",
    c"rigb-TxRx-7",
];

/// What the interface can do.
fn offer() -> Offer {
    let below_vlan = Features::SCATTER_GATHER
        | Features::TX_CHECKSUM
        | Features::TX_SCTP
        | Features::TSO
        | Features::TSO6
        | Features::HIGH_DMA;
    let toggles = below_vlan.without(Features::HIGH_DMA)
        | Features::PARTIAL
        | Features::TUNNELS
        | Features::RX_CHECKSUM
        | Features::RX_HASH
        | Features::VLAN_INSERT
        | Features::VLAN_STRIP
        | Features::VLAN_FILTER;
    Offer {
        features: toggles | Features::HIGH_DMA,
        toggles: toggles | Features::LOOPBACK,
        vlan_features: below_vlan | Features::TSO_SAME_ID,
        encapsulated: below_vlan | Features::TSO_SAME_ID,
        partial: Features::TUNNELS,
        max_mtu: MAX_MTU,
        watchdog_jiffies: msecs_to_jiffies(WATCHDOG_MS) as i32,
    }
}

/// A port that is driven. The order of its fields is the order of its teardown: first nobody looks in any more, then the stack leaves (which stops the queues
/// and frees their rings), then no interrupt comes, then no work runs, then the card loses its right to do DMA, and its registers go last.
pub(crate) struct NetworkDevice {
    _files: DebugFiles,
    _proc: Published,
    _registration: Registration<PortOperations>,
    _clock: Option<PtpClock<PortClock>>,
    _interrupts: InterruptLines<VectorHandler>,
    _watchdog: Arc<RecurringWork<Watchdog>>,
    pub(super) link_check: Arc<Work<LinkCheck>>,
    _reset: Arc<Work<ResetPort>>,
    pub(super) adapter: Arc<Adapter>,
    pub(super) configuration: SavedConfiguration,
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
        let port = Port::reset(registers.clone());
        let address = reset::mac_address(&registers);
        // One for each pair that may ever be used, not for those in use at first: more cannot be had later without giving these back.
        let vectors = Vectors::allocate(binding, 2, MOST_VECTORS)?;
        let plan = VectorPlan::of(vectors.count() as u32, vectors.is_msix());
        let netdev = NetDev::new(plan.pairs())?;
        netdev
            .set_address(&address)
            .inspect_err(|_| dev_err!(dev, "the EEPROM holds no valid address: {address:02x?}\n"))?;

        let timestamps = Timestamps::start(registers.clone())?;
        let clock = port_clock::register(binding, &address, timestamps.clone());
        let mut irqs = KVec::with_capacity(vectors.count(), GFP_KERNEL)?;
        for index in 0..vectors.count() {
            irqs.push(vectors.irq(index)?, GFP_KERNEL)?;
        }
        let adapter =
            Adapter::new(binding, bus_master, port, registers.clone(), netdev.clone(), timestamps, &irqs, plan)?;
        let used = adapter.state.lock().configuration.pairs;
        netdev.set_active_queues(used, used)?;
        let link_check = Work::new(c"rigb-link", static_lock_class!(), LinkCheck(adapter.clone()))?;
        let reset = Work::new(
            c"rigb-reset",
            static_lock_class!(),
            ResetPort { adapter: adapter.clone(), link_check: link_check.clone() },
        )?;
        let lines = InterruptLines::request(vectors, |index| {
            let pair = adapter.pairs.get(index).cloned();
            let (name, role) = match (plan, pair) {
                (VectorPlan::Each { .. }, Some(pair)) => {
                    (QUEUE_NAMES.get(index).copied().unwrap_or(c"rigb-TxRx"), Role::Queue(pair))
                }
                (VectorPlan::Each { .. }, None) => (c"rigb-link", Role::Other),
                (VectorPlan::Shared, pair) => (c"rigb", Role::Shared(pair.ok_or(EINVAL)?)),
            };
            let vector = adapter.vectors.get(index).cloned().ok_or(EINVAL)?;
            Ok((
                name,
                VectorHandler::new(role, index as u16, vector, adapter.clone(), link_check.clone(), reset.clone()),
            ))
        })?;
        let configuration = SavedConfiguration::save(binding)?;
        netdev.set_carrier(false);
        let watchdog = Watchdog::new(adapter.clone(), link_check.clone(), reset.clone())?;
        let operations = PortOperations {
            adapter: adapter.clone(),
            link_check: link_check.clone(),
            reset: reset.clone(),
            watchdog: watchdog.clone(),
        };
        let registration = Registration::new(binding, netdev, operations, &offer())?;
        let [a, b, c, d, e, f] = address;
        let most = plan.pairs();
        let mode = if matches!(plan, VectorPlan::Shared) { "one interrupt for everything" } else { "MSI-X" };
        dev_info!(
            dev,
            "82576 at {a:02x}:{b:02x}:{c:02x}:{d:02x}:{e:02x}:{f:02x}, {used} of {most} queue pair(s), {mode}\n"
        );
        if most < MOST_PAIRS {
            dev_info!(
                dev,
                "no more than {most} queue pair(s): the machine granted {} of {MOST_VECTORS} vectors\n",
                irqs.len()
            );
        }
        Ok(Self {
            _files: DebugFiles::new(&adapter)?,
            _proc: Published::new(ProcSection::new(adapter.clone())?)?,
            _registration: registration,
            _clock: clock,
            _interrupts: lines,
            _watchdog: watchdog,
            link_check,
            _reset: reset,
            adapter,
            configuration,
            _registers: registers,
        })
    }

    /// Says that the port is let go.
    pub(crate) fn announce_release(&self) {
        dev_info!(self.adapter.binding.pci(), "releasing the port\n");
    }
}
