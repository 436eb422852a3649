// The module beside the agent: loaded only as it was built, and what the kernel refuses is told in words.
import { afterAll, beforeAll, expect, test } from 'vitest';
import { GuestShell } from '../support/guest-shell.ts';
import { runPiped } from '../support/piped-agent.ts';

const place = '/root/ringscope';
const seal = `cd ${place}; sha256sum rigb.ko > rigb.ko.sha256; cd /`;
let guest: GuestShell;

beforeAll(async () => {
  guest = await GuestShell.boot('test-module-loading');
  await guest.run(`mkdir -p ${place}; cp /sbin/ringscope-agent /usr/lib/ringscope/rigb.ko ${place}/; ${seal}`);
});
afterAll(() => guest?.[Symbol.asyncDispose]());

/** What `load-module` of the agent beside the module comes to. */
async function load(): Promise<{ ok: boolean; path: string; error?: { code: string; message: string; remedy: string } }> {
  const { messages } = await runPiped(guest, `${place}/ringscope-agent serve`, [
    { verb: 'hello', arguments: { protocol: 1, application: 'test' } },
    { verb: 'load-module', arguments: {} },
  ]);
  const said = messages.find(({ type }) => type === 'hello');
  const { path } = (said?.module ?? { path: 'no hello came' }) as { path: string };
  const reply = messages.find(({ type, id }) => type === 'reply' && id === 2) as unknown as Awaited<ReturnType<typeof load>>;
  return { ...reply, path };
}

test('a module beside the agent is loaded when its digest is the built one', async () => {
  expect(await load()).toMatchObject({ ok: true, path: `${place}/rigb.ko` });
  expect(await load()).toMatchObject({ ok: false, error: { code: 'failed', message: 'rigb is loaded already.' } });
  await guest.run('rmmod rigb');
});

test('another module than the built one, or one without its digest, or one that everybody writes, is refused', async () => {
  await guest.run(`echo >> ${place}/rigb.ko`);
  expect((await load()).error?.message).toContain('is not the module that was built');
  await guest.run(`cp /usr/lib/ringscope/rigb.ko ${place}/; mv ${place}/rigb.ko.sha256 ${place}/kept`);
  expect((await load()).error?.message).toContain('rigb.ko.sha256, cannot be read');
  await guest.run(`mv ${place}/kept ${place}/rigb.ko.sha256; chmod o+w ${place}/rigb.ko`);
  expect((await load()).error?.message).toContain('writable by everybody');
  await guest.run(`chmod o-w ${place}/rigb.ko`);
  expect(await guest.run('grep -c "^rigb " /proc/modules || true')).toBe('0\n');
});

test('a module for another kernel is told by the versions that the kernel compared', async () => {
  await guest.run(`sed -i 's/vermagic=7\\./vermagic=6./' ${place}/rigb.ko; ${seal}`);
  const { error } = await load();
  process.stdout.write(`${error?.message}\n${error?.remedy}\n`);
  expect(error?.message).toMatch(/built for another kernel.*version magic '6\..*' should be '7\./);
  expect(error?.remedy).toContain(await guest.run('uname -r').then((text) => text.trim()));
});

test('a symbol that the kernel does not have is named', async () => {
  const symbol = 'register_netdev';
  await guest.run(
    `cp /usr/lib/ringscope/rigb.ko ${place}/; grep -q ${symbol} ${place}/rigb.ko; sed -i 's/${symbol}/registex_netdev/g' ${place}/rigb.ko; ${seal}`,
  );
  const { error } = await load();
  process.stdout.write(`${error?.message}\n`);
  expect(error?.code).toBe('failed');
  expect(error?.message).toMatch(/registex_netdev/);
});

test('what is no module at all is refused as such', async () => {
  await guest.run(`cp /etc/hotplug ${place}/rigb.ko; chmod 644 ${place}/rigb.ko; ${seal}`);
  expect((await load()).error?.message).toContain('is no module for this kernel');
});

test('an agent below a directory that everybody writes does not serve', async () => {
  await guest.run(`chmod 777 ${place}`);
  const { status, errorText, messages } = await runPiped(guest, `${place}/ringscope-agent serve`, [
    { verb: 'hello', arguments: { protocol: 1, application: 'test' }, until: 'true' },
  ]);
  expect({ status, messages }).toEqual({ status: 1, messages: [] });
  expect(errorText).toContain(`lies below ${place}, where everybody can write; move it`);
  expect(await guest.complaints()).toEqual([]);
});
