// The rows of `npm run bench -- app`, in the order of issue 5, section 3.
import { agentCost } from './agent-cost.ts';
import { eventLoop } from './event-loop.ts';
import { firstPaint } from './first-paint.ts';
import { hourOfSession } from './hour-of-session.ts';
import { logFlood } from './log-flood.ts';
import { logLatency } from './log-latency.ts';
import { queueFrames } from './queue-frames.ts';
import { rendererSize } from './renderer-size.ts';
import type { BenchRow } from './row.ts';

export const rows: readonly BenchRow[] = [firstPaint, rendererSize, queueFrames, logLatency, logFlood, eventLoop, hourOfSession, agentCost];
