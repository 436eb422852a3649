// Where the bytes of a recording go.
import { type FileHandle, open } from 'node:fs/promises';

/** An append-only place. */
export interface RecordingSink {
  /** Appends all of it; rejects with the system's error when that cannot be done. */
  append(bytes: Uint8Array): Promise<void>;
  /** Cuts off what lies behind `length`. */
  truncate(length: number): Promise<void>;
  close(): Promise<void>;
}

class FileSink implements RecordingSink {
  readonly #file: FileHandle;

  constructor(file: FileHandle) {
    this.#file = file;
  }

  async append(bytes: Uint8Array): Promise<void> {
    // A full disk takes a part; the next attempt then says why.
    for (let at = 0; at < bytes.length; ) {
      const { bytesWritten } = await this.#file.write(bytes, at, bytes.length - at);
      at += bytesWritten;
    }
  }

  async truncate(length: number): Promise<void> {
    await this.#file.truncate(length);
  }

  async close(): Promise<void> {
    await this.#file.close();
  }
}

/** Opens a new file for its owner alone (mode 0600); one that is there already is not touched. */
export async function openFileSink(path: string): Promise<RecordingSink> {
  // Appending, so that a write after a truncation goes to the new end.
  return new FileSink(await open(path, 'ax', 0o600));
}
