// How an agent ended, in words for who has to do something about it.
import type { TargetState } from '../target.ts';
import type { AgentExit } from './agent-process.ts';
import type { Way } from './elevation.ts';

type Reason = NonNullable<TargetState['reason']>;

// What pkexec(1) says of its exit codes.
const dismissed = 126;
const notAuthorised = 127;

/** Whether another way may be tried after this end: a question that somebody dismissed is an answer. */
export function mayTryAnother(way: Way, exit: AgentExit): boolean {
  return !exit.hasTalked && !(way.kind === 'pkexec' && exit.code === dismissed);
}

/** The end in a few words: `exit code 1: REASON` or `SIGKILL`. */
export function endOf({ code, signal, words }: AgentExit): string {
  const how = signal ? `ended by ${signal}` : code === null ? 'could not be started' : `exit code ${code}`;
  const last = words.at(-1)?.replace(/^ringscope-agent: /, '');
  return last ? `${how}: ${last}` : how;
}

function pkexecRefusal(said: string, manual: string): Reason {
  const detail = `pkexec says: ${said.replace(/\.$/, '') || 'not authorised'}.`;
  if (/Error getting authority/.test(said))
    return { title: 'polkit does not answer', detail, remedy: `Start it, as root: \`systemctl restart polkit\`. ${manual}` };
  if (/No authentication agent found/.test(said))
    return { title: 'Nobody can be asked for a password in this session', detail, remedy: manual };
  return { title: 'This user may not start the agent as root', detail, remedy: manual };
}

/** Why an agent that never said a word could not be had. `manual` is what the user can do by hand. */
export function startFailure(way: Way, exit: AgentExit, manual: string): Reason {
  const said = exit.words.slice(-3).join(' ');
  if (way.kind === 'pkexec' && exit.code === dismissed)
    return {
      title: 'The question for a password was dismissed',
      detail: 'The agent needs root to change this machine, and nobody confirmed it.',
      remedy: 'Restart the target to be asked again, or use observe mode, which changes nothing.',
    };
  if (way.kind === 'pkexec' && exit.code === notAuthorised) return pkexecRefusal(said, manual);
  if (way.kind === 'sudo' && /password is required|not allowed|may not run/.test(said))
    return { title: 'sudo does not start the agent', detail: `sudo says: ${said}`, remedy: manual };
  return {
    title: 'The agent did not start',
    detail: `${[way.program, ...way.args].join(' ')} ended (${endOf(exit)}).`,
    remedy: 'Remove the cause that it names, then restart the target.',
  };
}
