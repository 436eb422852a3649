// What an application inspects first: the lab, or what its command line says (`npm start -- --target local`, `npm start -- file.mcap`).
import { recordingArgument } from './recording/recording-argument.ts';
import type { ChosenTarget } from './target.ts';

/** Reads `--target lab|local`, `--observe` or a recording's path from the arguments of a window's application. Throws an Error with a sentence for a target that is none. */
export function firstTarget(args: readonly string[], folder = process.cwd()): ChosenTarget {
  const recording = recordingArgument(args, folder);
  const at = args.indexOf('--target');
  const name = at >= 0 ? args[at + 1] : args.find((one) => one.startsWith('--target='))?.slice('--target='.length);
  if (at >= 0 && name === undefined) throw new Error('--target wants a name: `lab`, or `local` for this machine.');
  const observe = args.includes('--observe');
  if (recording !== null) {
    if (name === undefined && !observe) return { kind: 'recording', path: recording };
    throw new Error(`${recording} is what to inspect, so leave out --target and --observe, which say \`lab\` or \`local\` in its place.`);
  }
  if (name === undefined) {
    if (observe) throw new Error('--observe goes with --target local.');
    return { kind: 'lab' };
  }
  if (name === 'lab' && !observe) return { kind: 'lab' };
  if (name === 'local') return observe ? { kind: 'local', observe } : { kind: 'local' };
  throw new Error(
    `There is no target "${name}"${observe ? ' to observe' : ''}; there are \`lab\` and \`local\`, and --observe goes with the latter.`,
  );
}
