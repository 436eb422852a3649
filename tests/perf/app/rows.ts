// The rows of `npm run bench -- app`, in the order of issue 5, section 3.
import { eventLoop } from './event-loop.ts';
import { firstPaint } from './first-paint.ts';
import { logFlood } from './log-flood.ts';
import { queueFrames } from './queue-frames.ts';
import { rendererSize } from './renderer-size.ts';
import type { BenchRow } from './row.ts';

export const rows: readonly BenchRow[] = [firstPaint, rendererSize, queueFrames, logFlood, eventLoop];
