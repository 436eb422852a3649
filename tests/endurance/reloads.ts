// The driver is given the port and taken off it again and again: by loading and unloading the module, or by binding and unbinding the port.
import { Choices } from './random.ts';
import { type Findings, pieces, type Run, type Scenario, Tally, warmUp } from './scenario.ts';

/** From the reset of the card to its link takes the emulated card about 0.7 s; the driver is taken off at any moment of that and a little later. */
const longestMomentUs = 900_000;
const piece = 25;
const cycleLimitMs = 90_000;

async function run(kind: 'module' | 'port', { bench, count, seed, onProgress }: Run): Promise<Findings> {
  const choices = new Choices(seed);
  const tally = new Tally();
  const begun = Date.now();
  if (kind === 'port') await bench.guest.run('insmod /usr/lib/ringscope/rigb.ko && echo 0000:01:00.0 > /sys/bus/pci/drivers/rigb/unbind');
  await bench.startTraffic();
  let before = await bench.memory();
  let done = 0;
  for (const cycles of pieces(count, warmUp(count), piece)) {
    // Two of three cycles see traffic both ways; the others end while the port comes up.
    const plan = Array.from({ length: cycles }, () =>
      choices.between(0, 2) > 0 ? 'traffic' : String(choices.between(0, longestMomentUs)),
    );
    for (const moment of plan) tally.count(moment === 'traffic' ? 'under traffic' : 'while the port came up');
    await bench.runPlan('cycle', kind, plan, cycles * cycleLimitMs);
    await bench.readLog();
    if (done === 0) before = await bench.memory();
    done += cycles;
    onProgress?.(done);
  }
  const counters = await bench.stopTraffic();
  const after = await bench.memory();
  if (kind === 'port') await bench.guest.run('rmmod rigb');
  await bench.readLog();
  return { count, seed, seconds: (Date.now() - begun) / 1000, counters, complaints: bench.takeComplaints(), before, after, tally };
}

export const loadUnload: Scenario = {
  name: 'load',
  unit: 'loads and unloads',
  longCount: 1000,
  isGuarded: false,
  run: (options) => run('module', options),
};

export const bindUnbind: Scenario = {
  name: 'bind',
  unit: 'binds and unbinds',
  longCount: 1000,
  isGuarded: true,
  run: (options) => run('port', options),
};
