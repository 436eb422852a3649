// What looking costs: the agent's own account of its CPU, in a translated guest, at ten samples a second.
import { expect, test } from 'vitest';
import type { AgentEvent } from '../../main/common/protocol.ts';
import { AgentClient } from '../../main/node/agent/agent-client.ts';
import { createLabTarget } from '../../main/node/lab/lab-target.ts';

type Cost = Extract<AgentEvent, { type: 'cost' }>;

test('ten samples a second cost less than a fiftieth of one core, and read no register of the card under test', async () => {
  await using target = createLabTarget({ name: 'test-observer-cost' });
  const costs: Cost[] = [];
  const enough = new Promise<void>((resolve, reject) => {
    target.onPipe((pipe) => {
      const agent = new AgentClient(pipe);
      agent.onEvent((event) => {
        if (event.type === 'cost') costs.push(event);
        if (costs.length === 12) resolve();
      });
      agent.onEnd((reason) => reject(new Error(reason)));
      void agent
        .hello('test')
        .then(() => agent.request('load-module', {}))
        .then(() => agent.request('sample', { hz: 10 }));
    });
  });
  await target.start();
  await enough;
  // The first seconds pay for loading the driver.
  const steady = costs.slice(3).sort((a, b) => a.cpuPercent - b.cpuPercent);
  const median = steady[Math.floor(steady.length / 2)]?.cpuPercent ?? Number.NaN;
  process.stdout.write(`observer at 10 Hz: ${median.toFixed(2)} % of one core (median of ${steady.length} s)\n`);
  // The aim is 1 %, and it is measured here; the bound leaves room for a machine that is busy with other things.
  expect(median).toBeLessThan(2);
  expect(steady.map(({ mmioReadsPerSecond }) => mmioReadsPerSecond)).toEqual(steady.map(() => 0));
  expect(steady.map(({ samplesLost }) => samplesLost)).toEqual(steady.map(() => 0));
});
