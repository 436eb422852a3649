// Cards that stop sending, and interrupts that get lost: what the driver finds out by itself, and when.
import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { guestFolderWith } from '../support/guest-programs.ts';
import { GuestShell } from '../support/guest-shell.ts';

const device = '/sys/bus/pci/devices/0000:01:00.0';
const registers = { TCTL: 0x400, EIMS: 0x1524, EIMC: 0x1528 };

let guest: GuestShell;
let folder: string;
let base: number;

beforeAll(async () => {
  folder = await guestFolderWith([join(import.meta.dirname, '../support/hold-rtnl.c')]);
  // The card's registers can be written from the guest's shell, to make the card do what a broken one does.
  guest = await GuestShell.boot('test-driver-watchdog', 'iomem=relaxed', folder);
  await guest.loadDriver();
  base = Number((await guest.run(`head -n 1 ${device}/resource`)).split(' ')[0]);
  // The stack takes only a stopped queue for a hanging one, and a ping's own socket holds no more than ten frames: fewer stop the queue.
  await guest.run('for queue in /sys/class/net/eth0/queues/tx-*; do echo 500 > $queue/byte_queue_limits/limit_max; done');
  // The partner's address is known, so that a single ping is a single frame.
  await ping();
});
afterAll(async () => {
  await guest?.[Symbol.asyncDispose]();
  if (folder) rmSync(folder, { recursive: true });
});

const at = (register: keyof typeof registers) => `0x${(base + registers[register]).toString(16)}`;
const ping = (options = '-c 1 -W 8') => guest.run(`/usr/bin/ping ${options} 192.0.2.2`);
const sent = '$(cat /sys/class/net/eth0/statistics/tx_packets)';
/** Floods the partner, and returns when the flood flows: a ping that only begins asks for locks that a test may hold. */
async function traffic(): Promise<void> {
  await guest.run(`before=${sent}; (/usr/bin/ping -q -f 192.0.2.2 > /dev/null 2>&1 &)`);
  await guest.until(`[ ${sent} -gt $((before + 50)) ]`);
}
const endOfTraffic = () => guest.run('killall ping 2> /dev/null || true');
const log = () => guest.run('dmesg -c');
const logSays = (text: string, seconds: number, times = 1) => guest.until(`[ $(dmesg | grep -c "${text}") -ge ${times} ]`, seconds);

async function counts(): Promise<{ timeouts: number; resets: number }> {
  const text = await guest.run('ethtool -S eth0');
  const count = (name: string) => Number(new RegExp(`^ *${name}: (\\d+)`, 'm').exec(text)?.[1]);
  return { timeouts: count('tx_timeout_count'), resets: count('resets') };
}

test('a frame that arrives while its interrupt is masked behind the driver’s back waits two seconds at most', async () => {
  const said = await guest.run(`devmem ${at('EIMC')} 32 0xffffffff; devmem ${at('EIMS')}; /usr/bin/ping -c 1 -W 8 192.0.2.2`);
  expect(said).toContain('0x00000000');
  expect(Number(/time=([\d.]+) ms/.exec(said)?.[1])).toBeLessThan(2_500);
  expect(await counts()).toEqual({ timeouts: 0, resets: 0 });
});

test('a change of link whose interrupt is lost is noticed too', async () => {
  const carrier = (value: number) => guest.until(`[ "$(cat /sys/class/net/eth0/carrier)" = ${value} ]`);
  for (const up of [false, true]) {
    await guest.run(`devmem ${at('EIMC')} 32 0xffffffff`);
    await guest.target.monitor?.execute('set_link', { name: 'port-0', up });
    await carrier(up ? 1 : 0);
  }
  expect(await ping('-q -c 10 -i 0.05')).toContain('10 packets transmitted, 10 received');
});

test('a card that stops sending is reset after five seconds, and the log says where its queue stood', async () => {
  await log();
  await traffic();
  await guest.run(`devmem ${at('TCTL')} 32 0`);
  await logSays('resetting the port', 20);
  await guest.linkUp();
  await endOfTraffic();
  expect(await ping('-q -c 20 -i 0.05')).toContain('20 packets transmitted, 20 received');
  const said = await log();
  const [, queue] = /NETDEV WATCHDOG: CPU: \d+: transmit queue (\d+) timed out/.exec(said) ?? [];
  const hang = new RegExp(`transmit queue ${queue} hangs: next_to_use (\\d+), next_to_clean (\\d+), TDH (\\d+), TDT (\\d+)`).exec(said);
  const [use, clean, head, tail] = hang?.slice(1).map(Number) ?? [];
  // Nothing was fetched since the driver cleaned last, and the driver had told all that it posted.
  expect([head, tail]).toEqual([clean, use]);
  expect(use).not.toBe(clean);
  expect(await counts()).toEqual({ timeouts: 1, resets: 1 });
}, 60_000);

test('timeouts that come while the reset cannot begin yet lead to that one reset', async () => {
  await log();
  await traffic();
  await guest.run('(hold-rtnl eth0 > /tmp/held &)');
  await guest.until('[ -s /tmp/held ]');
  await guest.run(`devmem ${at('TCTL')} 32 0`);
  await logSays('NETDEV WATCHDOG', 30, 2);
  expect(await log()).not.toContain('resetting the port');
  await guest.run('killall hold-rtnl');
  await logSays('resetting the port', 5);
  await guest.linkUp();
  await endOfTraffic();
  expect(await ping('-q -c 20 -i 0.05')).toContain('20 packets transmitted, 20 received');
  const after = await counts();
  expect(after.resets).toBe(2);
  expect(after.timeouts).toBeGreaterThanOrEqual(3);
  expect((await log()).match(/resetting the port/g)).toHaveLength(1);
}, 60_000);

test('queues that are not used any more are not taken for hanging ones', async () => {
  const before = await counts();
  await guest.run('ethtool -L eth0 combined 1');
  await guest.linkUp();
  // Longer than the five seconds after which the stack takes a stopped queue for a hanging one.
  expect(await ping('-q -c 80 -i 0.1')).toContain('80 packets transmitted, 80 received');
  expect(await counts()).toEqual(before);
  await guest.run('ethtool -L eth0 combined 2');
  await guest.linkUp();
}, 60_000);

test('the kernel has no complaint', async () => {
  expect(await guest.complaints()).toEqual([]);
});
