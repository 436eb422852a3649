// Reads a file in blocks and keeps the last few: what belongs to one instant lies close together, and a read costs more than what it reads.
import type { FileHandle } from 'node:fs/promises';

const blockBytes = 262_144;
const blocksKept = 64;

/** A file that only its owner reads; what lies before its size at opening does not change. */
export class BlockReader {
  readonly #file: FileHandle;
  readonly #sizeBytes: number;
  readonly #blocks = new Map<number, Promise<Buffer>>();

  constructor(file: FileHandle, sizeBytes: number) {
    this.#file = file;
    this.#sizeBytes = sizeBytes;
  }

  /** The bytes at an offset; fewer where the file ends. Not to be written to. */
  async read(offset: number, length: number): Promise<Buffer> {
    const first = Math.floor(offset / blockBytes);
    const last = Math.floor((offset + length - 1) / blockBytes);
    if (first === last) {
      const at = offset - first * blockBytes;
      return (await this.#block(first)).subarray(at, at + length);
    }
    return this.#readAt(offset, length);
  }

  #block(number: number): Promise<Buffer> {
    const known = this.#blocks.get(number);
    if (known) {
      this.#blocks.delete(number);
      this.#blocks.set(number, known);
      return known;
    }
    const block = this.#readAt(number * blockBytes, blockBytes);
    this.#blocks.set(number, block);
    for (const oldest of this.#blocks.keys()) {
      if (this.#blocks.size <= blocksKept) break;
      this.#blocks.delete(oldest);
    }
    return block;
  }

  async #readAt(offset: number, length: number): Promise<Buffer> {
    const wanted = Math.max(0, Math.min(length, this.#sizeBytes - offset));
    const bytes = Buffer.allocUnsafeSlow(wanted);
    let at = 0;
    while (at < wanted) {
      const { bytesRead } = await this.#file.read(bytes, at, wanted - at, offset + at);
      if (bytesRead === 0) break;
      at += bytesRead;
    }
    return bytes.subarray(0, at);
  }
}
