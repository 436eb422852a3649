// What is in a recording, as data and as text.
import { type Stream, streams } from '#common/frame.ts';
import { channelIds } from '../recording/channels.ts';
import type { RecordingReader } from '../recording/recording-reader.ts';

/** The shape that `ringscope replay --json` prints. */
export interface RecordingSummary {
  readonly name: string;
  readonly startedUnixMs: number;
  readonly seconds: number;
  readonly bytes: number;
  readonly complete: boolean;
  readonly remark: string | null;
  /** The file's metadata records. */
  readonly metadata: Readonly<Record<string, Readonly<Record<string, string>>>>;
  /** Messages by stream. */
  readonly messages: Readonly<Record<keyof typeof streams, number>>;
  readonly marks: readonly { readonly seconds: number; readonly kind: string; readonly text: string }[];
}

/** Counts what is there. */
export async function summarise(reader: RecordingReader): Promise<RecordingSummary> {
  const counted = await Promise.all(Object.entries(streams).map(async ([name, stream]) => [name, await countOf(reader, stream)] as const));
  const marks = [];
  for await (const { timeNs, payload } of reader.between(channelIds.mark, -1n, reader.endNs)) {
    const mark = JSON.parse(Buffer.from(payload).toString()) as { kind: string; text: string };
    marks.push({ seconds: Number((timeNs - reader.startNs) / 1_000_000n) / 1000, ...mark });
  }
  return {
    name: reader.name,
    startedUnixMs: Number(reader.startNs / 1_000_000n),
    seconds: Number((reader.endNs - reader.startNs) / 1_000_000n) / 1000,
    bytes: reader.index.sizeBytes,
    complete: reader.index.isComplete,
    remark: reader.remark,
    metadata: Object.fromEntries(reader.index.metadata.map(({ name, values }) => [name, Object.fromEntries(values)])),
    messages: Object.fromEntries(counted) as RecordingSummary['messages'],
    marks,
  };
}

async function countOf(reader: RecordingReader, stream: Stream): Promise<number> {
  let count = 0;
  for await (const _ of reader.between(stream, -1n, reader.endNs)) count += 1;
  return count;
}

/** The summary for people, ending in a newline. */
export function summaryText({ name, startedUnixMs, seconds, bytes, remark, metadata, messages, marks }: RecordingSummary): string {
  const target = metadata['ringscope.target'] ?? {};
  const rows: [string, string][] = [
    ['recording', name],
    ['started', new Date(startedUnixMs).toISOString()],
    ['length', `${seconds.toFixed(1)} s`],
    ['size', `${bytes} bytes`],
    ['recorded by', `ringscope ${metadata.ringscope?.application ?? '?'}, agent ${target.agent ?? '?'}`],
    ['kernel', `${target.kernel ?? '?'} ${target.architecture ?? ''}`.trim()],
    ['device', `${target.device ?? '?'} ${target.driver ?? ''} ${target.interface ?? ''}`.trim()],
    ...Object.entries(messages).map(([stream, count]): [string, string] => [stream, `${count} messages`]),
  ];
  const width = Math.max(...rows.map(([left]) => left.length));
  const lines = rows.map(([left, right]) => `${left.padEnd(width)}  ${right}`);
  const marked = marks.map(({ seconds: at, kind, text }) => `  ${at.toFixed(3).padStart(10)} s  ${kind}: ${text}`);
  return `${[...lines, ...(remark ? ['', remark] : []), ...(marked.length > 0 ? ['', 'Marks', ...marked] : [])].join('\n')}\n`;
}
