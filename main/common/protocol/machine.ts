// What the session says of the machine it runs on, without an agent: whether it can load and build the driver, and a build that runs.
import '../jitless.ts';
import { z } from 'zod';

/** One check of the doctor. `fix` is a command or a sentence, empty where there is nothing to do. */
export const doctorCheck = z.object({
  name: z.string(),
  state: z.enum(['ok', 'warn', 'fail']),
  why: z.string(),
  fix: z.string(),
});
export type DoctorCheck = z.infer<typeof doctorCheck>;

/** How many lines of a build are told at the most; the newest stay. */
export const buildLinesKept = 300;

const doctor = z.object({ type: z.literal('doctor'), checks: z.array(doctorCheck), checkedUnixMs: z.number() });

const build = z.object({
  type: z.literal('build'),
  state: z.enum(['running', 'done', 'failed']),
  /** `uname -r` of the kernel that the module is for. */
  kernelRelease: z.string(),
  /** Which kernel tree it is built against, in words; empty before one was found. */
  tree: z.string(),
  /** The newest lines of the output. */
  lines: z.array(z.string()).max(buildLinesKept),
  elapsedMs: z.number(),
  /** SHA-256 of the built module, in hex. */
  digest: z.string().nullable(),
  reason: z.object({ title: z.string(), detail: z.string(), remedy: z.string() }).nullable(),
});

/** The session's verbs for its own machine. */
export const machineVerbs = {
  doctor: z.strictObject({}),
  'build-module': z.strictObject({}),
} as const;

/** The session's events for its own machine. */
export const machineEvents = [doctor, build] as const;

export type DoctorEvent = z.infer<typeof doctor>;
export type BuildEvent = z.infer<typeof build>;
