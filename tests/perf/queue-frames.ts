// Eight queue pairs of 4096 descriptors, all of them changing twenty times a second, from the agent's pipe through a main process to a page: how long its frames take.
import { streams } from '#common/frame.ts';
import { loadPairs, movingObservation, movingRing, movingVectors } from '../support/queue-load.ts';
import { onLivePage, steadily, wait } from './app/live-page.ts';
import { type MainThreadTask, traceTasks } from './main-thread-tasks.ts';

export const descriptorsPerRing = 4096;
export const ringHz = 20;

/** A task that takes longer keeps the page from answering. */
const longMs = 50;

/** Milliseconds; `frames` from each frame to the next, `longTasks` of each task that took more than 50 ms, the rest of each second. */
export interface QueueFrames {
  readonly frames: readonly number[];
  readonly longTasks: readonly MainThreadTask[];
  /** The most that any task ran. */
  readonly mostRanMs: number;
  readonly scriptMs: number;
  readonly layoutMs: number;
  readonly taskMs: number;
  /** Ring snapshots that the page painted in a second. */
  readonly snapshotsPerSecond: number;
}

declare global {
  interface Window {
    readonly measured: { readonly frames: number[] };
  }
}

/** Measures the first layout, with queues and descriptors in it and a descriptor chosen. */
export function measureQueueFrames(seconds: number): Promise<QueueFrames> {
  return onLivePage(async (host, { page, client }) => {
    const { agent } = host;
    // What is sent is made before, so that the sender takes no time from what is measured.
    const turns = Array.from({ length: ringHz }, (_, turn) =>
      (['rx', 'tx'] as const).flatMap((kind) =>
        [...Array(loadPairs).keys()].map((index) => movingRing(kind, index, turn, descriptorsPerRing)),
      ),
    );
    const sender = steadily(ringHz, (turn) => {
      const timeNs = BigInt(1_000_000_000 + turn * 50_000_000);
      for (const payload of turns[turn % turns.length] ?? []) {
        const view = new DataView(payload.buffer, payload.byteOffset + 16);
        view.setBigUint64(16, timeNs, true);
        view.setBigUint64(24, timeNs, true);
        agent.send(streams.ring, payload);
      }
      if (turn % 10 === 0) agent.send(streams.vectors, movingVectors(turn));
      if (turn % ringHz === 0) agent.tell(movingObservation(turn));
    });
    await page.locator('.ring-strip').first().waitFor();
    await page.locator('.descriptor-rows [data-index="0"]').click();
    // The first snapshots bring rows and canvases with them; what is measured is the going on.
    await wait(2000);
    await client.send('Performance.enable');
    const busy = async () => {
      const { metrics } = await client.send('Performance.getMetrics');
      const of = (name: string) => metrics.find((metric) => metric.name === name)?.value ?? 0;
      return { script: of('ScriptDuration'), layout: of('LayoutDuration') + of('RecalcStyleDuration'), task: of('TaskDuration') };
    };
    const painted = host.painted.get(streams.ring) ?? 0;
    const before = await busy();
    const endTrace = await traceTasks(client);
    await page.evaluate(() => {
      const measured: Window['measured'] = { frames: [] };
      Object.assign(window, { measured });
      let last = performance.now();
      const frame = (now: number) => {
        measured.frames.push(now - last);
        last = now;
        requestAnimationFrame(frame);
      };
      requestAnimationFrame(frame);
    });
    await wait(seconds * 1000);
    const { frames } = await page.evaluate(() => window.measured);
    const after = await busy();
    sender.stop();
    const tasks = await endTrace();
    if (process.env.RINGSCOPE_BENCH_PICTURE) await page.screenshot({ path: process.env.RINGSCOPE_BENCH_PICTURE });
    const perSecond = (name: keyof typeof before) => ((after[name] - before[name]) * 1000) / seconds;
    return {
      frames: frames.slice(1),
      longTasks: tasks.filter(({ tookMs }) => tookMs > longMs),
      mostRanMs: tasks.reduce((most, { ranMs }) => Math.max(most, ranMs), 0),
      scriptMs: perSecond('script'),
      layoutMs: perSecond('layout'),
      taskMs: perSecond('task'),
      snapshotsPerSecond: ((host.painted.get(streams.ring) ?? 0) - painted) / seconds,
    };
  });
}
