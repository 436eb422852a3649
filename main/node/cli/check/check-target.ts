// A live target held to rules: it is prepared as for a snapshot, watched for some seconds, and left as it was found.
import { FactFeed } from '#common/alerts/fact-feed.ts';
import type { Device } from '#common/protocol.ts';
import type { Rule } from '#common/rules/rules-file.ts';
import { RulesRun } from '#common/rules/rules-run.ts';
import { askOf, deviceOf, loadDriver, nextSample, type PrepareOptions, runTraffic, stepLimitMs, waitForAgent } from '../prepare-target.ts';
import type { Checked } from './check-text.ts';

/** What a check needs. */
export interface CheckTargetOptions extends PrepareOptions {
  readonly rules: readonly Rule[];
  readonly seconds: number;
}

const observedHz = 1;
const slowestHz = 5;
const fastestHz = 60;
// A queue counts as stuck after so many snapshots without movement, the first included.
const snapshotsWithin = 3;

/** How often rings are read so that the shortest of the rules is seen; 0 where none is about rings. */
export function ringHz(rules: readonly Rule[]): number {
  const shortest = Math.min(...rules.map((rule) => (rule.rule === 'queue-stuck' ? rule.forMs : Number.POSITIVE_INFINITY)));
  if (!Number.isFinite(shortest)) return 0;
  return Math.min(fastestHz, Math.max(slowestHz, Math.ceil((snapshotsWithin * 1000) / shortest)));
}

/** Checks. Every failure to do so is an Error whose message is a sentence. */
export async function checkTarget(options: CheckTargetOptions): Promise<Checked> {
  const undo: (() => Promise<void>)[] = [];
  const checked = await watch(options, undo).then(
    (value) => ({ value, error: null }),
    (error: unknown) => ({ value: null, error }),
  );
  for (const step of undo.reverse()) await step().catch(() => undefined);
  if (checked.value === null) throw checked.error;
  return checked.value;
}

async function watch(options: CheckTargetOptions, undo: (() => Promise<void>)[]): Promise<Checked> {
  const { connection, collected, kind, rules, seconds, onStep } = options;
  const hello = await waitForAgent(options);
  if (kind === 'lab') {
    onStep('Waiting for the driver');
    await loadDriver(options, undo);
    const find = () => deviceOf(collected, hello, null);
    await collected.until(find, stepLimitMs, `No device of ${hello.module.name} has appeared.`);
    await runTraffic(options, undo);
  }
  const { devices } = await collected.until(
    () => collected.event('devices'),
    stepLimitMs,
    'The agent has not said which devices there are.',
  );
  await watchAll(options, devices, undo);
  const begin = await nextSample(collected);
  const fromSeconds = Number(begin.sample.timeNs) / 1e9;
  const run = new RulesRun(rules, fromSeconds);
  const feed = new FactFeed();
  for (const event of [hello, collected.event('table'), collected.event('devices'), collected.event('module')])
    for (const fact of event ? feed.event(event) : []) run.take(fact);
  const ends = [
    connection.onEvent((event) => feed.event(event).forEach((fact) => void run.take(fact))),
    connection.onBulk(({ stream, payload }) => feed.bulk(stream, payload).forEach((fact) => void run.take(fact))),
  ];
  undo.push(async () => ends.forEach((end) => void end()));
  onStep(`Checking ${rules.length} rules for ${seconds} s`);
  const startedMs = performance.now();
  await collected.pause(seconds * 1000);
  // A gap that still lasts is one too.
  const passed = (performance.now() - startedMs) / 1000;
  run.takeFact({ kind: 'tick', atSeconds: Math.max(run.nowSeconds, fromSeconds + passed) });
  return { outcomes: run.outcomes(), seconds: passed, source: kind === 'lab' ? 'the lab' : 'this machine' };
}

async function watchAll(
  { connection, rules }: CheckTargetOptions,
  devices: readonly Device[],
  undo: (() => Promise<void>)[],
): Promise<void> {
  const hz = ringHz(rules);
  for (const { pciAddress: device, rings, driver } of devices) {
    if (driver === null) continue;
    for (const { kind, index } of hz > 0 ? rings : []) {
      const what = `ring:${kind}:${index}`;
      await askOf(connection, 'watch', { device, what, hz });
      undo.push(async () => void (await connection.request('watch', { device, what, hz: 0 })));
    }
    // A driver that cannot be observed is judged by what the interface counts.
    const observed = await connection.request('observe', { device, hz: observedHz });
    if (observed.ok) undo.push(async () => void (await connection.request('observe', { device, hz: 0 })));
  }
}
