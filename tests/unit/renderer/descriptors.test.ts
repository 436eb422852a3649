// The pure parts of Descriptors: which are shown, which bits are a field's, what changed, what a file says.
import { expect, test } from 'vitest';
import { rigbRings } from '#common/rings/rigb.ts';
import { descriptorHex } from '#common/rings/ring-backend.ts';
import { csvName, decodedText, ringCsv } from '../../../renderer/panels/descriptors/descriptor-text.ts';
import { bitsInDigit, fieldsOfDigit, placeOfField } from '../../../renderer/panels/descriptors/field-bits.ts';
import { heatColumns, strengthOf } from '../../../renderer/panels/descriptors/heat.ts';
import { interruptOf } from '../../../renderer/panels/descriptors/show-vector.ts';
import { markedBytes, rowOf, slotsOf } from '../../../renderer/panels/descriptors/slots.ts';
import { follow } from '../../../renderer/state/ring-tracker.ts';
import { observation } from '../../support/observation.ts';
import { ringSnapshot, writtenBack } from '../../support/ring-snapshots.ts';

test('a filter keeps the slots of one owner, in their order', () => {
  const ring = ringSnapshot({ descriptorCount: 8 }, { 2: writtenBack, 5: writtenBack });
  expect([...(slotsOf(ring, 'done') ?? [])]).toEqual([2, 5]);
  expect([...(slotsOf(ring, 'free') ?? [])]).toEqual([7]);
  expect([...(slotsOf(ring, 'error') ?? [])]).toEqual([]);
  expect(slotsOf(ring, 'all')).toBeNull();
});

test('a slot that the filter hides is found where the next shown one stands', () => {
  const slots = Uint16Array.from([2, 5, 9]);
  expect([0, 2, 3, 5, 9, 100].map((slot) => rowOf(slots, slot))).toEqual([0, 0, 1, 1, 2, 2]);
  expect(rowOf(null, 7)).toBe(7);
  expect(rowOf(new Uint16Array(0), 7)).toBe(0);
});

test('changed bytes are marked for three snapshots', () => {
  const still = ringSnapshot({}, { 1: writtenBack });
  let ring = follow(follow(undefined, ringSnapshot()), still);
  const marks: number[] = [];
  for (let turn = 0; turn < 4; turn += 1) {
    marks.push(markedBytes(ring, 1));
    ring = follow(ring, still);
  }
  // The status byte and the length's low byte.
  const both = (1 << 8) | (1 << 12);
  expect(marks).toEqual([both, both, both, 0]);
  expect(markedBytes(ring, 0)).toBe(0);
});

test('a field’s bits are found in the hex digits of memory order', () => {
  const ring = ringSnapshot({}, { 0: [0, 0, 0x8000_0001, 0x0000_abcd] });
  const { fields } = rigbRings.decode(ring, 0);
  const named = (name: string) => {
    const field = fields.find((one) => one.name === name);
    if (!field) throw new Error(`no ${name}`);
    return field;
  };
  const digits = (name: string) => [...Array(32).keys()].filter((digit) => bitsInDigit(named(name), digit) !== 0);
  expect(descriptorHex(ring, 0).slice(24, 28)).toBe('cdab');
  expect(digits('PKT_LEN')).toEqual([24, 25, 26, 27]);
  expect(digits('DD')).toEqual([17]);
  expect(bitsInDigit(named('DD'), 17)).toBe(0b0001);
  expect(digits('RXE')).toEqual([22]);
  expect(bitsInDigit(named('RXE'), 22)).toBe(0b1000);
  expect(fieldsOfDigit(fields, 17)).toEqual(['DD', 'EOP', 'IXSM', 'VP']);
});

test('every digit of every field leads back to it', () => {
  const ring = ringSnapshot({}, { 0: writtenBack });
  const { fields } = rigbRings.decode(ring, 0);
  for (const field of fields) {
    const digits = [...Array(32).keys()].filter((digit) => bitsInDigit(field, digit) !== 0);
    expect(digits.length, field.name).toBeGreaterThan(0);
    for (const digit of digits) expect(fieldsOfDigit(fields, digit)).toContain(field.name);
  }
});

test('a field’s place is told as the datasheet writes it, and in memory', () => {
  expect(placeOfField({ bit: 96, width: 16 })).toBe('bits 111:96, bytes 12 to 13');
  expect(placeOfField({ bit: 64, width: 1 })).toBe('bit 64, byte 8');
});

test('a column of the map shows its youngest change, and nothing where nothing changed', () => {
  const changed = new Float64Array(8);
  changed[2] = 100;
  changed[3] = 90;
  const columns = new Float32Array(4);
  heatColumns(changed, 100, columns);
  expect([...columns]).toEqual([0, 1, 0, 0]);
  heatColumns(changed, 130, columns);
  expect(columns[1]).toBeCloseTo(0.12);
});

test('a map that is wider than the ring repeats no slot wrongly', () => {
  const columns = new Float32Array(8);
  heatColumns(Float64Array.from([0, 5, 0, 0]), 5, columns);
  expect([...columns]).toEqual([0, 0, 1, 1, 0, 0, 0, 0]);
});

test('older changes are fainter', () => {
  const strengths = [0, 0.1, 1, 10, 30, 999].map(strengthOf);
  expect(strengths).toEqual([...strengths].sort((a, b) => b - a));
  expect([strengths[0], strengths.at(-1)]).toEqual([1, expect.closeTo(0.12)]);
});

test('a file of descriptors has a header, the snapshot’s time, raw bytes and fields', () => {
  const ring = ringSnapshot({ timeAfterNs: 12_345_678_901n }, { 1: writtenBack });
  const [header, ...lines] = ringCsv(ring, Uint16Array.from([1]))
    .trimEnd()
    .split('\r\n');
  expect(header).toBe('device,ring,snapshot_seconds_since_boot,slot,state,raw,format,fields');
  expect(lines).toHaveLength(1);
  expect(lines[0]).toMatch(/^0000:01:00\.0,rx0,12\.345678901,1,done,[0-9a-f]{32},RX write-back,/);
  expect(lines[0]).toContain('PKT_LEN = 0x3c 60 bytes');
  expect(ringCsv(ring, null).trimEnd().split('\r\n')).toHaveLength(5);
  expect(csvName(ring)).toBe('descriptors-0000-01-00-0-rx0-12.346s.csv');
});

test('a cell with a comma is quoted', () => {
  const ring = ringSnapshot({}, { 0: [(0b10_0001 << 4) | 7, 0, 0x3, 60] });
  expect(ringCsv(ring, Uint16Array.from([0]))).toContain('"RSS_TYPE = 0x7 UDP over IPv4; PACKET_TYPE = 0x21 IPv4, UDP;');
});

test('decoded text has a line a field', () => {
  expect(decodedText(ringSnapshot({}, { 0: writtenBack }), 0, 'hex')).toContain('DD = 0x1 the card is done with this descriptor\n');
});

test('a queue’s interrupt is the driver’s word, else the kernel’s, else unknown', () => {
  const own = {
    device: '0000:01:00.0',
    timeBeforeNs: 0n,
    timeAfterNs: 0n,
    vectors: [{ irq: 31, vector: 1, roles: ['rx'] as const, queue: 0, handled: 0n, spurious: 0n, polls: 0n, lastNs: 0n, exhausted: null }],
  };
  expect(interruptOf({ kind: 'rx', index: 0 }, own, observation())).toBe(31);
  expect(interruptOf({ kind: 'tx', index: 0 }, own, observation())).toBe(27);
  expect(interruptOf({ kind: 'tx', index: 5 }, own, observation())).toBeNull();
});
