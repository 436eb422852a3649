// Log records as an agent packs them, of any text and level.

/** What a test cares about in a record. */
export interface LogLine {
  readonly text: string;
  readonly level?: number;
  readonly device?: string;
  /** Microseconds since boot; else ten for each record before it. */
  readonly timeUs?: number;
}

/** A stream 1 payload of these lines, numbered from `first` on. */
export function logLinesPayload(first: number, lines: readonly LogLine[]): Uint8Array {
  const records = lines.map(({ text, level = 6, device = '', timeUs }, index) => {
    const sequence = first + index;
    const [bytes, key] = [Buffer.from(text), Buffer.from(device)];
    const record = new Uint8Array(32 + Math.ceil((bytes.length + key.length) / 8) * 8);
    const view = new DataView(record.buffer);
    view.setUint32(0, record.length, true);
    view.setUint8(4, level);
    view.setBigUint64(8, BigInt(sequence), true);
    view.setBigUint64(16, BigInt(timeUs ?? sequence * 10), true);
    view.setUint16(24, bytes.length, true);
    view.setUint16(26, key.length, true);
    record.set(bytes, 32);
    record.set(key, 32 + bytes.length);
    return record;
  });
  const head = new Uint8Array(16);
  new DataView(head.buffer).setUint32(0, records.length, true);
  return Buffer.concat([head, ...records]);
}
