// A disk in memory, which a test can fill or make slow.
import type { RecordingSink } from '../../main/node/recording/recording-sink.ts';

/** One file. Beyond `capacityBytes` a write is taken in part and then refused, as a full disk does it. */
export class MemorySink implements RecordingSink {
  bytes: Buffer = Buffer.alloc(0);
  capacityBytes = Number.POSITIVE_INFINITY;
  isClosed = false;
  /** Held back until the test lets it go. */
  gate: Promise<void> = Promise.resolve();

  async append(bytes: Uint8Array): Promise<void> {
    await this.gate;
    const room = this.capacityBytes - this.bytes.length;
    this.bytes = Buffer.concat([this.bytes, bytes.subarray(0, Math.max(0, room))]);
    if (room < bytes.length) throw Object.assign(new Error('ENOSPC: no space left on device, write'), { code: 'ENOSPC' });
  }

  async truncate(length: number): Promise<void> {
    this.bytes = this.bytes.subarray(0, length);
  }

  async close(): Promise<void> {
    this.isClosed = true;
  }
}
