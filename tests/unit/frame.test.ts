import fc from 'fast-check';
import { expect, test } from 'vitest';
import { encodeFrame, type Frame, FrameDecoder, type FrameEvent, maximumPayloadBytes, type Stream, streams } from '#common/frame.ts';

const numbers = Object.values(streams);
const payloads = fc.array(fc.record({ stream: fc.constantFrom(...numbers), payload: fc.uint8Array({ maxLength: 300 }) }), {
  maxLength: 12,
});

function numbered(parts: { stream: Stream; payload: Uint8Array }[]): Frame[] {
  const next = new Map<Stream, number>();
  return parts.map(({ stream, payload }) => {
    const sequence = next.get(stream) ?? 0;
    next.set(stream, sequence + 1);
    return { stream, sequence, payload };
  });
}

const joined = (frames: Frame[]) => Buffer.concat(frames.map(encodeFrame));
const framesOf = (events: FrameEvent[]) => events.flatMap((event) => (event.type === 'frame' ? [event.frame] : []));
const plain = ({ stream, sequence, payload }: Frame) => ({ stream, sequence, payload: [...payload] });

test('frames come out whole and in order, however the bytes are split or merged', () => {
  fc.assert(
    fc.property(payloads, fc.array(fc.nat({ max: 4000 })), (parts, cuts) => {
      const frames = numbered(parts);
      const bytes = joined(frames);
      const decoder = new FrameDecoder();
      const edges = [0, ...cuts.map((cut) => cut % (bytes.length + 1)).sort((a, b) => a - b), bytes.length];
      const events = edges.slice(1).flatMap((edge, index) => decoder.push(bytes.subarray(edges[index] ?? 0, edge)));
      expect(framesOf(events).map(plain)).toEqual(frames.map(plain));
      expect(events.length).toBe(frames.length);
      expect(decoder.end()).toEqual([]);
    }),
  );
});

test('a pipe that ends inside a frame is truncated', () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 100 }), fc.nat(), (payload, cut) => {
      const bytes = encodeFrame({ stream: streams.log, sequence: 0, payload });
      const decoder = new FrameDecoder();
      const kept = 1 + (cut % (bytes.length - 1));
      expect(decoder.push(bytes.subarray(0, kept))).toEqual([]);
      expect(decoder.end()).toEqual([{ type: 'error', error: 'truncated' }]);
    }),
  );
});

test('random bytes give frames, gaps or one named error, and never throw', () => {
  fc.assert(
    fc.property(fc.array(fc.uint8Array({ maxLength: 64 })), (chunks) => {
      const decoder = new FrameDecoder();
      const events = [...chunks.flatMap((chunk) => decoder.push(chunk)), ...decoder.end()];
      expect(events.filter((event) => event.type === 'error').length).toBeLessThanOrEqual(1);
    }),
  );
});

const spoiled = (offset: number, ...values: number[]) => {
  const bytes = encodeFrame({ stream: streams.sample, sequence: 0, payload: Uint8Array.of(1, 2, 3) });
  bytes.set(values, offset);
  return new FrameDecoder().push(bytes);
};

test.each([
  ['oversized', 0, [1, 0, 16, 0]],
  ['unknown-kind', 4, [9]],
  ['unknown-flags', 5, [1]],
  ['unknown-stream', 6, [99]],
  ['kind-mismatch', 4, [0]],
] as const)('%s is named', (error, offset, values) => expect(spoiled(offset, ...values)).toEqual([{ type: 'error', error }]));

test('nothing follows a fatal error, not even whole frames', () => {
  const decoder = new FrameDecoder();
  decoder.push(Uint8Array.of(0, 0, 0, 0, 7, 0, 0, 0, 0, 0, 0, 0));
  expect(decoder.push(encodeFrame({ stream: streams.log, sequence: 0, payload: new Uint8Array(0) }))).toEqual([]);
});

test('a gap in a stream is an event, and the frame behind it is still used', () => {
  const decoder = new FrameDecoder();
  decoder.push(encodeFrame({ stream: streams.log, sequence: 0, payload: new Uint8Array(0) }));
  const events = decoder.push(encodeFrame({ stream: streams.log, sequence: 3, payload: Uint8Array.of(7) }));
  expect(events[0]).toEqual({ type: 'sequence-gap', stream: streams.log, expected: 1, actual: 3 });
  expect(framesOf(events).length).toBe(1);
});

test('a sequence wraps at 2^32 without a gap', () => {
  const decoder = new FrameDecoder();
  const empty = new Uint8Array(0);
  decoder.push(encodeFrame({ stream: streams.log, sequence: 0xffff_ffff, payload: empty }));
  const events = decoder.push(encodeFrame({ stream: streams.log, sequence: 0, payload: empty }));
  expect(events.map((event) => event.type)).toEqual(['frame']);
});

test('a payload longer than a frame may carry is the caller’s bug', () => {
  expect(() => encodeFrame({ stream: streams.log, sequence: 0, payload: new Uint8Array(maximumPayloadBytes + 1) })).toThrow(RangeError);
});
