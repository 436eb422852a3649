// Recordings on the wire: what a window asks for, and what the session tells of recording and replay (driver/wire/README.md, "Recordings").
import { z } from 'zod';

/** A file's name within the folder of recordings: never a path. */
export const recordingName = z.string().regex(/^[A-Za-z0-9][A-Za-z0-9._-]{0,120}\.mcap$/);

/** What a recording can be turned into. */
export const exportFormat = z.enum(['csv', 'json', 'log', 'perfetto', 'pcapng']);
export type ExportFormat = z.infer<typeof exportFormat>;

/** The slowest and the fastest replay, as factors of the recorded speed. */
export const speedLimits = { least: 0.25, most: 16 } as const;

const milliseconds = z.number().min(0);
const count = z.int().min(0);

/** Arguments by verb. */
export const recordingVerbs = {
  record: z.strictObject({
    on: z.boolean(),
    /** Begin with the log, the samples and the console that the session kept before. */
    fromStart: z.boolean().optional(),
    /** A part that has this many bytes, or is this old, is followed by the next. */
    maximumBytes: z.int().min(65_536).optional(),
    maximumSeconds: z.number().min(1).optional(),
  }),
  'list-recordings': z.strictObject({}),
  'delete-recording': z.strictObject({ name: recordingName }),
  'export-recording': z.strictObject({
    /** One of the folder; without it, the recording that is open, wherever it lies. */
    name: recordingName.optional(),
    format: exportFormat,
    fromMs: milliseconds.optional(),
    toMs: milliseconds.optional(),
  }),
  'record-always': z.strictObject({ on: z.boolean() }),
  replay: z.strictObject({
    playing: z.boolean().optional(),
    speed: z.number().min(speedLimits.least).max(speedLimits.most).optional(),
    positionMs: milliseconds.optional(),
  }),
} as const;

const recording = z.object({
  type: z.literal('recording'),
  state: z.enum(['idle', 'recording', 'failed']),
  /** The part that is written, or was written last. */
  name: z.string().nullable(),
  /** All parts together. */
  bytes: count,
  seconds: z.number(),
  /** Frames that could not be written in time. */
  droppedFrames: count,
  /** Why it ended, when nobody asked for that. */
  reason: z.string().nullable(),
});

const recordingItem = z.object({
  name: recordingName,
  bytes: count,
  startedUnixMs: z.number(),
  seconds: z.number(),
  /** It has its index: whoever wrote it ended it. */
  complete: z.boolean(),
  /** What is missing, or what is wrong with it, in words. */
  remark: z.string().nullable(),
});
export type RecordingItem = z.infer<typeof recordingItem>;

const recordings = z.object({
  type: z.literal('recordings'),
  folder: z.string(),
  /** Every session is recorded from its start. */
  always: z.boolean(),
  items: z.array(recordingItem),
});

/** An instant that is worth going to. `timeMs` counts from the recording's start. */
export const replayMark = z.object({
  timeMs: z.number(),
  kind: z.enum(['mark', 'error', 'driver', 'link', 'agent', 'target', 'lost']),
  text: z.string(),
});
export type ReplayMark = z.infer<typeof replayMark>;

const replay = z.object({
  type: z.literal('replay'),
  name: z.string(),
  startedUnixMs: z.number(),
  positionMs: z.number(),
  durationMs: z.number(),
  speed: z.number(),
  playing: z.boolean(),
  /** Counts the jumps: what was told before a jump is void, and everything is told anew after it. */
  jump: count,
  /** It lies outside the recordings' folder, so the file of this name there, if any, is another. */
  elsewhere: z.boolean().optional(),
  /** What the recording lacks, in words; null when nothing is missing. */
  remark: z.string().nullable(),
  /** Told with the first event and with each jump; they do not change in between. */
  marks: z.array(replayMark).optional(),
});

const exported = z.object({ type: z.literal('exported'), name: z.string(), path: z.string(), bytes: count, remark: z.string().nullable() });

/** Events of the session about recordings. */
export const recordingEvents = [recording, recordings, replay, exported] as const;
