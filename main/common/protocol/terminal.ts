// The user's shells: what can be asked of them, and how they stand. What they print comes on stream 7 (driver/wire/README.md).
import { z } from 'zod';

const terminalId = z.int().min(0).max(0xffff_ffff);
const columns = z.int().min(2).max(1000);
const rows = z.int().min(1).max(1000);

/** Arguments by verb. */
export const terminalVerbs = {
  'terminal-open': z.strictObject({ columns, rows }),
  'terminal-attach': z.strictObject({ id: terminalId }),
  'terminal-write': z.strictObject({ id: terminalId, text: z.string().max(65_536) }),
  'terminal-resize': z.strictObject({ id: terminalId, columns, rows }),
  'terminal-acknowledge': z.strictObject({ id: terminalId, bytes: z.int().min(0).max(0xffff_ffff) }),
  'terminal-close': z.strictObject({ id: terminalId }),
} as const;

/** One shell. `exitCode` and `signal` (such as `SIGHUP`) are null while it is open. */
export const terminal = z.object({
  id: terminalId,
  title: z.string(),
  state: z.enum(['open', 'ended']),
  exitCode: z.int().nullable(),
  signal: z.string().nullable(),
});
export type TerminalState = z.infer<typeof terminal>;

/** All shells, oldest first. `unavailable` says why none can be opened here. */
export const terminalEvent = z.object({
  type: z.literal('terminal'),
  unavailable: z.object({ message: z.string(), remedy: z.string() }).nullable(),
  terminals: z.array(terminal),
});
