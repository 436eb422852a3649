import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { readLabDescription } from '../../main/node/lab/lab-description.ts';
import { guestFolderWith } from '../support/guest-programs.ts';
import { GuestShell } from '../support/guest-shell.ts';

let guest: GuestShell;

const second = 1_000_000_000n;
const device = '/sys/bus/pci/devices/0000:01:00.0';

beforeAll(async () => {
  const lab = readLabDescription();
  if (!lab.ok) throw new Error(lab.error);
  // The kernel's own program for its clocks, and ours for frames.
  const clocks = join(lab.value.kernelTree, 'tools/testing/selftests/ptp/testptp.c');
  const image = await guestFolderWith([clocks, join(import.meta.dirname, '../support/frame-times.c')]);
  guest = await GuestShell.boot('ptp-driver-timestamps', '', image);
  await guest.loadDriver();
  console.log(await guest.run(`ls ${device}/ptp /sys/class/ptp; cat /sys/class/ptp/*/clock_name; ethtool -T $(ls ${device}/net); ethtool --include-statistics -T $(ls ${device}/net); dmesg | grep rigb; ls /dev/ptp*`));
  console.log(await guest.run('ls -la /usr/bin; echo $PATH', { allowFailure: true }));
  console.log(await guest.run('for i in 1 2; do testptp -d /dev/ptp1 -c; testptp -d /dev/ptp1 -g; done;date +%s; testptp -d /dev/ptp1 -k 3; testptp -d /dev/ptp1 -x 3; testptp -d /dev/ptp1 -s -g; testptp -d /dev/ptp1 -t 100 -g; testptp -d /dev/ptp1 -f 100000000; testptp -d /dev/ptp1 -g; testptp -d /dev/ptp0 -g; sleep 2; testptp -d /dev/ptp1 -g; testptp -d /dev/ptp0 -g; testptp -d /dev/ptp1 -f 999999881; testptp -d /dev/ptp1 -e 1; testptp -d /dev/ptp1 -P 1; date +%s', { allowFailure: true }));
});
afterAll(() => guest?.[Symbol.asyncDispose]());
test('x', () => {expect(second).toBeTruthy()});
