// What `ringscope snapshot --json` prints: a contract with whoever scripts it. Every number was measured.
import { z } from 'zod';

const count = z.int().min(0);

const descriptor = z.strictObject({
  index: count,
  /** The 16 bytes in memory order. */
  raw: z.string().regex(/^[0-9a-f]{32}$/),
  state: z.enum(['hardware', 'done', 'free', 'error']),
  decoded: z.strictObject({
    format: z.string(),
    /** By the datasheet's name; values are hexadecimal (`0x…`), since some have 64 bits. */
    fields: z.record(z.string(), z.strictObject({ value: z.string().regex(/^0x[0-9a-f]+$/), meaning: z.string() })),
  }),
});

const queue = z.strictObject({
  kind: z.enum(['rx', 'tx']),
  index: count,
  /** Descriptors of the ring; 0 while its interface is down. */
  size: count,
  head: count,
  tail: count,
  nextToUse: count,
  nextToClean: count,
  descriptors: z.array(descriptor),
});

/** One moment of one device: the shape of the printed document. */
export const snapshotDocument = z.strictObject({
  device: z.strictObject({ driver: z.string(), pciAddress: z.string(), interface: z.string(), mac: z.string().nullable() }),
  link: z.strictObject({ up: z.boolean(), speedMbps: z.number().nullable(), duplex: z.enum(['full', 'half']).nullable() }),
  module: z.strictObject({ name: z.string(), state: z.string(), version: z.string().nullable() }),
  /** The driver's counters of the interface, by their names in camel case. `errors` is their own, or the sum of receive and transmit errors. */
  statistics: z.object({ rxPackets: count, txPackets: count, errors: count }).catchall(count),
  /** The device's interrupts: `vector` counts them in the device's order, `irq` is the kernel's number, `perCpu` has a count for each CPU. */
  interrupts: z.array(z.strictObject({ vector: count, irq: z.string(), name: z.string(), perCpu: z.array(count) })),
  queues: z.array(queue),
  /** The kernel log as far as the session keeps it. `timeUs` counts from boot, `level` is 0 emergency … 7 debug. */
  log: z.array(z.strictObject({ sequence: count, timeUs: count, level: z.int().min(0).max(7), text: z.string() })),
  /** Log records and frames that were lost on the way, wherever it happened. */
  dropped: count,
});

/** The document as a value. */
export type SnapshotDocument = z.infer<typeof snapshotDocument>;
