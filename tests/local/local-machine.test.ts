// Somebody's machine, from the doctor to the card given back. Run by `npm run test:local`, which prepares the guest.
import { readFileSync } from 'node:fs';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { snapshotDocument } from '#common/snapshot-document.ts';
import type { ObservationDocument } from '../../main/node/cli/take-observation.ts';
import { LocalGuest, type LocalGuestFiles } from '../support/local-guest.ts';
import { runPiped } from '../support/piped-agent.ts';

const description = process.env.RINGSCOPE_LOCAL_GUEST;
const inGuest = description ? test : test.skip;

const ringscope = 'node /opt/ringscope/out/main/ringscope.js';
const card = '0000:01:00.0';
const driverOf = `basename "$(readlink /sys/bus/pci/devices/${card}/driver)"`;

let guest: LocalGuest;
beforeAll(async () => {
  if (description) guest = await LocalGuest.boot(JSON.parse(readFileSync(description, 'utf8')) as LocalGuestFiles);
});
afterAll(async () => {
  await guest?.[Symbol.asyncDispose]();
});

/** What the machine's owner would miss if it were not as before: driver, override, interface with its name, MAC and addresses, routes, modules of ours. */
async function stateOfMachine(): Promise<string> {
  // A link that was made anew negotiates, and IPv6 asks whether anybody else has its address.
  await guest.holds('ip link show dev lan0 2> /dev/null | grep -q "state UP" && ! ip addr show dev lan0 | grep -q tentative');
  return guest.run(
    [
      driverOf,
      `cat /sys/bus/pci/devices/${card}/driver_override`,
      `ls /sys/bus/pci/devices/${card}/net`,
      "ip -o addr show dev lan0 | sed 's/^[0-9]*: //; s/valid_lft.*//' | sort",
      "ip -o link show dev lan0 | grep -o 'state [A-Z]*\\|link/ether [^ ]*\\|mtu [0-9]*'",
      'ip route show dev lan0',
      "grep -c '^rigb ' /proc/modules",
      'true',
    ].join('; '),
  );
}

interface Doctor {
  readonly checks: readonly { readonly name: string; readonly state: string; readonly why: string; readonly fix: string }[];
}

async function doctor(user: string): Promise<Record<string, Doctor['checks'][number]>> {
  const { code, stdout } = await guest.as(user, `${ringscope} doctor --json`);
  const { checks } = JSON.parse(stdout) as Doctor;
  expect(code).toBe(checks.some(({ state }) => state === 'fail') ? 2 : 0);
  return Object.fromEntries(checks.map((check) => [check.name, check]));
}

inGuest('the doctor finds a Debian whose headers lack the Rust crates, and who may become root', async () => {
  const alice = await doctor('alice');
  for (const name of ['kernel', 'modules', 'rust', 'compilers', 'secure-boot', 'lockdown', 'cards', 'debugfs', 'elevation'])
    expect(alice[name], JSON.stringify(alice[name])).toMatchObject({ state: 'ok' });
  expect(alice.headers).toMatchObject({ state: 'fail', why: expect.stringContaining('rust/libkernel.rmeta') });
  expect(alice.cards?.why).toContain(`${card} 82576 (driver igb, interface lan0)`);
  expect((await doctor('bob')).elevation).toMatchObject({ state: 'fail', fix: expect.stringContaining('/etc/sudoers.d/ringscope') });
});

inGuest('without the crates a build ends before it begins, and says what is missing', async () => {
  const { code, stderr } = await guest.as('alice', `${ringscope} build`);
  expect(code).toBe(1);
  expect(stderr).toContain('linux-source of the same version');
});

inGuest('with a prepared tree alice builds rigb.ko for the running kernel', async () => {
  await guest.run('rm /lib/modules/$(uname -r)/build; ln -s /usr/src/linux-rust /lib/modules/$(uname -r)/build');
  expect((await doctor('alice')).headers).toMatchObject({ state: 'ok' });
  const { code, stdout, stderr } = await guest.as('alice', `${ringscope} build --json`, { limitMs: 580_000 });
  expect(code, stderr.slice(-3000)).toBe(0);
  const { digest, kernelRelease } = JSON.parse(stdout) as { digest: string; kernelRelease: string };
  const folder = `/home/alice/.cache/ringscope/local/${kernelRelease}`;
  expect(await guest.run(`cd ${folder} && sha256sum -c rigb.ko.sha256 && ls -1`)).toMatch(/rigb\.ko: OK[\s\S]*ringscope-agent/);
  expect(await guest.run(`sha256sum ${folder}/rigb.ko`)).toContain(digest);
  expect((await doctor('alice'))['built-module']).toMatchObject({ state: 'ok' });
});

inGuest('alice takes the card from igb, sees frames arrive in its rings, and the machine is as before', async () => {
  const before = await stateOfMachine();
  expect(before).toContain('192.0.2.1/24');
  const { code, stdout, stderr } = await guest.as(
    'alice',
    `${ringscope} snapshot --target local --device ${card} --traffic --seconds 5 --json`,
    {
      limitMs: 180_000,
    },
  );
  expect(code, stderr).toBe(0);
  const document = snapshotDocument.parse(JSON.parse(stdout));
  expect(document.device).toMatchObject({ driver: 'rigb', pciAddress: card, interface: 'lan0' });
  expect(document.module.state).toBe('live');
  expect(document.statistics.rxPackets).toBeGreaterThan(100);
  const receive = document.queues.find(({ kind }) => kind === 'rx');
  expect(receive?.descriptors.some(({ raw }) => /[1-9a-f]/.test(raw))).toBe(true);
  expect(await stateOfMachine()).toBe(before);
});

inGuest('a card that carries the default route is taken only when that is confirmed', async () => {
  await guest.run('ip route add default via 192.0.2.2 dev lan0');
  const before = await stateOfMachine();
  const snapshot = `${ringscope} snapshot --target local --device ${card} --seconds 0`;
  const refused = await guest.as('alice', snapshot, { limitMs: 120_000 });
  expect(refused.code).toBe(1);
  expect(refused.stderr).toMatch(/default route.*--confirm/);
  expect(await stateOfMachine()).toBe(before);
  const confirmed = await guest.as('alice', `${snapshot} --confirm`, { limitMs: 120_000 });
  expect(confirmed.code, confirmed.stderr).toBe(0);
  expect(await stateOfMachine()).toBe(before);
  await guest.run('ip route del default');
});

/** Begins a long snapshot as alice, and waits until our driver has the card and its interface is up. */
async function lend(): Promise<void> {
  await guest.run(
    `su - alice -c '${ringscope} snapshot --target local --device ${card} --seconds 3000' < /dev/null > /tmp/lent 2>&1 & sleep 0`,
  );
  await guest.holds(`[ "$(${driverOf})" = rigb ] && ip addr show dev lan0 2> /dev/null | grep -q 192.0.2.1`, 120_000);
}

inGuest('when the application is killed in the middle, the machine is as before', async () => {
  const before = await stateOfMachine();
  await lend();
  expect(await stateOfMachine()).not.toBe(before);
  await guest.run('pkill -9 -u alice node');
  await guest.holds(`[ "$(${driverOf})" = igb ] && ! pgrep ringscope-agent > /dev/null`);
  expect(await stateOfMachine()).toBe(before);
});

inGuest('when the agent is killed in the middle, the application starts another, which gives the card back', async () => {
  const before = await stateOfMachine();
  await lend();
  await guest.run('pkill -9 ringscope-agent');
  await guest.holds(`[ "$(${driverOf})" = igb ] && pgrep ringscope-agent > /dev/null`);
  await guest.run('pkill -9 -u alice node');
  await guest.holds('! pgrep ringscope-agent > /dev/null');
  expect(await stateOfMachine()).toBe(before);
});

inGuest('bob, who may not use sudo, gets the exact command, and observes without privileges', async () => {
  const refused = await guest.as('bob', `${ringscope} snapshot --target local --device ${card}`);
  expect(refused.code).toBe(1);
  expect(refused.stderr).toContain("echo 'bob ALL=(root) NOPASSWD: /usr/lib/ringscope/ringscope-agent serve");
  expect(refused.stderr).toContain('Observe mode needs no privileges');
  const observed = await guest.as('bob', `${ringscope} observe --device ${card} --json`);
  expect(observed.code, observed.stderr).toBe(0);
  const { device, observation, interrupts } = JSON.parse(observed.stdout) as ObservationDocument;
  expect(device).toMatchObject({ driver: 'igb', interface: 'lan0', carrier: true });
  expect(observation.queues.items.map(({ kind, id }) => `${kind}${id}`)).toEqual(expect.arrayContaining(['rx0', 'tx0']));
  expect(observation.queueStatistics).toMatchObject({ items: [], reason: expect.stringContaining('igb') });
  expect(observation.ethtoolStatistics.items.map(({ name }) => name)).toContain('rx_packets');
  expect(interrupts.length).toBeGreaterThan(0);
  expect((await guest.as('bob', `${ringscope} observe --device ${card}`)).stdout).toContain('igb offers no queue statistics');
});

inGuest('the command that the refusal names is what lets bob take the card', async () => {
  const { stderr } = await guest.as('bob', `${ringscope} snapshot --target local --device ${card}`);
  const [, command = ''] = /as root: `([^`]+)`/.exec(stderr) ?? [];
  await guest.run(command);
  expect((await doctor('bob')).elevation).toMatchObject({ state: 'ok' });
  const before = await stateOfMachine();
  // His own cache has no module: the package's agent finds one beside itself.
  await guest.run(
    'cp /home/alice/.cache/ringscope/local/*/rigb.ko /home/alice/.cache/ringscope/local/*/rigb.ko.sha256 /usr/lib/ringscope/',
  );
  const taken = await guest.as('bob', `${ringscope} snapshot --target local --device ${card} --seconds 0 --json`, { limitMs: 120_000 });
  expect(taken.code, taken.stderr).toBe(0);
  expect(await stateOfMachine()).toBe(before);
});

/** Runs a script as carol, and tells as which users the agents ran that were there meanwhile. */
async function asCarol(script: string): Promise<Awaited<ReturnType<LocalGuest['as']>> & { readonly agentUsers: readonly string[] }> {
  const look = 'for id in $(pgrep -x ringscope-agent); do stat -c %U /proc/$id; done 2> /dev/null';
  await guest.run(`touch /tmp/watched; (while [ -e /tmp/watched ]; do ${look}; sleep 0.05; done > /tmp/agent-users &)`);
  const ended = await guest.as('carol', script, { limitMs: 120_000 });
  await guest.run('rm /tmp/watched');
  const users = await guest.run('sort -u /tmp/agent-users');
  return { ...ended, agentUsers: users.split('\n').filter((user) => user !== '') };
}

const carolTakes = `${ringscope} snapshot --target local --device ${card} --seconds 0`;
const carolObserves = `${ringscope} observe --device ${card} --json`;
/** polkitd reads its rules when it notices them. */
const granted = (action: string) =>
  guest.holds(`su - carol -c 'pkcheck --action-id org.ringscope.${action} --process $$' > /dev/null 2>&1`);

inGuest('carol, whom no rule of polkit names, reads why pkexec refuses and what to do, and observes without privileges', async () => {
  expect((await doctor('carol')).elevation).toMatchObject({
    state: 'fail',
    why: expect.stringContaining('nobody to ask'),
    fix: expect.stringContaining('/etc/polkit-1/rules.d/'),
  });
  const refused = await asCarol(carolTakes);
  expect(refused).toMatchObject({ code: 1, agentUsers: [] });
  expect(refused.stderr).toContain('Nobody can be asked for a password in this session');
  expect(refused.stderr).toContain('pkexec says: Error executing command as another user: No authentication agent found.');
  expect(await asCarol(carolObserves)).toMatchObject({ code: 0, agentUsers: ['carol'] });
});

inGuest('with a rule for observing, carol’s agent is root’s through pkexec and changes nothing', async () => {
  const rule = 'if (action.id == "org.ringscope.observe" && subject.user == "carol") return polkit.Result.YES;';
  await guest.run(`echo 'polkit.addRule(function (action, subject) { ${rule} });' > /etc/polkit-1/rules.d/40-observe.rules`);
  await granted('observe');
  const observed = await asCarol(carolObserves);
  expect(observed, observed.stderr).toMatchObject({ code: 0, agentUsers: ['root'] });
  expect((JSON.parse(observed.stdout) as ObservationDocument).device).toMatchObject({ driver: 'igb', interface: 'lan0' });
  expect(await asCarol(carolTakes)).toMatchObject({ code: 1, agentUsers: [] });
  await guest.run('ln -sf /usr/bin/busybox /usr/local/bin/usleep');
  const before = await stateOfMachine();
  // What an application would ask that does not keep to its role, and arguments that would be another role.
  const piped = await runPiped(guest, "su - carol -c 'pkexec --disable-internal-agent /usr/lib/ringscope/ringscope-observe serve'", [
    { verb: 'hello', arguments: { protocol: 1, application: 'test' } },
    { verb: 'load-module', arguments: {} },
    { verb: 'take-device', arguments: { device: card, confirmed: true } },
  ]);
  expect(
    piped.messages.find(({ type }) => type === 'hello'),
    piped.errorText,
  ).toMatchObject({ role: 'observe' });
  for (const id of [2, 3])
    expect(piped.messages.find((message) => message.type === 'reply' && message.id === id)).toMatchObject({
      error: { code: 'no-permission' },
    });
  expect(await stateOfMachine()).toBe(before);
});

inGuest('the rule that the refusal names lets carol take the card through pkexec and give it back', async () => {
  const [, command = ''] = /through polkit, as root: `([^`]+)`/.exec((await guest.as('carol', carolTakes)).stderr) ?? [];
  await guest.run(command);
  await granted('change');
  expect((await doctor('carol')).elevation).toMatchObject({ state: 'ok', why: expect.stringContaining('pkexec') });
  const before = await stateOfMachine();
  // A shell that /etc/shells does not know makes pkexec itself refuse.
  const taken = await asCarol(`SHELL=/opt/fish ${carolTakes} --json`);
  expect(taken, taken.stderr).toMatchObject({ code: 0, agentUsers: ['root'] });
  expect(snapshotDocument.parse(JSON.parse(taken.stdout)).device).toMatchObject({ driver: 'rigb', interface: 'lan0' });
  expect(await stateOfMachine()).toBe(before);
});

inGuest('where polkit does not answer, that is what carol reads', async () => {
  await guest.run('pkill polkitd');
  const refused = await guest.as('carol', carolTakes);
  expect(refused.code).toBe(1);
  expect(refused.stderr).toMatch(/polkit does not answer: .*Error getting authority.*systemctl restart polkit/);
});

inGuest('a module that is not the built one is refused', async () => {
  await guest.run('printf x >> /usr/lib/ringscope/rigb.ko');
  const { code, stderr } = await guest.as('bob', `${ringscope} snapshot --target local --device ${card} --seconds 0`);
  expect(code).toBe(1);
  expect(stderr).toMatch(/is not the module that was built/);
});
