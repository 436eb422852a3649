// From which device and subsystem records come: few, so a row keeps a number.
import { decodeUtf8 } from '#common/text.ts';

/** A device and a subsystem as kmsg's keys name them; empty where a record has none. */
export interface LogOrigin {
  /** Such as `+pci:0000:01:00.0`, `n2` (an interface by its index) or `b8:0`. */
  readonly device: string;
  readonly subsystem: string;
}

// A row has 16 bits for it. Nobody has so many devices; whatever came beyond would be shown without one.
const most = 65_535;
const recentMost = 8;

/** Numbers for origins, in the order in which they were met. 0 is "none". */
export class LogOrigins {
  readonly #list: LogOrigin[] = [{ device: '', subsystem: '' }];
  readonly #numbers = new Map<string, number>([['\0', 0]]);
  readonly #recent: { readonly bytes: Uint8Array; readonly deviceBytes: number; readonly number: number }[] = [];

  /** All of them by number; it only grows. */
  get list(): readonly LogOrigin[] {
    return this.#list;
  }

  numberOf({ device, subsystem }: LogOrigin): number {
    const key = `${device}\0${subsystem}`;
    const known = this.#numbers.get(key);
    if (known !== undefined) return known;
    if (this.#list.length >= most) return 0;
    this.#list.push({ device, subsystem });
    this.#numbers.set(key, this.#list.length - 1);
    return this.#list.length - 1;
  }

  /** The same from bytes: the device's, and the subsystem's behind them. */
  numberOfBytes(bytes: Uint8Array, at: number, deviceBytes: number, subsystemBytes: number): number {
    const length = deviceBytes + subsystemBytes;
    if (length === 0) return 0;
    // Making text of them for every record would cost more than the rest of the record.
    for (const known of this.#recent) if (known.deviceBytes === deviceBytes && isAt(bytes, at, length, known.bytes)) return known.number;
    const device = decodeUtf8(bytes.subarray(at, at + deviceBytes));
    const number = this.numberOf({ device, subsystem: decodeUtf8(bytes.subarray(at + deviceBytes, at + length)) });
    this.#recent.unshift({ bytes: bytes.slice(at, at + length), deviceBytes, number });
    this.#recent.length = Math.min(this.#recent.length, recentMost);
    return number;
  }
}

function isAt(bytes: Uint8Array, at: number, length: number, wanted: Uint8Array): boolean {
  if (wanted.length !== length) return false;
  for (let index = length - 1; index >= 0; index -= 1) if (bytes[at + index] !== wanted[index]) return false;
  return true;
}
