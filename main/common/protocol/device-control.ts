// Taking a device over from its driver and giving it back: schemas of driver/wire's `device_control`.
import '../jitless.ts';
import { z } from 'zod';

/** A PCI address as sysfs writes it, `0000:01:00.0`. */
export const deviceAddress = z.string().regex(/^[0-9a-f]{4,}:[0-9a-f]{2}:[0-9a-f]{2}\.[0-7]$/);

/** What an agent may do, as it was started: every verb, or only those that leave the machine as it is. */
export const agentRole = z.enum(['change', 'observe']);
export type AgentRole = z.infer<typeof agentRole>;

/** What depends on a device's interface, with a sentence for people. */
export const deviceHold = z.object({ what: z.enum(['default-route', 'ssh', 'nfs']), detail: z.string() });
export type DeviceHold = z.infer<typeof deviceHold>;

/** Arguments by verb. */
export const deviceControlVerbs = {
  'take-device': z.strictObject({ device: deviceAddress, confirmed: z.boolean() }),
  'release-device': z.strictObject({ device: deviceAddress }),
} as const;

/** The devices that the agent has taken over; sent after `hello` and whenever it changes. Addresses carry their prefix, `192.0.2.1/24`. */
export const takenEvent = z.object({
  type: z.literal('taken'),
  devices: z.array(
    z.object({
      device: deviceAddress,
      previousDriver: z.string().nullable(),
      previousInterface: z.string().nullable(),
      addresses: z.array(z.string()),
    }),
  ),
});
export type TakenEvent = z.infer<typeof takenEvent>;
