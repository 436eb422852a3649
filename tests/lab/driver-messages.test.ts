// What the driver writes into the kernel's log, and its debug messages under the kernel's dynamic debug.
import { afterAll, beforeAll, expect, test } from 'vitest';
import { GuestShell } from '../support/guest-shell.ts';

let guest: GuestShell;
const control = '/sys/kernel/debug/dynamic_debug/control';

beforeAll(async () => {
  guest = await GuestShell.boot('test-driver-messages');
  await guest.loadDriver();
});
afterAll(() => guest?.[Symbol.asyncDispose]());

/** Takes the interface down and up again and returns what the driver said meanwhile. */
async function linkFlap(): Promise<string> {
  await guest.run('dmesg -c > /dev/null');
  const name = (await guest.run('ls /sys/bus/pci/devices/0000:01:00.0/net')).trim();
  await guest.run(`ip link set ${name} down`);
  await guest.run(`ip link set ${name} up`);
  await guest.linkUp();
  return guest.run('dmesg | grep rigb');
}

test('a message about the interface names driver, card and interface', async () => {
  const name = (await guest.run('ls /sys/bus/pci/devices/0000:01:00.0/net')).trim();
  expect(await guest.run('dmesg | grep "link up"')).toMatch(new RegExp(`rigb 0000:01:00\\.0 ${name}: link up, 1000 Mb/s full duplex`));
});

test('debug messages are listed by the kernel, each with its text, and are off', async () => {
  const lines = (await guest.run(`grep '\\[rigb\\]' ${control}`)).trim().split('\n');
  expect(lines.some((line) => /^src\/sys\/dynamic_debug\.rs:\d+ \[rigb\]link_read =_ "link read as \{link:\?\}\\n"$/.test(line))).toBe(
    true,
  );
  expect(lines.every((line) => line.includes(' =_ '))).toBe(true);
});

test('a debug message that is off is not printed', async () => {
  expect(await linkFlap()).not.toContain('link read as');
});

test('`module rigb +p` shows them, without loading anything anew', async () => {
  await guest.run(`echo 'module rigb +p' > ${control}`);
  expect(await linkFlap()).toMatch(/rigb 0000:01:00\.0 \w+: link read as Some\(/);
});

test('they say what the interface was opened with, and what the vector that is no queue’s was about', async () => {
  const said = await linkFlap();
  expect(said).toMatch(/rigb 0000:01:00\.0 \w+: down$/m);
  expect(said).toMatch(/rigb 0000:01:00\.0 \w+: up: 2 queue pairs of 256 receive and 256 transmit descriptors, MTU 1500$/m);
  expect(said).toMatch(/rigb 0000:01:00\.0 \w+: interrupt causes 0x[0-9a-f]{7}[4-7c-f]$/m);
});

test('one message is chosen by its name, and may say where it comes from', async () => {
  await guest.run(`echo 'module rigb -p' > ${control}`);
  await guest.run(`echo 'module rigb func link_read +pmf' > ${control}`);
  expect(await linkFlap()).toMatch(/rigb:link_read: rigb 0000:01:00\.0 \w+: link read as Some\(/);
});

test('`dyndbg=+p` switches them on from the first one while the module is loaded', async () => {
  await guest.run('rmmod rigb');
  expect(await guest.run(`grep -c '\\[rigb\\]' ${control} || true`)).toBe('0\n');
  await guest.run('dmesg -c > /dev/null; insmod /usr/lib/ringscope/rigb.ko dyndbg=+p');
  await guest.linkUp();
  expect(await guest.run('dmesg')).toContain('link read as None');
});

test('the kernel has no complaint', async () => {
  expect(await guest.complaints()).toEqual([]);
});
