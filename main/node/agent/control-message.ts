// Stream 0 as bytes: one JSON object a frame, and the words for what can be wrong with one.
import { encodeFrame, type FatalFrameError, streams } from '#common/frame.ts';
import { err, ok, type Result } from '#common/result.ts';
import { decodeStrictUtf8, encodeUtf8 } from '#common/text.ts';

/** The wire's named errors (driver/wire/README.md). */
export type WireErrorName = FatalFrameError | 'bad-json' | 'bad-message' | 'bad-record' | 'sequence-gap';

/** Something wrong on a pipe: its name, and a sentence for people. */
export interface WireFault {
  readonly name: WireErrorName;
  readonly detail: string;
}

/** A whole frame with a control message. */
export function encodeControl(message: object, sequence: number): Uint8Array {
  return encodeFrame({ stream: streams.control, sequence, payload: encodeUtf8(JSON.stringify(message)) });
}

/** Reads a control payload up to JSON; which message it is remains to be checked. The fault is `bad-json`. */
export function decodeControl(payload: Uint8Array): Result<unknown, WireFault> {
  try {
    return ok(JSON.parse(decodeStrictUtf8(payload)));
  } catch (error) {
    return err({ name: 'bad-json', detail: `A control message is no JSON: ${error instanceof Error ? error.message : String(error)}.` });
  }
}

const fatalDetails: Record<FatalFrameError, string> = {
  truncated: 'The pipe ended inside a frame.',
  oversized: 'A frame announced more bytes than a frame may carry.',
  'unknown-kind': 'A frame was neither control nor bulk.',
  'unknown-flags': 'A frame carried flags that nobody has defined.',
  'unknown-stream': 'A frame named a stream that does not exist.',
  'kind-mismatch': 'A frame was of a kind that its stream does not carry.',
};

/** A lost framing in words. */
export function fatalFault(name: FatalFrameError): WireFault {
  return { name, detail: fatalDetails[name] };
}

/** A sequence gap in words. */
export function gapFault(stream: number, expected: number, actual: number): WireFault {
  return { name: 'sequence-gap', detail: `Stream ${stream} went on with frame ${actual} where ${expected} was due.` };
}
