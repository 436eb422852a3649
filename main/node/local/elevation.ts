// The ways by which the agent, and it alone, becomes root.
import { existsSync } from 'node:fs';
import { userInfo } from 'node:os';
import { dirname, join } from 'node:path';
import { allowWrites } from '../allow-writes.ts';
import { agentName, packagedFolder } from './installation.ts';
import { ask, findProgram } from './programs.ts';

/** Where a package installs our polkit policy. */
export const policyPath = '/usr/share/polkit-1/actions/org.ringscope.policy';

/** What the agent may do: change the machine, or only look. */
export type Role = 'change' | 'observe';

/** A command line that starts the agent. */
export interface Way {
  /** `user` is without any privilege: for observe mode only. */
  readonly kind: 'root' | 'pkexec' | 'sudo' | 'user';
  /** Of pkexec: whether it asks for a password first, and whom. In a session without a display `nobody` is there to be asked, and it refuses. */
  readonly asks?: 'never' | 'in a dialog' | 'nobody';
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
  /** Whether polkit's rules grant this user, in this session, an action of our policy without a question. */
  policyGrants(action: string): Promise<boolean>;
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
    policyGrants: async (action) => {
      const pkcheck = findProgram('pkcheck', environment.PATH);
      // pkexec is judged by the process that starts it, which is this one.
      return pkcheck !== null && (await ask(pkcheck, ['--action-id', action, '--process', String(process.pid)])).code === 0;
    },
    sudoRuns: async (sudo, command) => (await ask(sudo, ['-n', '-l', '--', ...command])).code === 0,
  };
}

/** The arguments of the agent for a role; `writes` lets it write registers of a card. */
export const agentArguments = (role: Role, writes = false): readonly string[] =>
  role === 'observe' ? ['serve', '--observe'] : writes ? ['serve', allowWrites] : ['serve'];

/** The ways for this user, the best first. In the role `observe` the last one always works: without privileges. Empty when there is none. */
export async function waysToStart(agent: string, role: Role, facts: ElevationFacts, writes = false): Promise<readonly Way[]> {
  const args = agentArguments(role, writes);
  if (facts.userId === 0) return [{ kind: 'root', program: agent, args }];
  const pkexec = await pkexecWay(agent, role, facts, writes);
  const sudo = facts.find('sudo');
  const sudoWay: Way | null =
    sudo && (await facts.sudoRuns(sudo, [agent, ...args])) ? { kind: 'sudo', program: sudo, args: ['-n', '--', agent, ...args] } : null;
  // A pkexec that can ask nobody is worth a try where nothing else is left: it says why not, and a terminal's agent may be there after all.
  const candidates = pkexec?.asks === 'nobody' ? [sudoWay ?? pkexec] : [pkexec, sudoWay];
  const ways = candidates.filter((way) => way !== null);
  if (role === 'observe') ways.push({ kind: 'user', program: agent, args });
  return ways;
}

async function pkexecWay(agent: string, role: Role, facts: ElevationFacts, writes: boolean): Promise<Way | null> {
  const pkexec = facts.find('pkexec');
  // Our policy speaks of the package's programs; a copy in the user's own folder is any program to polkit.
  const isCovered = facts.hasPolicy && agent === join(packagedFolder, agentName);
  // Whoever chose to look only is not asked for a password, unless our policy says how that is to be done.
  const observer = role === 'observe' && isCovered ? observerBeside(agent, facts) : null;
  const asRoot =
    role === 'observe' ? observer && [observer] : isCovered || facts.hasDisplay ? [agent, ...agentArguments(role, writes)] : null;
  if (!pkexec || !asRoot) return null;
  const isGranted = isCovered && (await facts.policyGrants(`org.ringscope.${role}`));
  // pkexec's own agent would ask in the terminal that the application was started from, where nobody looks.
  const args = ['--disable-internal-agent', ...asRoot];
  return { kind: 'pkexec', program: pkexec, args, asks: isGranted ? 'never' : facts.hasDisplay ? 'in a dialog' : 'nobody' };
}

/** The program of our policy's second action: the agent in observe mode, whatever it is called with. polkit knows actions by their program alone. */
function observerBeside(agent: string, facts: ElevationFacts): string | null {
  const path = join(dirname(agent), 'ringscope-observe');
  return facts.exists(path) ? path : null;
}

const rulesPath = '/etc/polkit-1/rules.d/50-ringscope.rules';

const polkitRule = (userName: string) =>
  `polkit.addRule(function (action, subject) { if (action.id.indexOf("org.ringscope.") == 0 && subject.user == "${userName}") return polkit.Result.YES; });`;

/** What a user does who has no way to root: exact commands. `isOwn` says that the agent lies in the user's own folder, not in root's. */
export function manualWay(agent: string, isOwn: boolean, facts: ElevationFacts, writes = false): string {
  const sentences: string[] = [];
  const hasSudo = facts.find('sudo') !== null;
  if (hasSudo) sentences.push('Run `sudo -v` in the terminal that Ringscope was started from, then restart the target.');
  // A rule without a password for a file that the user can replace would make this user root for everything.
  if (isOwn) sentences.push('An administrator can give this user the right to use sudo.');
  else {
    const { userName } = facts;
    if (hasSudo)
      sentences.push(
        `An administrator can allow it for good, as root: \`echo '${userName} ALL=(root) NOPASSWD: ${agent} serve, ${agent} serve --observe${writes ? `, ${agent} serve ${allowWrites}` : ''}' > /etc/sudoers.d/ringscope\`.`,
      );
    const hasPolkit = facts.hasPolicy && facts.find('pkexec') !== null;
    if (!hasSudo && !hasPolkit) sentences.push('For that one of sudo and pkexec has to be installed.');
    if (hasPolkit)
      sentences.push(
        `${hasSudo ? 'Or through polkit' : 'An administrator can allow it for good through polkit'}, as root: \`echo '${polkitRule(userName)}' > ${rulesPath}\`.`,
      );
  }
  sentences.push('Observe mode needs no privileges and shows what the kernel tells everybody.');
  return sentences.join(' ');
}
