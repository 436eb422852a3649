// `ringscope replay`: what is in a recording, or all of it at its own pace.
import { streams } from '#common/frame.ts';
import { readLogBatch } from '#common/layouts/log-batch.ts';
import { speedLimits } from '#common/protocol/recording.ts';
import { Player } from '../../recording/player.ts';
import { RecordingReader } from '../../recording/recording-reader.ts';
import type { ToldFrame } from '../../recording/state-at.ts';
import { type Command, type Invocation, numberOption } from '../command.ts';
import { summarise, summaryText } from '../describe-recording.ts';
import { recordingPath } from '../recording-path.ts';

const names: Record<number, string> = Object.fromEntries(Object.entries(streams).map(([name, stream]) => [stream, name]));

/** A frame as a line; null for what nobody reads as text. */
function lineOf({ stream, payload }: ToldFrame): string | null {
  if (stream === streams.control) return Buffer.from(payload).toString();
  if (stream !== streams.log) return null;
  const batch = readLogBatch(payload);
  if (!batch.ok) return null;
  return batch.value.records.map(({ timeUs, text }) => `[${(Number(timeUs) / 1e6).toFixed(6).padStart(12)}] ${text}`).join('\n');
}

function jsonLineOf({ stream, payload }: ToldFrame, positionMs: number): string {
  const head = { positionMs, stream: names[stream] ?? String(stream) };
  if (stream === streams.control) return JSON.stringify({ ...head, event: JSON.parse(Buffer.from(payload).toString()) as unknown });
  return JSON.stringify({ ...head, payload: Buffer.from(payload).toString('base64') });
}

async function follow(reader: RecordingReader, speed: number, isJson: boolean, { print, signal }: Invocation): Promise<void> {
  await new Promise<void>((resolve, reject) => {
    let printing: Promise<void> = Promise.resolve();
    const player = new Player(reader, {
      onFrames: (frames) => {
        const positionMs = Number((player.positionNs - reader.startNs) / 1_000_000n);
        const lines = frames.map((frame) => (isJson ? jsonLineOf(frame, positionMs) : lineOf(frame))).filter((line) => line !== null);
        if (lines.length > 0) printing = printing.then(() => print(`${lines.join('\n')}\n`));
        printing.catch(reject);
      },
      onPosition: () => {
        if (!player.isPlaying && player.positionNs >= reader.endNs) printing.then(resolve, reject);
      },
      onFault: (detail) => reject(new Error(detail)),
    });
    signal.addEventListener('abort', () => {
      player.pause();
      resolve();
    });
    player.setSpeed(speed);
    player.play();
  });
}

export const replay: Command = {
  name: 'replay',
  summary: 'what is in a recording, or all of it at its own pace',
  description:
    'Without --follow it prints what the recording holds: when and what was recorded, how much of each stream, marks, and what is missing. With --follow it prints events and kernel log lines at the pace at which they were recorded; with --json every frame, one JSON object a line. To look at it, open it in the window.',
  positionals: 'FILE',
  offers: 'files',
  options: {
    follow: { description: 'print what was told, at its own pace' },
    speed: { argument: 'FACTOR', default: '1', description: `how fast --follow goes, ${speedLimits.least} to ${speedLimits.most}` },
    json: { description: 'JSON on standard output: one document, or with --follow one object a line' },
  },
  async run(invocation) {
    const { options, switches, positionals, print } = invocation;
    const path = recordingPath(positionals);
    const speed = numberOption('speed', options.speed, speedLimits.least, speedLimits.most);
    const opened = await RecordingReader.open(path);
    if (!opened.ok) throw new Error(opened.error);
    const isJson = switches.has('json');
    try {
      if (switches.has('follow')) await follow(opened.value, speed, isJson, invocation);
      else {
        const summary = await summarise(opened.value);
        await print(isJson ? `${JSON.stringify(summary)}\n` : summaryText(summary));
      }
    } finally {
      await opened.value.close();
    }
    return 0;
  },
};
