// Advanced transmit descriptors of the 82576: data (with the card's done bit) and context, section 7.2.2.
import { bytes, type FieldDescription, flag, named, readFields } from '#common/rings/field.ts';
import type { DecodedDescriptor } from '#common/rings/ring-backend.ts';

const context = '7.2.2.2';
const data = '7.2.2.3';
const types = { 2: 'context', 3: 'data' };

const dataFormat: readonly FieldDescription[] = [
  { name: 'ADDRESS', bit: 0, width: 64, section: data, meaning: () => 'where the card reads the bytes' },
  { name: 'DTALEN', bit: 64, width: 16, section: data, meaning: bytes },
  flag('MAC.LinkSec', 82, data, 'encrypt with LinkSec'),
  flag('MAC.1588', 83, data, 'time stamp this frame'),
  { name: 'DTYP', bit: 84, width: 4, section: data, meaning: named(types) },
  flag('EOP', 88, data, 'last descriptor of the frame'),
  flag('IFCS', 89, data, 'the card appends the FCS'),
  flag('RS', 91, data, 'report when done'),
  flag('DEXT', 93, data, 'advanced format'),
  flag('VLE', 94, data, 'insert the VLAN tag of the context'),
  flag('TSE', 95, data, 'segment by the context (TSO)'),
  flag('DD', 96, data, 'the card is done with this descriptor'),
  { name: 'IDX', bit: 100, width: 3, section: data, meaning: (value) => `context ${value}` },
  flag('CC', 103, data, 'check the context'),
  flag('POPTS.IXSM', 104, data, 'insert the IPv4 checksum'),
  flag('POPTS.TXSM', 105, data, 'insert the layer 4 checksum'),
  flag('POPTS.IPSEC', 106, data, 'encrypt with IPsec'),
  { name: 'PAYLEN', bit: 110, width: 18, section: data, meaning: bytes },
];

const contextFormat: readonly FieldDescription[] = [
  { name: 'IPLEN', bit: 0, width: 9, section: context, meaning: bytes },
  { name: 'MACLEN', bit: 9, width: 7, section: context, meaning: bytes },
  { name: 'VLAN', bit: 16, width: 16, section: context, meaning: (value) => (value === 0n ? '' : `VLAN ${value & 0xfffn}`) },
  { name: 'TUCMD.IPV4', bit: 74, width: 1, section: context, meaning: (value) => (value === 1n ? 'IPv4' : 'IPv6') },
  { name: 'TUCMD.L4T', bit: 75, width: 2, section: context, meaning: named({ 0: 'UDP', 1: 'TCP', 2: 'SCTP' }) },
  { name: 'DTYP', bit: 84, width: 4, section: context, meaning: named(types) },
  flag('DEXT', 93, context, 'advanced format'),
  { name: 'IDX', bit: 100, width: 3, section: context, meaning: (value) => `context ${value}` },
  { name: 'L4LEN', bit: 104, width: 8, section: context, meaning: bytes },
  { name: 'MSS', bit: 112, width: 16, section: context, meaning: bytes },
];

/** A data descriptor, before or after the card's write-back. */
export function decodeTransmitData(bits: bigint): DecodedDescriptor {
  return { format: 'TX data', fields: readFields(bits, dataFormat) };
}

/** A context descriptor; the card never marks these done. */
export function decodeTransmitContext(bits: bigint): DecodedDescriptor {
  return { format: 'TX context', fields: readFields(bits, contextFormat) };
}
