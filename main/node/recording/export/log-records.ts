// The kernel log of a stretch, each record once.
import { streams } from '#common/frame.ts';
import { type LogRecord, readLogBatch } from '#common/layouts/log-batch.ts';
import { isOtherBoot } from '../../session/intake.ts';
import { agentEventOf } from '../checkpoint.ts';
import type { RecordingReader } from '../recording-reader.ts';
import type { ExportRange } from './export-recording.ts';

/** A record, or a hole; `bootNs` is the kernel's boot in nanoseconds since 1970, where it was told. */
export type LogLine =
  | { readonly type: 'record'; readonly record: LogRecord; readonly bootNs: bigint | null }
  | { readonly type: 'lost'; readonly records: bigint };

/** Every record. An agent that was restarted told the log once more; what came already is left out. */
export async function* logLines(reader: RecordingReader, { fromNs, toNs }: ExportRange): AsyncGenerator<LogLine> {
  const boots: { timeNs: bigint; bootTime: string }[] = [];
  for await (const { payload, timeNs } of reader.between(streams.control, -1n, toNs)) {
    const event = agentEventOf(payload);
    if (event?.type === 'hello') boots.push({ timeNs, bootTime: event.bootTimeUnixNs });
  }
  let at = -1;
  let newest: bigint | null = null;
  for await (const { payload, timeNs } of reader.between(streams.log, fromNs, toNs)) {
    while (at + 1 < boots.length && (boots[at + 1]?.timeNs ?? 0n) <= timeNs) {
      at += 1;
      const [before, now] = [boots[at - 1], boots[at]];
      if (before && now && isOtherBoot(before.bootTime, now.bootTime)) newest = null;
    }
    const batch = readLogBatch(payload);
    if (!batch.ok) continue;
    const first = batch.value.records[0];
    const isRetold = newest !== null && first !== undefined && first.sequence <= newest;
    if (batch.value.lostRecords > 0n && !isRetold) yield { type: 'lost', records: batch.value.lostRecords };
    const boot = boots[at]?.bootTime;
    for (const record of batch.value.records) {
      if (newest !== null && record.sequence <= newest) continue;
      newest = record.sequence;
      yield { type: 'record', record, bootNs: boot === undefined ? null : BigInt(boot) };
    }
  }
}
