// SPDX-License-Identifier: GPL-2.0-only
//! Where the datasheet (section 8.1.3) has the registers that have effects, and those that tests name.

pub const CTRL: usize = 0x0;
pub const STATUS: usize = 0x8;
pub const EECD: usize = 0x10;
pub const EERD: usize = 0x14;
pub const MDIC: usize = 0x20;
pub const ICR: usize = 0xc0;
pub const ICS: usize = 0xc8;
pub const IMS: usize = 0xd0;
pub const IMC: usize = 0xd8;
/// Flow control (8.3).
pub const FCTTV: usize = 0x170;
pub const FCRTL: usize = 0x2160;
pub const FCRTH: usize = 0x2168;
pub const RXPBS: usize = 0x2404;
pub const LEDCTL: usize = 0xe00;
pub const RXCSUM: usize = 0x5000;
pub const RLPML: usize = 0x5004;
pub const MRQC: usize = 0x5818;
pub const RETA: usize = 0x5c00;
pub const RSSRK: usize = 0x5c80;
pub const RCTL: usize = 0x100;
pub const TCTL: usize = 0x400;
pub const GPIE: usize = 0x1514;
pub const EICS: usize = 0x1520;
pub const EIMS: usize = 0x1524;
pub const EIMC: usize = 0x1528;
pub const EIAC: usize = 0x152c;
pub const EIAM: usize = 0x1530;
pub const EICR: usize = 0x1580;
pub const EITR: usize = 0x1680;
pub const IVAR: usize = 0x1700;
pub const IVAR_MISC: usize = 0x1740;
/// The first and the last of the statistics registers.
pub const STATISTICS: core::ops::RangeInclusive<usize> = 0x4000..=0x4138;
pub const RAL: usize = 0x5400;
pub const RAH: usize = 0x5404;
pub const WUC: usize = 0x5800;
pub const SWSM: usize = 0x5b50;
pub const SW_FW_SYNC: usize = 0x5b5c;
/// Hash table of unicast addresses for pools, 128 words.
pub const UTA: usize = 0xa000;
/// Receive and transmit queue 0; queue n lies n strides above.
pub const QUEUE_STRIDE: usize = 0x40;
pub const RDBAL: usize = 0xc000;
pub const RDBAH: usize = 0xc004;
pub const RDLEN: usize = 0xc008;
pub const SRRCTL: usize = 0xc00c;
pub const RDH: usize = 0xc010;
pub const RDT: usize = 0xc018;
pub const RXDCTL: usize = 0xc028;
pub const RQDPC: usize = 0xc030;
pub const TDBAL: usize = 0xe000;
pub const TDBAH: usize = 0xe004;
pub const TDLEN: usize = 0xe008;
pub const TDH: usize = 0xe010;
pub const TDT: usize = 0xe018;
pub const TXDCTL: usize = 0xe028;
/// Time synchronisation (8.16).
pub const TSYNCRXCFG: usize = 0x5f50;
pub const SYSTIML: usize = 0xb600;
pub const SYSTIMH: usize = 0xb604;
pub const TIMINCA: usize = 0xb608;
pub const TSYNCTXCTL: usize = 0xb614;
pub const TXSTMPL: usize = 0xb618;
pub const TXSTMPH: usize = 0xb61c;
pub const TSYNCRXCTL: usize = 0xb620;
pub const RXSTMPL: usize = 0xb624;
pub const RXSTMPH: usize = 0xb628;
pub const RXSATRH: usize = 0xb630;
/// Filter 3 of the Ethertypes, and of the five-tuples: source port, what is compared, destination port.
pub const ETQF_3: usize = 0x5cbc;
pub const SPQF_3: usize = 0x59cc;
pub const FTQF_3: usize = 0x59ec;
pub const IMIR_3: usize = 0x5a8c;
