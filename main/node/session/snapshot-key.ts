// Which thing a snapshot frame shows, in the words of the `watch` verb.
import { type Frame, streams } from '#common/frame.ts';
import { readRegistersSnapshot, readRingSnapshot, readVectorsSnapshot } from '#common/layouts/snapshot.ts';
import { ok, type Result } from '#common/result.ts';
import type { Watched } from './watches.ts';

/** The stream on which a thing's snapshots come. */
export function streamOf(what: string): typeof streams.ring | typeof streams.registers | typeof streams.vectors {
  if (what === 'registers') return streams.registers;
  return what === 'vectors' ? streams.vectors : streams.ring;
}

/** Reads whose snapshot a frame of streams 3 to 5 is; the error says why it contradicts itself. */
export function watchedIn({ stream, payload }: Frame): Result<Watched, string> {
  if (stream === streams.ring) {
    const ring = readRingSnapshot(payload);
    return ring.ok ? ok({ device: ring.value.device, what: `ring:${ring.value.kind}:${ring.value.index}` }) : ring;
  }
  const what = stream === streams.registers ? 'registers' : 'vectors';
  const snapshot = stream === streams.registers ? readRegistersSnapshot(payload) : readVectorsSnapshot(payload);
  return snapshot.ok ? ok({ device: snapshot.value.device, what }) : snapshot;
}
