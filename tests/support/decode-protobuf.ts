// Protobuf as its encoding guide defines it, read without any knowledge of who wrote it.

/** One field: a varint's value, or the bytes of a length-delimited one. */
export interface ProtobufField {
  readonly number: number;
  readonly value?: bigint;
  readonly bytes?: Uint8Array;
}

/** The fields of a message in order. Throws an Error for anything that is no message. */
export function decodeProtobuf(bytes: Uint8Array): ProtobufField[] {
  const fields: ProtobufField[] = [];
  let at = 0;
  const varint = () => {
    let value = 0n;
    for (let shift = 0n; ; shift += 7n) {
      const byte = bytes[at];
      if (byte === undefined || shift > 63n) throw new Error(`A varint does not end at ${at}.`);
      at += 1;
      value |= BigInt(byte & 0x7f) << shift;
      if (byte < 0x80) return value;
    }
  };
  while (at < bytes.length) {
    const tag = Number(varint());
    const number = tag >> 3;
    if (number === 0) throw new Error(`A field has no number at ${at}.`);
    if ((tag & 7) === 0) fields.push({ number, value: varint() });
    else if ((tag & 7) === 2) {
      const length = Number(varint());
      if (at + length > bytes.length) throw new Error(`A field of ${length} bytes runs past the end.`);
      fields.push({ number, bytes: bytes.subarray(at, at + length) });
      at += length;
    } else throw new Error(`Wire type ${tag & 7} was not expected at ${at}.`);
  }
  return fields;
}
