// One file of a recording: its writer and its sink, with appends one after the other.
import type { ChannelDeclaration } from './channels.ts';
import { McapWriter } from './mcap-writer.ts';
import type { RecordingSink } from './recording-sink.ts';

/** A part that is being written. */
export class RecordingPart {
  readonly name: string;
  readonly startedNs: bigint;
  readonly writer: McapWriter;
  readonly #sink: Promise<RecordingSink>;
  #work: Promise<void>;
  #writtenBytes = 0;
  #waiting = 0;

  constructor(name: string, startedNs: bigint, channels: readonly ChannelDeclaration[], library: string, sink: Promise<RecordingSink>) {
    this.name = name;
    this.startedNs = startedNs;
    this.writer = new McapWriter(channels, library);
    this.#sink = sink;
    this.#work = Promise.resolve();
    this.#append(this.writer.begin());
  }

  /** Bytes that are in the file for sure. */
  get writtenBytes(): number {
    return this.#writtenBytes;
  }

  /** Nothing waits for the disk. */
  get isIdle(): boolean {
    return this.#waiting === 0;
  }

  /** Rejects once an append has failed. */
  get work(): Promise<void> {
    return this.#work;
  }

  metadata(name: string, values: Readonly<Record<string, string>>): void {
    this.#append(this.writer.metadata(name, values));
  }

  /** Ends the open chunks and hands them to the disk. */
  flush(): void {
    const bytes = this.writer.chunks();
    if (bytes) this.#append(bytes);
  }

  /** Writes what is left and the index. */
  async end(summary: Readonly<Record<string, string>>): Promise<void> {
    this.flush();
    this.metadata('ringscope.end', summary);
    this.#append(this.writer.end());
    try {
      await this.#work;
    } finally {
      await this.#close();
    }
  }

  /** After a failed append: what was written in part goes, and the file stays as it was after the last whole chunk. */
  async abandon(): Promise<void> {
    try {
      await (await this.#sink).truncate(this.#writtenBytes);
    } catch {
      // A torn chunk at the end is what a reader expects of a file without an index.
    }
    await this.#close();
  }

  async #close(): Promise<void> {
    const sink = await this.#sink.catch(() => null);
    await sink?.close().catch(() => undefined);
  }

  #append(bytes: Uint8Array): void {
    this.#waiting += 1;
    this.#work = this.#work.then(async () => {
      await (await this.#sink).append(bytes);
      this.#writtenBytes += bytes.length;
      this.#waiting -= 1;
    });
    // Whoever asks for `work` hears of it; nobody else need.
    this.#work.catch(() => undefined);
  }
}
