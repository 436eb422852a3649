// The course of a snapshot: wait for the target, see that the driver has a card and that traffic runs, let it, read every queue, put back what was changed.
import type { Arguments, Verb } from '#common/protocol.ts';
import type { SnapshotDocument } from '#common/snapshot-document.ts';
import { buildDocument } from './build-document.ts';
import { lendDevice } from './lend-device.ts';
import {
  askOf,
  deviceOf,
  loadDriver,
  nextSample,
  type PrepareOptions,
  runTraffic,
  startTraffic,
  stepLimitMs,
  waitForAgent,
} from './prepare-target.ts';

/** What a snapshot needs. */
export interface SnapshotOptions extends PrepareOptions {
  /** PCI address of the device, or null for the one that the driver has or could have. */
  readonly device: string | null;
  readonly isConfirmed: boolean;
  readonly hasTraffic: boolean;
  /** How long traffic runs before the queues are read. */
  readonly seconds: number;
}

/** Takes one snapshot. Every failure is an Error whose message is a sentence. */
export async function takeSnapshot(options: SnapshotOptions): Promise<SnapshotDocument> {
  const undo: (() => Promise<void>)[] = [];
  const measured = await measure(options, undo).then(
    (document) => ({ document, error: null }),
    (error: unknown) => ({ document: null, error }),
  );
  let { error } = measured;
  // Everything is put back, also when one thing cannot be; the first failure is told.
  for (const step of undo.reverse())
    await step().catch((cause: unknown) => {
      error ??= cause;
    });
  if (error !== null || measured.document === null) throw error;
  return measured.document;
}

async function measure(options: SnapshotOptions, undo: (() => Promise<void>)[]): Promise<SnapshotDocument> {
  const { connection, collected, seconds, onStep } = options;
  const ask = <V extends Verb>(verb: V, args: Arguments<V>) => askOf(connection, verb, args);
  const hello = await waitForAgent(options);
  onStep('Waiting for the driver');
  const wanted = options.kind === 'lab' ? options.device : await lendDevice(options, hello, undo);
  if (options.kind === 'lab') await loadDriver(options, undo);
  const find = () => deviceOf(collected, hello, wanted);
  const device = await collected.until(
    find,
    stepLimitMs,
    `No device of ${hello.module.name} has appeared${wanted ? ` at ${wanted}` : ''}.`,
  );
  if (options.hasTraffic) await runTraffic(options, undo);
  onStep(options.hasTraffic ? `Traffic runs for ${seconds} s` : `Watching for ${seconds} s`);
  await collected.pause(seconds * 1000);
  // In a lab of its own the traffic ends first, so that counters and queues tell of the same frames.
  if (options.hasTraffic && !options.isJoined) await ask('traffic', { ...startTraffic, running: false });
  onStep('Reading the queues');
  collected.rings.clear();
  for (const { kind, index } of device.rings) await ask('read', { device: device.pciAddress, what: `ring:${kind}:${index}` });
  const sample = await nextSample(collected);
  const module = collected.event('module');
  if (!module) throw new Error('The agent has not said how the module stands.');
  const document = buildDocument({
    device: find() ?? device,
    module,
    sample,
    rings: [...collected.rings.values()].filter((ring) => ring.device === device.pciAddress),
    records: collected.records,
    dropped: collected.dropped,
  });
  if (!document.ok) throw new Error(document.error);
  return document.value;
}
