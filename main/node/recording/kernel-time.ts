// When the kernel says that something was, as nanoseconds since 1970.
import { type Stream, streams } from '#common/frame.ts';

const afterAt = 16 + 24;
const traceToAt = 40;
const recordTimeAt = 16;
const recordHeaderBytes = 32;
const batchHeaderBytes = 16;

/** Nanoseconds since boot of a payload: a sample's time, the end of a snapshot's copy, the newest record of a log batch, the end of a trace batch; null where it has none. */
function sinceBootNs(stream: Stream, payload: Uint8Array): bigint | null {
  const view = new DataView(payload.buffer, payload.byteOffset, payload.byteLength);
  if (stream === streams.sample) return payload.length >= 8 ? view.getBigUint64(0, true) : null;
  if (stream === streams.ring || stream === streams.registers || stream === streams.vectors)
    return payload.length >= afterAt + 8 ? view.getBigUint64(afterAt, true) : null;
  if (stream === streams.trace) return payload.length >= traceToAt + 8 ? view.getBigUint64(traceToAt, true) : null;
  if (stream !== streams.log) return null;
  let newestUs: bigint | null = null;
  for (let at = batchHeaderBytes; at + recordHeaderBytes <= payload.length; ) {
    newestUs = view.getBigUint64(at + recordTimeAt, true);
    const length = view.getUint32(at, true);
    if (length < recordHeaderBytes) break;
    at += length;
  }
  return newestUs === null ? null : newestUs * 1000n;
}

/** The kernel's time of a payload; `arrivedNs` where it has none, or nobody has told yet when the kernel booted. */
export function kernelTimeNs(stream: Stream, payload: Uint8Array, bootTimeUnixNs: bigint | null, arrivedNs: bigint): bigint {
  const sinceBoot = bootTimeUnixNs === null ? null : sinceBootNs(stream, payload);
  if (sinceBoot === null || bootTimeUnixNs === null) return arrivedNs;
  const time = bootTimeUnixNs + sinceBoot;
  // A guest without a clock has booted in 1970 or before; MCAP's times have no sign.
  return time >= 0n ? time : arrivedNs;
}
