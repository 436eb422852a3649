import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { readLabDescription } from '../../main/node/lab/lab-description.ts';
import { guestFolderWith } from '../support/guest-programs.ts';
import { GuestShell } from '../support/guest-shell.ts';

let guest: GuestShell;
let folder: string;

const device = '/sys/bus/pci/devices/0000:01:00.0';
const nanosecondsPerSecond = 1_000_000_000;
// Numbers of linux/net_tstamp.h.
const txOff = 0;
const txOn = 1;
const rxNone = 0;
const rxAll = 1;
const rxV2Event = 12;
const rxV2Sync = 13;

beforeAll(async () => {
  const lab = readLabDescription();
  if (!lab.ok) throw new Error(lab.error);
  // The kernel's own program for its clocks, and ours for frames.
  const clocks = join(lab.value.kernelTree, 'tools/testing/selftests/ptp/testptp.c');
  folder = await guestFolderWith([clocks, join(import.meta.dirname, '../support/frame-times.c')]);
  guest = await GuestShell.boot('test-driver-timestamps', '', folder);
  await guest.loadDriver();
  await guest.run(`port=$(ls ${device}/net); partner="/usr/bin/ip netns exec partner"; clock=/dev/$(ls ${device}/ptp)`);
});
afterAll(async () => {
  await guest?.[Symbol.asyncDispose]();
  rmSync(folder, { recursive: true, force: true });
});

/** Runs the kernel's testptp on the port's clock. */
const testptp = (options: string) => guest.run(`testptp -d $clock ${options}`);

/** The clock's time in nanoseconds since 1970, rounded to what a number can hold. */
const clockTime = async (path = '$clock'): Promise<number> => {
  const text = await guest.run(`testptp -d ${path} -g`);
  const [, seconds, nanoseconds] = /^clock time: (-?\d+)\.(\d+)/m.exec(text) ?? [];
  if (seconds === undefined) throw new Error(`testptp shows no time:\n${text}`);
  return Number(seconds) * nanosecondsPerSecond + Number(nanoseconds);
};

/**
 * The clock's time and the system's at the same moment, in nanoseconds. Of several readings the one whose two readings of the system's time lie
 * closest together, so that what the machine does meanwhile is no part of it.
 */
const clockAndSystemTime = async (path = '$clock'): Promise<{ clock: number; system: number }> => {
  const text = await guest.run(`testptp -d ${path} -x 10`);
  const nanoseconds = (seconds?: string, rest?: string) => Number(seconds) * nanosecondsPerSecond + Number(rest);
  const readings = [...text.matchAll(/time before: (\d+)\.(\d+)\s+phc time: (\d+)\.(\d+)\s+real time after: (\d+)\.(\d+)/g)].map(
    (reading) => {
      const [before, clock, after] = [
        nanoseconds(reading[1], reading[2]),
        nanoseconds(reading[3], reading[4]),
        nanoseconds(reading[5], reading[6]),
      ];
      return { clock, system: (before + after) / 2, width: after - before };
    },
  );
  const [best] = readings.sort((a, b) => a.width - b.width);
  if (!best) throw new Error(`testptp shows no readings:\n${text}`);
  return best;
};

/** How many seconds of the clock pass in one of the system's, over `microseconds`. */
const pace = async (microseconds: number, path?: string): Promise<number> => {
  const before = await clockAndSystemTime(path);
  await guest.run(`usleep ${microseconds}`);
  const after = await clockAndSystemTime(path);
  return (after.clock - before.clock) / (after.system - before.system);
};

/** Lines of frame-times: sequence numbers and stamps. */
const stamps = (text: string): (number | null)[] =>
  [...text.matchAll(/^\d+ (\d+|none)$/gm)].map(([, stamp]) => (stamp === 'none' ? null : Number(stamp)));

/** Sends `count` PTP messages from one side to the other; what each side's card says of their times. */
async function exchange(from: 'port' | 'partner', count: number): Promise<{ sent: (number | null)[]; received: (number | null)[] }> {
  const [sender, receiver] =
    from === 'port'
      ? ['frame-times send $port 52:54:00:00:00:02', '$partner frame-times receive eth0']
      : ['$partner frame-times send eth0 52:54:00:00:00:01', 'frame-times receive $port'];
  await guest.run(`rm -f /tmp/received; ${receiver} ${count} > /tmp/received 2>&1 & echo $! > /tmp/receiver`);
  await guest.run('until grep -q ready /tmp/received; do usleep 10000; done');
  const sent = stamps(await guest.run(`${sender} 0 ${count}`));
  await guest.run('while [ -e /proc/$(cat /tmp/receiver) ]; do usleep 10000; done');
  return { sent, received: stamps(await guest.run('cat /tmp/received')) };
}

const configure = (tx: number, rx: number) => guest.run(`frame-times configure $port ${tx} ${rx}`);

test('the port has a clock of its own below its PCI device, by its address', async () => {
  expect((await guest.run(`cat ${device}/ptp/ptp*/clock_name`)).trim()).toBe('525400000001');
});

test('ethtool names the clock and what can be stamped', async () => {
  const text = await guest.run('ethtool -T $port');
  expect(text).toContain(`provider index: ${(await guest.run('echo $clock')).trim().slice('/dev/ptp'.length)}\n`);
  for (const word of ['hardware-transmit', 'hardware-receive', 'hardware-raw-clock', 'software-transmit', 'ptpv1-l4-sync', 'ptpv2-event'])
    expect(text).toContain(word);
});

test('the clock starts with the system’s time', async () => {
  const text = await testptp('-k 5');
  const offsets = [...text.matchAll(/time offset is (-?\d+) ns/g)].map((match) => Math.abs(Number(match[1])));
  expect(offsets).toHaveLength(5);
  expect(Math.min(...offsets)).toBeLessThan(nanosecondsPerSecond);
});

test('the clock keeps the system’s pace, as the partner’s does', async () => {
  expect(Math.abs((await pace(1_000_000)) - 1)).toBeLessThan(0.01);
  expect(Math.abs((await pace(1_000_000, '/dev/ptp0')) - 1)).toBeLessThan(0.01);
});

test('each reading comes with the system’s time right before and after it', async () => {
  const text = await testptp('-x 5');
  const readings = [...text.matchAll(/time before: (\d+)\.(\d+)\s+phc time: \d+\.\d+\s+real time after: (\d+)\.(\d+)/g)];
  expect(readings).toHaveLength(5);
  const durations = readings.map(
    ([, secondsBefore, before, secondsAfter, after]) =>
      (Number(secondsAfter) - Number(secondsBefore)) * nanosecondsPerSecond + Number(after) - Number(before),
  );
  expect(Math.min(...durations)).toBeGreaterThan(0);
  expect(Math.min(...durations)).toBeLessThan(nanosecondsPerSecond / 10);
});

test('the clock is shifted by as much as is asked for, and set', async () => {
  const before = await clockTime();
  await testptp('-t 100');
  const shifted = await clockTime();
  expect(shifted - before).toBeGreaterThanOrEqual(100 * nanosecondsPerSecond);
  expect(shifted - before).toBeLessThan(105 * nanosecondsPerSecond);
  await testptp('-T 1000000');
  const set = await clockTime();
  expect(set).toBeGreaterThanOrEqual(1_000_000 * nanosecondsPerSecond);
  expect(set).toBeLessThan(1_000_005 * nanosecondsPerSecond);
});

test('a clock that is made a tenth faster gains a tenth, and does not jump', async () => {
  const unchanged = await clockAndSystemTime();
  await testptp('-f 100000000');
  const changed = await clockAndSystemTime();
  const gained = changed.clock - unchanged.clock - (changed.system - unchanged.system);
  expect(gained).toBeGreaterThan(-0.01 * nanosecondsPerSecond);
  expect(gained).toBeLessThan(0.11 * (changed.system - unchanged.system) + 0.01 * nanosecondsPerSecond);
  const faster = await pace(1_000_000);
  await testptp('-f 0');
  expect(Math.abs(faster - 1.1)).toBeLessThan(0.01);
});

test('a frequency beyond what the card can do is refused', async () => {
  expect(await guest.run('testptp -d $clock -f 999999990', { allowFailure: true })).toContain('Numerical result out of range');
});

test('the clock goes on over resets of the card', async () => {
  await testptp('-s');
  for (const reset of [
    '/usr/bin/ip link set $port down',
    '/usr/bin/ip link set $port up',
    'ethtool -G $port rx 512',
    'ethtool -t $port offline',
  ]) {
    const before = await clockTime();
    await guest.run(reset);
    const after = await clockTime();
    expect(after).toBeGreaterThan(before);
    expect(after - before).toBeLessThan(30 * nanosecondsPerSecond);
    const system = Number((await guest.run('date +%s')).trim());
    expect(Math.abs(after / nanosecondsPerSecond - system)).toBeLessThan(5);
  }
  await guest.linkUp();
});

test('what the card cannot stamp is refused, and what it can is said back', async () => {
  expect(await guest.run(`frame-times configure $port ${txOff} ${rxAll}`, { allowFailure: true })).toContain(
    'Numerical result out of range',
  );
  expect((await configure(txOn, rxV2Sync)).trim()).toBe(`${txOn} ${rxV2Event}`);
});

test('every frame that is sent gets the time at which it left', async () => {
  await guest.run(`$partner frame-times configure eth0 ${txOn} ${rxV2Event}`);
  const { sent } = await exchange('port', 20);
  const now = await clockTime();
  expect(sent).toHaveLength(20);
  for (const stamp of sent) {
    expect(stamp).not.toBeNull();
    expect(now - (stamp ?? 0)).toBeLessThan(30 * nanosecondsPerSecond);
  }
  expect([...sent].sort((a, b) => (a ?? 0) - (b ?? 0))).toEqual(sent);
});

test('every message that arrives gets the time at which it arrived', async () => {
  const { received } = await exchange('partner', 20);
  const now = await clockTime();
  expect(received).toHaveLength(20);
  for (const stamp of received) {
    expect(stamp).not.toBeNull();
    expect(now - (stamp ?? 0)).toBeLessThan(30 * nanosecondsPerSecond);
  }
  expect([...received].sort((a, b) => (a ?? 0) - (b ?? 0))).toEqual(received);
});

test('one frame at a time is stamped, others go unstamped and are counted, none is lost', async () => {
  const counts = async () => {
    const text = await guest.run('ethtool --include-statistics -T $port');
    const [stamped, lost, skipped] = ['pkts', 'lost', 'err'].map((name) => Number(new RegExp(`tx_${name}: (\\d+)`).exec(text)?.[1]));
    return { stamped: stamped ?? 0, lost: lost ?? 0, skipped: skipped ?? 0 };
  };
  const before = await counts();
  const burst = stamps(await guest.run('frame-times burst $port 52:54:00:00:00:02 0 200'));
  const after = await counts();
  expect(after.stamped - before.stamped).toBe(burst.length);
  expect(after.stamped - before.stamped + after.skipped - before.skipped).toBe(200);
  expect(after.lost).toBe(before.lost);
});

test('the configuration and the stamps survive a reset of the card', async () => {
  await guest.run('/usr/bin/ip link set $port down; /usr/bin/ip link set $port up');
  await guest.linkUp();
  const { sent } = await exchange('port', 3);
  expect(sent).not.toContain(null);
  const { received } = await exchange('partner', 3);
  expect(received).toHaveLength(3);
  expect(received).not.toContain(null);
});

test('the clock never goes back and stamps come again when the card is reset under frames that want stamps', async () => {
  await guest.run(
    [
      'cat > /tmp/stamps <<"END"',
      'while [ ! -e /tmp/stop ]; do frame-times burst $1 52:54:00:00:00:02 0 50; done',
      'END',
      'cat > /tmp/times <<"END"',
      'while [ ! -e /tmp/stop ]; do testptp -d $1 -g; done',
      'END',
      'rm -f /tmp/stop; sh /tmp/stamps $port > /dev/null 2>&1 & sh /tmp/times $clock > /tmp/times.txt 2>&1 &',
    ].join('\n'),
  );
  for (const size of [256, 512, 256, 512, 256, 512, 256, 512]) await guest.run(`ethtool -G $port rx ${size} tx ${size}; usleep 100000`);
  await guest.run('touch /tmp/stop; wait');
  const times = [...(await guest.run('cat /tmp/times.txt')).matchAll(/^clock time: (\d+)\.(\d+)/gm)].map(
    ([, seconds, nanoseconds]) => BigInt(seconds ?? 0) * 1_000_000_000n + BigInt(nanoseconds ?? 0),
  );
  expect(times.length).toBeGreaterThan(50);
  expect(times.filter((time, index) => index > 0 && time < (times[index - 1] ?? 0n))).toEqual([]);
  await guest.linkUp();
  expect((await exchange('port', 3)).sent).not.toContain(null);
});

test('a message that was stamped and then filtered out keeps others from being stamped for seconds only', async () => {
  // QEMU's card stamps before it looks at the address.
  await guest.run('$partner frame-times send eth0 52:54:00:00:00:99 0 1');
  expect((await exchange('partner', 1)).received).toEqual([null]);
  const begun = Date.now();
  let received: (number | null)[];
  do ({ received } = await exchange('partner', 1));
  while (received[0] === null && Date.now() - begun < 20_000);
  expect(received[0]).not.toBeNull();
});

test('frames that do not ask for it are not stamped once it is off', async () => {
  await configure(txOff, rxNone);
  const { received } = await exchange('partner', 3);
  expect(received).toEqual([null, null, null]);
  const { sent } = await exchange('port', 2);
  expect(sent).toEqual([null, null]);
});

test('the clock goes with the driver, also while somebody has it open', async () => {
  await guest.run(`exec 7<$clock; rmmod rigb; exec 7<&-; [ ! -e ${device}/ptp ] && [ ! -e $clock ]`);
  await guest.loadDriver();
  await guest.run(`clock=/dev/$(ls ${device}/ptp); testptp -d $clock -g`);
});

test('a card that is pulled out takes its clock with it, and frames whose stamps are awaited', async () => {
  await guest.run(`port=$(ls ${device}/net)`);
  await configure(txOn, rxV2Event);
  await guest.run('frame-times burst $port 52:54:00:00:00:02 0 20000 > /dev/null 2>&1 & exec 7<$clock');
  await guest.target.monitor?.execute('device_del', { id: 'port-0' });
  await guest.until(`[ ! -e ${device} ]`, 20);
  await guest.run('exec 7<&-; [ ! -e $clock ]');
  await guest.run('rmmod rigb');
});

test('after all this the kernel has no complaint', async () => {
  expect(await guest.complaints()).toEqual([]);
});
