// Row: how late the main process's event loop is while an agent sends 50 MB/s of ring snapshots (and, beside them, a few vectors' snapshots) and a page looks on.
import { streams } from '#common/frame.ts';
import { loadPairs, movingRing, movingVectors } from '../../support/queue-load.ts';
import { onLivePage, steadily, wait } from './live-page.ts';
import type { BenchRow } from './row.ts';

const descriptors = 4096;
const ringBytes = 16 + 96 + descriptors * 16;
const bytesPerSecond = 50e6;
const hz = Math.ceil(bytesPerSecond / (ringBytes * loadPairs * 2));
const seconds = 15;

export const eventLoop: BenchRow = {
  id: 'event-loop',
  goals: [{ row: 'main process: event loop delay at 50 MB/s of ring snapshots, p99', unit: 'ms', goal: 20, bound: 'below' }],
  measure: () =>
    onLivePage(async (host, { page }) => {
      const payloads = (['rx', 'tx'] as const).flatMap((kind) =>
        [...Array(loadPairs).keys()].map(
          (index) => [movingRing(kind, index, 1, descriptors), movingRing(kind, index, 5, descriptors)] as const,
        ),
      );
      const flood = steadily(hz, (turn) => {
        for (const both of payloads) host.agent.send(streams.ring, both[(turn % 2) as 0 | 1]);
        if (turn % 10 === 0) host.agent.send(streams.vectors, movingVectors(turn));
      });
      await page.locator('.ring-strip').first().waitFor();
      await wait(2000);
      const before = await host.ask('restart');
      const begun = performance.now();
      await wait(seconds * 1000);
      const after = await host.ask('figures');
      const elapsed = (performance.now() - begun) / 1000;
      flood.stop();
      const rate = (after.receivedBytes - before.receivedBytes) / elapsed;
      const { delayMs } = after;
      const painted = host.painted.get(streams.ring) ?? 0;
      const cpu = (after.cpuMs - before.cpuMs) / elapsed / 10;
      const isInvalid = rate < bytesPerSecond * 0.98;
      return {
        values: [delayMs.p99],
        isInvalid,
        note: `${isInvalid ? 'the load was not reached: ' : ''}${(rate / 1e6).toFixed(1)} MB/s, ring snapshots only (no log, no samples, no trace), through the real process for ${seconds} s; median ${delayMs.median.toFixed(1)} ms, most ${delayMs.most.toFixed(1)} ms of ${delayMs.count}; ${cpu.toFixed(0)} % of a core; the page painted ${painted} snapshots`,
      };
    }),
};
