// Somebody's machine, from the doctor to the card given back. Run by `npm run test:local`, which prepares the guest.
import { readFileSync } from 'node:fs';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { snapshotDocument } from '#common/snapshot-document.ts';
import { LocalGuest, type LocalGuestFiles } from '../support/local-guest.ts';

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
const stateOfMachine = () =>
  guest.run(
    [
      driverOf,
      `cat /sys/bus/pci/devices/${card}/driver_override`,
      `ls /sys/bus/pci/devices/${card}/net`,
      "ip -o addr show dev lan0 | sed 's/^[0-9]*: //; s/valid_lft.*//' | sort",
      "ip -o link show dev lan0 | grep -o 'state [A-Z]*\\|link/ether [^ ]*\\|mtu [0-9]*'",
      'ip route show dev lan0',
      "grep -c '^rigb ' /proc/modules",
    ].join('; ') + '; true',
  );

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
  expect((await doctor('alice')).module).toMatchObject({ state: 'ok' });
});
