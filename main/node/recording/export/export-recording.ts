// An export: a recording, or a part of it, as a file that other programs read.
import { mkdir, open, rename, rm, stat } from 'node:fs/promises';
import { basename, join } from 'node:path';
import type { ExportFormat } from '#common/protocol/recording.ts';
import { err, ok, type Result } from '#common/result.ts';
import { RecordingReader } from '../recording-reader.ts';
import { csvOf } from './csv.ts';
import { jsonOf } from './json.ts';
import { logTextOf } from './log-text.ts';
import { perfettoOf } from './perfetto.ts';

/** What is wanted. Times count from the recording's start. */
export interface ExportOptions {
  readonly path: string;
  readonly format: ExportFormat;
  readonly fromMs: number;
  /** Null is the end. */
  readonly toMs: number | null;
  /** Where a file is made; `output` names it instead. */
  readonly folder: string;
  readonly output?: string;
}

/** A stretch of a recording, in nanoseconds since 1970: `fromNs < time <= toNs`. */
export interface ExportRange {
  readonly fromNs: bigint;
  readonly toNs: bigint;
  /** What was kept before the recording began belongs to it. */
  readonly isAll: boolean;
}

/** What was made. */
export interface Exported {
  readonly path: string;
  readonly bytes: number;
  /** What the recording lacks, in words. */
  readonly remark: string | null;
}

type Writer = (reader: RecordingReader, range: ExportRange) => AsyncIterable<string | Uint8Array>;

const writers: Record<Exclude<ExportFormat, 'pcapng'>, { readonly ending: string; readonly write: Writer }> = {
  csv: { ending: 'csv', write: csvOf },
  json: { ending: 'json', write: jsonOf },
  log: { ending: 'log', write: logTextOf },
  perfetto: { ending: 'perfetto-trace', write: perfettoOf },
};

/** Makes the file; the error is a sentence. */
export async function exportRecording({ path, format, fromMs, toMs, folder, output }: ExportOptions): Promise<Result<Exported, string>> {
  if (format === 'pcapng')
    return err(
      'This recording holds no frame payload, so there is nothing to export as pcapng: Ringscope records descriptors and counters, not what the card carried.',
    );
  const opened = await RecordingReader.open(path);
  if (!opened.ok) return opened;
  const reader = opened.value;
  try {
    const range = rangeOf(reader, fromMs, toMs);
    if (range.fromNs >= range.toNs && !range.isAll) return err('The range holds nothing: its end lies before its beginning.');
    const { ending, write } = writers[format];
    if (output === undefined) await mkdir(folder, { recursive: true, mode: 0o700 });
    const target = output ?? join(folder, `${basename(path).replace(/\.mcap$/, '')}${suffixOf(range, fromMs, toMs)}.${ending}`);
    return await writeTo(target, write(reader, range), reader.remark);
  } finally {
    await reader.close();
  }
}

/** The stretch between two positions. */
export function rangeOf(reader: RecordingReader, fromMs: number, toMs: number | null): ExportRange {
  const at = (ms: number) => reader.startNs + BigInt(Math.round(ms * 1e6));
  const isAll = fromMs === 0 && toMs === null;
  const end = toMs === null || at(toMs) > reader.endNs ? reader.endNs : at(toMs);
  return { fromNs: isAll ? -1n : at(fromMs) - 1n, toNs: end, isAll };
}

function suffixOf({ isAll }: ExportRange, fromMs: number, toMs: number | null): string {
  return isAll ? '' : `-${(fromMs / 1000).toFixed(1)}s-${toMs === null ? 'end' : `${(toMs / 1000).toFixed(1)}s`}`;
}

async function writeTo(path: string, pieces: AsyncIterable<string | Uint8Array>, remark: string | null): Promise<Result<Exported, string>> {
  // Whole or not at all: an export that was broken off does not stand in the place of an earlier one.
  const unfinished = `${path}.part`;
  try {
    const file = await open(unfinished, 'w', 0o600);
    try {
      for await (const piece of pieces) await file.appendFile(piece);
    } finally {
      await file.close();
    }
    await rename(unfinished, path);
  } catch (error) {
    await rm(unfinished, { force: true });
    return err(`${path} cannot be written: ${error instanceof Error ? error.message : String(error)}.`);
  }
  return ok({ path, bytes: (await stat(path)).size, remark });
}
