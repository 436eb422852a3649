// Ethernet II and IEEE 802.3, VLAN tags (IEEE 802.1Q), ARP (RFC 826).
import { type FrameBytes, ipv4Text, LayerReader, macText, plainHex, type ReadLayer } from './frame-layer.ts';

const etherTypes: Readonly<Record<number, string>> = {
  2048: 'IPv4',
  2054: 'ARP',
  33024: 'VLAN tag',
  34525: 'IPv6',
  34825: 'slow protocols (LACP)',
  34887: 'MPLS',
  34915: 'PPPoE discovery',
  34916: 'PPPoE session',
  34958: 'IEEE 802.1X',
  34984: 'service VLAN tag',
  35020: 'LLDP',
  35045: 'MACsec',
  35063: 'PTP',
};

/** What an EtherType stands for; empty when it is not known here. */
export const etherTypeName = (type: number): string => etherTypes[type] ?? '';

function addressMeaning(bytes: Uint8Array): string {
  if (bytes.every((byte) => byte === 0xff)) return 'everybody (broadcast)';
  if (((bytes[0] ?? 0) & 1) === 1) return 'a group (multicast)';
  return ((bytes[0] ?? 0) & 2) === 2 ? 'administered locally' : '';
}

/** The header of a frame. */
export function readEthernet(frame: FrameBytes): ReadLayer {
  const reader = new LayerReader(frame, 'Ethernet', 0, frame.whole);
  const destination = reader.raw('Destination', 6, macText, addressMeaning);
  const source = reader.raw('Source', 6, macText, addressMeaning);
  const type = reader.number('EtherType', 2, {
    isHex: true,
    meaning: (value) => (value < 0x600 ? `IEEE 802.3 length, ${value} bytes` : etherTypeName(value)),
  });
  // Below 1536 it is a length, and what follows is LLC, which is not read here.
  const isLength = type < 0x600;
  const to = isLength ? Math.min(frame.whole, reader.at + type) : frame.whole;
  if (!reader.isCut && isLength && reader.at + type > frame.whole)
    reader.fault(`says that ${type} bytes follow, and ${frame.whole - reader.at} do`);
  return {
    layer: reader.done(reader.isCut ? '' : `${source} → ${destination}`),
    next: reader.isCut || isLength ? null : { by: 'etherType', type },
    from: reader.at,
    to,
  };
}

const priorities = [
  'best effort',
  'background',
  'excellent effort',
  'critical',
  'video',
  'voice',
  'internetwork control',
  'network control',
];

/** A tag behind the source address, or behind another tag. */
export function readVlan(frame: FrameBytes, at: number, to: number): ReadLayer {
  const reader = new LayerReader(frame, 'VLAN', at, to);
  const tag = reader.parts('Tag', 2, (value) => [
    ['PCP', String(value >> 13), priorities[value >> 13] ?? ''],
    ['DEI', String((value >> 12) & 1), (value & 0x1000) !== 0 ? 'may be dropped first' : ''],
    ['VID', String(value & 0xfff), (value & 0xfff) === 0 ? 'priority only' : (value & 0xfff) === 0xfff ? 'reserved' : ''],
  ]);
  const type = reader.number('EtherType', 2, { isHex: true, meaning: etherTypeName });
  return {
    layer: reader.done(reader.isCut ? '' : `VLAN ${tag & 0xfff}, priority ${tag >> 13}`),
    next: reader.isCut ? null : { by: 'etherType', type },
    from: reader.at,
    to,
  };
}

const operations: Readonly<Record<number, string>> = { 1: 'request', 2: 'reply', 3: 'reverse request', 4: 'reverse reply' };

/** An address resolution message. */
export function readArp(frame: FrameBytes, at: number, to: number): ReadLayer {
  const reader = new LayerReader(frame, 'ARP', at, to);
  reader.number('Hardware type', 2, { meaning: (value) => (value === 1 ? 'Ethernet' : '') });
  const protocol = reader.number('Protocol type', 2, { isHex: true, meaning: etherTypeName });
  const hardwareBytes = reader.number('Hardware length', 1);
  const protocolBytes = reader.number('Protocol length', 1);
  const operation = reader.number('Operation', 2, { meaning: (value) => operations[value] ?? '' });
  const hardware = hardwareBytes === 6 ? macText : plainHex;
  const address = protocol === 0x0800 && protocolBytes === 4 ? ipv4Text : plainHex;
  const sender = reader.raw('Sender hardware', hardwareBytes, hardware);
  const senderAddress = reader.raw('Sender protocol', protocolBytes, address);
  reader.raw('Target hardware', hardwareBytes, hardware);
  const target = reader.raw('Target protocol', protocolBytes, address);
  const summary = operation === 1 ? `who has ${target}? tell ${senderAddress}` : `${senderAddress} is at ${sender}`;
  return { layer: reader.done(reader.isCut ? '' : summary), next: null, from: reader.at, to: Math.min(to, reader.at) };
}
