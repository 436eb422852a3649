// The ways by which the agent, and it alone, becomes root.
import { existsSync } from 'node:fs';
import { userInfo } from 'node:os';
import { dirname, join } from 'node:path';
import { ask, findProgram } from './programs.ts';

/** Where a package installs our polkit policy. */
export const policyPath = '/usr/share/polkit-1/actions/org.ringscope.policy';

/** What the agent may do: change the machine, or only look. */
export type Role = 'change' | 'observe';

/** A command line that starts the agent. */
export interface Way {
  /** `user` is without any privilege: for observe mode only. */
  readonly kind: 'root' | 'pkexec' | 'sudo' | 'user';
  readonly program: string;
  readonly args: readonly string[];
}

/** What decides which ways there are; tests give their own. */
export interface ElevationFacts {
  readonly userId: number;
  readonly userName: string;
  /** Somebody can be asked in a dialog: there is a display. */
  readonly hasDisplay: boolean;
  readonly hasPolicy: boolean;
  exists(path: string): boolean;
  find(program: string): string | null;
  /** Whether sudo runs this command without asking. */
  sudoRuns(sudo: string, command: readonly string[]): Promise<boolean>;
}

/** This machine's facts. */
export function elevationFacts(environment: NodeJS.ProcessEnv = process.env): ElevationFacts {
  return {
    userId: process.getuid?.() ?? -1,
    userName: userInfo().username,
    hasDisplay: Boolean(environment.WAYLAND_DISPLAY || environment.DISPLAY),
    hasPolicy: existsSync(policyPath),
    exists: existsSync,
    find: (program) => findProgram(program, environment.PATH),
    sudoRuns: async (sudo, command) => (await ask(sudo, ['-n', '-l', '--', ...command])).code === 0,
  };
}

/** The arguments of the agent for a role. */
export const agentArguments = (role: Role): readonly string[] => (role === 'observe' ? ['serve', '--observe'] : ['serve']);

/** The ways for this user, the best first. In the role `observe` the last one always works: without privileges. Empty when there is none. */
export async function waysToStart(agent: string, role: Role, facts: ElevationFacts): Promise<readonly Way[]> {
  const args = agentArguments(role);
  if (facts.userId === 0) return [{ kind: 'root', program: agent, args }];
  const ways: Way[] = [];
  const pkexec = facts.find('pkexec');
  // Whoever chose to look only is not asked for a password, unless our policy says how that is to be done.
  const observer = role === 'observe' && facts.hasPolicy ? observerBeside(agent, facts) : null;
  const asRoot = role === 'observe' ? observer && [observer] : facts.hasDisplay || facts.hasPolicy ? [agent, ...args] : null;
  // pkexec's own agent would ask in the terminal that the application was started from, where nobody looks.
  if (pkexec && asRoot) ways.push({ kind: 'pkexec', program: pkexec, args: ['--disable-internal-agent', ...asRoot] });
  const sudo = facts.find('sudo');
  if (sudo && (await facts.sudoRuns(sudo, [agent, ...args])))
    ways.push({ kind: 'sudo', program: sudo, args: ['-n', '--', agent, ...args] });
  if (role === 'observe') ways.push({ kind: 'user', program: agent, args });
  return ways;
}

/** The program of our policy's second action: the agent in observe mode, whatever it is called with. polkit knows actions by their program alone. */
function observerBeside(agent: string, facts: ElevationFacts): string | null {
  const path = join(dirname(agent), 'ringscope-observe');
  return facts.exists(path) ? path : null;
}

/** What a user does who has no way to root: exact commands. `isOwn` says that the agent lies in the user's own folder, not in root's. */
export function manualWay(agent: string, isOwn: boolean, facts: ElevationFacts): string {
  const sentences: string[] = [];
  if (facts.find('sudo')) sentences.push('Run `sudo -v` in the terminal that Ringscope was started from, then restart the target.');
  // A rule without a password for a file that the user can replace would make this user root for everything.
  if (isOwn) sentences.push('An administrator can give this user the right to use sudo.');
  else
    sentences.push(
      `An administrator can allow it for good, as root: \`echo '${facts.userName} ALL=(root) NOPASSWD: ${agent} serve, ${agent} serve --observe' > /etc/sudoers.d/ringscope\`.`,
    );
  sentences.push('Observe mode needs no privileges and shows what the kernel tells everybody.');
  return sentences.join(' ');
}
