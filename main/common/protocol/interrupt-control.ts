// Where a device's interrupts go and how often they come: schemas of driver/wire's `interrupt_control`.
import '../jitless.ts';
import { z } from 'zod';
import { deviceAddress } from './device-control.ts';

/** One more than the highest CPU that any kernel is built for. */
export const cpuLimit = 8192;

const cpu = z
  .int()
  .min(0)
  .max(cpuLimit - 1);
const microseconds = z.int().min(0).max(0xffff_ffff);

/** What of the moderation shall be another; what is absent stays. */
export const coalesceParameters = z.strictObject({
  'rx-usecs': microseconds.optional(),
  'tx-usecs': microseconds.optional(),
  'adaptive-rx': z.boolean().optional(),
  'adaptive-tx': z.boolean().optional(),
});
export type CoalesceParameters = z.infer<typeof coalesceParameters>;

/** Arguments by verb. `irq` is one of the device's message-signalled interrupts. */
export const interruptControlVerbs = {
  'set-affinity': z.strictObject({
    device: deviceAddress,
    irq: z.int().min(0).max(0xffff_ffff),
    cpus: z.array(cpu).min(1).max(cpuLimit),
  }),
  'set-coalesce': z.strictObject({
    device: deviceAddress,
    parameters: coalesceParameters.refine((parameters) => Object.keys(parameters).length > 0, 'names no parameter'),
  }),
} as const;

const cpuList = z.string().regex(/^\d+(-\d+)?(,\d+(-\d+)?)*$/);

/** The CPUs that may serve an interrupt, and those that it is sent to in fact (null if the kernel does not tell); lists as the kernel writes them, `0-3,8`. */
export const affinity = z.object({ irq: z.number().min(0), cpus: cpuList, effective: cpuList.nullable() });
export type Affinity = z.infer<typeof affinity>;
