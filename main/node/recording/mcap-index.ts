// What lies where in a recording: from the index at its end, or, when whoever wrote it was killed, from a walk over its records.
import type { FileHandle } from 'node:fs/promises';
import { McapIndexedReader } from '@mcap/core';
import { err, ok, type Result } from '#common/result.ts';
import { decodeUtf8 } from '#common/text.ts';
import { profile } from './channels.ts';

/** One chunk; it holds messages of one channel. Times are nanoseconds since 1970, both ends included. */
export interface IndexedChunk {
  readonly channel: number;
  readonly start: bigint;
  readonly end: bigint;
  /** Of the chunk's record within the file. */
  readonly offset: number;
  readonly length: number;
}

/** The index of one file. */
export interface McapIndex {
  /** By channel, oldest first. */
  readonly chunks: ReadonlyMap<number, readonly IndexedChunk[]>;
  readonly metadata: readonly { readonly name: string; readonly values: ReadonlyMap<string, string> }[];
  /** The file has its own index. */
  readonly isComplete: boolean;
  /** Whoever wrote it ended it: no chunk is missing, even if the index is. */
  readonly isEnded: boolean;
  /** Bytes at the end that belong to no whole chunk. */
  readonly lostBytes: number;
  readonly sizeBytes: number;
}

const magic = Uint8Array.of(0x89, 0x4d, 0x43, 0x41, 0x50, 0x30, 0x0d, 0x0a);
const recordHeaderBytes = 9;
const opcodes = { header: 1, chunk: 6, messageIndex: 7, metadata: 12, dataEnd: 15 } as const;
// Enough for times, sizes and the compression's name of a chunk; its bytes are not read here.
const walkBytes = 1_048_576;

async function read(file: FileHandle, offset: number, length: number): Promise<Uint8Array> {
  const bytes = new Uint8Array(length);
  let at = 0;
  while (at < length) {
    const { bytesRead } = await file.read(bytes, at, length - at, offset + at);
    if (bytesRead === 0) return bytes.subarray(0, at);
    at += bytesRead;
  }
  return bytes;
}

function grouped(chunks: readonly IndexedChunk[]): ReadonlyMap<number, readonly IndexedChunk[]> {
  const groups = new Map<number, IndexedChunk[]>();
  for (const chunk of chunks) {
    const group = groups.get(chunk.channel);
    if (group) group.push(chunk);
    else groups.set(chunk.channel, [chunk]);
  }
  // Times only grow within a channel, and so do offsets; another writer's file may be in any order.
  for (const group of groups.values()) group.sort((a, b) => (a.start < b.start ? -1 : a.start > b.start ? 1 : a.offset - b.offset));
  return groups;
}

/** Reads the index of a file of this size. The error is a sentence. */
export async function readMcapIndex(file: FileHandle, sizeBytes: number): Promise<Result<McapIndex, string>> {
  const head = await read(file, 0, Math.min(sizeBytes, 4096));
  if (!magic.every((byte, at) => head[at] === byte)) {
    const isCut = head.length < magic.length && magic.subarray(0, head.length).every((byte, at) => head[at] === byte);
    return err(isCut ? 'It ends before anything was recorded.' : 'It is no MCAP file.');
  }
  const tail = await read(file, Math.max(0, sizeBytes - magic.length), magic.length);
  if (sizeBytes > 2 * magic.length && magic.every((byte, at) => tail[at] === byte)) {
    const indexed = await fromSummary(file, sizeBytes);
    if (indexed !== null) return indexed;
  }
  return fromWalk(file, sizeBytes);
}

/** Null when the end is no valid index after all. */
async function fromSummary(file: FileHandle, sizeBytes: number): Promise<Result<McapIndex, string> | null> {
  let reader: McapIndexedReader;
  try {
    const readable = {
      size: async () => BigInt(sizeBytes),
      read: (offset: bigint, length: bigint) => read(file, Number(offset), Number(length)),
    };
    reader = await McapIndexedReader.Initialize({ readable });
  } catch {
    return null;
  }
  if (reader.header.profile !== profile) return err('It is an MCAP file, but Ringscope did not record it.');
  const chunks = reader.chunkIndexes.map(({ messageStartTime, messageEndTime, chunkStartOffset, chunkLength, messageIndexOffsets }) => ({
    channel: messageIndexOffsets.keys().next().value ?? -1,
    start: messageStartTime,
    end: messageEndTime,
    offset: Number(chunkStartOffset),
    length: Number(chunkLength),
  }));
  const metadata = [];
  for (const { offset, length } of reader.metadataIndexes) {
    const found = metadataOf(await read(file, Number(offset), Number(length)));
    if (found) metadata.push(found);
  }
  return ok({ chunks: grouped(chunks), metadata, isComplete: true, isEnded: true, lostBytes: 0, sizeBytes });
}

/** Reads forward over a file, a large piece at a time, as far as it is asked. */
class Walk {
  readonly #file: FileHandle;
  #bytes: Uint8Array = new Uint8Array(0);
  #offset = 0;

  constructor(file: FileHandle) {
    this.#file = file;
  }

  async at(offset: number, length: number): Promise<DataView> {
    if (offset < this.#offset || offset + length > this.#offset + this.#bytes.length) {
      this.#bytes = await read(this.#file, offset, Math.max(length, walkBytes));
      this.#offset = offset;
    }
    const start = offset - this.#offset;
    return new DataView(this.#bytes.buffer, this.#bytes.byteOffset + start, Math.max(0, Math.min(length, this.#bytes.length - start)));
  }
}

async function fromWalk(file: FileHandle, sizeBytes: number): Promise<Result<McapIndex, string>> {
  const walk = new Walk(file);
  const chunks: IndexedChunk[] = [];
  const metadata = [];
  let isOurs = false;
  let isEnded = false;
  let at = magic.length;
  let wholeUntil = at;
  // A chunk's channel stands in the message index behind it; the last chunk may have lost that.
  let chunk: Omit<IndexedChunk, 'channel'> | null = null;
  const settle = (channel: number) => {
    if (chunk) chunks.push({ ...chunk, channel });
    chunk = null;
  };
  while (at + recordHeaderBytes <= sizeBytes) {
    const head = await walk.at(at, recordHeaderBytes);
    const opcode = head.getUint8(0);
    const length = Number(head.getBigUint64(1, true));
    const next = at + recordHeaderBytes + length;
    isEnded = opcode === opcodes.dataEnd && next <= sizeBytes;
    if (isEnded || next > sizeBytes) break;
    const body = at + recordHeaderBytes;
    if (opcode === opcodes.header) isOurs = (await stringAt(walk, body)) === profile;
    if (opcode === opcodes.chunk && length >= 16) {
      const times = await walk.at(body, 16);
      chunk = { start: times.getBigUint64(0, true), end: times.getBigUint64(8, true), offset: at, length: next - at };
      wholeUntil = next;
    } else if (opcode === opcodes.messageIndex && length >= 2) {
      settle((await walk.at(body, 2)).getUint16(0, true));
      wholeUntil = next;
    } else if (opcode === opcodes.metadata) {
      const view = await walk.at(at, next - at);
      const found = metadataOf(new Uint8Array(view.buffer, view.byteOffset, view.byteLength));
      if (found) metadata.push(found);
      wholeUntil = next;
    } else if (chunks.length === 0 && chunk === null) wholeUntil = next;
    at = next;
  }
  // Its messages say themselves whose they are; the reader looks into it.
  settle(unknownChannel);
  if (!isOurs) {
    const isCut = at === magic.length;
    return err(isCut ? 'It ends before anything was recorded.' : 'It is an MCAP file, but Ringscope did not record it.');
  }
  return ok({ chunks: grouped(chunks), metadata, isComplete: false, isEnded, lostBytes: isEnded ? 0 : sizeBytes - wholeUntil, sizeBytes });
}

/** The channel of a chunk whose own message index was cut off. */
export const unknownChannel = -1;

async function stringAt(walk: Walk, offset: number): Promise<string> {
  const length = (await walk.at(offset, 4)).getUint32(0, true);
  const view = await walk.at(offset + 4, Math.min(length, 64));
  return decodeUtf8(new Uint8Array(view.buffer, view.byteOffset, view.byteLength));
}

/** A metadata record with its header. */
function metadataOf(record: Uint8Array): { name: string; values: ReadonlyMap<string, string> } | null {
  const view = new DataView(record.buffer, record.byteOffset, record.byteLength);
  let at = recordHeaderBytes;
  const text = () => {
    const length = view.getUint32(at, true);
    at += 4 + length;
    return decodeUtf8(record.subarray(at - length, at));
  };
  try {
    const name = text();
    const end = at + 4 + view.getUint32(at, true);
    at += 4;
    const values = new Map<string, string>();
    while (at < end) values.set(text(), text());
    return { name, values };
  } catch (error) {
    if (error instanceof RangeError) return null;
    throw error;
  }
}
