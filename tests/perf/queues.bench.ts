// Eight queue pairs of 4096 descriptors, all of them changing twenty times a second: how long the window's frames take. Needs `npm run build`; no guest.
import { test } from 'vitest';
import { streams } from '#common/frame.ts';
import { talkingAgent } from '../support/fake-target.ts';
import { PageOnSession } from '../support/page-on-session.ts';
import { loadedDevice, loadPairs, movingObservation, movingRing, movingVectors } from '../support/queue-load.ts';
import { devicesEvent, moduleEvent } from '../support/wire-payloads.ts';
import { report } from './report.ts';

const descriptorsPerRing = 4096;
const hz = 20;
const seconds = 10;
/** A frame of a 60 Hz screen. */
const frameMs = 1000 / 60;

declare global {
  interface Window {
    /** Milliseconds from each painted frame to the next, and of each long task. */
    readonly measured: { readonly frames: number[]; readonly longTasks: number[] };
  }
}

test('the window holds its pace while eight queue pairs move', async () => {
  await using opened = await PageOnSession.open();
  const agent = talkingAgent();
  opened.target.bringAgent(agent);
  const { page } = opened;
  await page.waitForFunction(() => document.documentElement.dataset.phase === 'live');
  agent.tell(moduleEvent('live'));
  agent.tell(devicesEvent([loadedDevice]));
  // What is sent is made before, so that the sender takes no time from what is measured.
  const turns = Array.from({ length: hz }, (_, turn) =>
    (['rx', 'tx'] as const).flatMap((kind) =>
      [...Array(loadPairs).keys()].map((index) => movingRing(kind, index, turn, descriptorsPerRing)),
    ),
  );
  let turn = 0;
  const send = () => {
    const timeNs = BigInt(1_000_000_000 + turn * 50_000_000);
    for (const payload of turns[turn % turns.length] ?? []) {
      const view = new DataView(payload.buffer, payload.byteOffset + 16);
      view.setBigUint64(16, timeNs, true);
      view.setBigUint64(24, timeNs, true);
      agent.send(streams.ring, payload);
    }
    if (turn % 10 === 0) agent.send(streams.vectors, movingVectors(turn));
    if (turn % hz === 0) agent.tell(movingObservation(turn));
    turn += 1;
  };
  const timer = setInterval(send, 1000 / hz);
  await page.locator('.ring-strip').waitFor();
  await page.locator('.descriptor-rows [data-index="0"]').click();
  // The first snapshots bring rows and canvases with them; what is measured is the going on.
  await page.waitForTimeout(1500);
  await page.evaluate(() => {
    const measured: Window['measured'] = { frames: [], longTasks: [] };
    Object.assign(window, { measured });
    new PerformanceObserver((list) => {
      for (const { duration } of list.getEntries()) measured.longTasks.push(duration);
    }).observe({ type: 'longtask' });
    let last = performance.now();
    const frame = (now: number) => {
      measured.frames.push(now - last);
      last = now;
      requestAnimationFrame(frame);
    };
    requestAnimationFrame(frame);
  });
  const client = await page.context().newCDPSession(page);
  await client.send('Performance.enable');
  const busy = async () => {
    const { metrics } = await client.send('Performance.getMetrics');
    const of = (name: string) => metrics.find((metric) => metric.name === name)?.value ?? 0;
    return { script: of('ScriptDuration'), layout: of('LayoutDuration') + of('RecalcStyleDuration'), task: of('TaskDuration') };
  };
  const before = await busy();
  await page.waitForTimeout(seconds * 1000);
  const after = await busy();
  const { frames, longTasks } = await page.evaluate(() => window.measured);
  clearInterval(timer);
  if (process.env.RINGSCOPE_BENCH_PICTURE) await page.screenshot({ path: process.env.RINGSCOPE_BENCH_PICTURE });
  const perSecond = (name: keyof typeof before) => ((after[name] - before[name]) * 1000) / seconds;
  report('queues', { rings: loadPairs * 2, descriptors: descriptorsPerRing, hz, turns: turn }, [
    { name: 'from frame to frame', unit: 'ms', values: frames.slice(1), limit: frameMs },
    { name: 'long tasks', unit: 'ms', values: longTasks, limit: 0 },
    { name: 'script a second', unit: 'ms', values: [perSecond('script')] },
    { name: 'style and layout a second', unit: 'ms', values: [perSecond('layout')] },
    { name: 'main thread a second', unit: 'ms', values: [perSecond('task')] },
  ]);
});
