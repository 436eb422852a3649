// IPv4 (RFC 791), IPv6 with its extension headers (RFC 8200), ICMP (RFC 792) and ICMPv6 (RFC 4443).
import { type FrameBytes, ipv4Text, ipv6Text, LayerReader, onesSum, plainHex, type ReadLayer } from './frame-layer.ts';

const protocols: Readonly<Record<number, string>> = {
  0: 'hop-by-hop options',
  1: 'ICMP',
  2: 'IGMP',
  4: 'IPv4 in IP',
  6: 'TCP',
  17: 'UDP',
  41: 'IPv6 in IP',
  43: 'routing header',
  44: 'fragment header',
  47: 'GRE',
  50: 'ESP',
  51: 'authentication header',
  58: 'ICMPv6',
  59: 'nothing follows',
  60: 'destination options',
  89: 'OSPF',
  132: 'SCTP',
};

/** What an IP protocol number stands for; empty when it is not known here. */
export const protocolName = (protocol: number): string => protocols[protocol] ?? '';

const congestion = ['', 'ECT(1)', 'ECT(0)', 'congestion experienced'];

const trafficClass = (value: number): readonly (readonly [string, string, string])[] => [
  ['DSCP', String(value >> 2), ''],
  ['ECN', String(value & 3), congestion[value & 3] ?? ''],
];

function checksumMeaning(sum: number, written: number): string {
  if (sum === 0xffff) return 'right';
  return written === 0 ? 'not filled in: the card does it' : 'wrong';
}

/** An IPv4 header. */
export function readIpv4(frame: FrameBytes, at: number, to: number): ReadLayer {
  const reader = new LayerReader(frame, 'IPv4', at, to);
  const first = reader.parts('Version', 1, (value) => [
    ['Version', String(value >> 4), ''],
    ['IHL', String(value & 0xf), `${(value & 0xf) * 4} bytes of header`],
  ]);
  const headerBytes = (first & 0xf) * 4;
  if (!reader.isCut && first >> 4 !== 4) reader.fault(`says version ${first >> 4}`);
  else if (!reader.isCut && headerBytes < 20) reader.fault(`says that its header has ${headerBytes} bytes, and 20 is the least`);
  reader.parts('DSCP', 1, trafficClass);
  const total = reader.number('Total length', 2, { meaning: (value) => (value === 0 ? 'the card fills it in for each segment' : 'bytes') });
  reader.number('Identification', 2, { isHex: true });
  const fragment = reader.parts('Flags', 2, (value) => [
    ['DF', String((value >> 14) & 1), (value & 0x4000) !== 0 ? 'may not be fragmented' : ''],
    ['MF', String((value >> 13) & 1), (value & 0x2000) !== 0 ? 'fragments follow' : ''],
    ['Fragment offset', String((value & 0x1fff) * 8), (value & 0x1fff) > 0 ? 'bytes: no first fragment' : ''],
  ]);
  reader.number('TTL', 1);
  const protocol = reader.number('Protocol', 1, { meaning: protocolName });
  const header = frame.bytes.subarray(at, Math.min(at + headerBytes, to));
  const sum = header.length === headerBytes ? onesSum(header) : 0xffff;
  const checksum = reader.number('Header checksum', 2, {
    isHex: true,
    meaning: (value) => (header.length === headerBytes ? checksumMeaning(sum, value) : ''),
  });
  if (!reader.isCut && sum !== 0xffff && checksum !== 0) reader.fault('its header checksum is wrong');
  const source = reader.raw('Source', 4, ipv4Text);
  const destination = reader.raw('Destination', 4, ipv4Text);
  if (!reader.isCut && headerBytes > 20) reader.raw('Options', headerBytes - 20, plainHex);
  const end = total === 0 ? to : at + total;
  if (!reader.isCut && total > 0 && total < headerBytes)
    reader.fault(`says that it has ${total} bytes in all, and its header alone has ${headerBytes}`);
  else if (!reader.isCut && end > to) reader.fault(`says that it has ${total} bytes, and ${to - at} are there`);
  const isSound = !reader.isCut && first >> 4 === 4 && headerBytes >= 20 && (total === 0 || total >= headerBytes);
  const isFirst = (fragment & 0x1fff) === 0;
  return {
    layer: reader.done(reader.isCut ? '' : `${source} → ${destination}${isFirst ? '' : ', a later fragment'}`),
    next: isSound && isFirst ? { by: 'protocol', protocol, version: 4 } : null,
    from: reader.at,
    to: isSound ? Math.min(end, to) : to,
  };
}

/** An IPv6 header. */
export function readIpv6(frame: FrameBytes, at: number, to: number): ReadLayer {
  const reader = new LayerReader(frame, 'IPv6', at, to);
  const first = reader.parts('Version', 4, (value) => [
    ['Version', String(value >>> 28), ''],
    ...trafficClass((value >>> 20) & 0xff),
    ['Flow label', `0x${(value & 0xfffff).toString(16).padStart(5, '0')}`, ''],
  ]);
  if (!reader.isCut && first >>> 28 !== 6) reader.fault(`says version ${first >>> 28}`);
  const length = reader.number('Payload length', 2, {
    meaning: (value) => (value === 0 ? 'the card fills it in, or a jumbogram' : 'bytes'),
  });
  const protocol = reader.number('Next header', 1, { meaning: protocolName });
  reader.number('Hop limit', 1);
  const source = reader.raw('Source', 16, ipv6Text);
  const destination = reader.raw('Destination', 16, ipv6Text);
  const end = length === 0 ? to : reader.at + length;
  if (!reader.isCut && end > to) reader.fault(`says that ${length} bytes follow, and ${to - reader.at} do`);
  const isSound = !reader.isCut && first >>> 28 === 6;
  return {
    layer: reader.done(reader.isCut ? '' : `${source} → ${destination}`),
    next: isSound ? { by: 'protocol', protocol, version: 6 } : null,
    from: reader.at,
    to: Math.min(end, to),
  };
}

/** Extension headers that have a next header and a length: hop-by-hop, routing, fragment, authentication, destination options. */
export const isExtension = (protocol: number): boolean => [0, 43, 44, 51, 60].includes(protocol);

/** An extension header of IPv6. */
export function readExtension(frame: FrameBytes, at: number, to: number, kind: number): ReadLayer {
  const name = protocolName(kind);
  const reader = new LayerReader(frame, `IPv6 ${name}`, at, to);
  const protocol = reader.number('Next header', 1, { meaning: protocolName });
  const isFragment = kind === 44;
  let offset = 0;
  if (isFragment) {
    reader.number('Reserved', 1);
    offset = reader.parts('Fragment', 2, (value) => [
      ['Fragment offset', String(value & 0xfff8), ''],
      ['M', String(value & 1), (value & 1) === 1 ? 'fragments follow' : 'the last one'],
    ]);
    reader.number('Identification', 4, { isHex: true });
  } else {
    const units = reader.number('Length', 1);
    const bytes = kind === 51 ? (units + 2) * 4 : (units + 1) * 8;
    if (!reader.isCut) reader.raw('Content', bytes - 2, plainHex);
  }
  const isFirst = (offset & 0xfff8) === 0;
  return {
    layer: reader.done(reader.isCut ? '' : protocolName(protocol)),
    next: reader.isCut || !isFirst ? null : { by: 'protocol', protocol, version: 6 },
    from: reader.at,
    to,
  };
}

const icmpTypes: Readonly<Record<number, string>> = {
  0: 'echo reply',
  3: 'destination unreachable',
  5: 'redirect',
  8: 'echo request',
  9: 'router advertisement',
  10: 'router solicitation',
  11: 'time exceeded',
  12: 'parameter problem',
};
const icmp6Types: Readonly<Record<number, string>> = {
  1: 'destination unreachable',
  2: 'packet too big',
  3: 'time exceeded',
  4: 'parameter problem',
  128: 'echo request',
  129: 'echo reply',
  130: 'multicast listener query',
  131: 'multicast listener report',
  133: 'router solicitation',
  134: 'router advertisement',
  135: 'neighbour solicitation',
  136: 'neighbour advertisement',
  143: 'multicast listener report (version 2)',
};

/** A control message. */
export function readIcmp(frame: FrameBytes, at: number, to: number, version: 4 | 6): ReadLayer {
  const reader = new LayerReader(frame, version === 4 ? 'ICMP' : 'ICMPv6', at, to);
  const names = version === 4 ? icmpTypes : icmp6Types;
  const type = reader.number('Type', 1, { meaning: (value) => names[value] ?? '' });
  const code = reader.number('Code', 1);
  reader.number('Checksum', 2, { isHex: true });
  const isEcho = version === 4 ? type === 0 || type === 8 : type === 128 || type === 129;
  const isNeighbour = version === 6 && (type === 135 || type === 136);
  let detail = '';
  if (isEcho && !reader.isCut) {
    reader.number('Identifier', 2);
    detail = `, sequence ${reader.number('Sequence', 2)}`;
  } else if (isNeighbour && !reader.isCut) {
    reader.number('Reserved', 4, { isHex: true });
    detail = ` of ${reader.raw('Target', 16, ipv6Text)}`;
  } else if (!reader.isCut) reader.raw('Rest of header', 4, plainHex);
  const summary = `${names[type] ?? `type ${type}`}${code > 0 ? `, code ${code}` : ''}${detail}`;
  return { layer: reader.done(reader.isCut ? '' : summary), next: null, from: reader.at, to };
}
