// Looking into a card's buffers: the schema of driver/wire's `buffers`.
import '../jitless.ts';
import { z } from 'zod';
import { deviceAddress } from './device-control.ts';

/** Arguments by verb. `confirmed` says that a person has read that the payload of frames is shown. */
export const bufferVerbs = {
  'show-buffers': z.strictObject({ device: deviceAddress, on: z.boolean(), confirmed: z.boolean() }),
} as const;

/** What the buffer of a descriptor is called by the verb `read`. */
export function bufferName(kind: 'rx' | 'tx', queue: number, index: number): string {
  return `buffer:${kind}:${queue}:${index}`;
}
