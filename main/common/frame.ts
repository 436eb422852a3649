// The frame: `u32 length | u8 kind | u8 flags | u16 stream | u32 sequence | payload`, little-endian; see driver/wire/README.md.

/** Bytes before the payload. */
export const headerBytes = 12;

/** The longest payload a frame may carry. */
export const maximumPayloadBytes = 1_048_576;

/** What a payload is. */
export const kinds = { control: 0, bulk: 1 } as const;

/** The streams by name. Control runs on stream 0, everything else is bulk. */
export const streams = {
  control: 0,
  log: 1,
  sample: 2,
  ring: 3,
  registers: 4,
  vectors: 5,
  console: 6,
  terminal: 7,
  trace: 8,
  buffer: 9,
} as const;

/** The number of a stream. */
export type Stream = (typeof streams)[keyof typeof streams];

/** One frame. `payload` is a view into the received bytes and is never written to. */
export interface Frame {
  readonly stream: Stream;
  readonly sequence: number;
  readonly payload: Uint8Array;
}

/** Faults after which the framing is lost: the connection ends. */
export type FatalFrameError = 'truncated' | 'oversized' | 'unknown-kind' | 'unknown-flags' | 'unknown-stream' | 'kind-mismatch';

/** What a decoder hands out: frames, gaps in a stream's sequence (the frame follows), and one fatal error at the most, after which nothing comes. */
export type FrameEvent =
  | { readonly type: 'frame'; readonly frame: Frame }
  | { readonly type: 'sequence-gap'; readonly stream: Stream; readonly expected: number; readonly actual: number }
  | { readonly type: 'error'; readonly error: FatalFrameError };

const knownStreams = new Set<number>(Object.values(streams));

function isStream(value: number): value is Stream {
  return knownStreams.has(value);
}

/** Encodes a frame. Throws a RangeError for a payload that is too long, which is a bug of the caller. */
export function encodeFrame({ stream, sequence, payload }: Frame): Uint8Array {
  if (payload.length > maximumPayloadBytes) throw new RangeError(`A payload of ${payload.length} bytes is longer than a frame may carry.`);
  const bytes = new Uint8Array(headerBytes + payload.length);
  const view = new DataView(bytes.buffer);
  view.setUint32(0, payload.length, true);
  view.setUint8(4, stream === streams.control ? kinds.control : kinds.bulk);
  view.setUint16(6, stream, true);
  view.setUint32(8, sequence >>> 0, true);
  bytes.set(payload, headerBytes);
  return bytes;
}

function headerFault(view: DataView): FatalFrameError | null {
  const kind = view.getUint8(4);
  const stream = view.getUint16(6, true);
  if (view.getUint32(0, true) > maximumPayloadBytes) return 'oversized';
  if (kind !== kinds.control && kind !== kinds.bulk) return 'unknown-kind';
  if (view.getUint8(5) !== 0) return 'unknown-flags';
  if (!isStream(stream)) return 'unknown-stream';
  if ((kind === kinds.control) !== (stream === streams.control)) return 'kind-mismatch';
  return null;
}

/** Cuts a byte pipe into frames, however the bytes are split or merged on the way. Never throws, whatever the bytes are. */
export class FrameDecoder {
  #rest: Uint8Array = new Uint8Array(0);
  #failed = false;
  readonly #expected = new Map<Stream, number>();

  /** Takes the next bytes of the pipe and returns what became complete. Payloads stay valid after the call. */
  push(chunk: Uint8Array): FrameEvent[] {
    if (this.#failed) return [];
    let bytes = chunk;
    if (this.#rest.length > 0) {
      bytes = new Uint8Array(this.#rest.length + chunk.length);
      bytes.set(this.#rest);
      bytes.set(chunk, this.#rest.length);
    }
    const events: FrameEvent[] = [];
    let at = 0;
    while (bytes.length - at >= headerBytes) {
      const view = new DataView(bytes.buffer, bytes.byteOffset + at, headerBytes);
      const fault = headerFault(view);
      if (fault) {
        this.#failed = true;
        events.push({ type: 'error', error: fault });
        return events;
      }
      const end = at + headerBytes + view.getUint32(0, true);
      if (end > bytes.length) break;
      this.#deliver(events, view.getUint16(6, true) as Stream, view.getUint32(8, true), bytes.subarray(at + headerBytes, end));
      at = end;
    }
    this.#rest = bytes.slice(at);
    return events;
  }

  /** The pipe has ended: `truncated` if it did so inside a frame. */
  end(): FrameEvent[] {
    if (this.#failed || this.#rest.length === 0) return [];
    this.#failed = true;
    return [{ type: 'error', error: 'truncated' }];
  }

  /** Forgets the sequences: the peer starts them anew, as it does after `hello`. */
  restartSequences(): void {
    this.#expected.clear();
  }

  #deliver(events: FrameEvent[], stream: Stream, sequence: number, payload: Uint8Array): void {
    const expected = this.#expected.get(stream) ?? 0;
    if (sequence !== expected) events.push({ type: 'sequence-gap', stream, expected, actual: sequence });
    this.#expected.set(stream, (sequence + 1) >>> 0);
    events.push({ type: 'frame', frame: { stream, sequence, payload } });
  }
}
