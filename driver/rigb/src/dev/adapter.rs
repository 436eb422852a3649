// SPDX-License-Identifier: GPL-2.0-only
//! What the callbacks of one port share.

use super::{
    link_control::LinkControl,
    queue_pair::{QueuePair, RingView},
    reset::TransmitTimeouts,
    statistics::Counter,
    switches::Switches,
    timestamps::SharedTimestamps,
    vector::Vector,
};
use crate::{
    hw::{
        hardware_statistics::{HardwareStatistics, Turn},
        identify::Leds,
        interrupts::VectorPlan,
        moderation::Moderation,
        port::{Port, Reset, Running},
        receive_filter::{self, ReceiveFilter},
        registers::Registers,
        rss::{self, Rss},
    },
    ring::index::RingSize,
    sys::{
        binding::{Binding, BusMaster},
        cpus,
        netdev::NetDev,
        operations::LinkState,
        page_pool::BufferLayout,
        random,
    },
};
use kernel::{
    new_mutex,
    prelude::*,
    sync::{Arc, Mutex},
};

/// The most queue pairs that we use; the card has 16 and 10 vectors.
pub(crate) const MOST_PAIRS: u32 = 8;

/// `NETIF_MSG_DRV`, `_PROBE` and `_LINK`.
const DEFAULT_MESSAGE_LEVEL: u32 = 0b111;

/// What an interface is opened with.
#[derive(Clone, Copy)]
pub(crate) struct Configuration {
    /// Queue pairs.
    pub(crate) pairs: u32,
    /// Receive descriptors of each.
    pub(crate) rx_size: RingSize,
    /// Transmit descriptors of each.
    pub(crate) tx_size: RingSize,
    /// In bytes.
    pub(crate) mtu: u32,
    /// Frames run through an XDP program.
    pub(crate) xdp: bool,
}

impl Configuration {
    /// How receive buffers are divided: frames of the usual length share a page, unless a program wants room before them.
    pub(crate) fn layout(&self) -> BufferLayout {
        let half = BufferLayout::HALF_PAGE;
        if self.xdp || receive_filter::longest_frame(self.mtu) > half.capacity() {
            BufferLayout::WHOLE_PAGE
        } else {
            half
        }
    }

    /// Whether the rings of `other` serve this one too.
    pub(crate) fn has_rings_of(&self, other: &Self) -> bool {
        let rings = |configuration: &Self| {
            (configuration.pairs, configuration.rx_size, configuration.tx_size, configuration.layout())
        };
        rings(self) == rings(other)
    }

    /// Whether frames that were let in under `before` fit the buffers of this one: of those that share a page, nothing but the longest frame (RLPML) keeps the
    /// card within.
    pub(crate) fn may_follow(&self, before: &Self) -> bool {
        let layout = self.layout();
        layout == BufferLayout::WHOLE_PAGE || receive_filter::longest_frame(before.mtu) <= layout.capacity()
    }
}

/// The card, by what may be done with it.
pub(crate) enum Phase {
    /// Closed.
    Reset(Port<Reset>),
    /// Open.
    Running(Port<Running>),
    /// Being opened or closed, by whoever holds RTNL.
    Changing,
}

/// What changes when the interface is configured or the link changes; under one lock.
pub(crate) struct State {
    /// The card.
    pub(crate) phase: Phase,
    /// The link as last announced.
    pub(crate) link: Option<LinkState>,
    /// What it is, or will be, opened with.
    pub(crate) configuration: Configuration,
    /// How frames find their queue.
    pub(crate) rss: Rss,
    /// How interrupts are moderated.
    pub(crate) moderation: Moderation,
    /// How often rings were set up.
    pub(crate) generation: u64,
    /// Which frames are received; written to the card after every reset.
    pub(crate) filter: ReceiveFilter,
    /// What is wanted of the link and what came of it.
    pub(crate) link_control: LinkControl,
    /// Which messages go to the log (`NETIF_MSG_*`).
    pub(crate) message_level: u32,
    /// What the LEDs showed before they were told to blink.
    pub(crate) leds: Option<Leds>,
    /// The right to read the statistics registers.
    pub(crate) statistics_turn: Turn,
    /// The rings of the open pairs.
    pub(crate) views: KVec<RingView>,
}

impl State {
    /// Open: rings exist, interrupts are on.
    pub(crate) fn is_running(&self) -> bool {
        matches!(self.phase, Phase::Running(_))
    }
}

/// One port. Field order is teardown order: queue pairs go before the device that they belong to, and that before the registers.
#[pin_data]
pub(crate) struct Adapter {
    /// All queue pairs, open or not.
    pub(crate) pairs: KVec<Arc<QueuePair>>,
    /// Configuration.
    #[pin]
    pub(crate) state: Mutex<State>,
    /// What polls know of it.
    pub(crate) switches: Arc<Switches>,
    /// Each pair's vector, then the other causes' (absent with a shared interrupt).
    pub(crate) vectors: KVec<Arc<Vector>>,
    /// What the MAC counted.
    pub(crate) hardware: HardwareStatistics,
    /// Resets after a transmit timeout or a fault of the card; written by the reset work.
    pub(crate) resets: Counter,
    /// Transmit queues that hang.
    pub(crate) timeouts: TransmitTimeouts,
    /// The interface's memory.
    pub(crate) netdev: Arc<NetDev>,
    /// The card's registers.
    pub(crate) registers: Arc<Registers>,
    /// The card's right to DMA.
    pub(crate) bus_master: BusMaster,
    /// Which vector is for what.
    pub(crate) plan: VectorPlan,
    /// The device.
    pub(crate) binding: Binding,
}

impl Adapter {
    /// An adapter for a port that was reset; nothing runs yet. `irqs` are the vectors' by the plan. It is to be opened with a queue pair for each CPU, as far as the
    /// plan has them.
    #[expect(clippy::too_many_arguments, reason = "each becomes a part of the adapter")]
    pub(crate) fn new(
        binding: Binding,
        bus_master: BusMaster,
        port: Port<Reset>,
        registers: Arc<Registers>,
        netdev: Arc<NetDev>,
        timestamps: SharedTimestamps,
        irqs: &[u32],
        plan: VectorPlan,
    ) -> Result<Arc<Self>> {
        let switches = Arc::new(Switches::new(timestamps), GFP_KERNEL)?;
        let mut vectors = KVec::with_capacity(irqs.len(), GFP_KERNEL)?;
        for &irq in irqs {
            vectors.push(Vector::new(irq)?, GFP_KERNEL)?;
        }
        let mut pairs = KVec::with_capacity(plan.pairs() as usize, GFP_KERNEL)?;
        for (index, vector) in (0..plan.pairs()).zip(&vectors) {
            let pair = QueuePair::new(
                index,
                binding,
                netdev.clone(),
                registers.clone(),
                plan,
                vector.clone(),
                switches.clone(),
            )?;
            pairs.push(pair, GFP_KERNEL)?;
        }
        // More pairs than CPUs gain nothing by themselves, but a user may have a reason.
        let used = cpus::online().min(plan.pairs());
        let mut key = [0; rss::KEY_BYTES];
        random::rss_key(&mut key);
        let state = State {
            phase: Phase::Reset(port),
            link: None,
            configuration: Configuration {
                pairs: used,
                rx_size: RingSize::DEFAULT,
                tx_size: RingSize::DEFAULT,
                mtu: netdev.mtu(),
                xdp: false,
            },
            rss: Rss::spread(key, used),
            moderation: Moderation::DEFAULT,
            generation: 0,
            filter: ReceiveFilter::new(),
            link_control: LinkControl::new(),
            message_level: DEFAULT_MESSAGE_LEVEL,
            leds: None,
            statistics_turn: Turn::new(),
            views: KVec::new(),
        };
        Arc::pin_init(
            pin_init!(Self {
                pairs,
                state <- new_mutex!(state),
                switches,
                vectors,
                hardware: HardwareStatistics::new(),
                resets: Counter::default(),
                timeouts: TransmitTimeouts::default(),
                netdev,
                registers,
                bus_master,
                plan,
                binding,
            }),
            GFP_KERNEL,
        )
    }
}
