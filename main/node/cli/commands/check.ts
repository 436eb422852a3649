// `ringscope check`: a target or a recording held to the rules of a file.
import { readFile, writeFile } from 'node:fs/promises';
import { basename } from 'node:path';
import type { TargetChoice } from '#common/protocol.ts';
import { type RulesFile, readRules } from '#common/rules/rules-file.ts';
import { checkRecording } from '../check/check-recording.ts';
import { checkTarget } from '../check/check-target.ts';
import { checkDocument, checkText } from '../check/check-text.ts';
import { junitText } from '../check/junit-text.ts';
import { type Command, nameOption, numberOption, sessionName, UsageError } from '../command.ts';
import { recordingPath } from '../recording-path.ts';
import { withSession } from '../run.ts';

const longestSeconds = 24 * 3600;
const broken = 1;
const notChecked = 2;

function targetOf(name: string | undefined): TargetChoice {
  if (name === 'lab') return { kind: 'lab' };
  if (name === 'local') return { kind: 'local', observe: true };
  throw new UsageError(`There is no target "${name}"; there are \`lab\` and \`local\``);
}

async function rulesOf(positionals: readonly string[]): Promise<{ path: string; file: RulesFile }> {
  const [path, ...others] = positionals;
  if (path === undefined) throw new UsageError('A rules file is missing, such as rules.json');
  if (others.length > 0) throw new UsageError(`One rules file at a time, not "${others.join(' ')}" too`);
  const text = await readFile(path, 'utf8').catch((error: unknown) => {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') throw new UsageError(`There is no rules file ${path}`);
    throw new UsageError(`${path} cannot be read: ${error instanceof Error ? error.message : String(error)}`);
  });
  const read = readRules(text);
  if (!read.ok) throw new Error(`${path}: ${read.error}`);
  return { path, file: read.value };
}

export const check: Command = {
  name: 'check',
  summary: 'a driver held to the rules of a file: stuck queues, interrupts, drops, errors, link',
  description:
    'Joins the running application’s session, or starts one and ends it again, watches for N seconds and says of each rule whether it held, with what was measured. In the lab the driver is loaded and the link partner sends. On this machine (--target local) nothing is changed: what the kernel tells of any card is judged, and rings where rigb has one. With --recording a recording is judged, as fast as it can be read. A rule of which nothing was measured does not hold.',
  positionals: 'RULES',
  offers: 'files',
  options: {
    target: { argument: 'TARGET', default: 'lab', offers: ['lab', 'local'], description: '`lab`, or `local` for this machine' },
    seconds: { argument: 'N', default: '10', description: `how long to watch, 1 to ${longestSeconds}` },
    recording: { argument: 'FILE', offers: 'files', description: 'judge this recording in place of a target' },
    junit: { argument: 'FILE', offers: 'files', description: 'write the results as JUnit XML too' },
    json: { description: 'one JSON document on standard output: holds, seconds, rules with what was measured' },
    name: nameOption,
  },
  exitCodes: {
    [broken]: 'when a rule does not hold or could not be measured',
    [notChecked]: 'when nothing was checked: wrong arguments, a file that cannot be read, a target that does not answer',
  },
  failureCode: notChecked,
  usesLab: ({ options }) => options.recording === undefined && options.target === 'lab',
  async run({ options, switches, positionals, print, onStep, signal }) {
    const target = targetOf(options.target);
    const seconds = numberOption('seconds', options.seconds, 1, longestSeconds);
    const { path, file } = await rulesOf(positionals);
    const checked =
      options.recording !== undefined
        ? await checkRecording({ path: recordingPath([options.recording]), rules: file.rules, signal })
        : await withSession({ name: sessionName(options.name), target, onStep, signal, what: 'check' }, (session) =>
            checkTarget({ ...session, kind: target.kind, rules: file.rules, seconds, onStep }),
          );
    if (options.junit !== undefined) await writeFile(options.junit, junitText(basename(path), checked));
    const document = checkDocument(checked);
    await print(switches.has('json') ? `${JSON.stringify(document)}\n` : checkText(checked));
    return document.holds ? 0 : broken;
  },
};
