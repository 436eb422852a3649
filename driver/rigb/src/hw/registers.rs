// SPDX-License-Identifier: GPL-2.0-only
//! The registers that the driver uses (82576 datasheet, section 8), and the mapping they are reached through.
//!
//! ICR, EICR and the statistics registers are clear-on-read; only the interrupt handler reads ICR, and no snapshot reads any of them.

use crate::sys::binding::Binding;
use core::sync::atomic::{AtomicU8, Ordering::Relaxed};
use kernel::{
    io::{Io, register},
    pci::Bar,
    prelude::*,
};

/// Bytes of BAR 0 (datasheet 9.4.11).
pub(crate) const BAR_BYTES: usize = 0x2_0000;
/// What every register reads as when the card is gone from the bus.
const GONE: u32 = u32::MAX;

register! {
    /// Device control (8.2.1).
    pub(crate) CTRL(u32) @ 0x0 {
        0:0 full_duplex; 2:2 gio_master_disable; 6:6 set_link_up; 9:8 speed; 11:11 force_speed; 12:12 force_duplex; 26:26 reset;
        27:27 receive_flow_control; 28:28 transmit_flow_control; 30:30 vlan_mode;
    }
    /// Device status (8.2.2).
    pub(crate) STATUS(u32) @ 0x8 { 0:0 full_duplex; 1:1 link_up; 3:2 lan_id; 7:6 speed; 19:19 gio_master_enable; }
    /// EEPROM control (8.4.1).
    pub(crate) EECD(u32) @ 0x10 { 9:9 auto_read_done; 14:11 size; }
    /// Extended device control (8.2.3).
    pub(crate) CTRL_EXT(u32) @ 0x18 { 28:28 driver_loaded; }
    /// MDI control: the PHY's registers (8.2.4).
    pub(crate) MDIC(u32) @ 0x20 { 15:0 data; 20:16 register_number; 25:21 phy_address; 27:26 operation; 28:28 ready; 30:30 error; }
    /// VLAN Ethertype (8.2.7).
    pub(crate) VET(u32) @ 0x38 { 15:0 ethertype; }
    /// Receive control (8.10.1).
    pub(crate) RCTL(u32) @ 0x100 { 1:1 enable; 3:3 unicast_promiscuous; 4:4 multicast_promiscuous; 5:5 long_packets; 15:15 broadcast; 26:26 strip_fcs; }
    /// Transmit control (8.12.1).
    pub(crate) TCTL(u32) @ 0x400 { 1:1 enable; 3:3 pad_short; 11:4 collision_threshold; 24:24 retransmit_late; }
    /// Interrupt cause: cleared by reading (8.8.9).
    pub(crate) ICR(u32) @ 0xc0 { 0:0 tx_written_back; 2:2 link_changed; 7:7 rx_timer; 28:28 dma_out_of_sync; 30:30 device_reset; 31:31 asserted; }
    /// Interrupt cause set (8.8.10).
    pub(crate) ICS(u32) @ 0xc8 { 31:0 causes; }
    /// Interrupt mask set (8.8.11).
    pub(crate) IMS(u32) @ 0xd0 { 31:0 causes; }
    /// Interrupt mask clear (8.8.12).
    pub(crate) IMC(u32) @ 0xd8 { 31:0 causes; }
    /// General purpose interrupt enable (8.8.14).
    pub(crate) GPIE(u32) @ 0x1514 { 0:0 non_selective_clear; 4:4 multiple_msix; 30:30 auto_mask; 31:31 pba_support; }
    /// Extended interrupt cause set (8.8.2): as if the vectors' events had happened.
    pub(crate) EICS(u32) @ 0x1520 { 31:0 vectors; }
    /// Extended interrupt mask set (8.8.3).
    pub(crate) EIMS(u32) @ 0x1524 { 31:0 vectors; }
    /// Extended interrupt mask clear (8.8.4).
    pub(crate) EIMC(u32) @ 0x1528 { 31:0 vectors; }
    /// Extended interrupt auto clear (8.8.5).
    pub(crate) EIAC(u32) @ 0x152c { 31:0 vectors; }
    /// Extended interrupt auto mask (8.8.6).
    pub(crate) EIAM(u32) @ 0x1530 { 31:0 vectors; }
    /// Interrupt throttle, one a vector (8.8.15).
    pub(crate) EITR(u32)[10] @ 0x1680 { 14:2 interval; 31:31 keep_counter; }
    /// Interrupt vector allocation (8.8.16); element n holds the queues n and n + 8.
    pub(crate) IVAR(u32)[8] @ 0x1700 { 7:0 rx_low; 15:8 tx_low; 23:16 rx_high; 31:24 tx_high; }
    /// Vector of the other causes (8.8.17).
    pub(crate) IVAR_MISC(u32) @ 0x1740 { 15:8 other; }
    /// Receive checksum control (8.10.9).
    pub(crate) RXCSUM(u32) @ 0x5000 { 8:8 ip_checksum; 9:9 l4_checksum; 11:11 sctp_checksum; 13:13 hash_in_descriptor; }
    /// Longest packet that is received (8.10.3).
    pub(crate) RLPML(u32) @ 0x5004 { 13:0 bytes; }
    /// Multicast table (8.10.13).
    pub(crate) MTA(u32)[128] @ 0x5200 { 31:0 bits; }
    /// Receive address, low (8.10.14).
    pub(crate) RAL(u32)[16, stride = 8] @ 0x5400 { 31:0 address; }
    /// Receive address, high (8.10.15).
    pub(crate) RAH(u32)[16, stride = 8] @ 0x5404 { 15:0 address; 18:18 pool_0; 31:31 valid; }
    /// VLAN filter table (8.10.17).
    pub(crate) VFTA(u32)[128] @ 0x5600 { 31:0 bits; }
    /// Wake-up control (8.20.1).
    pub(crate) WUC(u32) @ 0x5800 { 31:0 bits; }
    /// Multiple receive queues (8.10.16).
    pub(crate) MRQC(u32) @ 0x5818 { 2:0 mode; 16:16 tcp_ipv4; 17:17 ipv4; 20:20 ipv6; 21:21 tcp_ipv6; 18:18 tcp_ipv6_ex; 22:22 udp_ipv4; 23:23 udp_ipv6; 24:24 udp_ipv6_ex; }
    /// VM offload of pool n, pool 0 being everything without virtualisation (8.10.20).
    pub(crate) VMOLR(u32)[8] @ 0x5ad0 { 13:0 longest_packet; 16:16 long_packets; 17:17 rss; 24:24 accept_untagged; 27:27 broadcast; 30:30 strip_vlan; }
    /// Redirection table: four entries of 128 a register (8.10.18).
    pub(crate) RETA(u32)[32] @ 0x5c00 { 31:0 entries; }
    /// RSS key, four bytes of 40 a register (8.10.19).
    pub(crate) RSSRK(u32)[10] @ 0x5c80 { 31:0 bytes; }
    /// Software semaphore: reading it takes SMBI (8.5.6).
    pub(crate) SWSM(u32) @ 0x5b50 { 0:0 semaphore; 1:1 software_owns; }
    /// Which resources software and firmware hold (8.5.7).
    pub(crate) SW_FW_SYNC(u32) @ 0x5b5c { 31:0 holders; }
    /// Receive ring base, low (8.10.5).
    pub(crate) RDBAL(u32)[16, stride = 0x40] @ 0xc000 { 31:0 value; }
    /// Receive ring base, high (8.10.6).
    pub(crate) RDBAH(u32)[16, stride = 0x40] @ 0xc004 { 31:0 value; }
    /// Receive ring length in bytes (8.10.7).
    pub(crate) RDLEN(u32)[16, stride = 0x40] @ 0xc008 { 31:0 value; }
    /// Split and replication: buffer sizes and descriptor type (8.10.4).
    pub(crate) SRRCTL(u32)[16, stride = 0x40] @ 0xc00c { 6:0 packet_kib; 13:8 header_64; 27:25 descriptor_type; 31:31 drop_enable; }
    /// Receive descriptor head (8.10.8).
    pub(crate) RDH(u32)[16, stride = 0x40] @ 0xc010 { 31:0 value; }
    /// Receive descriptor tail (8.10.9).
    pub(crate) RDT(u32)[16, stride = 0x40] @ 0xc018 { 31:0 value; }
    /// Receive descriptor control (8.10.10).
    pub(crate) RXDCTL(u32)[16, stride = 0x40] @ 0xc028 { 4:0 prefetch; 12:8 host; 20:16 write_back; 25:25 enable; }
    /// Transmit ring base, low (8.12.9).
    pub(crate) TDBAL(u32)[16, stride = 0x40] @ 0xe000 { 31:0 value; }
    /// Transmit ring base, high (8.12.10).
    pub(crate) TDBAH(u32)[16, stride = 0x40] @ 0xe004 { 31:0 value; }
    /// Transmit ring length in bytes (8.12.11).
    pub(crate) TDLEN(u32)[16, stride = 0x40] @ 0xe008 { 31:0 value; }
    /// Transmit descriptor head (8.12.12).
    pub(crate) TDH(u32)[16, stride = 0x40] @ 0xe010 { 31:0 value; }
    /// Transmit descriptor tail (8.12.13).
    pub(crate) TDT(u32)[16, stride = 0x40] @ 0xe018 { 31:0 value; }
    /// Transmit descriptor control (8.12.14).
    pub(crate) TXDCTL(u32)[16, stride = 0x40] @ 0xe028 { 4:0 prefetch; 12:8 host; 20:16 write_back; 25:25 enable; }
}

/// What a snapshot of the register file shows: no register whose reading has an effect (no ICR, EICR, SWSM, MDIC, statistics).
pub(crate) const SNAPSHOT_OFFSETS: [u32; 41] = [
    0x0, 0x8, 0x10, 0x18, 0x28, 0x2c, 0x30, 0x38, 0x100, 0x170, 0x400, 0xd0, 0x1514, 0x1524, 0x152c, 0x1530, 0x1680,
    0x1684, 0x1700, 0x1740, 0x2160, 0x2168, 0x5000, 0x5004, 0x5400, 0x5404, 0x5800, 0x5818, 0x5ad0, 0xc000, 0xc004,
    0xc008, 0xc00c, 0xc010, 0xc018, 0xc028, 0xe000, 0xe008, 0xe010, 0xe018, 0xe028,
];

// Where the card is. It answers; or somebody is about to reset it or to switch its power, and it must not be touched; or it was found gone; or the bus has
// given it up and nothing brings it back to this driver.
const PRESENT: u8 = 0;
const AWAY: u8 = 1;
const REMOVED: u8 = 2;
const DEAD: u8 = 3;

/// The mapped registers. Dropping the last share unmaps them and releases the BAR.
pub(crate) struct Registers {
    bar: Bar<'static, BAR_BYTES>,
    binding: Binding,
    presence: AtomicU8,
}

impl Registers {
    /// Maps BAR 0.
    pub(crate) fn map(binding: Binding) -> Result<Self> {
        let bar = binding.pci().iomap_region_sized::<BAR_BYTES>(0, c"rigb")?;
        Ok(Self { bar, binding, presence: AtomicU8::new(PRESENT) })
    }

    /// For typed access.
    pub(crate) fn io(&self) -> &Bar<'static, BAR_BYTES> {
        &self.bar
    }

    /// Whether the card may be touched and still answers. Once it does not, nothing waits for it any more. Not for the data path: it also reads the
    /// configuration space, because some bridges answer for a card that is gone with something else than ones.
    pub(crate) fn is_present(&self) -> bool {
        if !self.is_reachable() {
            return false;
        }
        let present = self.bar.read(STATUS).into_raw() != GONE && self.binding.answers();
        if !present {
            // Only from present: whoever has just sent the card away knows why it does not answer.
            let _ = self.presence.compare_exchange(PRESENT, REMOVED, Relaxed, Relaxed);
        }
        present
    }

    /// Whether the card may be touched, by what is known: it is not asked. For interrupt handlers.
    pub(crate) fn is_reachable(&self) -> bool {
        self.presence.load(Relaxed) == PRESENT
    }

    /// Nobody is to touch the card until `come_back`: it will be reset or loses its power.
    pub(crate) fn leave(&self) {
        let _ = self.presence.fetch_update(Relaxed, Relaxed, |now| (now != DEAD).then_some(AWAY));
    }

    /// The card may be touched again, if it answers.
    pub(crate) fn come_back(&self) -> bool {
        let _ = self.presence.fetch_update(Relaxed, Relaxed, |now| (now != DEAD).then_some(PRESENT));
        self.is_present()
    }

    /// The card is lost for this driver, even should it answer again.
    pub(crate) fn give_up(&self) {
        self.presence.store(DEAD, Relaxed);
    }

    /// Waits until what was written has arrived at the card.
    pub(crate) fn flush(&self) {
        let _ = self.bar.read(STATUS);
    }

    /// One of `SNAPSHOT_OFFSETS`. `None` for an offset outside of the BAR.
    pub(crate) fn read_offset(&self, offset: u32) -> Option<u32> {
        self.bar.try_read32(offset as usize).ok()
    }

    /// For registers that are told from a table. An offset outside of the BAR changes nothing.
    pub(crate) fn write_offset(&self, offset: u32, value: u32) {
        let _outside = self.bar.try_write32(value, offset as usize);
    }
}
