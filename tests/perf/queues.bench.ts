// The frames of the window while eight queue pairs move. Needs `npm run build`; no guest.
import { test } from 'vitest';
import { loadPairs } from '../support/queue-load.ts';
import { descriptorsPerRing, measureQueueFrames, ringHz } from './queue-frames.ts';
import { report } from './report.ts';

/** A frame of a 60 Hz screen. */
const frameMs = 1000 / 60;

test('the window holds its pace while eight queue pairs move', async () => {
  const { frames, longTasks, scriptMs, layoutMs, taskMs, snapshotsPerSecond } = await measureQueueFrames(10);
  report('queues', { rings: loadPairs * 2, descriptors: descriptorsPerRing, hz: ringHz }, [
    { name: 'from frame to frame', unit: 'ms', values: frames, limit: frameMs },
    { name: 'long tasks', unit: 'ms', values: longTasks.map(({ tookMs }) => tookMs), limit: 0 },
    { name: 'script a second', unit: 'ms', values: [scriptMs] },
    { name: 'style and layout a second', unit: 'ms', values: [layoutMs] },
    { name: 'main thread a second', unit: 'ms', values: [taskMs] },
    { name: 'ring snapshots painted a second', unit: '1/s', values: [snapshotsPerSecond] },
  ]);
});
