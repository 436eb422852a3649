// A recording held to rules, as fast as it can be read. What the session had kept from before it was recorded is not judged.
import { FactFeed } from '#common/alerts/fact-feed.ts';
import { streams } from '#common/frame.ts';
import { readSample } from '#common/layouts/sample.ts';
import type { SessionEvent } from '#common/protocol.ts';
import type { Rule } from '#common/rules/rules-file.ts';
import { RulesRun } from '#common/rules/rules-run.ts';
import { framesBetween } from '../../recording/player.ts';
import { RecordingReader } from '../../recording/recording-reader.ts';
import { stateAt } from '../../recording/state-at.ts';
import type { Checked } from './check-text.ts';

// So much of a recording is in memory at once.
const stepNs = 5_000_000_000n;

/** The kernel's time of the first sample that was recorded live, in seconds since boot; 0 without one. */
async function firstSeconds(reader: RecordingReader): Promise<number> {
  for await (const { payload } of reader.between(streams.sample, reader.startNs, reader.endNs)) {
    const sample = readSample(payload);
    if (sample.ok) return Number(sample.value.timeNs) / 1e9;
  }
  return 0;
}

/** Checks. Every failure to do so is an Error whose message is a sentence. */
export async function checkRecording({
  path,
  rules,
  signal,
}: {
  readonly path: string;
  readonly rules: readonly Rule[];
  readonly signal: AbortSignal;
}): Promise<Checked> {
  const opened = await RecordingReader.open(path);
  if (!opened.ok) throw new Error(opened.error);
  const reader = opened.value;
  try {
    const run = new RulesRun(rules, await firstSeconds(reader));
    const feed = new FactFeed();
    const take = ({ stream, payload }: { readonly stream: number; readonly payload: Uint8Array }) => {
      const facts =
        stream === streams.control ? feed.event(JSON.parse(Buffer.from(payload).toString()) as SessionEvent) : feed.bulk(stream, payload);
      for (const fact of facts) run.take(fact);
    };
    for (const frame of await stateAt(reader, reader.startNs)) if (frame.stream === streams.control) take(frame);
    for (let at = reader.startNs; at < reader.endNs; at += stepNs) {
      if (signal.aborted) throw new Error('The check was interrupted.');
      const until = at + stepNs < reader.endNs ? at + stepNs : reader.endNs;
      for (const frame of await framesBetween(reader, at, until)) take(frame);
    }
    return { outcomes: run.outcomes(), seconds: Number(reader.endNs - reader.startNs) / 1e9, source: reader.name };
  } finally {
    await reader.close();
  }
}
