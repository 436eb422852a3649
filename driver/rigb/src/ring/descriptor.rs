// SPDX-License-Identifier: GPL-2.0-only
//! The advanced descriptors of the 82576 as two little-endian words: what software writes and what the card writes back.

/// Sixteen bytes as the card sees them.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) struct Descriptor(pub(crate) [u64; 2]);

const RX_DONE: u64 = 1 << 0;
const RX_END_OF_PACKET: u64 = 1 << 1;
const RX_VLAN: u64 = 1 << 3;
const RX_L4_CHECKED: u64 = 1 << 5;
const RX_TIMESTAMP: u64 = 1 << 16;
const RX_L4_BAD: u64 = 1 << 29;
const RX_IP_BAD: u64 = 1 << 30;
// RXE, CXE, SEQ, SE and CE of the extended error field (datasheet 7.1.5.2): the frame is bad. The checksum errors beside them are the stack's affair.
const RX_FRAME_ERRORS: u64 = 0x9700_0000;
// The RSS types (datasheet 7.1.5.2) that hash ports too: TCP over IPv4 and IPv6 (1, 3, 6), UDP over both (7, 8, 9).
const RSS_TYPES_WITH_PORTS: u32 = 1 << 1 | 1 << 3 | 1 << 6 | 1 << 7 | 1 << 8 | 1 << 9;

const TX_DATA: u64 = 0x0030_0000;
const TX_CONTEXT: u64 = 0x0020_0000;
const TX_TIMESTAMP: u64 = 1 << 19;
const TX_END_OF_PACKET: u64 = 1 << 24;
const TX_INSERT_FCS: u64 = 1 << 25;
const TX_REPORT_STATUS: u64 = 1 << 27;
const TX_ADVANCED: u64 = 1 << 29;
const TX_INSERT_VLAN: u64 = 1 << 30;
const TX_SEGMENT: u64 = 1 << 31;
const TX_INSERT_IP_CHECKSUM: u64 = 1 << 40;
const TX_INSERT_L4_CHECKSUM: u64 = 1 << 41;
const TX_LENGTH_MASK: u64 = 0xffff;
const TX_PAYLOAD_SHIFT: u32 = 46;
const TX_PAYLOAD_MASK: u64 = 0x3_ffff;
const TX_DONE: u64 = 1 << 32;

const CONTEXT_IPV4: u64 = 1 << 10;
const CONTEXT_TCP: u64 = 1 << 11;
const CONTEXT_SCTP: u64 = 1 << 12;

/// Bytes that one transmit descriptor carries at most; its length field would hold more, but the data must fit the packet buffer.
pub(crate) const MOST_TX_BYTES: u32 = 1 << 15;

/// The read format of a receive descriptor (datasheet 7.1.5.1): where the card may write. The header address stays 0, which clears DD.
pub(crate) const fn receive(dma_address: u64) -> Descriptor {
    Descriptor([dma_address, 0])
}

impl Descriptor {
    /// The buffer that it names, in either direction.
    pub(crate) const fn dma_address(self) -> u64 {
        self.0[0]
    }

    /// What a transmit descriptor as software writes it asks for; `None` of a context, which has no data.
    pub(crate) const fn transmits(self) -> Option<TransmitData> {
        let [_, command] = self.0;
        if command & TX_DATA == TX_CONTEXT { None } else { Some(TransmitData(command)) }
    }
}

/// What a data descriptor asks for (datasheet 7.2.2.3), for who looks on.
#[derive(Clone, Copy)]
pub(crate) struct TransmitData(u64);

impl TransmitData {
    /// Bytes in its buffer.
    pub(crate) const fn length(self) -> u32 {
        (self.0 & TX_LENGTH_MASK) as u32
    }

    /// The frame ends in it.
    pub(crate) const fn ends_frame(self) -> bool {
        self.0 & TX_END_OF_PACKET != 0
    }

    /// A checksum of the network's or the transport's header is filled in.
    pub(crate) const fn inserts_checksum(self) -> bool {
        self.0 & (TX_INSERT_IP_CHECKSUM | TX_INSERT_L4_CHECKSUM) != 0
    }

    /// The frame is cut into segments.
    pub(crate) const fn is_segmented(self) -> bool {
        self.0 & TX_SEGMENT != 0
    }

    /// A VLAN tag is inserted.
    pub(crate) const fn inserts_vlan(self) -> bool {
        self.0 & TX_INSERT_VLAN != 0
    }

    /// The time at which the frame leaves is taken.
    pub(crate) const fn takes_timestamp(self) -> bool {
        self.0 & TX_TIMESTAMP != 0
    }
}

/// What the card is to do with a frame: the same in each of its data descriptors (datasheet 7.2.2.3).
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) struct FrameCommand(u64);

impl FrameCommand {
    /// Sends a frame of `payload` bytes (with TSO: without its headers) as it is, with its FCS added.
    pub(crate) const fn new(payload: u32) -> Self {
        Self(TX_DATA | TX_INSERT_FCS | TX_ADVANCED).carrying(payload)
    }

    /// The same with a frame of `payload` bytes.
    pub(crate) const fn carrying(self, payload: u32) -> Self {
        Self(self.0 & !(TX_PAYLOAD_MASK << TX_PAYLOAD_SHIFT) | (payload as u64 & TX_PAYLOAD_MASK) << TX_PAYLOAD_SHIFT)
    }

    /// Cuts it into segments, by the context.
    pub(crate) const fn segmented(self) -> Self {
        Self(self.0 | TX_SEGMENT)
    }

    /// Fills in the transport's checksum, by the context.
    pub(crate) const fn with_l4_checksum(self) -> Self {
        Self(self.0 | TX_INSERT_L4_CHECKSUM)
    }

    /// Fills in the IPv4 header's checksum.
    pub(crate) const fn with_ip_checksum(self) -> Self {
        Self(self.0 | TX_INSERT_IP_CHECKSUM)
    }

    /// Inserts the context's VLAN tag.
    pub(crate) const fn with_vlan(self) -> Self {
        Self(self.0 | TX_INSERT_VLAN)
    }

    /// Takes the time at which the frame leaves.
    pub(crate) const fn with_timestamp(self) -> Self {
        Self(self.0 | TX_TIMESTAMP)
    }

    /// The descriptor of one piece of the frame.
    pub(super) const fn piece(self, dma_address: u64, length: u32, last: bool) -> Descriptor {
        let end = if last { TX_END_OF_PACKET | TX_REPORT_STATUS } else { 0 };
        Descriptor([dma_address, self.0 | end | (length as u64 & TX_LENGTH_MASK)])
    }
}

/// The transport whose checksum a context is about.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Transport {
    /// RFC 9293.
    Tcp,
    /// RFC 768.
    Udp,
    /// RFC 9260: CRC32c.
    Sctp,
}

/// An advanced context descriptor (datasheet 7.2.2.2): what offloads of the data descriptors after it mean. The card keeps it until the next one.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) struct Context(Descriptor);

impl Context {
    /// Nothing but the command that all contexts carry, and the VLAN tag (0: none).
    pub(crate) const fn new(vlan_tag: u16) -> Self {
        Self(Descriptor([(vlan_tag as u64) << 16, TX_CONTEXT | TX_ADVANCED]))
    }

    /// Where the headers are: bytes before the network header (at most 127), and its length up to the transport's (at most 511).
    pub(crate) const fn with_headers(self, mac_length: u32, ip_length: u32) -> Self {
        let [low, high] = self.0.0;
        Self(Descriptor([low | (mac_length as u64 & 0x7f) << 9 | (ip_length as u64 & 0x1ff), high]))
    }

    /// The network header is IPv4.
    pub(crate) const fn ipv4(self) -> Self {
        let [low, high] = self.0.0;
        Self(Descriptor([low, high | CONTEXT_IPV4]))
    }

    /// Whose checksum is filled in.
    pub(crate) const fn transport(self, transport: Transport) -> Self {
        let [low, high] = self.0.0;
        let bits = match transport {
            Transport::Tcp => CONTEXT_TCP,
            Transport::Udp => 0,
            Transport::Sctp => CONTEXT_SCTP,
        };
        Self(Descriptor([low, high | bits]))
    }

    /// How the frame is cut: bytes of the transport's header, payload bytes a segment.
    pub(crate) const fn segments(self, transport_length: u32, segment_size: u32) -> Self {
        let [low, high] = self.0.0;
        Self(Descriptor([low, high | (transport_length as u64 & 0xff) << 40 | (segment_size as u64 & 0xffff) << 48]))
    }

    /// As the card reads it.
    pub(super) const fn descriptor(self) -> Descriptor {
        self.0
    }
}

/// That the card is done with a descriptor: the only thing, beside a stopped queue, that turns a posted buffer back into one that software owns.
pub(crate) struct Done(());

/// What the card wrote into the second word of a receive descriptor (datasheet 7.1.5.2): not trusted yet.
#[derive(Clone, Copy)]
pub(crate) struct ReceiveStatus(u64);

impl ReceiveStatus {
    /// The card is done with the descriptor (DD). It writes it last, so one read sees a length that belongs to it.
    pub(super) const DONE: u64 = RX_DONE;

    /// Reads the second word; `None` while the card owns the descriptor.
    pub(super) const fn from_word(word: u64) -> Option<(Self, Done)> {
        if word & RX_DONE == 0 { None } else { Some((Self(word), Done(()))) }
    }

    /// Bytes in this buffer, as the card says it.
    pub(crate) const fn length(self) -> u32 {
        (self.0 >> 32) as u32 & 0xffff
    }

    /// The frame ends in this buffer.
    pub(crate) const fn end_of_packet(self) -> bool {
        self.0 & RX_END_OF_PACKET != 0
    }

    /// The MAC found the frame bad.
    pub(crate) const fn bad(self) -> bool {
        self.0 & RX_FRAME_ERRORS != 0
    }

    /// All of a good frame is in this buffer, and nothing of it in the card's registers.
    pub(crate) const fn is_plain(self) -> bool {
        self.0 & (RX_END_OF_PACKET | RX_FRAME_ERRORS | RX_TIMESTAMP) == RX_END_OF_PACKET
    }

    /// The tag of the VLAN that was stripped.
    pub(crate) const fn vlan_tag(self) -> Option<u16> {
        if self.0 & RX_VLAN == 0 { None } else { Some((self.0 >> 48) as u16) }
    }

    /// What became of the checksums.
    pub(crate) const fn checksum(self) -> Checksum {
        match self.0 & (RX_L4_CHECKED | RX_L4_BAD | RX_IP_BAD) {
            0 => Checksum::Unknown,
            RX_L4_CHECKED => Checksum::Good,
            _ => Checksum::Bad,
        }
    }

    /// The time of arrival is in the card's registers.
    pub(crate) const fn has_timestamp(self) -> bool {
        self.0 & RX_TIMESTAMP != 0
    }
}

/// What the card says of a frame's checksums.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Checksum {
    /// It did not look: not a protocol it knows.
    Unknown,
    /// The transport's (and IPv4's) are right.
    Good,
    /// One is wrong; the stack is to look itself.
    Bad,
}

/// The hash of a frame and whether ports went into it, from the first word of its write-back (datasheet 7.1.5.2).
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) struct Hash {
    /// Toeplitz.
    pub(crate) value: u32,
    /// Ports were hashed.
    pub(crate) with_ports: bool,
}

impl Hash {
    /// `None` for a frame that was not hashed.
    pub(super) const fn from_word(word: u64) -> Option<Self> {
        let kind = word as u32 & 0xf;
        if kind == 0 {
            return None;
        }
        Some(Self { value: (word >> 32) as u32, with_ports: RSS_TYPES_WITH_PORTS >> kind & 1 == 1 })
    }
}

/// The proof that a transmit descriptor is done (datasheet 7.2.2.4), from its second word; `None` while the card owns it.
pub(super) const fn transmit_done(word: u64) -> Option<Done> {
    if word & TX_DONE == 0 { None } else { Some(Done(())) }
}
