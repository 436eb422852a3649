// The target `local` with programs that stand in for pkexec, sudo and the agent: real processes, real pipes, real exits.
import { chmodSync, existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { err, ok } from '#common/result.ts';
import type { ElevationFacts, Role } from '../../main/node/local/elevation.ts';
import { LocalTarget } from '../../main/node/local/local-target.ts';
import type { TargetState } from '../../main/node/target.ts';

let directory = '';
let targets: LocalTarget[] = [];
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'ringscope-local-'));
});
afterEach(async () => {
  for (const target of targets) await target.stop();
  targets = [];
  rmSync(directory, { recursive: true, force: true });
});

function program(name: string, ...lines: string[]): string {
  const path = join(directory, name);
  writeFileSync(path, `#!/bin/sh\n${lines.join('\n')}\n`);
  chmodSync(path, 0o755);
  return path;
}

/** Says something, then serves until its pipe ends. */
const serving = ['printf x', 'cat > /dev/null', `echo given back > ${'"$(dirname "$0")"/given-back'}`];

interface Watched {
  readonly target: LocalTarget;
  readonly states: TargetState[];
  readonly pipes: number;
  until(find: (state: TargetState) => boolean): Promise<TargetState>;
}

function watch({
  role = 'change' as Role,
  facts = {} as Partial<ElevationFacts>,
  agent = join(directory, 'ringscope-agent'),
} = {}): Watched {
  const elevation: ElevationFacts = {
    userId: 1000,
    userName: 'alice',
    hasDisplay: false,
    hasPolicy: false,
    policyGrants: async () => false,
    exists: () => false,
    find: () => null,
    sudoRuns: async () => false,
    ...facts,
  };
  // The files of this test are its own user's, whoever that is.
  const isRootsOwn = process.getuid?.() === 0;
  const target = new LocalTarget(role, {
    findInstallation: () => ok({ folder: directory, agent, isOwn: false }),
    elevation: isRootsOwn ? elevation : { ...elevation, userId: elevation.userId === 0 ? 0 : (process.getuid?.() ?? 1000) },
  });
  targets.push(target);
  const states: TargetState[] = [];
  const waiting = new Set<() => void>();
  let pipes = 0;
  target.onPipe((pipe) => {
    pipes += 1;
    pipe.resume();
  });
  target.onState((state) => {
    states.push(state);
    for (const look of waiting) look();
  });
  return {
    target,
    states,
    get pipes() {
      return pipes;
    },
    until: (find) =>
      new Promise((resolve) => {
        const look = () => {
          const found = states.find(find);
          if (!found) return;
          waiting.delete(look);
          resolve(found);
        };
        waiting.add(look);
        look();
      }),
  };
}

const asRoot = { userId: 0 };

test('as root the agent is started directly, is live with its first byte, and gives back before the stop is over', async () => {
  program('ringscope-agent', ...serving);
  const { target, states, until } = watch({ facts: asRoot });
  await target.start();
  expect(await until(({ phase }) => phase === 'live')).toMatchObject({ kind: 'local', accelerator: null, reason: null });
  await target.stop();
  expect(states.at(-1)).toMatchObject({ phase: 'stopped' });
  expect(states.map(({ phase }) => phase).filter((phase, index, all) => phase !== all[index - 1])).toEqual([
    'stopped',
    'preparing',
    'connecting',
    'live',
    'stopped',
  ]);
  expect(existsSync(join(directory, 'given-back'))).toBe(true);
});

test('while pkexec asks, the agent’s pipe is not handed over; then it is the agent’s own', async () => {
  program('ringscope-agent', ...serving);
  const answer = join(directory, 'answer');
  // Waits as pkexec does until somebody has answered, then becomes the program in the same process.
  const pkexec = program('pkexec', 'shift', `while [ ! -e ${answer} ]; do sleep 0.05; done`, 'exec "$@"');
  const watched = watch({ facts: { hasDisplay: true, find: (name) => (name === 'pkexec' ? pkexec : null) } });
  await watched.target.start();
  expect(await watched.until(({ phase }) => phase === 'connecting')).toMatchObject({ step: expect.stringContaining('password') });
  expect(watched.pipes).toBe(0);
  writeFileSync(answer, '');
  await watched.until(({ phase }) => phase === 'live');
  expect(watched.pipes).toBe(1);
});

test('a dismissed question is an answer: no other way is tried', async () => {
  program('ringscope-agent', ...serving);
  const pkexec = program('pkexec', 'exit 126');
  const sudo = program('sudo', 'shift 2', 'exec "$@"');
  const { target, until } = watch({
    facts: { hasDisplay: true, find: (name) => (name === 'pkexec' ? pkexec : sudo), sudoRuns: async () => true },
  });
  await target.start();
  expect(await until(({ phase }) => phase === 'failed')).toMatchObject({ reason: { title: 'The question for a password was dismissed' } });
});

test('where pkexec finds nobody to ask, sudo is tried next', async () => {
  program('ringscope-agent', ...serving);
  const pkexec = program('pkexec', 'echo "Error executing command as another user: No authentication agent found." >&2', 'exit 127');
  const sudo = program('sudo', 'shift 2', 'exec "$@"');
  const { target, until } = watch({
    facts: { hasDisplay: true, find: (name) => (name === 'pkexec' ? pkexec : sudo), sudoRuns: async () => true },
  });
  await target.start();
  await until(({ phase }) => phase === 'live');
});

// As pkexec 126 says it.
test.each([
  ['Error executing command as another user: Not authorized', 'This user may not start the agent as root'],
  ['Error executing command as another user: No authentication agent found.', 'Nobody can be asked for a password in this session'],
  ['Error getting authority: Error initializing authority: Could not connect: Connection refused', 'polkit does not answer'],
])('what pkexec says when it may not is the reason: %s', async (words, title) => {
  program('ringscope-agent', ...serving);
  const pkexec = program('pkexec', `echo "${words}" >&2`, 'exit 127');
  const { target, until } = watch({ facts: { hasDisplay: true, find: (name) => (name === 'pkexec' ? pkexec : null) } });
  await target.start();
  const { reason } = await until(({ phase }) => phase === 'failed');
  expect(reason).toMatchObject({ title, detail: `pkexec says: ${words.replace(/\.$/, '')}.` });
});

test('a user without a way gets the exact command, and observe mode needs none', async () => {
  const agent = program('ringscope-agent', ...serving);
  const { target, until } = watch({ facts: { find: (name) => (name === 'sudo' ? '/usr/bin/sudo' : null) } });
  await target.start();
  const { reason } = await until(({ phase }) => phase === 'failed');
  expect(reason?.remedy).toContain(`alice ALL=(root) NOPASSWD: ${agent} serve`);
  expect(reason?.remedy).toContain('Observe mode');
  const observing = watch({ role: 'observe' });
  await observing.target.start();
  await observing.until(({ phase }) => phase === 'live');
});

test('an agent that refuses to run says why', async () => {
  program('ringscope-agent', 'echo "ringscope-agent: it lies where everybody can write" >&2', 'exit 1');
  const { target, until } = watch({ facts: asRoot });
  await target.start();
  expect(await until(({ phase }) => phase === 'failed')).toMatchObject({
    reason: { detail: expect.stringContaining('exit code 1: it lies where everybody can write') },
    lastConsoleLines: ['ringscope-agent: it lies where everybody can write'],
  });
});

test('an agent that died is started again, with the reason and the pause in words', async () => {
  // Dies once, with its last words; the next one serves.
  program(
    'ringscope-agent',
    'printf x',
    `if [ ! -e ${directory}/died ]; then touch ${directory}/died; echo "out of luck" >&2; exit 3; fi`,
    'cat > /dev/null',
  );
  const watched = watch({ facts: asRoot });
  await watched.target.start();
  const died = await watched.until(({ step }) => step.includes('started again'));
  expect(died).toMatchObject({ phase: 'connecting', lastConsoleLines: ['out of luck'] });
  expect(died.step).toBe('The agent ended (exit code 3: out of luck); it is started again in 0.5 s, attempt 1 of 5');
  const after = watched.states.length;
  await watched.until((state) => watched.states.indexOf(state) >= after && state.phase === 'live');
  expect(watched.pipes).toBe(2);
});

test('an agent that others could have written is not started', async () => {
  const agent = program('ringscope-agent', ...serving);
  chmodSync(agent, 0o777);
  const { target, until } = watch({ facts: asRoot });
  await target.start();
  expect(await until(({ phase }) => phase === 'failed')).toMatchObject({ reason: { detail: expect.stringContaining('chmod go-w') } });
});

test('without an agent the sentence says how to get one', async () => {
  const target = new LocalTarget('change', {
    findInstallation: () => err('There is no agent.'),
    elevation: { userId: 0 } as ElevationFacts,
  });
  const states: TargetState[] = [];
  target.onState((state) => states.push(state));
  await target.start();
  expect(states.at(-1)).toMatchObject({ phase: 'failed', reason: { detail: 'There is no agent.' } });
});
