// What the card may still do after the kernel has gone: nothing. The machine is held where it would restart, and its monitor looks into the card.
import { setTimeout as delay } from 'node:timers/promises';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { GuestShell } from '../support/guest-shell.ts';

let guest: GuestShell;

beforeAll(async () => {
  guest = await GuestShell.boot('test-driver-shutdown');
  await guest.loadDriver();
});
afterAll(() => guest?.[Symbol.asyncDispose]());

const monitor = () => {
  const { monitor } = guest.target;
  if (!monitor) throw new Error('The guest has ended.');
  return monitor;
};

/** Words of the machine's memory from `address` on, a multiple of 16. */
async function words(address: number): Promise<number[]> {
  const line = await monitor().human(`xp /4wx 0x${address.toString(16)}`);
  return [...line.slice(line.indexOf(':')).matchAll(/0x[0-9a-f]{8}/g)].map(([word]) => Number(word));
}

test('a restart under traffic leaves the card with its queues off and no right to DMA', async () => {
  const bus1 = 0xb010_0000;
  const base = Number((await guest.run('head -n 1 /sys/bus/pci/devices/0000:01:00.0/resource')).split(' ')[0]);
  const state = async () => {
    const [, command = 0] = await words(bus1);
    const [receive = 0] = await words(base + 0x100);
    const [transmit = 0] = await words(base + 0x400);
    return { busMaster: (command & 4) !== 0, receives: (receive & 2) !== 0, transmits: (transmit & 2) !== 0 };
  };
  expect(await guest.run('dmesg | grep ECAM')).toContain('0xb0000000');
  expect(await state()).toEqual({ busMaster: true, receives: true, transmits: true });

  await guest.run('/usr/bin/ip netns exec partner /usr/bin/ping -q -f 192.0.2.1 > /dev/null 2>&1 &');
  await guest.run('/usr/bin/ping -q -f 192.0.2.2 > /dev/null 2>&1 &');
  await monitor().execute('set-action', { reboot: 'shutdown', shutdown: 'pause' });
  guest.target.writeConsole('reboot -f\n');
  const limit = Date.now() + 60_000;
  while (!JSON.stringify(await monitor().execute('query-status')).includes('"shutdown"')) {
    expect(Date.now()).toBeLessThan(limit);
    await delay(50);
  }
  expect(await state()).toEqual({ busMaster: false, receives: false, transmits: false });
}, 120_000);
