// SPDX-License-Identifier: GPL-2.0-only
//! The advanced descriptors of the 82576 as two little-endian words: what software writes and what the card writes back.

/// Sixteen bytes as the card sees them.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) struct Descriptor(pub(crate) [u64; 2]);

const RX_DONE: u64 = 1 << 0;
const RX_END_OF_PACKET: u64 = 1 << 1;
// RXE, CXE, SEQ, SE and CE of the extended error field (datasheet 7.1.5.2): the frame is bad. The checksum errors beside them are the stack's affair.
const RX_FRAME_ERRORS: u64 = 0x9700_0000;

const TX_DATA: u64 = 0x0030_0000;
const TX_END_OF_PACKET: u64 = 1 << 24;
const TX_INSERT_FCS: u64 = 1 << 25;
const TX_REPORT_STATUS: u64 = 1 << 27;
const TX_ADVANCED: u64 = 1 << 29;
const TX_LENGTH_MASK: u64 = 0xffff;
const TX_PAYLOAD_SHIFT: u32 = 46;
const TX_DONE: u64 = 1 << 32;

/// The read format of a receive descriptor (datasheet 7.1.5.1): where the card may write. The header address stays 0, which clears DD.
pub(crate) const fn receive(dma_address: u64) -> Descriptor {
    Descriptor([dma_address, 0])
}

/// The advanced data descriptor of a whole frame in one buffer (datasheet 7.2.2.3): FCS inserted, status reported.
pub(crate) const fn transmit(dma_address: u64, length: u32) -> Descriptor {
    let length = length as u64 & TX_LENGTH_MASK;
    let command = TX_DATA | TX_END_OF_PACKET | TX_INSERT_FCS | TX_REPORT_STATUS | TX_ADVANCED;
    Descriptor([dma_address, command | length | (length << TX_PAYLOAD_SHIFT)])
}

/// That the card is done with a descriptor: the only thing, beside a stopped queue, that turns a posted buffer back into one that software owns.
pub(crate) struct Done(());

/// What the card wrote into a receive descriptor (datasheet 7.1.5.2).
pub(crate) struct ReceiveWriteBack {
    /// The proof that the buffer is software's again.
    pub(crate) done: Done,
    /// Bytes in this buffer, as the card says it: not trusted yet.
    pub(crate) length: u32,
    /// The frame ends in this buffer.
    pub(crate) end_of_packet: bool,
    /// The MAC found the frame bad.
    pub(crate) bad: bool,
}

impl ReceiveWriteBack {
    /// Reads the second word; `None` while the card owns the descriptor. The card writes DD last, so one read sees a length that belongs to it.
    pub(crate) const fn from_word(word: u64) -> Option<Self> {
        if word & RX_DONE == 0 {
            return None;
        }
        Some(Self {
            done: Done(()),
            length: (word >> 32) as u32 & 0xffff,
            end_of_packet: word & RX_END_OF_PACKET != 0,
            bad: word & RX_FRAME_ERRORS != 0,
        })
    }
}

/// The proof that a transmit descriptor is done (datasheet 7.2.2.4), from its second word; `None` while the card owns it.
pub(crate) const fn transmit_done(word: u64) -> Option<Done> {
    if word & TX_DONE == 0 { None } else { Some(Done(())) }
}
