// The lab's traffic between its two ports: schemas of driver/wire's `traffic`.
import '../jitless.ts';
import { z } from 'zod';

const count = z.int().min(0);

/** Which way the lab's traffic runs, seen from the device under test. */
export const direction = z.enum(['receive', 'transmit', 'both']);

/** What may be wrong with each frame: a checksum, or an IPv4 header that tells of more bytes than the frame has. */
export const damage = z.enum(['ip-checksum', 'udp-checksum', 'tcp-checksum', 'truncated']);
export type Damage = z.infer<typeof damage>;

/** Bounds of what can be asked for; the longest frame is what fits into the largest MTU, 9216, with its Ethernet header. */
export const trafficBounds = {
  framesPerSecond: [0, 10_000_000],
  frameBytes: [60, 9230],
  flows: [1, 1024],
  burst: [1, 64],
} as const;

const within = ([least, most]: readonly [number, number]) => z.int().min(least).max(most);

/** Arguments of the verb. Without `flows` there are 254; 0 frames a second is as fast as it goes. */
export const trafficArguments = z.strictObject({
  running: z.boolean(),
  direction,
  framesPerSecond: within(trafficBounds.framesPerSecond),
  frameBytes: within(trafficBounds.frameBytes),
  frames: count.optional(),
  flows: within(trafficBounds.flows).optional(),
  burst: within(trafficBounds.burst).optional(),
  damage: damage.nullable().optional(),
});

/** What runs, or was asked for last. `flows`, `burst` and `damage` are absent in what agents told before they knew them. */
export const trafficEvent = z.object({
  type: z.literal('traffic'),
  available: z.boolean(),
  reason: z.string().nullable(),
  running: z.boolean(),
  direction,
  framesPerSecond: count,
  frameBytes: count,
  flows: count.optional(),
  burst: count.optional(),
  damage: damage.nullable().optional(),
  sentFrames: count,
  source: z.string().nullable(),
});
