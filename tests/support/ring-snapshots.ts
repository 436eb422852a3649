// Ring snapshots as the window reads them, from the payloads of an agent, with what a test cares about changed.
import { type RingSnapshot, readRingSnapshot } from '#common/layouts/snapshot.ts';
import { ringPayload } from './wire-payloads.ts';

/** A receive descriptor of 60 bytes that the card has written back, as four words. */
export const writtenBack = [0, 0, 0x3, 60] as const;

/** A ring of `count` descriptors, of which words are given by slot. All but the last are posted. */
export function ringSnapshot(
  change: Partial<Omit<RingSnapshot, 'descriptors'>> = {},
  words: Readonly<Record<number, readonly number[]>> = {},
): RingSnapshot {
  const { kind = 'rx', index = 0, descriptorCount: count = 4 } = change;
  const read = readRingSnapshot(ringPayload(kind, index, 1));
  if (!read.ok) throw new Error(read.error);
  const descriptors = new Uint8Array(count * 16);
  const view = new DataView(descriptors.buffer);
  for (const [slot, values] of Object.entries(words)) {
    for (const [word, value] of values.entries()) view.setUint32(Number(slot) * 16 + word * 4, value, true);
  }
  const positions = { head: 1, tail: count - 1, nextToUse: count - 1, nextToClean: 0 };
  return { ...read.value, descriptorCount: count, before: positions, after: positions, ...change, descriptors };
}
