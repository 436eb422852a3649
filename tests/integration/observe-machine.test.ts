// This very machine, with the real agent: the doctor says what it lacks, and observe mode works whatever it lacks. RINGSCOPE_AGENT names the agent's binary.
import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { withSession } from '../../main/node/cli/run.ts';
import { takeObservation } from '../../main/node/cli/take-observation.ts';
import { examine } from '../../main/node/doctor/doctor.ts';
import { localMachine } from '../../main/node/local/local-target.ts';

const program = process.env.RINGSCOPE_AGENT;
const withAgent = program ? it : it.skip;
const reason = program ? '' : ' (skipped: RINGSCOPE_AGENT names no agent binary)';

let directory = '';
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'ringscope-observe-'));
  vi.stubEnv('XDG_RUNTIME_DIR', directory);
  vi.stubEnv('XDG_CACHE_HOME', join(directory, 'cache'));
});
afterEach(() => {
  vi.unstubAllEnvs();
  rmSync(directory, { recursive: true, force: true });
});

/** PCI network functions as sysfs has them. */
const networkFunctions = (existsSync('/sys/bus/pci/devices') ? readdirSync('/sys/bus/pci/devices') : []).filter((address) =>
  readFileSync(`/sys/bus/pci/devices/${address}/class`, 'utf8').startsWith('0x02'),
);

withAgent(`the doctor says whether this kernel loads modules, and what to do when it does not${reason}`, async () => {
  const modules = (await examine()).find(({ name }) => name === 'modules');
  const hasModules = existsSync('/proc/modules');
  expect(modules?.state).toBe(hasModules ? 'ok' : 'fail');
  if (!hasModules) expect(modules).toMatchObject({ why: expect.stringContaining('observe mode works'), fix: expect.stringMatching(/\S/) });
});

withAgent(`a card of this machine is observed, and the agent is gone afterwards${reason}`, async () => {
  const [address] = networkFunctions;
  const run = withSession(
    {
      name: 'observe',
      target: { kind: 'local', observe: true },
      what: 'observe',
      onStep: () => undefined,
      signal: new AbortController().signal,
    },
    ({ connection, collected }) => takeObservation({ connection, collected, device: address ?? null, onStep: () => undefined }),
  );
  if (!address) {
    await expect(run).rejects.toThrow(/no network card/);
    return;
  }
  const { device, observation } = await run;
  expect(device.pciAddress).toBe(address);
  // The interface lies below the function itself, or below a device of its own bus such as virtio2.
  const folder = `/sys/bus/pci/devices/${address}`;
  const below = [
    'net',
    ...readdirSync(folder)
      .filter((name) => /^virtio\d+$/.test(name))
      .map((name) => `${name}/net`),
  ];
  const interfaces = below.flatMap((name) => (existsSync(join(folder, name)) ? readdirSync(join(folder, name)) : []));
  expect(device.interface).toBe(interfaces.sort()[0] ?? null);
  for (const part of [observation.queues, observation.ethtoolStatistics]) expect(part.items.length > 0 || part.reason !== null).toBe(true);
  for (const part of [observation.rings, observation.channels, observation.coalesce])
    expect(part.values !== null || part.reason !== null).toBe(true);
  const { value } = localMachine().findInstallation() as { value: { agent: string } };
  expect(spawnSync('pgrep', ['-f', value.agent]).status).toBe(1);
});
