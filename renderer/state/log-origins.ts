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

/** Numbers for origins, in the order in which they were met. 0 is "none". */
export class LogOrigins {
  readonly #list: LogOrigin[] = [{ device: '', subsystem: '' }];
  readonly #numbers = new Map<string, number>([['\0', 0]]);

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
    if (deviceBytes === 0 && subsystemBytes === 0) return 0;
    const device = decodeUtf8(bytes.subarray(at, at + deviceBytes));
    return this.numberOf({ device, subsystem: decodeUtf8(bytes.subarray(at + deviceBytes, at + deviceBytes + subsystemBytes)) });
  }
}
