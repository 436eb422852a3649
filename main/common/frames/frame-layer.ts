// A layer of a frame, and the reader that cuts one into fields. Reading past the end of what is there is no error of the program: the layer says so.

/** One field of a header. `at` and `bytes` say where in the frame it lies; fields of a few bits share their bytes. */
export interface FrameField {
  readonly name: string;
  readonly at: number;
  readonly bytes: number;
  readonly value: string;
  /** What the value means; empty where it speaks for itself. */
  readonly meaning: string;
}

/** One header of a frame, or what stands behind the last one. */
export interface FrameLayer {
  readonly name: string;
  readonly at: number;
  readonly bytes: number;
  readonly fields: readonly FrameField[];
  /** What matters of it, in a line. */
  readonly summary: string;
  /** What is wrong with it: cut off, or contradicting itself. */
  readonly fault: string | null;
}

/** What is there of a frame: `bytes.length` of its `whole` bytes. */
export interface FrameBytes {
  readonly bytes: Uint8Array;
  readonly whole: number;
}

/** Which layer comes next, by what announces it. */
export type Next =
  | { readonly by: 'etherType'; readonly type: number }
  | { readonly by: 'protocol'; readonly protocol: number; readonly version: 4 | 6 }
  | { readonly by: 'port'; readonly ports: readonly [number, number] }
  | null;

/** A layer that was read: where what it carries begins and ends, and what that is. */
export interface ReadLayer {
  readonly layer: FrameLayer;
  readonly next: Next;
  /** The first byte of what it carries. */
  readonly from: number;
  /** The byte behind the last that it says it carries. */
  readonly to: number;
}

const hex = (value: number, digits: number) => `0x${value.toString(16).padStart(digits, '0')}`;

/** Reads the fields of one layer in order. Once a field is not there, the layer is cut off: nothing further is read, and what was asked for reads as zero. */
export class LayerReader {
  readonly #frame: FrameBytes;
  readonly #view: DataView;
  readonly #name: string;
  readonly #begin: number;
  readonly #limit: number;
  readonly #fields: FrameField[] = [];
  #at: number;
  #fault: string | null = null;
  #isCut = false;

  /** Of a layer called `name` that begins at `at` and has to end before `limit`. */
  constructor(frame: FrameBytes, name: string, at: number, limit: number) {
    this.#frame = frame;
    this.#view = new DataView(frame.bytes.buffer, frame.bytes.byteOffset, frame.bytes.byteLength);
    this.#name = name;
    this.#begin = at;
    this.#at = at;
    this.#limit = limit;
  }

  /** Where the next field begins. */
  get at(): number {
    return this.#at;
  }

  /** Whether a field was not there. */
  get isCut(): boolean {
    return this.#isCut;
  }

  /** Says what is wrong; the first that is said stays. */
  fault(text: string): void {
    this.#fault ??= text;
  }

  /** Whether `count` bytes follow. If not, the layer is cut off, by `what`. */
  has(count: number, what: string): boolean {
    if (this.#isCut) return false;
    const end = this.#at + count;
    if (end <= this.#limit && end <= this.#frame.bytes.length) return true;
    this.#isCut = true;
    const isMissingHere = end <= this.#limit && end <= this.#frame.whole;
    this.fault(
      isMissingHere
        ? `cut off at ${what}: of the frame's ${this.#frame.whole} bytes the first ${this.#frame.bytes.length} are here`
        : `cut off at ${what}: it ends at byte ${Math.min(this.#limit, this.#frame.whole)} and would need ${end}`,
    );
    return false;
  }

  /** A number of 1, 2 or 4 bytes. It is shown in decimal, or with as many hex digits as it has if `isHex`. */
  number(name: string, bytes: 1 | 2 | 4, { isHex = false, meaning = (_: number): string => '' } = {}): number {
    if (!this.has(bytes, name)) return 0;
    const value = this.#numberAt(this.#at, bytes);
    this.field(name, bytes, isHex ? hex(value, bytes * 2) : String(value), meaning(value));
    return value;
  }

  /** A number of 1, 2 or 4 bytes that is made of parts, each a field over the same bytes; `parts` gets the number. */
  parts(
    what: string,
    bytes: 1 | 2 | 4,
    parts: (value: number) => readonly (readonly [name: string, value: string, meaning: string])[],
  ): number {
    if (!this.has(bytes, what)) return 0;
    const value = this.#numberAt(this.#at, bytes);
    for (const [name, text, meaning] of parts(value)) this.#fields.push({ name, at: this.#at, bytes, value: text, meaning });
    this.#at += bytes;
    return value;
  }

  /** So many bytes that `format` puts into words. */
  raw(name: string, bytes: number, format: (bytes: Uint8Array) => string, meaning: (bytes: Uint8Array) => string = () => ''): string {
    if (!this.has(bytes, name)) return '';
    const part = this.#frame.bytes.subarray(this.#at, this.#at + bytes);
    const value = format(part);
    this.field(name, bytes, value, meaning(part));
    return value;
  }

  /** A field of which all is known. */
  field(name: string, bytes: number, value: string, meaning = ''): void {
    this.#fields.push({ name, at: this.#at, bytes, value, meaning });
    this.#at += bytes;
  }

  /** Looks at a byte without reading it; 0 where there is none. */
  peek(offset = 0): number {
    const at = this.#at + offset;
    return at < this.#limit ? (this.#frame.bytes[at] ?? 0) : 0;
  }

  /** The layer as it was read so far. */
  done(summary: string): FrameLayer {
    const bytes = Math.max(0, this.#at - this.#begin);
    return { name: this.#name, at: this.#begin, bytes, fields: this.#fields, summary, fault: this.#fault };
  }

  #numberAt(at: number, bytes: 1 | 2 | 4): number {
    if (bytes === 1) return this.#view.getUint8(at);
    return bytes === 2 ? this.#view.getUint16(at) : this.#view.getUint32(at);
  }
}

/** Bytes as hex, without anything between. */
export const plainHex = (bytes: Uint8Array): string => Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('');

/** A MAC address. */
export const macText = (bytes: Uint8Array): string => Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join(':');

/** An IPv4 address. */
export const ipv4Text = (bytes: Uint8Array): string => Array.from(bytes).join('.');

/** An IPv6 address as RFC 5952 writes it. */
export function ipv6Text(bytes: Uint8Array): string {
  const groups = Array.from({ length: 8 }, (_, index) => ((bytes[2 * index] ?? 0) << 8) | (bytes[2 * index + 1] ?? 0));
  let best = { at: -1, length: 1 };
  for (let at = 0; at < 8; at += 1) {
    let length = 0;
    while (at + length < 8 && groups[at + length] === 0) length += 1;
    if (length > best.length) best = { at, length };
  }
  const text = (from: number, to: number) =>
    groups
      .slice(from, to)
      .map((group) => group.toString(16))
      .join(':');
  return best.at < 0 ? text(0, 8) : `${text(0, best.at)}::${text(best.at + best.length, 8)}`;
}

/** The ones' complement sum of RFC 1071 over these bytes, folded; 0xffff when a checksum among them is right. */
export function onesSum(bytes: Uint8Array): number {
  let sum = 0;
  for (let at = 0; at < bytes.length; at += 2) sum += ((bytes[at] ?? 0) << 8) | (bytes[at + 1] ?? 0);
  while (sum > 0xffff) sum = (sum & 0xffff) + Math.floor(sum / 0x10000);
  return sum;
}
