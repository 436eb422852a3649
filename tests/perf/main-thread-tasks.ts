// The tasks of a page's main thread, as Chromium traces them: how long each took by the clock, and how much of that it had a processor.
import type { CDPSession } from 'playwright-core';

/** One task. On a busy machine a task takes longer by the clock than it runs: the rest it waited for a processor. */
export interface MainThreadTask {
  readonly tookMs: number;
  readonly ranMs: number;
}

/** What is read of an event of Chromium's trace; times are microseconds, `tdur` is the thread's own. */
export interface TraceEvent {
  readonly name: string;
  readonly ph: string;
  readonly pid: number;
  readonly tid: number;
  readonly dur?: number;
  readonly tdur?: number;
  readonly args?: { readonly name?: string };
}

const threadOf = ({ pid, tid }: TraceEvent) => `${pid}/${tid}`;

/** The tasks of the busiest page's main thread. */
export function mainThreadTasks(events: readonly TraceEvent[]): MainThreadTask[] {
  const threads = new Map<string, MainThreadTask[]>();
  for (const event of events) if (event.name === 'thread_name' && event.args?.name === 'CrRendererMain') threads.set(threadOf(event), []);
  for (const event of events) {
    if (event.ph !== 'X' || !event.name.endsWith('RunTask')) continue;
    threads.get(threadOf(event))?.push({ tookMs: (event.dur ?? 0) / 1000, ranMs: (event.tdur ?? 0) / 1000 });
  }
  const ran = (tasks: readonly MainThreadTask[]) => tasks.reduce((sum, task) => sum + task.ranMs, 0);
  return [...threads.values()].sort((a, b) => ran(b) - ran(a))[0] ?? [];
}

/** Traces until the returned function is called, which gives the tasks. */
export async function traceTasks(client: CDPSession): Promise<() => Promise<MainThreadTask[]>> {
  const events: TraceEvent[] = [];
  client.on('Tracing.dataCollected', ({ value }) => events.push(...(value as unknown as TraceEvent[])));
  await client.send('Tracing.start', {
    transferMode: 'ReportEvents',
    traceConfig: { includedCategories: ['toplevel', '__metadata'], excludedCategories: ['*'] },
  });
  return async () => {
    const complete = new Promise<void>((resolve) => client.once('Tracing.tracingComplete', () => resolve()));
    await client.send('Tracing.end');
    await complete;
    return mainThreadTasks(events);
  };
}
