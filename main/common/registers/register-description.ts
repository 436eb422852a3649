// What a file of assets/registers says: a group of a card's registers, each with its place, its fields, and what reading and writing it does.
import '../jitless.ts';
import { z } from 'zod';

/** Bytes of BAR 0 that registers may lie in (82576 datasheet 9.4.11). */
export const barBytes = 0x2_0000;

const hexadecimal = z
  .string()
  .regex(/^0x[0-9a-f]{1,8}$/, 'is not 0x and up to eight lower-case digits')
  .transform(Number);

const sentence = z.string().min(3).max(400);

/**
 * What reading does to the card. `none`: nothing, it may be polled. `clears`: what was read is gone for everybody else. `semaphore`: reading takes a lock.
 * `protocol`: the value belongs to a transaction that somebody has under way, or reading moves it on.
 */
export const readEffect = z.enum(['none', 'clears', 'semaphore', 'protocol']);
export type ReadEffect = z.infer<typeof readEffect>;

/** A field: bits `bit + width - 1` down to `bit`. `values` names what single values mean, by decimal number. */
export const fieldDescription = z.strictObject({
  name: z.string().min(1).max(32),
  bit: z.int().min(0).max(31),
  width: z.int().min(1).max(32),
  meaning: z.string().min(1).max(240),
  values: z.record(z.string().regex(/^\d+$/), z.string().min(1)).optional(),
});
export type FieldDescription = z.infer<typeof fieldDescription>;

/** Several registers of one kind: element `first + n` lies `n * stride` bytes behind the first. */
const array = z.strictObject({ count: z.int().min(2).max(256), stride: z.int().min(4).multipleOf(4), first: z.int().min(0).default(0) });

/** A register, or an array of them. `reset` is the value after a reset where a source tells one for every card; `section` the datasheet's, where sources agree. */
export const registerDescription = z.strictObject({
  name: z.string().regex(/^[A-Z][A-Z0-9_]*$/),
  title: sentence,
  offset: hexadecimal,
  array: array.optional(),
  access: z.enum(['RW', 'RO', 'WO', 'RC', 'R/W1C', 'RC/W1C']),
  reset: hexadecimal.nullable(),
  section: z
    .string()
    .regex(/^8(\.\d+){1,2}$/)
    .nullable(),
  read: readEffect,
  /** Why it is not polled; there if and only if `read` is not `none`. */
  readNote: sentence.optional(),
  /** What a write does, in words. */
  write: sentence,
  /** Where the same is told without touching the register. `ethtool` is the driver's own statistic of this name, `{index}` the element's number. */
  elsewhere: z.strictObject({ words: sentence, ethtool: z.string().optional() }).optional(),
  fields: z.array(fieldDescription),
});
export type RegisterDescription = z.infer<typeof registerDescription>;

/** One file. */
export const registerGroup = z.strictObject({
  device: z.literal('82576'),
  group: z.string().min(3),
  registers: z.array(registerDescription),
});
export type RegisterGroup = z.infer<typeof registerGroup>;
