import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { RingSnapshot } from '#common/layouts/snapshot.ts';
import { rigbRings } from '#common/rings/rigb.ts';
import { descriptorBits, descriptorHex, isWithin, occupancy } from '#common/rings/ring-backend.ts';

const size = 8;

function ring(kind: 'rx' | 'tx', positions: Partial<RingSnapshot['after']>, words: Record<number, number[]> = {}): RingSnapshot {
  const after = { head: 0, tail: 0, nextToUse: 0, nextToClean: 0, ...positions };
  const descriptors = new Uint8Array(size * 16);
  const view = new DataView(descriptors.buffer);
  for (const [index, values] of Object.entries(words)) {
    for (const [word, value] of values.entries()) view.setUint32(Number(index) * 16 + word * 4, value, true);
  }
  const times = { device: '0000:01:00.0', timeBeforeNs: 0n, timeAfterNs: 0n, generation: 1n, dmaAddress: 0n };
  return {
    ...times,
    kind,
    index: 0,
    isRunning: true,
    isFromCard: true,
    descriptorCount: size,
    descriptorBytes: 16,
    before: after,
    after,
    descriptors,
  };
}

const states = (snapshot: RingSnapshot) => Array.from({ length: size }, (_, index) => rigbRings.state(snapshot, index));
const field = (snapshot: RingSnapshot, index: number, name: string) =>
  rigbRings.decode(snapshot, index).fields.find((entry) => entry.name === name);

test('a receive ring: the card owns what is posted and not written back, wherever the ring wraps', () => {
  const writtenBack = [0, 0, 0x3, 60];
  const failed = [0, 0, 0x8000_0003, 60];
  const snapshot = ring('rx', { nextToClean: 6, nextToUse: 4 }, { 6: writtenBack, 7: failed, 4: writtenBack });
  expect(states(snapshot)).toEqual(['hardware', 'hardware', 'hardware', 'hardware', 'free', 'free', 'done', 'error']);
});

test('a transmit ring: done is behind the head or marked so by the card', () => {
  const data = [0, 0, 0x2b30_005a, 0];
  const reported = [0, 0, 0x2b30_005a, 0x0016_8001];
  const snapshot = ring('tx', { nextToClean: 1, head: 2, nextToUse: 5 }, { 1: data, 2: reported, 3: data, 4: data });
  expect(states(snapshot)).toEqual(['free', 'done', 'done', 'hardware', 'hardware', 'free', 'free', 'free']);
});

test('a transmit data descriptor seen on a live card reads as 90 bytes, reported and done', () => {
  const snapshot = ring('tx', { nextToUse: 1 }, { 0: [0x1000, 0, 0x2b30_005a, 0x0016_8001] });
  expect(rigbRings.decode(snapshot, 0).format).toBe('TX data');
  expect(field(snapshot, 0, 'DTALEN')).toMatchObject({ value: 90n, meaning: '90 bytes' });
  expect(field(snapshot, 0, 'PAYLEN')).toMatchObject({ value: 90n });
  for (const name of ['EOP', 'IFCS', 'RS', 'DEXT', 'DD']) expect(field(snapshot, 0, name)?.value, name).toBe(1n);
});

test('a write-back names hash type, packet type, length and VLAN', () => {
  const snapshot = ring('rx', { nextToUse: 1 }, { 0: [(0b10_0001 << 4) | 7, 0xdead_beef, 0xb, (0x2005 << 16) | 342] });
  expect(field(snapshot, 0, 'RSS_TYPE')?.meaning).toBe('UDP over IPv4');
  expect(field(snapshot, 0, 'PACKET_TYPE')?.meaning).toBe('IPv4, UDP');
  expect(field(snapshot, 0, 'PKT_LEN')?.meaning).toBe('342 bytes');
  expect(field(snapshot, 0, 'VLAN')?.meaning).toBe('VLAN 5, priority 1');
});

test('a posted receive descriptor is read in the read format', () => {
  const snapshot = ring('rx', { nextToUse: 1 }, { 0: [0x0123_4000, 0x1, 0, 0] });
  expect(rigbRings.decode(snapshot, 0).format).toBe('RX read');
  expect(field(snapshot, 0, 'PKT_ADDR')?.value).toBe(0x1_0123_4000n);
});

test('raw bytes are shown in memory order', () => {
  expect(descriptorHex(ring('rx', {}, { 0: [0x0403_0201, 0, 0, 0xff00_0000] }), 0)).toBe('010203040000000000000000000000ff');
});

test('a window that goes around the end of the ring contains both of its parts', () => {
  expect([6, 7, 0, 1, 2, 5].map((index) => isWithin(index, 6, 2, 8))).toEqual([true, true, true, true, false, false]);
  expect(occupancy({ head: 0, tail: 0, nextToUse: 2, nextToClean: 6 }, 8)).toBe(4);
  expect(occupancy({ head: 0, tail: 0, nextToUse: 0, nextToClean: 0 }, 0)).toBe(0);
});

test('whatever the card writes, the owner by bytes is the one that the fields say', () => {
  const anything = fc.record({
    kind: fc.constantFrom('rx' as const, 'tx' as const),
    words: fc.array(fc.array(fc.nat(0xffff_ffff), { minLength: 4, maxLength: 4 }), { minLength: size, maxLength: size }),
    head: fc.nat(size - 1),
  });
  fc.assert(
    fc.property(anything, ({ kind, words, head }) => {
      const snapshot = ring(kind, { nextToClean: 1, nextToUse: 0, head }, words);
      for (let index = 1; index < size; index += 1) {
        const bits = descriptorBits(snapshot, index);
        const at = (low: number, width = 1) => Number((bits >> BigInt(low)) & ((1n << BigInt(width)) - 1n));
        const received = at(64) === 1 && at(96, 16) !== 0 ? (at(95) === 1 ? 'error' : 'done') : 'hardware';
        const isSent = !isWithin(index, head, 0, size) || (at(84, 4) !== 2 && at(96) === 1);
        expect(rigbRings.state(snapshot, index)).toBe(kind === 'rx' ? received : isSent ? 'done' : 'hardware');
      }
    }),
  );
});
