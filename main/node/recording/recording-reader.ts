// Reading a recording: by channel and time, forwards and backwards, a chunk at a time.
import { type FileHandle, open } from 'node:fs/promises';
import { basename } from 'node:path';
import { crc32 } from 'node:zlib';
import { err, ok, type Result } from '#common/result.ts';
import { decodeUtf8 } from '#common/text.ts';
import { BlockReader } from './block-reader.ts';
import { type IndexedChunk, type McapIndex, readMcapIndex, unknownChannel } from './mcap-index.ts';
import { decompress, zstdReady } from './zstd.ts';

/** One recorded message. */
export interface RecordedMessage {
  readonly channel: number;
  /** When it was recorded, in nanoseconds since 1970; no two of a recording are the same. */
  readonly timeNs: bigint;
  /** The kernel's own time of it, where it has one. */
  readonly kernelNs: bigint;
  readonly payload: Uint8Array;
}

const cacheBytes = 50_331_648;
const messageOpcode = 5;

/** An open recording. */
export class RecordingReader {
  readonly path: string;
  readonly index: McapIndex;
  readonly #file: FileHandle;
  readonly #blocks: BlockReader;
  readonly #cache = new Map<number, { readonly messages: readonly RecordedMessage[]; readonly bytes: number }>();
  #cachedBytes = 0;
  #damagedChunks = 0;

  private constructor(path: string, file: FileHandle, index: McapIndex) {
    this.path = path;
    this.#file = file;
    this.#blocks = new BlockReader(file, index.sizeBytes);
    this.index = index;
  }

  /** Opens a file; the error is a sentence that names it. */
  static async open(path: string): Promise<Result<RecordingReader, string>> {
    await zstdReady();
    let file: FileHandle;
    try {
      file = await open(path, 'r');
    } catch (error) {
      const { code, message } = error as NodeJS.ErrnoException;
      return err(code === 'ENOENT' ? `There is no recording ${path}.` : `${path} cannot be read: ${message}.`);
    }
    const { size } = await file.stat();
    const index = await readMcapIndex(file, size);
    if (!index.ok) {
      await file.close();
      return err(`${basename(path)} cannot be opened. ${index.error}`);
    }
    const reader = new RecordingReader(path, file, index.value);
    if (index.value.chunks.has(unknownChannel)) return ok(await reader.#named());
    return ok(reader);
  }

  /** The file's name. */
  get name(): string {
    return basename(this.path);
  }

  /** The beginning of what was recorded live: everything before it was kept by the session. */
  get startNs(): bigint {
    const kept = this.value('ringscope', 'keptUntilUnixNs');
    if (kept !== null && /^\d+$/.test(kept)) return BigInt(kept);
    return this.#edge(
      (chunks) => chunks[0]?.start,
      (a, b) => a < b,
    );
  }

  get endNs(): bigint {
    const end = this.#edge(
      (chunks) => chunks.at(-1)?.end,
      (a, b) => a > b,
    );
    const { startNs } = this;
    if (end < startNs) return startNs;
    return end;
  }

  /** What is missing, in a sentence; null when nothing is. */
  get remark(): string | null {
    const { isComplete, isEnded, lostBytes } = this.index;
    const sentences: string[] = [];
    if (!isComplete && isEnded)
      sentences.push('The index of this recording is damaged and was made anew; nothing that was recorded is lost.');
    if (!isEnded) {
      const lost =
        lostBytes > 0 ? `The last ${lostBytes} bytes belong to no whole chunk and are lost` : 'What came after its last chunk is lost';
      sentences.push(`This recording was not ended: it has no index, which was made anew. ${lost}, at most the last second or two.`);
    }
    if (this.#damagedChunks > 0) sentences.push(`${this.#damagedChunks} chunks are damaged and were left out.`);
    const dropped = Number(this.value('ringscope.end', 'droppedFrames') ?? 0);
    if (dropped > 0) sentences.push(`${dropped} frames were not recorded because the disk was too slow.`);
    return sentences.length > 0 ? sentences.join(' ') : null;
  }

  /** The newest value of a metadata record, or null. */
  value(record: string, key: string): string | null {
    return this.index.metadata.findLast(({ name }) => name === record)?.values.get(key) ?? null;
  }

  /** Messages of a channel with `afterNs < time <= untilNs`, oldest first. */
  async *between(channel: number, afterNs: bigint, untilNs: bigint): AsyncGenerator<RecordedMessage> {
    const chunks = this.index.chunks.get(channel) ?? [];
    for (let at = firstEndingAfter(chunks, afterNs); at < chunks.length; at += 1) {
      const chunk = chunks[at];
      if (!chunk || chunk.start > untilNs) return;
      for (const message of await this.#messages(chunk)) if (message.timeNs > afterNs && message.timeNs <= untilNs) yield message;
    }
  }

  /** Messages of a channel with `afterNs < time <= untilNs`, newest first. */
  async *backwards(channel: number, untilNs: bigint, afterNs: bigint): AsyncGenerator<RecordedMessage> {
    const chunks = this.index.chunks.get(channel) ?? [];
    for (let at = firstStartingAfter(chunks, untilNs) - 1; at >= 0; at -= 1) {
      const chunk = chunks[at];
      if (!chunk || chunk.end <= afterNs) return;
      const messages = await this.#messages(chunk);
      for (let index = messages.length - 1; index >= 0; index -= 1) {
        const message = messages[index];
        if (message && message.timeNs > afterNs && message.timeNs <= untilNs) yield message;
      }
    }
  }

  /** The newest message of a channel at or before an instant. */
  async newest(channel: number, untilNs: bigint): Promise<RecordedMessage | null> {
    for await (const message of this.backwards(channel, untilNs, -1n)) return message;
    return null;
  }

  async close(): Promise<void> {
    await this.#file.close();
  }

  #edge(of: (chunks: readonly IndexedChunk[]) => bigint | undefined, isBetter: (a: bigint, b: bigint) => boolean): bigint {
    let best: bigint | null = null;
    for (const chunks of this.index.chunks.values()) {
      const found = of(chunks);
      if (found !== undefined && (best === null || isBetter(found, best))) best = found;
    }
    return best ?? 0n;
  }

  /** Puts the chunk without a message index where its messages say that it belongs. */
  async #named(): Promise<RecordingReader> {
    const chunks = new Map(this.index.chunks);
    for (const chunk of chunks.get(unknownChannel) ?? []) {
      const channel = (await this.#messages(chunk))[0]?.channel;
      if (channel !== undefined) chunks.set(channel, [...(chunks.get(channel) ?? []), { ...chunk, channel }]);
    }
    chunks.delete(unknownChannel);
    return new RecordingReader(this.path, this.#file, { ...this.index, chunks });
  }

  async #messages(chunk: IndexedChunk): Promise<readonly RecordedMessage[]> {
    const cached = this.#cache.get(chunk.offset);
    if (cached) {
      // Moved to the end: what was used last goes last.
      this.#cache.delete(chunk.offset);
      this.#cache.set(chunk.offset, cached);
      return cached.messages;
    }
    const record = await this.#blocks.read(chunk.offset, chunk.length);
    const opened = record.length === chunk.length ? openChunk(record) : null;
    if (!opened) this.#damagedChunks += 1;
    const entry = opened ?? { messages: [], bytes: 0 };
    this.#cache.set(chunk.offset, entry);
    this.#cachedBytes += entry.bytes;
    for (const [offset, { bytes }] of this.#cache) {
      if (this.#cachedBytes <= cacheBytes || offset === chunk.offset) break;
      this.#cache.delete(offset);
      this.#cachedBytes -= bytes;
    }
    return entry.messages;
  }
}

/** The first chunk whose end lies after an instant. */
function firstEndingAfter(chunks: readonly IndexedChunk[], timeNs: bigint): number {
  return firstWhere(chunks, ({ end }) => end > timeNs);
}

function firstStartingAfter(chunks: readonly IndexedChunk[], timeNs: bigint): number {
  return firstWhere(chunks, ({ start }) => start > timeNs);
}

function firstWhere(chunks: readonly IndexedChunk[], holds: (chunk: IndexedChunk) => boolean): number {
  let low = 0;
  let high = chunks.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    const chunk = chunks[middle];
    if (chunk && holds(chunk)) high = middle;
    else low = middle + 1;
  }
  return low;
}

/** Unpacks a chunk's record; null when its bytes are not those that were written. */
function openChunk(record: Buffer): { messages: RecordedMessage[]; bytes: number } | null {
  try {
    const uncompressedSize = Number(record.readBigUInt64LE(25));
    const crc = record.readUInt32LE(33);
    const nameLength = record.readUInt32LE(37);
    const compression = record.toString('latin1', 41, 41 + nameLength);
    const packed = record.subarray(41 + nameLength + 8);
    const bytes = compression === 'zstd' ? decompress(packed, uncompressedSize) : compression === '' ? packed : null;
    if (!bytes || bytes.length !== uncompressedSize || (crc !== 0 && crc32(bytes) !== crc)) return null;
    return { messages: messagesIn(bytes), bytes: bytes.length };
  } catch {
    return null;
  }
}

function messagesIn(bytes: Uint8Array): RecordedMessage[] {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const messages: RecordedMessage[] = [];
  for (let at = 0; at + 9 <= bytes.length; ) {
    const end = at + 9 + Number(view.getBigUint64(at + 1, true));
    if (view.getUint8(at) === messageOpcode) {
      messages.push({
        channel: view.getUint16(at + 9, true),
        timeNs: view.getBigUint64(at + 15, true),
        kernelNs: view.getBigUint64(at + 23, true),
        payload: bytes.subarray(at + 31, end),
      });
    }
    at = end;
  }
  return messages;
}

/** A mark's text, and whatever else is JSON in a recording. */
export const jsonOf = (message: RecordedMessage): unknown => JSON.parse(decodeUtf8(message.payload));
