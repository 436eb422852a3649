// Eight queue pairs of 4096 descriptors that all move, as frames of an agent: for looking at the window, and for measuring it.
import type { Device, EventOf } from '#common/protocol.ts';
import { observation } from './observation.ts';
import { device, deviceAddress } from './wire-payloads.ts';

/** Queue pairs of the load. */
export const loadPairs = 8;

/** The device with all its rings. */
export const loadedDevice: Device = {
  ...device,
  rings: (['rx', 'tx'] as const).flatMap((kind) => Array.from({ length: loadPairs }, (_, index) => ({ kind, index }))),
};

const headerBytes = 16 + 96;

/** A ring's payload at a turn: the card has written back what lies before its head, and a tenth of the ring waits for the driver. */
export function movingRing(kind: 'rx' | 'tx', index: number, turn: number, count: number): Uint8Array {
  const payload = new Uint8Array(headerBytes + count * 16);
  payload.set(Buffer.from(deviceAddress));
  const view = new DataView(payload.buffer);
  const at = (byte: number) => 16 + byte;
  view.setUint32(at(0), 0x42474952, true);
  view.setUint16(at(4), 1, true);
  view.setUint16(at(6), 96, true);
  view.setUint32(at(8), payload.length - 16, true);
  view.setUint32(at(12), 1, true);
  const timeNs = BigInt(1_000_000_000 + turn * 50_000_000);
  view.setBigUint64(at(16), timeNs, true);
  view.setBigUint64(at(24), timeNs + 2000n, true);
  view.setUint8(at(32), kind === 'rx' ? 0 : 1);
  view.setUint8(at(33), 3);
  view.setUint16(at(34), index, true);
  view.setUint32(at(36), count, true);
  view.setUint32(at(40), 16, true);
  view.setBigUint64(at(48), 0x1_2340_0000n, true);
  const speed = 37 + 11 * index;
  const head = (turn * speed) % count;
  const waiting = Math.floor((count / 10) * (1 + Math.sin(turn / 9 + index)));
  const clean = (head - waiting + count) % count;
  // Receive rings are nearly full of buffers, transmit rings nearly empty.
  const use = kind === 'rx' ? (clean - 1 + count) % count : (head + 5 * (index + 1)) % count;
  for (const base of [56, 72])
    for (const [word, value] of [head, use, use, clean].entries()) view.setUint32(at(base + word * 4), value, true);
  view.setBigUint64(at(88), 1n, true);
  for (let slot = 0; slot < count; slot += 1) {
    const place = headerBytes + slot * 16;
    const isWaiting = (slot - clean + count) % count < waiting;
    if (kind === 'tx') {
      view.setUint32(place, 0x1000_0000 + slot * 2048, true);
      view.setUint32(place + 8, 0x2b30_0000 + 60 + ((slot + turn) % 1400), true);
      view.setUint32(place + 12, isWaiting ? 0x0016_8001 : 0x0016_8000, true);
    } else if (isWaiting) {
      view.setUint32(place, (0b10_0001 << 4) | 7, true);
      view.setUint32(place + 4, Math.imul(slot + turn, 0x9e37_79b1), true);
      view.setUint32(place + 8, slot % 97 === 0 ? 0x8000_0003 : 0x3, true);
      view.setUint32(place + 12, 60 + ((slot + turn) % 1400), true);
    } else view.setUint32(place, 0x2000_0000 + slot * 2048, true);
  }
  return payload;
}

/** What vectors have counted by a turn, eight for the queues and one for the link. */
export function movingVectors(turn: number): Uint8Array {
  const count = loadPairs + 1;
  const payload = new Uint8Array(16 + 40 + 40 * count);
  payload.set(Buffer.from(deviceAddress));
  const view = new DataView(payload.buffer, 16);
  view.setUint32(0, 0x42474952, true);
  view.setUint16(4, 1, true);
  view.setUint16(6, 40, true);
  view.setUint32(8, payload.length - 16, true);
  view.setUint32(12, 3, true);
  const timeNs = BigInt(1_000_000_000 + turn * 50_000_000);
  view.setBigUint64(16, timeNs, true);
  view.setBigUint64(24, timeNs, true);
  view.setUint32(32, count, true);
  for (let index = 0; index < count; index += 1) {
    const at = 40 + 40 * index;
    view.setUint32(at, 27 + index, true);
    view.setUint16(at + 4, index, true);
    view.setUint8(at + 6, index < loadPairs ? 3 : 4);
    view.setUint8(at + 7, index < loadPairs ? index : 255);
    for (const [field, each] of [30 + index, index % 3, 40 + index, 0].entries())
      view.setBigUint64(at + 8 + 8 * field, BigInt(each * turn), true);
  }
  return payload;
}

/** What kernel and driver tell of the queues at a turn; queue 0 gets half of all frames, as the table has it. */
export function movingObservation(turn: number): EventOf<'observation'> {
  const frames = (index: number) => turn * (index === 0 ? 1400 : 200);
  const indices = [...Array(loadPairs).keys()];
  return observation({
    timeNs: String(1_000_000_000 + turn * 50_000_000),
    queues: { items: (['rx', 'tx'] as const).flatMap((kind) => indices.map((id) => ({ kind, id, napiId: 8193 + id }))), reason: null },
    napis: { items: indices.map((id) => ({ id: 8193 + id, irq: 27 + id, threaded: false })), reason: null },
    queueStatistics: {
      items: indices.flatMap((id) => [
        {
          kind: 'rx' as const,
          id,
          values: { 'rx-packets': frames(id), 'rx-bytes': frames(id) * 512, 'rx-hw-drops': id * 3, 'rx-alloc-fail': 0 },
        },
        { kind: 'tx' as const, id, values: { 'tx-packets': turn * 100, 'tx-bytes': turn * 6000, 'tx-hw-drops': 0 } },
      ]),
      reason: null,
    },
    rss: {
      values: {
        indirection: Array.from({ length: 128 }, (_, place) => (place < 64 ? 0 : (place % 7) + 1)),
        key: '6d5a'.repeat(20),
        hashFunction: 'toeplitz',
      },
      reason: null,
    },
    byteQueueLimits: { items: indices.map((id) => ({ id, limit: 3028 + id * 1514, inflight: (turn * 60) % 3028 })), reason: null },
  });
}
