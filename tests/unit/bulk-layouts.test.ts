import fc from 'fast-check';
import { expect, test } from 'vitest';
import { readBufferSnapshot } from '#common/layouts/buffer.ts';
import { readLogBatch } from '#common/layouts/log-batch.ts';
import { readSample } from '#common/layouts/sample.ts';
import { readRegistersSnapshot, readRingSnapshot, readVectorsSnapshot } from '#common/layouts/snapshot.ts';
import { readTraceBatch } from '#common/layouts/trace-batch.ts';

const descriptorCount = 8;

function ring({ announced = descriptorCount } = {}): Uint8Array {
  const bytes = new Uint8Array(16 + 96 + 16 * descriptorCount);
  bytes.set(new TextEncoder().encode('0000:01:00.0'));
  const view = new DataView(bytes.buffer, 16);
  view.setUint32(0, 0x42474952, true);
  view.setUint16(4, 1, true);
  view.setUint16(6, 96, true);
  view.setUint32(8, bytes.length - 16, true);
  view.setUint32(12, 1, true);
  view.setBigUint64(16, 10n, true);
  view.setBigUint64(24, 20n, true);
  view.setUint8(32, 1);
  view.setUint8(33, 3);
  view.setUint32(36, announced, true);
  view.setUint32(40, 16, true);
  view.setBigUint64(48, 0xffff_d000n, true);
  for (const [index, value] of [1, 2, 3, 4, 5, 6, 7, 0].entries()) view.setUint32(56 + 4 * index, value, true);
  bytes.fill(0xab, 16 + 96);
  return bytes;
}

test('a ring snapshot keeps the descriptors as the bytes that the card wrote', () => {
  const snapshot = readRingSnapshot(ring());
  expect(snapshot).toMatchObject({
    ok: true,
    value: {
      device: '0000:01:00.0',
      kind: 'tx',
      isRunning: true,
      isFromCard: true,
      dmaAddress: 0xffff_d000n,
      before: { head: 1, tail: 2, nextToUse: 3, nextToClean: 4 },
      after: { head: 5, tail: 6, nextToUse: 7, nextToClean: 0 },
    },
  });
  expect(snapshot.ok && [snapshot.value.descriptors.length, snapshot.value.descriptors[0]]).toEqual([128, 0xab]);
});

test('a ring that announces more descriptors than it brings is a bad record', () => {
  expect(readRingSnapshot(ring({ announced: 9 }))).toEqual({ ok: false, error: 'its descriptors do not fill it' });
});

test('a snapshot of another kind is not taken for a ring', () => {
  expect(readRegistersSnapshot(ring())).toMatchObject({ ok: false });
});

test('whatever the bytes, reading gives a value or a reason and never throws', () => {
  for (const read of [
    readLogBatch,
    readSample,
    readRingSnapshot,
    readRegistersSnapshot,
    readVectorsSnapshot,
    readTraceBatch,
    readBufferSnapshot,
  ]) {
    fc.assert(fc.property(fc.uint8Array({ maxLength: 400 }), (bytes) => typeof read(bytes).ok === 'boolean'));
  }
});

test('a ring cut short or with any byte of its header changed is read or refused, never a crash', () => {
  fc.assert(
    fc.property(fc.nat({ max: 111 }), fc.nat({ max: 255 }), fc.nat({ max: 240 }), (at, value, kept) => {
      const bytes = ring();
      bytes[at] = value;
      return typeof readRingSnapshot(bytes.subarray(0, kept)).ok === 'boolean';
    }),
  );
});

test('a log record longer than its batch is a bad record', () => {
  const bytes = new Uint8Array(48);
  const view = new DataView(bytes.buffer);
  view.setUint32(0, 1, true);
  view.setUint32(16, 64, true);
  expect(readLogBatch(bytes)).toEqual({ ok: false, error: 'record 0 runs past the end of the batch' });
});
