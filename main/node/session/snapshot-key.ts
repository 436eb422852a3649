// Which thing a snapshot frame shows, in the words of the `watch` verb.
import { type Frame, streams } from '#common/frame.ts';
import { readBufferSnapshot } from '#common/layouts/buffer.ts';
import { readRegistersSnapshot, readRingSnapshot, readVectorsSnapshot } from '#common/layouts/snapshot.ts';
import { bufferName } from '#common/protocol/buffers.ts';
import { ok, type Result } from '#common/result.ts';
import type { Watched } from './watches.ts';

/** The stream on which a thing's snapshots come. */
export function streamOf(what: string): typeof streams.ring | typeof streams.registers | typeof streams.vectors | typeof streams.buffer {
  if (what === 'registers') return streams.registers;
  if (what.startsWith('buffer:')) return streams.buffer;
  return what === 'vectors' ? streams.vectors : streams.ring;
}

/** Reads whose snapshot a frame of streams 3 to 5 is; the error says why it contradicts itself. */
export function watchedIn({ stream, payload }: Frame): Result<Watched, string> {
  if (stream === streams.ring) {
    const ring = readRingSnapshot(payload);
    return ring.ok ? ok({ device: ring.value.device, what: `ring:${ring.value.kind}:${ring.value.index}` }) : ring;
  }
  if (stream === streams.buffer) {
    const buffer = readBufferSnapshot(payload);
    if (!buffer.ok) return buffer;
    const { device, kind, queue, index } = buffer.value;
    return ok({ device, what: bufferName(kind, queue, index) });
  }
  const what = stream === streams.registers ? 'registers' : 'vectors';
  const snapshot = stream === streams.registers ? readRegistersSnapshot(payload) : readVectorsSnapshot(payload);
  return snapshot.ok ? ok({ device: snapshot.value.device, what }) : snapshot;
}
