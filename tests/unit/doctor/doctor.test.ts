// The doctor on machines that are made of files: each test changes one thing of a machine on which everything is well.
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { doctorCheck } from '#common/protocol/machine.ts';
import { examine } from '../../../main/node/doctor/doctor.ts';
import { filesBelow, type MachineFacts } from '../../../main/node/doctor/machine-facts.ts';

let root = '';
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'ringscope-doctor-'));
  put('/proc/modules', '');
  put('/proc/mounts', 'debugfs /sys/kernel/debug debugfs rw,nosuid 0 0\n');
  put('/proc/filesystems', 'nodev\tdebugfs\n');
  put('/proc/config.gz', gzipSync(configuration));
  put('/dev/kmsg', '');
  put('/dev/kvm', '');
  put('/sys/kernel/security/lockdown', '[none] integrity confidentiality\n');
  put('/sys/module/module/parameters/sig_enforce', 'N\n');
  mkdirSync(join(root, '/sys/kernel/iommu_groups/0'), { recursive: true });
  card('0000:01:00.0', '0x10c9', 'igb', 'lan0');
});
afterEach(() => rmSync(root, { recursive: true, force: true }));

const configuration = `CONFIG_MODULES=y
CONFIG_RUST=y
CONFIG_CC_VERSION_TEXT="x86_64-linux-gnu-gcc-14 (Debian 14.2.0-19) 14.2.0"
CONFIG_RUSTC_VERSION_TEXT="rustc 1.85.1 (4eb161250 2025-03-15)"
CONFIG_BINDGEN_VERSION_TEXT="bindgen 0.71.1"
`;

function put(path: string, content: string | Buffer) {
  mkdirSync(dirname(join(root, path)), { recursive: true });
  writeFileSync(join(root, path), content);
}

function card(address: string, device: string, driver: string | null, interfaceName: string | null) {
  const folder = `/sys/bus/pci/devices/${address}`;
  put(`${folder}/vendor`, '0x8086\n');
  put(`${folder}/device`, `${device}\n`);
  if (driver) symlinkSync(`../../../../bus/pci/drivers/${driver}`, join(root, folder, 'driver'));
  if (interfaceName) mkdirSync(join(root, folder, 'net', interfaceName), { recursive: true });
}

const remove = (path: string) => rmSync(join(root, path), { recursive: true, force: true });

const versions: Record<string, string> = {
  'x86_64-linux-gnu-gcc-14': 'x86_64-linux-gnu-gcc-14 (Debian 14.2.0-19) 14.2.0',
  rustc: 'rustc 1.85.1 (4eb161250 2025-03-15)',
  bindgen: 'bindgen 0.71.1',
};

const facts = (change: Partial<MachineFacts> = {}): MachineFacts => ({
  ...filesBelow(root),
  kernelRelease: '7.3.4+deb13-amd64',
  commandLine: 'ringscope',
  elevation: {
    userId: 1000,
    userName: 'alice',
    hasDisplay: false,
    hasPolicy: false,
    policyGrants: async () => false,
    exists: () => false,
    find: (program) => (program === 'sudo' ? '/usr/bin/sudo' : null),
    sudoRuns: async () => true,
  },
  agent: { path: '/usr/lib/ringscope/ringscope-agent', hasModule: true, problem: '' },
  tree: { found: { kind: 'system', folder: '/kernel', title: 'the kernel tree /kernel', compiler: 'gcc-14', root: '' }, problem: '' },
  ask: async (program) => versions[program] ?? null,
  ...change,
});

async function found(name: string, change: Partial<MachineFacts> = {}) {
  const check = (await examine(facts(change))).find((one) => one.name === name);
  if (!check) throw new Error(`There is no check ${name}.`);
  return check;
}

test('where everything is well every check is ok, says why, and has nothing to mend', async () => {
  const checks = await examine(facts());
  expect(checks.filter(({ state }) => state !== 'ok')).toEqual([]);
  for (const check of checks) {
    expect(doctorCheck.safeParse(check).success).toBe(true);
    expect(check.why).toMatch(/\S/);
    expect(check.fix).toBe('');
  }
});

test('an older kernel fails, a newer one is to be looked at', async () => {
  expect(await found('kernel', { kernelRelease: '6.12.1-amd64' })).toMatchObject({ state: 'fail', why: expect.stringContaining('7.3') });
  expect((await found('kernel', { kernelRelease: '7.10.0-amd64' })).state).toBe('warn');
});

test('a kernel without modules says so, and that observe mode works', async () => {
  remove('/proc/modules');
  put('/proc/config.gz', gzipSync('CONFIG_RUST=y\n'));
  expect(await found('modules')).toMatchObject({ state: 'fail', why: expect.stringMatching(/without CONFIG_MODULES.*observe mode works/) });
});

test('the configuration is read from /boot where /proc has none', async () => {
  remove('/proc/config.gz');
  put('/boot/config-7.3.4+deb13-amd64', '# CONFIG_RUST is not set\n');
  expect((await found('rust')).state).toBe('fail');
  remove('/boot');
  expect((await found('rust')).state).toBe('warn');
});

test('missing headers are explained', async () => {
  const problem = 'lacks rust/libkernel.rmeta';
  expect(await found('headers', { tree: { found: null, problem } })).toMatchObject({ state: 'fail', why: problem });
});

test('another compiler, and a missing one, are named with the packages to install', async () => {
  const ask = async (program: string) =>
    program === 'rustc' ? 'rustc 1.63.0' : program === 'bindgen' ? null : (versions[program] ?? null);
  const check = await found('compilers', { ask });
  expect(check).toMatchObject({ state: 'fail', fix: 'apt-get install rustc bindgen' });
  expect(check.why).toContain('rustc is 1.63.0, the kernel was built by 1.85.1');
});

test('Secure Boot is read from the firmware’s variable', async () => {
  const path = '/sys/firmware/efi/efivars/SecureBoot-8be4df61-93ca-11d2-aa0d-00e098032b8c';
  put(path, Buffer.from([6, 0, 0, 0, 1]));
  expect((await found('secure-boot')).state).toBe('warn');
  put(path, Buffer.from([6, 0, 0, 0, 0]));
  expect((await found('secure-boot')).state).toBe('ok');
  remove(path);
  expect((await found('secure-boot')).state).toBe('warn');
});

test('lockdown and enforced signatures fail', async () => {
  put('/sys/kernel/security/lockdown', 'none [integrity] confidentiality\n');
  put('/sys/module/module/parameters/sig_enforce', 'Y\n');
  expect(await found('lockdown')).toMatchObject({ state: 'fail', why: expect.stringContaining('(integrity)') });
  expect((await found('signatures')).state).toBe('fail');
});

test('cards are listed with who has them; relatives of the 82576 can be observed', async () => {
  expect((await found('cards')).why).toBe('0000:01:00.0 82576 (driver igb, interface lan0)');
  remove('/sys/bus/pci/devices/0000:01:00.0');
  card('0000:02:00.0', '0x1533', null, null);
  expect(await found('cards')).toMatchObject({ state: 'warn', why: expect.stringContaining('0000:02:00.0 I210 (no driver)') });
  remove('/sys/bus/pci/devices');
  expect((await found('cards')).state).toBe('warn');
});

test('debugfs that is not mounted can be; one that the kernel lacks cannot', async () => {
  put('/proc/mounts', '');
  expect(await found('debugfs')).toMatchObject({ state: 'warn', fix: 'mount -t debugfs debugfs /sys/kernel/debug' });
  put('/proc/filesystems', 'nodev\tproc\n');
  expect((await found('debugfs')).state).toBe('fail');
});

test('a user without a way to root gets the exact command', async () => {
  const elevation = { ...facts().elevation, sudoRuns: async () => false };
  expect(await found('elevation', { elevation })).toMatchObject({
    state: 'fail',
    fix: expect.stringContaining('alice ALL=(root) NOPASSWD: /usr/lib/ringscope/ringscope-agent serve'),
  });
});

test('no module for this kernel, no IOMMU and no KVM are to be looked at', async () => {
  remove('/sys/kernel/iommu_groups');
  remove('/dev/kvm');
  const agent = { path: '/usr/lib/ringscope/ringscope-agent', hasModule: false, problem: '' };
  const states = Object.fromEntries((await examine(facts({ agent }))).map(({ name, state }) => [name, state]));
  expect(states).toMatchObject({ 'built-module': 'warn', iommu: 'warn', kvm: 'warn', kernel: 'ok' });
});
