// What is only done to the lab's guest: by its agent (schemas of driver/wire's `lab`), and by the session through QEMU.
import '../jitless.ts';
import { z } from 'zod';
import { deviceAddress } from './device-control.ts';

/** The agent's capability without which it does nothing of this. */
export const labCapability = 'lab';

/** The drivers that a port may be given. */
export const labDrivers = ['rigb', 'igb'] as const;
export type LabDriver = (typeof labDrivers)[number];

/** The MTU of both ports, in bytes. */
export const mtuBounds = [68, 9216] as const;

/** Arguments by verb, for the verbs that the agent serves. `driver` null: nobody drives the card. */
export const labAgentVerbs = {
  'set-driver': z.strictObject({ device: deviceAddress, driver: z.enum(labDrivers).nullable() }),
  'reset-device': z.strictObject({ device: deviceAddress, confirmed: z.boolean() }),
  'set-mtu': z.strictObject({ mtu: z.int().min(mtuBounds[0]).max(mtuBounds[1]) }),
  crash: z.strictObject({ confirmed: z.boolean() }),
} as const;

/** The port on the other end of the cable, in a network namespace of its own; told in the lab's guest only, on every change. */
export const partnerEvent = z.object({
  type: z.literal('partner'),
  device: z.string().nullable(),
  interface: z.string().nullable(),
  mac: z.string().nullable(),
  mtu: z.number().nullable(),
  carrier: z.boolean().nullable(),
  administrativeUp: z.boolean().nullable(),
});
export type PartnerEvent = z.infer<typeof partnerEvent>;

/** What stands before the partner's interface in the names of a sample's counters. */
export const partnerPrefix = 'partner/';

const port = z.union([z.literal(0), z.literal(1)]);

/** Arguments by verb, for the verbs that the session serves: the machine's side of the lab. */
export const labSessionVerbs = {
  'lab-link': z.strictObject({ port, up: z.boolean() }),
  'lab-unplug': z.strictObject({ port }),
  'lab-plug': z.strictObject({ port }),
} as const;

/** A port as the machine has it. */
export const labPort = z.object({
  port,
  device: deviceAddress,
  /** The card is in its slot. */
  isPlugged: z.boolean(),
  /** The cable is in the card. */
  isCabled: z.boolean(),
  /** What is being done to it, in words; null when nothing is. */
  step: z.string().nullable(),
  /** Why the last step failed; null when it did not. */
  fault: z.string().nullable(),
});
export type LabPort = z.infer<typeof labPort>;

/** Both ports; when a guest boots, and on every change. */
export const labEvent = z.object({ type: z.literal('lab'), ports: z.array(labPort) });
export type LabEvent = z.infer<typeof labEvent>;
