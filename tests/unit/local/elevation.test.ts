import { expect, test } from 'vitest';
import { type ElevationFacts, manualWay, waysToStart } from '../../../main/node/local/elevation.ts';

const agent = '/usr/lib/ringscope/ringscope-agent';
const observer = '/usr/lib/ringscope/ringscope-observe';

const facts = (change: Partial<ElevationFacts> = {}): ElevationFacts => ({
  userId: 1000,
  userName: 'alice',
  hasDisplay: false,
  hasPolicy: false,
  policyGrants: async () => false,
  exists: () => true,
  find: (program) => `/usr/bin/${program}`,
  sudoRuns: async () => true,
  ...change,
});

const kinds = async (role: 'change' | 'observe', change: Partial<ElevationFacts>) =>
  (await waysToStart(agent, role, facts(change))).map(({ kind }) => kind);

test('root starts the agent directly', async () => {
  expect(await waysToStart(agent, 'change', facts({ userId: 0 }))).toEqual([{ kind: 'root', program: agent, args: ['serve'] }]);
});

test('with a display pkexec asks first, and sudo is the next', async () => {
  const ways = await waysToStart(agent, 'change', facts({ hasDisplay: true }));
  expect(ways).toEqual([
    { kind: 'pkexec', program: '/usr/bin/pkexec', args: ['--disable-internal-agent', agent, 'serve'], asks: 'in a dialog' },
    { kind: 'sudo', program: '/usr/bin/sudo', args: ['-n', '--', agent, 'serve'] },
  ]);
});

test('without a display pkexec is first where polkit’s rules grant it, and else the last resort', async () => {
  const sudoRuns = async () => false;
  const granted: string[] = [];
  const policyGrants = async (action: string) => {
    granted.push(action);
    return true;
  };
  expect(await kinds('change', {})).toEqual(['sudo']);
  expect(await kinds('change', { hasPolicy: true })).toEqual(['sudo']);
  expect(await waysToStart(agent, 'change', facts({ hasPolicy: true, sudoRuns }))).toMatchObject([{ kind: 'pkexec', asks: 'nobody' }]);
  const [way] = await waysToStart(agent, 'change', facts({ hasPolicy: true, policyGrants }));
  expect(way).toMatchObject({ kind: 'pkexec', asks: 'never' });
  expect(await kinds('observe', { hasPolicy: true, policyGrants })).toEqual(['pkexec', 'sudo', 'user']);
  expect(granted).toEqual(['org.ringscope.change', 'org.ringscope.observe']);
});

test('our policy does not cover an agent in the user’s own folder', async () => {
  const own = '/home/alice/.cache/ringscope/local/7.3/ringscope-agent';
  const covered = facts({ hasPolicy: true, sudoRuns: async () => false, policyGrants: async () => true });
  expect(await waysToStart(own, 'change', covered)).toEqual([]);
  expect(await waysToStart(own, 'change', { ...covered, hasDisplay: true })).toMatchObject([{ kind: 'pkexec', asks: 'in a dialog' }]);
});

test('sudo is a way only when it runs this very command without a question', async () => {
  const asked: (readonly string[])[] = [];
  const sudoRuns = async (sudo: string, command: readonly string[]) => {
    asked.push([sudo, ...command]);
    return false;
  };
  expect(await kinds('change', { sudoRuns })).toEqual([]);
  expect(asked).toEqual([['/usr/bin/sudo', agent, 'serve']]);
});

test('observe mode always has a way: without privileges at the last', async () => {
  expect(await kinds('observe', { sudoRuns: async () => false, find: () => null })).toEqual(['user']);
  expect(await kinds('observe', { hasDisplay: true })).toEqual(['sudo', 'user']);
  const ways = await waysToStart(agent, 'observe', facts({ hasPolicy: true, sudoRuns: async () => false }));
  expect(ways).toEqual([
    { kind: 'pkexec', program: '/usr/bin/pkexec', args: ['--disable-internal-agent', observer], asks: 'nobody' },
    { kind: 'user', program: agent, args: ['serve', '--observe'] },
  ]);
});

test('an unprivileged way never appears where the machine is to be changed', async () => {
  expect(await kinds('change', { find: () => null })).toEqual([]);
});

test('what to do by hand is an exact command, and none that makes a user root who can replace the agent', () => {
  expect(manualWay(agent, false, facts())).toContain(`echo 'alice ALL=(root) NOPASSWD: ${agent} serve, ${agent} serve --observe'`);
  const own = manualWay('/home/alice/.cache/ringscope/local/7.3/ringscope-agent', true, facts());
  expect(own).toContain('`sudo -v`');
  expect(own).not.toContain('NOPASSWD');
  expect(manualWay(agent, false, facts({ find: () => null }))).toContain('one of sudo and pkexec has to be installed');
  expect(manualWay(agent, false, facts())).not.toContain('polkit');
  const polkit = manualWay(agent, false, facts({ hasPolicy: true }));
  expect(polkit).toContain('subject.user == "alice") return polkit.Result.YES; });\' > /etc/polkit-1/rules.d/50-ringscope.rules`');
});

test('an agent that may write registers is started so by every way, and one that observes never', async () => {
  const ways = await waysToStart(agent, 'change', facts({ hasDisplay: true }), true);
  expect(ways.map(({ args }) => args.slice(-2))).toEqual([
    ['serve', '--allow-writes'],
    ['serve', '--allow-writes'],
  ]);
  const observing = await waysToStart(agent, 'observe', facts(), true);
  expect(observing.flatMap(({ args }) => args)).not.toContain('--allow-writes');
  expect(manualWay(agent, false, facts(), true)).toContain(`${agent} serve --observe, ${agent} serve --allow-writes'`);
});
