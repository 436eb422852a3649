// What an autopsy looks at: the last seconds of one queue, frozen. Plain data, so that it is saved with what was concluded from it.
import '#common/jitless.ts';
import { z } from 'zod';

const seconds = z.number();
const count = z.number().min(0);

const positions = z.object({
  atSeconds: seconds,
  head: count,
  tail: count,
  nextToUse: count,
  nextToClean: count,
});

/** Where a ring stood over the last seconds, and its descriptors in the newest snapshot. */
const ring = z.object({
  kind: z.enum(['rx', 'tx']),
  index: count,
  isRunning: z.boolean(),
  isFromCard: z.boolean(),
  descriptorCount: count,
  generation: z.string(),
  /** Oldest first. */
  history: z.array(positions).max(400),
  /** Who has to act on the newest snapshot, and on how many descriptors. */
  pending: z.object({ waiting: z.enum(['card', 'driver', 'doorbell']), descriptors: count, at: count }).nullable(),
  /** Descriptors by state in the newest snapshot. */
  states: z.object({ hardware: count, done: count, free: count, error: count }),
  /** The descriptors around the one that waits, the 16 bytes in memory order. */
  descriptors: z.array(z.object({ index: count, raw: z.string(), state: z.enum(['hardware', 'done', 'free', 'error']) })).max(64),
});
export type FrozenRing = z.infer<typeof ring>;

const vector = z.object({
  vector: count,
  irq: count,
  roles: z.array(z.enum(['rx', 'tx', 'link'])),
  queue: count.nullable(),
  /** Oldest first; counts since the driver was loaded. */
  history: z
    .array(
      z.object({
        atSeconds: seconds,
        handled: count,
        spurious: count,
        polls: count,
        /** Polls that used up their budget; null where the driver does not count them. */
        exhausted: count.nullable().default(null),
      }),
    )
    .max(100),
});
export type FrozenVector = z.infer<typeof vector>;

/** Interrupts of the card's lines and of the network softirqs, as rates over the last seconds. */
const rates = z.object({
  fromSeconds: seconds,
  toSeconds: seconds,
  interrupts: z.array(z.object({ irq: z.string(), name: z.string(), perSecond: count })),
  softirqs: z.array(z.object({ name: z.string(), perSecond: count })),
  counters: z.array(z.object({ name: z.string(), value: count, by: z.number() })),
});

/** Everything that is known of the queue at that instant. What was not told is null. */
export const frozenCase = z.object({
  device: z.string(),
  interface: z.string().nullable(),
  driver: z.string().nullable(),
  kernel: z.string().nullable(),
  queue: z.object({ kind: z.enum(['rx', 'tx']), index: count }).nullable(),
  /** Why it was made. */
  trigger: z.string(),
  atSeconds: seconds,
  atUnixMs: z.number().nullable(),
  /** The queue's own ring first. */
  rings: z.array(ring),
  registers: z.object({ atSeconds: seconds, values: z.array(z.object({ offset: count, value: count })) }).nullable(),
  vectors: z.array(vector),
  link: z
    .object({ carrier: z.boolean().nullable(), administrativeUp: z.boolean().nullable(), speedMbps: z.number().nullable() })
    .nullable(),
  napi: z.array(z.object({ id: count, irq: count.nullable(), threaded: z.boolean().nullable() })),
  pcie: z
    .object({
      speed: z.string().nullable(),
      width: z.number().nullable(),
      aer: z.object({ correctable: count, nonfatal: count, fatal: count }).nullable(),
    })
    .nullable(),
  rates: rates.nullable(),
  /** The newest lines of the kernel log, oldest first. */
  log: z.array(z.object({ atSeconds: seconds, level: count, text: z.string() })).max(200),
});
export type FrozenCase = z.infer<typeof frozenCase>;
