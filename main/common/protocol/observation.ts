// What any driver and the kernel tell of a device: schemas of driver/wire's `observation`. What is missing says why in `reason`, a sentence.
import '../jitless.ts';
import { z } from 'zod';
import { deviceAddress } from './device-control.ts';
import { affinity } from './interrupt-control.ts';

const count = z.number().min(0);
const kind = z.enum(['rx', 'tx']);
const reason = z.string().nullable();
const listed = <T extends z.ZodType>(item: T) => z.object({ items: z.array(item), reason });
const offered = <T extends z.ZodType>(values: T) => z.object({ values: values.nullable(), reason });
const values = z.record(z.string(), count);

/** Arguments by verb. `hz` 0 ends the observation. */
export const observationVerbs = {
  observe: z.strictObject({ device: deviceAddress, hz: z.number().min(0).max(10) }),
} as const;

/** One look at a device under any driver. `timeNs` is CLOCK_MONOTONIC in decimal nanoseconds. */
export const observationEvent = z.object({
  type: z.literal('observation'),
  device: deviceAddress,
  timeNs: z.string().regex(/^\d+$/),
  queues: listed(z.object({ kind, id: count, napiId: count.nullable() })),
  napis: listed(z.object({ id: count, irq: count.nullable(), threaded: z.boolean().nullable() })),
  queueStatistics: listed(z.object({ kind, id: count, values })),
  ethtoolStatistics: listed(z.object({ name: z.string(), value: count })),
  rings: offered(z.object({ rx: count, rxMax: count, tx: count, txMax: count })),
  channels: offered(
    z.object({
      rx: count,
      tx: count,
      other: count,
      combined: count,
      rxMax: count,
      txMax: count,
      otherMax: count,
      combinedMax: count,
    }),
  ),
  coalesce: offered(values),
  /** Absent in what was recorded before agents told it. */
  affinity: listed(affinity).optional(),
  link: offered(
    z.object({
      autonegotiation: z.boolean(),
      speedMbps: count.nullable(),
      duplex: z.string().nullable(),
      port: z.string().nullable(),
    }),
  ),
  /** Absent before agents told it, as in older recordings. The frame's hash modulo the table's length is the place of its queue. */
  rss: offered(z.object({ indirection: z.array(count), key: z.string().nullable(), hashFunction: z.string().nullable() })).optional(),
  /** Absent before agents told it. Bytes that each transmit queue may have at the card (BQL), and that it has there. */
  byteQueueLimits: listed(z.object({ id: count, limit: count, inflight: count })).optional(),
  /** Absent before agents told it. Pools of receive buffers; `values` is empty, and `reason` says why, where the kernel counts nothing of them. */
  pagePools: listed(
    z.object({ id: count, napiId: count.nullable(), inflight: count.nullable(), inflightBytes: count.nullable(), values }),
  ).optional(),
  /** Absent before agents told it. What the driver says of itself; null is what it leaves empty. */
  driverInformation: offered(
    z.object({ driver: z.string().nullable(), version: z.string().nullable(), firmware: z.string().nullable() }),
  ).optional(),
  pcie: z.object({
    speed: z.string().nullable(),
    width: count.nullable(),
    maxSpeed: z.string().nullable(),
    maxWidth: count.nullable(),
    numaNode: count.nullable(),
    msiVectors: z.array(count),
    aer: z.object({ correctable: count, nonfatal: count, fatal: count }).nullable(),
  }),
});
export type ObservationEvent = z.infer<typeof observationEvent>;
