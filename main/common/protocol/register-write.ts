// Writing a register of a card: the schema of driver/wire's `register_write`.
import '../jitless.ts';
import { z } from 'zod';
import { deviceAddress } from './device-control.ts';

const word = z.int().min(0).max(0xffff_ffff);

/** Arguments by verb. `offset` is a place in BAR 0; `confirmed` says that a person has read what the write does. */
export const registerWriteVerbs = {
  'write-register': z.strictObject({ device: deviceAddress, offset: word.multipleOf(4), value: word, confirmed: z.boolean() }),
} as const;

/** The agent's capability without which it writes no registers. */
export const writeCapability = 'write-register';
