// SPDX-License-Identifier: GPL-2.0-only
//! What the card is to do with a frame, from what the stack asks for: checksum, segmentation, VLAN tag.

use crate::{
    ring::descriptor::{Context, FrameCommand, Transport},
    sys::{
        features::Features,
        operations::Headers,
        skb::{ChecksumFacts, FrameFacts, SkBuff, WireCount},
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

/// Plans a frame. `None` when there is no memory for what has to be done to it here.
pub(crate) fn plan(frame: &mut SkBuff, facts: &FrameFacts) -> Option<Plan> {
    let length = facts.length();
    let mut plan = Plan {
        command: FrameCommand::new(length),
        context: None,
        wire: WireCount::new(1, length),
        checksummed: false,
        segmented: false,
    };
    if facts.is_plain() {
        return Some(plan);
    }
    let mut context = Context::new(facts.vlan_tag().unwrap_or(0));
    let mut needs_context = false;
    if let Some(checksum) = facts.checksum() {
        if facts.wants_segments() {
            let segments = frame.prepare_segments().ok()?;
            context = headers(context, &checksum)
                .transport(Transport::Tcp)
                .segments(segments.header_length.wrapping_sub(checksum.start), segments.segment_size);
            plan.command = FrameCommand::new(length.wrapping_sub(segments.header_length)).segmented().with_l4_checksum();
            if checksum.is_ipv4 {
                context = context.ipv4();
                plan.command = plan.command.with_ip_checksum();
            }
            let repeated = segments.count.saturating_sub(1).wrapping_mul(segments.header_length);
            plan.wire = WireCount::new(segments.count.max(1), length.wrapping_add(repeated));
            plan.segmented = true;
            needs_context = true;
        } else if let Some(transport) = transport(&checksum).filter(|_| fits(&checksum)) {
            context = headers(context, &checksum).transport(transport);
            if checksum.is_ipv4 {
                context = context.ipv4();
            }
            plan.command = plan.command.with_l4_checksum();
            needs_context = true;
        } else if !frame.checksum_in_software() {
            return None;
        }
        plan.checksummed = needs_context;
    }
    if facts.vlan_tag().is_some() {
        plan.command = plan.command.with_vlan();
        needs_context = true;
    }
    if needs_context {
        plan.context = Some(context);
    }
    Some(plan)
}
