// As much of protobuf's encoding as a trace needs: https://protobuf.dev/programming-guides/encoding/

const wireTypes = { varint: 0, bytes: 2 } as const;

/** One message that is being written. Fields come out in the order of the calls. */
export class ProtobufMessage {
  readonly #pieces: Uint8Array[] = [];
  #bytes = 0;

  /** An unsigned integer, an enumerator or a bool; a negative int64 is its two's complement. */
  integer(field: number, value: bigint | number): this {
    this.#varint((field << 3) | wireTypes.varint);
    this.#varint(BigInt.asUintN(64, BigInt(value)));
    return this;
  }

  string(field: number, text: string): this {
    return this.bytes(field, Buffer.from(text, 'utf8'));
  }

  message(field: number, message: ProtobufMessage): this {
    return this.bytes(field, message.encode());
  }

  bytes(field: number, bytes: Uint8Array): this {
    this.#varint((field << 3) | wireTypes.bytes);
    this.#varint(bytes.length);
    this.#push(bytes);
    return this;
  }

  encode(): Uint8Array {
    return Buffer.concat(this.#pieces, this.#bytes);
  }

  #varint(value: bigint | number): void {
    const bytes: number[] = [];
    let rest = BigInt(value);
    while (rest > 0x7fn) {
      bytes.push(Number(rest & 0x7fn) | 0x80);
      rest >>= 7n;
    }
    bytes.push(Number(rest));
    this.#push(Uint8Array.from(bytes));
  }

  #push(bytes: Uint8Array): void {
    this.#pieces.push(bytes);
    this.#bytes += bytes.length;
  }
}
