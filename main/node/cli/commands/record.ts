// `ringscope record`: a session into a file.
import type { TargetChoice } from '#common/protocol.ts';
import { type Command, nameOption, numberOption, sessionName, UsageError } from '../command.ts';
import { recordSession } from '../record-session.ts';

const longestSeconds = 7 * 24 * 3600;
const stoppedEarly = 2;

function targetOf(text: string | undefined): TargetChoice {
  if (text === 'lab' || text === 'local') return { kind: text };
  throw new UsageError(`There is no target "${text}" to record; \`lab\` and \`local\` are the ones`);
}

/** A number of bytes, with a K, M or G behind it if wanted. */
function bytesOption(text: string): number {
  const [, digits, unit = ''] = /^(\d+)([KMG]?)$/.exec(text) ?? [];
  const bytes = Number(digits) * 1024 ** ['', 'K', 'M', 'G'].indexOf(unit);
  if (!(bytes >= 65_536)) throw new UsageError(`--max-bytes takes a number of at least 64K, such as 500M or 2G, not "${text}"`);
  return bytes;
}

export const record: Command = {
  name: 'record',
  summary: 'a session into an MCAP file',
  description:
    'Joins the running application’s session, or starts one and ends it again, and records everything that the agent tells: counters, interrupts, rings, the kernel log, the console. Without --seconds it records until it is interrupted. What was recorded is played by the window and by `ringscope replay`, and read by other MCAP programs.',
  options: {
    target: { argument: 'TARGET', default: 'lab', offers: ['lab', 'local'], description: 'what to record, `lab` or `local`' },
    seconds: { argument: 'N', description: `how long, 1 to ${longestSeconds}, counted from when the target is live` },
    output: { argument: 'FILE', offers: 'files', description: 'where the recording goes (default: the folder of recordings)' },
    'from-start': { description: 'begin with the log, samples and console that the session kept before' },
    'max-bytes': { argument: 'SIZE', description: 'go on in a new file beyond this size, such as 500M or 2G (default 1G)' },
    json: { description: 'one JSON document on standard output: files, seconds, droppedFrames, reason' },
    name: nameOption,
  },
  exitCodes: { [stoppedEarly]: 'when the recording ended early, as on a full disk; its file is kept' },
  async run({ options, switches, print, onStep, signal }) {
    const seconds = options.seconds === undefined ? null : numberOption('seconds', options.seconds, 1, longestSeconds);
    const maximumBytes = options['max-bytes'] === undefined ? {} : { maximumBytes: bytesOption(options['max-bytes']) };
    const done = await recordSession({
      name: sessionName(options.name),
      target: targetOf(options.target),
      seconds,
      output: options.output ?? null,
      asked: { fromStart: switches.has('from-start'), ...maximumBytes },
      onStep,
      signal,
    });
    if (switches.has('json')) await print(`${JSON.stringify(done)}\n`);
    else {
      for (const { path, bytes } of done.files) await print(`${path}  ${bytes} bytes\n`);
      const dropped = done.droppedFrames > 0 ? `, ${done.droppedFrames} frames dropped` : '';
      await print(`${done.seconds.toFixed(1)} s${dropped}${done.reason ? `. ${done.reason}` : ''}\n`);
    }
    return done.reason === null ? 0 : stoppedEarly;
  },
};
