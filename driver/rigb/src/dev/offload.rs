// SPDX-License-Identifier: GPL-2.0-only
//! What the card is to do with a frame, from what the stack asks for: checksum, segmentation, VLAN tag.

use crate::{
    ring::descriptor::{Context, FrameCommand, Transport},
    sys::{
        features::Features,
        operations::Headers,
        skb::{ChecksumFacts, FrameFacts, FrameShape, SkBuff, WireCount},
    },
};

/// The descriptors' part of a frame, and what it counts for.
pub(crate) struct Plan {
    /// In each data descriptor.
    pub(crate) command: FrameCommand,
    /// Before them.
    pub(crate) context: Option<Context>,
    /// On the wire.
    pub(crate) wire: WireCount,
    /// The card fills a checksum in.
    pub(crate) checksummed: bool,
    /// The card cuts it.
    pub(crate) segmented: bool,
}

impl Plan {
    /// Nothing but to send `length` bytes.
    const fn plain(length: u32) -> Self {
        Self {
            command: FrameCommand::new(length),
            context: None,
            wire: WireCount::new(1, length),
            checksummed: false,
            segmented: false,
        }
    }
}

// Where TCP, UDP and SCTP keep their checksums (RFC 9293, 768, 9260).
const TCP_CHECKSUM: u32 = 16;
const UDP_CHECKSUM: u32 = 6;

fn transport(facts: &ChecksumFacts) -> Option<Transport> {
    match facts.offset {
        _ if facts.is_sctp => Some(Transport::Sctp),
        TCP_CHECKSUM => Some(Transport::Tcp),
        UDP_CHECKSUM => Some(Transport::Udp),
        _ => None,
    }
}

fn headers(context: Context, facts: &ChecksumFacts) -> Context {
    context.with_headers(facts.network_offset, facts.start.wrapping_sub(facts.network_offset))
}

/// What a context descriptor can say of where headers are: 7 and 9 bits.
fn fits(facts: &ChecksumFacts) -> bool {
    facts.network_offset < 128 && facts.start.wrapping_sub(facts.network_offset) < 512
}

/// What of `features` holds for a frame with such headers: a context descriptor has 7 bits for what is before the network header and 9 for its length.
pub(crate) fn frame_features(headers: Headers, features: Features) -> Features {
    const BY_CONTEXT: [Features; 4] = [Features::TX_CHECKSUM, Features::TX_SCTP, Features::TSO, Features::TSO6];
    let mut can = features;
    if headers.network_offset > 127 || headers.network_length > 511 {
        can = BY_CONTEXT.into_iter().fold(can, Features::without);
    }
    if headers.network_offset > 127 {
        can = can.without(Features::VLAN_INSERT);
    }
    // The card counts the identification of the outer header up, if any.
    if headers.encapsulated && !features.has(Features::TSO_SAME_ID) {
        can = can.without(Features::TSO);
    }
    can
}

/// Plans frames.
pub(crate) struct Planner {
    plan: Plan,
    // Of the frame that the plan was made for, if it holds for all such frames but for its lengths: most frames of a stream differ in nothing else.
    shape: Option<FrameShape>,
}

impl Planner {
    /// Has planned nothing yet.
    pub(crate) const fn new() -> Self {
        Self { plan: Plan::plain(0), shape: None }
    }

    /// Plans a frame. `None` when there is no memory for what has to be done to it here.
    #[inline(always)]
    pub(crate) fn plan(&mut self, frame: &mut SkBuff, facts: &FrameFacts) -> Option<&Plan> {
        let length = facts.length();
        if self.shape == Some(facts.shape()) {
            self.plan.command = self.plan.command.carrying(length);
            self.plan.wire = WireCount::new(1, length);
        } else {
            self.plan_anew(frame, facts)?;
        }
        Some(&self.plan)
    }

    #[inline(never)]
    fn plan_anew(&mut self, frame: &mut SkBuff, facts: &FrameFacts) -> Option<()> {
        let length = facts.length();
        let mut plan = Plan::plain(length);
        let mut context = Context::new(facts.vlan_tag().unwrap_or(0));
        self.shape = None;
        if let Some(checksum) = facts.checksum() {
            if facts.wants_segments() {
                let segments = frame.prepare_segments().ok()?;
                context = headers(context, &checksum)
                    .transport(Transport::Tcp)
                    .segments(segments.header_length.wrapping_sub(checksum.start), segments.segment_size);
                plan.command =
                    FrameCommand::new(length.wrapping_sub(segments.header_length)).segmented().with_l4_checksum();
                if checksum.is_ipv4 {
                    context = context.ipv4();
                    plan.command = plan.command.with_ip_checksum();
                }
                let repeated = segments.count.saturating_sub(1).wrapping_mul(segments.header_length);
                plan.wire = WireCount::new(segments.count.max(1), length.wrapping_add(repeated));
                plan.segmented = true;
                plan.checksummed = true;
            } else if let Some(transport) = transport(&checksum).filter(|_| fits(&checksum)) {
                context = headers(context, &checksum).transport(transport);
                if checksum.is_ipv4 {
                    context = context.ipv4();
                }
                plan.command = plan.command.with_l4_checksum();
                plan.checksummed = true;
            } else if !frame.checksum_in_software() {
                return None;
            }
        }
        if facts.vlan_tag().is_some() {
            plan.command = plan.command.with_vlan();
        }
        if plan.checksummed || facts.vlan_tag().is_some() {
            plan.context = Some(context);
        }
        // To a frame that is segmented, or summed up here, more has to be done than to plan it.
        if !plan.segmented && plan.checksummed == facts.checksum().is_some() {
            self.shape = Some(facts.shape());
        }
        self.plan = plan;
        Some(())
    }
}
