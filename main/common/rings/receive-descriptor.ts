// Advanced receive descriptors of the 82576: as software posts them (read format) and as the card leaves them (write-back format), section 7.1.5.
import { bytes, type FieldDescription, flag, named, readFields } from '#common/rings/field.ts';
import type { DecodedDescriptor } from '#common/rings/ring-backend.ts';

const read = '7.1.5.1';
const writeBack = '7.1.5.2';

const readFormat: readonly FieldDescription[] = [
  { name: 'PKT_ADDR', bit: 0, width: 64, section: read, meaning: () => 'where the card puts the frame' },
  {
    name: 'HDR_ADDR',
    bit: 64,
    width: 64,
    section: read,
    meaning: (value) => (value === 0n ? 'no header split' : 'where the card puts the header'),
  },
];

const rssTypes = { 0: 'no hash', 1: 'TCP over IPv4', 2: 'IPv4', 3: 'TCP over IPv6', 5: 'IPv6', 7: 'UDP over IPv4', 8: 'UDP over IPv6' };

const packetBits = ['IPv4', 'IPv4 with options', 'IPv6', 'IPv6 with extensions', 'TCP', 'UDP', 'SCTP', 'NFS'];

function packetType(value: bigint): string {
  if ((value >> 11n) & 1n) return 'layer 2 packet matched by an EtherType filter';
  const found = packetBits.filter((_, index) => ((value >> BigInt(index)) & 1n) === 1n);
  return found.length > 0 ? found.join(', ') : 'no layer 3 recognised';
}

const writeBackFormat: readonly FieldDescription[] = [
  { name: 'RSS_TYPE', bit: 0, width: 4, section: writeBack, meaning: named(rssTypes) },
  { name: 'PACKET_TYPE', bit: 4, width: 12, section: writeBack, meaning: packetType },
  { name: 'HDR_LEN', bit: 21, width: 10, section: writeBack, meaning: bytes },
  flag('SPH', 31, writeBack, 'header was split off'),
  { name: 'RSS_HASH', bit: 32, width: 32, section: writeBack, meaning: () => 'Toeplitz hash, or fragment checksum and IP identification' },
  flag('DD', 64, writeBack, 'the card is done with this descriptor'),
  flag('EOP', 65, writeBack, 'last descriptor of the frame'),
  flag('IXSM', 66, writeBack, 'ignore the checksum indications'),
  flag('VP', 67, writeBack, 'frame carried a VLAN tag'),
  flag('UDPCS', 68, writeBack, 'UDP checksum was calculated'),
  flag('L4CS', 69, writeBack, 'layer 4 checksum was calculated'),
  flag('IPCS', 70, writeBack, 'IPv4 checksum was calculated'),
  flag('PIF', 71, writeBack, 'passed an inexact filter only'),
  flag('VEXT', 73, writeBack, 'outer VLAN found'),
  flag('UDPV', 74, writeBack, 'UDP checksum field is valid'),
  flag('LLINT', 75, writeBack, 'raised a low latency interrupt'),
  flag('TS', 80, writeBack, 'frame was time stamped'),
  flag('LB', 82, writeBack, 'came by loopback from another pool'),
  flag('HBO', 87, writeBack, 'header is longer than its buffer'),
  flag('L4E', 93, writeBack, 'layer 4 checksum is wrong'),
  flag('IPE', 94, writeBack, 'IPv4 checksum is wrong'),
  flag('RXE', 95, writeBack, 'MAC error: CRC, symbol, length or alignment'),
  { name: 'PKT_LEN', bit: 96, width: 16, section: writeBack, meaning: bytes },
  {
    name: 'VLAN',
    bit: 112,
    width: 16,
    section: writeBack,
    meaning: (value) => (value === 0n ? '' : `VLAN ${value & 0xfffn}, priority ${value >> 13n}`),
  },
];

/** A descriptor as software posted it. */
export function decodeReceiveRead(bits: bigint): DecodedDescriptor {
  return { format: 'RX read', fields: readFields(bits, readFormat) };
}

/** A descriptor as the card wrote it back. */
export function decodeReceiveWriteBack(bits: bigint): DecodedDescriptor {
  return { format: 'RX write-back', fields: readFields(bits, writeBackFormat) };
}
