// An MCAP file as bytes in order. @mcap/core's own writer ends a chunk by size alone; here a chunk holds one channel and ends when the recorder says so,
// which bounds what a crash can lose and lets a reader find one stream without unpacking the others.
import { crc32 } from 'node:zlib';
import { McapChunkBuilder, McapRecordBuilder, type McapTypes } from '@mcap/core';
import { encodeUtf8 } from '#common/text.ts';
import { type ChannelDeclaration, profile } from './channels.ts';
import { compress } from './zstd.ts';

/** Builds one file. Every method that returns bytes expects them to be appended, in this order and whole. */
export class McapWriter {
  readonly #records = new McapRecordBuilder();
  readonly #channels: readonly ChannelDeclaration[];
  readonly #library: string;
  readonly #open = new Map<number, McapChunkBuilder>();
  readonly #chunkIndexes: McapTypes.ChunkIndex[] = [];
  readonly #metadataIndexes: McapTypes.MetadataIndex[] = [];
  readonly #counts = new Map<number, bigint>();
  #sequence = 0;
  #start: bigint | null = null;
  #end = 0n;
  #position = 0;
  #pendingBytes = 0;

  constructor(channels: readonly ChannelDeclaration[], library: string) {
    this.#channels = channels;
    this.#library = library;
  }

  /** Bytes handed out so far. */
  get position(): number {
    return this.#position;
  }

  /** Bytes of messages that no chunk has taken yet, before compression. */
  get pendingBytes(): number {
    return this.#pendingBytes;
  }

  /** The first bytes of the file: everything that is needed to read what follows. */
  begin(): Uint8Array {
    this.#records.writeMagic();
    this.#records.writeHeader({ profile, library: this.#library });
    this.#declare();
    return this.#take();
  }

  /** Adds a message; it is in the file with the next chunk. Times are nanoseconds since 1970. */
  add(channelId: number, logTime: bigint, publishTime: bigint, data: Uint8Array): void {
    let chunk = this.#open.get(channelId);
    if (!chunk) {
      chunk = new McapChunkBuilder({ useMessageIndex: true });
      this.#open.set(channelId, chunk);
    }
    chunk.addMessage({ channelId, sequence: this.#sequence, logTime, publishTime, data });
    this.#sequence = (this.#sequence + 1) >>> 0;
    this.#counts.set(channelId, (this.#counts.get(channelId) ?? 0n) + 1n);
    this.#start ??= logTime;
    this.#end = logTime;
    this.#pendingBytes += data.length;
  }

  /** Ends the open chunks; null when there is nothing. */
  chunks(): Uint8Array | null {
    const pieces: Uint8Array[] = [];
    for (const chunk of this.#open.values()) if (chunk.numMessages > 0) pieces.push(this.#chunk(chunk));
    this.#pendingBytes = 0;
    return pieces.length > 0 ? Buffer.concat(pieces) : null;
  }

  metadata(name: string, values: Readonly<Record<string, string>>): Uint8Array {
    const offset = BigInt(this.#position);
    const length = this.#records.writeMetadata({ name, metadata: new Map(Object.entries(values)) });
    this.#metadataIndexes.push({ name, offset, length });
    return this.#take();
  }

  /** The last bytes: the index. Chunks are to be ended before. */
  end(): Uint8Array {
    this.#records.writeDataEnd({ dataSectionCrc: 0 });
    const summaryStart = BigInt(this.#position + this.#records.length);
    const groups: McapTypes.SummaryOffset[] = [];
    const group = (groupOpcode: number, write: () => void) => {
      const before = this.#records.length;
      write();
      const groupLength = BigInt(this.#records.length - before);
      if (groupLength > 0n) groups.push({ groupOpcode, groupStart: BigInt(this.#position + before), groupLength });
    };
    group(opcodes.schema, () => this.#declareSchemas());
    group(opcodes.channel, () => this.#declareChannels());
    group(opcodes.statistics, () => this.#records.writeStatistics(this.#statistics()));
    group(opcodes.metadataIndex, () => this.#metadataIndexes.forEach((index) => void this.#records.writeMetadataIndex(index)));
    group(opcodes.chunkIndex, () => this.#chunkIndexes.forEach((index) => void this.#records.writeChunkIndex(index)));
    const summaryOffsetStart = BigInt(this.#position + this.#records.length);
    for (const offset of groups) this.#records.writeSummaryOffset(offset);
    this.#records.writeFooter({ summaryStart, summaryOffsetStart, summaryCrc: 0 });
    this.#records.writeMagic();
    return this.#take();
  }

  #declare(): void {
    this.#declareSchemas();
    this.#declareChannels();
  }

  #declareSchemas(): void {
    for (const { id, schemaName, schemaEncoding, schema } of this.#channels)
      this.#records.writeSchema({ id: id + 1, name: schemaName, encoding: schemaEncoding, data: encodeUtf8(schema) });
  }

  #declareChannels(): void {
    for (const { id, topic, messageEncoding } of this.#channels)
      this.#records.writeChannel({ id, schemaId: id + 1, topic, messageEncoding, metadata: new Map() });
  }

  #chunk(chunk: McapChunkBuilder): Uint8Array {
    const { messageStartTime, messageEndTime, buffer } = chunk;
    const uncompressedSize = BigInt(buffer.length);
    const records = compress(buffer);
    const chunkStartOffset = BigInt(this.#position);
    const chunkLength = this.#records.writeChunk({
      messageStartTime,
      messageEndTime,
      uncompressedSize,
      uncompressedCrc: crc32(buffer),
      compression: 'zstd',
      records,
    });
    const messageIndexOffsets = new Map<number, bigint>();
    let messageIndexLength = 0n;
    for (const index of chunk.indices) {
      messageIndexOffsets.set(index.channelId, chunkStartOffset + chunkLength + messageIndexLength);
      messageIndexLength += this.#records.writeMessageIndex(index);
    }
    this.#chunkIndexes.push({
      messageStartTime,
      messageEndTime,
      chunkStartOffset,
      chunkLength,
      messageIndexOffsets,
      messageIndexLength,
      compression: 'zstd',
      compressedSize: BigInt(records.length),
      uncompressedSize,
    });
    chunk.reset();
    return this.#take();
  }

  #statistics(): McapTypes.Statistics {
    let messageCount = 0n;
    for (const count of this.#counts.values()) messageCount += count;
    return {
      messageCount,
      schemaCount: this.#channels.length,
      channelCount: this.#channels.length,
      attachmentCount: 0,
      metadataCount: this.#metadataIndexes.length,
      chunkCount: this.#chunkIndexes.length,
      messageStartTime: this.#start ?? 0n,
      messageEndTime: this.#end,
      channelMessageCounts: this.#counts,
    };
  }

  #take(): Uint8Array {
    const bytes = this.#records.buffer.slice();
    this.#records.reset();
    this.#position += bytes.length;
    return bytes;
  }
}

const opcodes = { schema: 3, channel: 4, statistics: 11, metadataIndex: 13, chunkIndex: 8 } as const;
