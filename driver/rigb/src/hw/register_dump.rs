// SPDX-License-Identifier: GPL-2.0-only
//! The registers that `ethtool -d` gets: pairs of offset and value, so that a reader needs no other key than the datasheet.
//!
//! None is among them whose reading has an effect: no interrupt cause (EICR, ICR), no statistics, no semaphore (SWSM), no timestamp that is released by reading.

use super::registers::Registers;

/// A row of registers: first offset, how many, distance.
struct Row(u32, u32, u32);

const fn one(offset: u32) -> Row {
    Row(offset, 1, 4)
}

const ROWS: [Row; 71] = [
    // General: CTRL, STATUS, CTRL_EXT, MDIC, FCAL, FCAH, FCT, CONNSW, VET, FCTTV, LEDCTL, EECD.
    one(0x0),
    one(0x8),
    one(0x18),
    one(0x20),
    one(0x28),
    one(0x2c),
    one(0x30),
    one(0x34),
    one(0x38),
    one(0x170),
    one(0xe00),
    one(0x10),
    // Interrupts: IMS, IAM, GPIE, EIMS, EIAC, EIAM, EITR, IVAR, IVAR_MISC.
    one(0xd0),
    one(0xe0),
    one(0x1514),
    one(0x1524),
    one(0x152c),
    one(0x1530),
    Row(0x1680, 25, 4),
    Row(0x1700, 8, 4),
    one(0x1740),
    // Packet buffers and flow control: FCRTL, FCRTH, RXPBS, FCRTV, TXPBS.
    one(0x2160),
    one(0x2168),
    one(0x2404),
    one(0x2460),
    one(0x3404),
    // Receive: RCTL, RXCSUM, RLPML, RFCTL, RAL and RAH, MRQC, VT_CTL, VMOLR, RETA, multicast and VLAN tables.
    one(0x100),
    one(0x5000),
    one(0x5004),
    one(0x5008),
    Row(0x5400, 32, 4),
    Row(0x54e0, 16, 4),
    one(0x5818),
    one(0x581c),
    Row(0x5ad0, 8, 4),
    Row(0x5c00, 32, 4),
    Row(0x5200, 128, 4),
    Row(0x5600, 128, 4),
    // Transmit: TCTL, TCTL_EXT, TIPG, DTXCTL, DTXSWC.
    one(0x400),
    one(0x404),
    one(0x410),
    one(0x3590),
    one(0x3500),
    // Wake-up and management: WUC, WUFC, WUS, MANC, FWSM, SW_FW_SYNC.
    one(0x5800),
    one(0x5808),
    one(0x5810),
    one(0x5820),
    one(0x5b54),
    one(0x5b5c),
    // Time: TSYNCTXCTL, TSYNCRXCTL, TIMINCA, TSYNCRXCFG, ETQF.
    one(0xb614),
    one(0xb620),
    one(0xb608),
    one(0x5f50),
    Row(0x5cb0, 8, 4),
    // Receive queues: RDBAL, RDBAH, RDLEN, SRRCTL, RDH, RXCTL, RDT, RXDCTL.
    Row(0xc000, 16, 0x40),
    Row(0xc004, 16, 0x40),
    Row(0xc008, 16, 0x40),
    Row(0xc00c, 16, 0x40),
    Row(0xc010, 16, 0x40),
    Row(0xc014, 16, 0x40),
    Row(0xc018, 16, 0x40),
    Row(0xc028, 16, 0x40),
    // Transmit queues: TDBAL, TDBAH, TDLEN, TDH, TXCTL, TDT, TXDCTL, TDWBAL, TDWBAH.
    Row(0xe000, 16, 0x40),
    Row(0xe004, 16, 0x40),
    Row(0xe008, 16, 0x40),
    Row(0xe010, 16, 0x40),
    Row(0xe014, 16, 0x40),
    Row(0xe018, 16, 0x40),
    Row(0xe028, 16, 0x40),
    Row(0xe038, 16, 0x40),
    Row(0xe03c, 16, 0x40),
];

const fn count() -> usize {
    let mut rows: &[Row] = &ROWS;
    let mut count = 0;
    while let [row, rest @ ..] = rows {
        count += row.1 as usize;
        rows = rest;
    }
    count
}

/// How many registers there are in a dump.
pub(crate) const REGISTERS: usize = count();

/// All offsets, in the order of the dump.
pub(crate) fn offsets() -> impl Iterator<Item = u32> {
    ROWS.iter().flat_map(|row| (0..row.1).map(|index| row.0.wrapping_add(index.wrapping_mul(row.2))))
}

/// Offset and value of each register. Empty when the card is gone.
pub(crate) fn read(registers: &Registers) -> impl Iterator<Item = [u32; 2]> + '_ {
    let present = registers.is_present();
    offsets().take_while(move |_| present).filter_map(|offset| Some([offset, registers.read_offset(offset)?]))
}
