// The card leaves its slot and comes back: asked for by the machine's attention button, or torn out.
import type { Bench } from './bench.ts';
import { Choices } from './random.ts';
import { type Findings, type Run, type Scenario, Tally, warmUp } from './scenario.ts';

const card = { driver: 'igb', id: 'port-0', bus: 'root-port-0', netdev: 'network-0', mac: '52:54:00:00:00:01' };

/**
 * - by button: QEMU's `device_del` presses the slot's attention button, and the kernel takes the card off after the five seconds in which one may think again;
 * - confirmed: the same, but the slot is switched off by hand within these seconds;
 * - torn out: the slot loses its power (Slot Control: power controller and indicator off) while the driver works. QEMU's bridge then answers every read with
 *   zeros, where hardware gives ones; the kernel's hot-plug driver learns it from the presence detect interrupt;
 * - rescanned: the kernel is told through sysfs to forget the card, and to look again.
 */
const ways = ['button', 'confirmed', 'torn out', 'rescanned'] as const;
type Way = (typeof ways)[number];

async function unplug(bench: Bench, way: Way): Promise<void> {
  const { guest } = bench;
  if (way === 'rescanned') {
    await guest.run('(. /tmp/common.sh; echo 1 > $device/remove; test ! -e $device)');
    return;
  }
  if (way === 'torn out') await guest.run('sh /tmp/slot.sh tear-out');
  else {
    await guest.target.monitor?.execute('device_del', { id: card.id });
    if (way === 'confirmed') await guest.run('echo 0 > /sys/bus/pci/slots/0/power');
  }
  await guest.run('sh /tmp/slot.sh await-empty', { limitMs: 120_000 });
}

/** QEMU takes the card's name back only when the guest has let go of it. */
async function plug(bench: Bench, way: Way): Promise<void> {
  const { guest } = bench;
  if (way === 'rescanned') await guest.run('echo 1 > /sys/bus/pci/rescan');
  else await addCard(bench);
  // The override went with the card, and the in-tree driver is loaded for the partner.
  await guest.run(
    `(. /tmp/common.sh
    await 60 test -e $device/driver_override || fail "the card does not come back"
    echo rigb > $device/driver_override
    [ ! -e $device/driver ] || echo $address > $device/driver/unbind
    # Probing is refused until the kernel has listed all of the bus.
    probe() { echo $address > /sys/bus/pci/drivers_probe; [ -e $driver/$address ]; }
    await 20 probe) || { echo "the driver does not take the card back"; false; }`,
    { limitMs: 90_000 },
  );
}

async function addCard({ guest }: Bench): Promise<void> {
  for (const limit = Date.now() + 30_000; ; ) {
    try {
      await guest.target.monitor?.execute('device_add', card);
      break;
    } catch (error) {
      if (Date.now() > limit || !/Duplicate|in progress|busy|hot/i.test(String(error))) throw error;
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
  }
}

async function run({ bench, count, seed, onProgress }: Run): Promise<Findings> {
  const choices = new Choices(seed);
  const tally = new Tally();
  const begun = Date.now();
  await bench.guest.run(
    'echo 0 > /sys/bus/pci/drivers_autoprobe; insmod /usr/lib/ringscope/rigb.ko; echo 0000:01:00.0 > /sys/bus/pci/drivers_probe',
  );
  await bench.startTraffic();
  let before = await bench.memory();
  for (let cycle = 1; cycle <= count; cycle++) {
    await bench.awaitTraffic(`cycle ${cycle}`);
    // Each way comes, whatever the seed says; waiting for the button is the rarest, because it takes so long.
    const way =
      cycle <= ways.length
        ? (ways[cycle % ways.length] ?? 'button')
        : choices.of(['button', 'confirmed', 'confirmed', 'torn out', 'torn out', 'rescanned']);
    tally.count(way);
    let after: Awaited<ReturnType<Bench['memory']>> | null = null;
    try {
      await unplug(bench, way);
      if (cycle === warmUp(count)) before = await bench.memory();
      if (cycle === count) after = await bench.memory();
      await plug(bench, way);
      await bench.readLog({ areErrorsExpected: true });
    } catch (error) {
      throw new Error(`In cycle ${cycle} (${way}): ${error instanceof Error ? error.message : String(error)}`, { cause: error });
    }
    onProgress?.(cycle);
    if (after) {
      await bench.awaitTraffic('after the last cycle');
      const counters = await bench.stopTraffic();
      await bench.guest.run('rmmod rigb; echo 1 > /sys/bus/pci/drivers_autoprobe');
      await bench.readLog();
      const seconds = (Date.now() - begun) / 1000;
      return { count, seed, seconds, counters, complaints: bench.takeComplaints(), before, after, tally };
    }
  }
  throw new Error('A count of at least 1 is wanted.');
}

export const hotUnplug: Scenario = { name: 'hot-unplug', unit: 'unplugs and replugs', longCount: 200, isGuarded: true, run };
