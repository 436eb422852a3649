// Frames as layers: real ones field by field, broken ones with the reason, and never an exception.
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { decodeFrame } from '#common/frames/decode-frame.ts';
import type { FrameLayer } from '#common/frames/frame-layer.ts';
import { hexdumpText } from '#common/frames/hexdump.ts';

const bytes = (text: string) => new Uint8Array(Buffer.from(text.replaceAll(/[\s|]/g, ''), 'hex'));
const decode = (text: string, whole?: number) => {
  const frame = bytes(text);
  return decodeFrame({ bytes: frame, whole: whole ?? frame.length });
};
const names = (layers: readonly FrameLayer[]) => layers.map(({ name }) => name);
const field = (layers: readonly FrameLayer[], layer: string, name: string) =>
  layers.find((one) => one.name === layer)?.fields.find((one) => one.name === name);

const ethernet = (type: string) => `525400123457 525400123456 ${type}`;
const ipv4 = '4500 0054 beef 4000 40 01 f7b5 c0000201 c0000202';
const echo = '08 00 1234 0007 0003';
const frames = {
  arp: `${ethernet('0806')} 0001 0800 06 04 0001 525400123456 c0000201 000000000000 c0000202`,
  ping: `${ethernet('0800')} ${ipv4} ${echo} ${'5ca1ab1e'.repeat(14)}`,
  tagged: `${ethernet('8100')} a064 0800 ${ipv4} ${echo} ${'00'.repeat(56)}`,
  syn: `${ethernet('0800')} 4500 003c 0001 4000 40 06 b6bd c0000201 c0000202 | c350 0050 00000001 00000000 a002 faf0 0000 0000 | 0204 05b4 0402 080a 00000010 00000000 01 0303 07`,
  udp6: `${ethernet('86dd')} 6000 0000 0010 11 40 fe800000000000005054 00fffe123456 ff0200000000000000000000000000fb | 14e9 14e9 0010 1234 | 6869206f6e65 2e2e`,
  fragment6: `${ethernet('86dd')} 6000 0000 0010 2c 40 ${'00'.repeat(15)}01 ${'00'.repeat(15)}01 | 11 00 0579 00000009 | ${'00'.repeat(8)}`,
  neighbour: `${ethernet('86dd')} 6000 0000 0018 3a ff ${'00'.repeat(16)} ff020000000000000000000000000001 | 87 00 0000 00000000 fe80000000000000505400fffe123456`,
  sync: `011b19000000 525400123456 88f7 | 00 02 002c 00 00 0200 ${'00'.repeat(8)} 00000000 525400fffe1234560001 0102 00 fd | 00006553f100 0000000a`,
};

test('an ARP request says who asks for whom', () => {
  const layers = decode(frames.arp);
  expect(names(layers)).toEqual(['Ethernet', 'ARP']);
  expect(layers[1]?.summary).toBe('who has 192.0.2.2? tell 192.0.2.1');
});

test('a ping is read down to its sequence number, and its bytes are where the fields say', () => {
  const layers = decode(frames.ping);
  expect(names(layers)).toEqual(['Ethernet', 'IPv4', 'ICMP', 'Data']);
  expect(layers.map(({ fault }) => fault)).toEqual([null, null, null, null]);
  expect(layers[2]?.summary).toBe('echo request, sequence 3');
  expect(field(layers, 'IPv4', 'Source')).toMatchObject({ at: 26, bytes: 4, value: '192.0.2.1' });
  expect(field(layers, 'IPv4', 'Header checksum')).toMatchObject({ value: '0xf7b5', meaning: 'right' });
  expect(layers[3]).toMatchObject({ at: 42, bytes: 56 });
});

test('a VLAN tag is a layer of its own', () => {
  const layers = decode(frames.tagged);
  expect(names(layers)).toEqual(['Ethernet', 'VLAN', 'IPv4', 'ICMP', 'Data']);
  expect(layers[1]?.summary).toBe('VLAN 100, priority 5');
});

test('TCP options are read one by one', () => {
  const layers = decode(frames.syn);
  expect(names(layers)).toEqual(['Ethernet', 'IPv4', 'TCP']);
  expect(layers[2]?.summary).toBe('50000 → 80 SYN, sequence 1, 0 bytes');
  expect(field(layers, 'TCP', 'Maximum segment size')?.value).toBe('1460');
  expect(field(layers, 'TCP', 'Window scale')).toMatchObject({ at: 71, bytes: 3, meaning: 'times 128' });
});

test('IPv6 carries UDP, and addresses are written as RFC 5952 has it', () => {
  const layers = decode(frames.udp6);
  expect(names(layers)).toEqual(['Ethernet', 'IPv6', 'UDP', 'Data']);
  expect(layers[1]?.summary).toBe('fe80::5054:ff:fe12:3456 → ff02::fb');
  expect(layers[2]?.summary).toBe('5353 → 5353, 8 bytes');
});

test('a later fragment has no header of what it carries', () => {
  const layers = decode(frames.fragment6);
  expect(names(layers)).toEqual(['Ethernet', 'IPv6', 'IPv6 fragment header', 'Data']);
  expect(field(layers, 'IPv6 fragment header', 'Fragment offset')?.value).toBe('1400');
});

test('ICMPv6 names whom a neighbour asks for', () => {
  expect(decode(frames.neighbour).at(-1)?.summary).toBe('neighbour solicitation of fe80::5054:ff:fe12:3456');
});

test('a PTP message is read over Ethernet and over UDP', () => {
  const layers = decode(frames.sync);
  expect(layers[1]).toMatchObject({ name: 'PTP', fault: null, summary: 'Sync, sequence 258, from 525400fffe1234560001' });
  expect(field(layers, 'PTP', 'Timestamp')?.value).toBe('1700000000.000000010 s');
  const message = frames.sync.slice(frames.sync.indexOf('|'));
  const udp = `${ethernet('0800')} 4500 0048 0001 0000 01 11 0000 c0000201 e0000181 | 013f 013f 0034 0000 ${message}`;
  expect(names(decode(udp))).toEqual(['Ethernet', 'IPv4', 'UDP', 'PTP']);
});

test('what stands behind the end that the headers say is no part of the frame', () => {
  const layers = decode(`${frames.arp} ${'00'.repeat(18)}`);
  expect(layers.at(-1)).toMatchObject({ name: 'Behind the end', at: 42, bytes: 18 });
});

test('a header that is cut off says where', () => {
  const cut = bytes(frames.ping).subarray(0, 30);
  expect(decodeFrame({ bytes: cut, whole: 30 }).at(-1)?.fault).toBe('cut off at Destination: it ends at byte 30 and would need 34');
  expect(decodeFrame({ bytes: cut, whole: 98 }).at(-1)?.fault).toBe(
    "cut off at Destination: of the frame's 98 bytes the first 30 are here",
  );
  expect(decode('5254').at(-1)?.fault).toContain('cut off at Destination');
  expect(decode('').at(-1)?.fault).toContain('cut off');
});

test('lengths that contradict the frame are told, and so is a wrong checksum', () => {
  expect(decode(frames.ping.replace('0054', '0154'))[1]?.fault).toBe('its header checksum is wrong');
  expect(decode(frames.ping.replace('4500 0054', '4400 0054'))[1]?.fault).toBe('says that its header has 16 bytes, and 20 is the least');
  expect(decode(frames.ping.replace('4500 0054', '6500 0054'))[1]?.fault).toBe('says version 6');
  expect(decode(frames.udp6.replace('0010 1234', '0007 1234'))[2]?.fault).toBe('says that it has 7 bytes, and its header has 8');
  expect(decode(frames.udp6.replace('0010 11', '0099 11'))[1]?.fault).toBe('says that 153 bytes follow, and 16 do');
  expect(decode(frames.syn.replace('0204 05b4', '02ff 05b4'))[2]?.fault).toContain('option 2 says that it has 255 bytes');
});

/** Every layer and field lies within the bytes that are there, and layers follow each other. */
function isSound(layers: readonly FrameLayer[], length: number, whole: number): boolean {
  return layers.every(
    ({ at, bytes: size, fields, name }) =>
      at >= 0 &&
      at + size <= (name === 'Data' ? Math.max(whole, length) : Math.max(length, at)) &&
      fields.every((one) => one.at >= at && one.at + one.bytes <= length),
  );
}

test('whatever the bytes are, they are read or told to be wrong, and every field lies in the frame', () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 300 }), fc.nat({ max: 20_000 }), (frame, whole) =>
      isSound(decodeFrame({ bytes: frame, whole }), frame.length, whole),
    ),
  );
});

test('a real frame with any byte changed, cut anywhere, is read or told to be wrong', () => {
  const change = fc.record({ at: fc.nat({ max: 120 }), value: fc.nat({ max: 255 }) });
  fc.assert(
    fc.property(
      fc.constantFrom(...Object.values(frames)),
      fc.array(change, { maxLength: 4 }),
      fc.nat({ max: 130 }),
      fc.nat({ max: 3000 }),
      (text, changes, kept, whole) => {
        const frame = bytes(text);
        for (const { at, value } of changes) if (at < frame.length) frame[at] = value;
        const cut = frame.subarray(0, kept);
        return isSound(decodeFrame({ bytes: cut, whole }), cut.length, whole);
      },
    ),
    { numRuns: 500 },
  );
});

test('a dump has an offset, sixteen bytes and their characters a line', () => {
  expect(hexdumpText(bytes('48656c6c6f2c20776f726c6421 000a7f ff'))).toBe(
    '0000  48 65 6c 6c 6f 2c 20 77  6f 72 6c 64 21 00 0a 7f  Hello, world!...\n0010  ff                                                .\n',
  );
});
