// The cable is pulled and put back, sometimes before anybody has seen that it was gone.
import { Choices } from './random.ts';
import { type Findings, type Run, type Scenario, Tally, warmUp } from './scenario.ts';

async function run({ bench, count, seed, onProgress }: Run): Promise<Findings> {
  const choices = new Choices(seed);
  const tally = new Tally();
  const begun = Date.now();
  const { guest } = bench;
  const setLink = async (up: boolean) => guest.target.monitor?.execute('set_link', { name: 'port-0', up });
  await guest.loadDriver();
  await bench.startTraffic();
  await bench.awaitTraffic('before the first flap');
  let before = await bench.memoryWhileDown();
  for (let flap = 1; flap <= count; flap++) {
    const way = choices.of(['seen', 'seen', 'unseen', 'many at once']);
    tally.count(way);
    await setLink(false);
    if (way === 'seen')
      await guest.run(
        '(. /tmp/common.sh; has_no_carrier() { ! has_carrier; }; await 20 has_no_carrier) || { echo "the link is still up"; false; }',
      );
    if (way === 'many at once')
      for (let time = 0; time < 10; time++) {
        await setLink(true);
        await setLink(false);
      }
    await setLink(true);
    await bench.awaitTraffic(`flap ${flap}, ${way}`);
    if (flap === warmUp(count)) before = await bench.memoryWhileDown();
    if (flap % 25 === 0) await bench.readLog();
    onProgress?.(flap);
  }
  const after = await bench.memoryWhileDown();
  const counters = await bench.stopTraffic();
  await bench.awaitNothingUnderWay();
  await guest.run('rmmod rigb');
  await bench.readLog();
  return { count, seed, seconds: (Date.now() - begun) / 1000, counters, complaints: bench.takeComplaints(), before, after, tally };
}

export const linkFlaps: Scenario = { name: 'link', unit: 'link flaps', longCount: 200, isGuarded: false, run };
