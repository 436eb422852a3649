// Bulk payloads are read in place. One that contradicts its own lengths is a `bad-record`: reported, dropped, never a crash.
import { err, ok, type Result } from '#common/result.ts';

/** Thrown by readers below and turned into a value by `reading`. */
class BadRecord extends Error {}

/** Ends a reading with the reason why the payload contradicts itself. */
export function badRecord(reason: string): never {
  throw new BadRecord(reason);
}

/** Runs a reader; running past the end of the payload, or `badRecord`, becomes an error in words. */
export function reading<T>(read: () => T): Result<T, string> {
  try {
    return ok(read());
  } catch (error) {
    if (error instanceof BadRecord) return err(error.message);
    if (error instanceof RangeError) return err('the payload is shorter than what it announces');
    throw error;
  }
}

/** A little-endian view of a payload. */
export function viewOf(payload: Uint8Array): DataView {
  return new DataView(payload.buffer, payload.byteOffset, payload.byteLength);
}
