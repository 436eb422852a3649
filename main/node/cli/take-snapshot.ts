// The course of a snapshot: wait for the target, see that the driver has a card and that traffic runs, let it, read every queue, put back what was changed.
import type { Arguments, Device, EventOf, TargetChoice, Verb } from '#common/protocol.ts';
import type { SnapshotDocument } from '#common/snapshot-document.ts';
import { buildDocument } from './build-document.ts';
import type { Collected, NamedSample } from './collected.ts';
import { lendDevice } from './lend-device.ts';
import type { SessionConnection } from './session-connection.ts';

// Preparing and booting the lab under TCG on two busy cores.
const bootLimitMs = 150_000;
const stepLimitMs = 30_000;

/** What a snapshot needs. */
export interface SnapshotOptions {
  readonly connection: SessionConnection;
  readonly collected: Collected;
  readonly kind: TargetChoice['kind'];
  /** PCI address of the device, or null for the one that the driver has or could have. */
  readonly device: string | null;
  readonly isConfirmed: boolean;
  readonly hasTraffic: boolean;
  /** How long traffic runs before the queues are read. */
  readonly seconds: number;
  /** The session is someone else's: traffic and module are left as they were found. */
  readonly isJoined: boolean;
  /** Told in words what happens. */
  readonly onStep: (step: string) => void;
}

const startTraffic: Arguments<'traffic'> = { running: true, direction: 'receive', framesPerSecond: 2000, frameBytes: 256 };

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

async function waitForAgent({ collected, onStep, isJoined, kind }: SnapshotOptions): Promise<EventOf<'hello'>> {
  let said = '';
  return collected.until(
    () => {
      const target = collected.event('target');
      if (!target) return null;
      if (target.step !== said) onStep(target.step);
      said = target.step;
      const { reason, phase } = target;
      if (target.kind !== kind)
        throw new Error(
          `The session inspects the target "${target.kind}", not "${kind}": choose it in the window, or take another session with --name.`,
        );
      if (phase === 'failed') throw new Error(reason ? sentenceOf(reason) : target.step);
      // A session that starts reports `stopped` until its target begins; a joined one that is stopped stays so.
      if (phase === 'stopped' && isJoined)
        throw new Error('The session’s target is stopped: start it in the window, or close the application.');
      return phase === 'live' ? collected.event('hello') : null;
    },
    bootLimitMs,
    `No agent has answered within ${bootLimitMs / 1000} s.`,
  );
}

function sentenceOf({ title, detail, remedy }: NonNullable<EventOf<'target'>['reason']>): string {
  // Some reasons name their remedy already.
  const isSaid = detail.toLowerCase().includes(remedy.replace(/\.$/, '').toLowerCase());
  return isSaid ? `${title}: ${detail}` : `${title}: ${detail} ${remedy}`;
}

async function loadDriver({ connection, collected, isJoined }: SnapshotOptions, undo: (() => Promise<void>)[]): Promise<void> {
  const module = await collected.until(() => collected.event('module'), stepLimitMs, 'The agent has not said how the module stands.');
  // A session of our own loads it by its start policy.
  if (isJoined && module.state === 'absent') {
    await askOf(connection, 'load-module', {});
    undo.push(async () => {
      await connection.request('unload-module', {});
    });
  }
  await collected.until(
    () => {
      const { state, error } = collected.event('module') ?? module;
      if (state === 'failed') throw new Error(`The driver cannot be loaded: ${error ?? 'the kernel gave no reason'}.`);
      if (!isJoined) throwIfRefused(collected);
      return state === 'live' ? true : null;
    },
    stepLimitMs,
    'The driver was not live in time.',
  );
}

async function runTraffic({ connection, collected, isJoined, kind }: SnapshotOptions, undo: (() => Promise<void>)[]): Promise<void> {
  const before = await collected.until(() => collected.event('traffic'), stepLimitMs, 'The agent has not said how the traffic stands.');
  // A lab of our own starts it by its start policy.
  if ((isJoined || kind !== 'lab') && !before.running) {
    await askOf(connection, 'traffic', startTraffic);
    const { direction, framesPerSecond, frameBytes } = before;
    undo.push(async () => {
      await connection.request('traffic', { running: false, direction, framesPerSecond, frameBytes: Math.max(60, frameBytes) });
    });
  }
  await collected.until(
    () => {
      if (!isJoined) throwIfRefused(collected);
      return collected.event('traffic')?.running ? true : null;
    },
    stepLimitMs,
    `Traffic does not run: ${before.reason ?? 'the agent gave no reason'}.`,
  );
}

function throwIfRefused(collected: Collected): void {
  const notice = collected.event('notice');
  if (notice?.code === 'start-refused') throw new Error(notice.text);
}

function deviceOf(collected: Collected, hello: EventOf<'hello'>, wanted: string | null): Device | null {
  const devices = collected.event('devices')?.devices ?? [];
  const isReady = ({ driver, rings, interface: name }: Device) => driver === hello.module.name && name !== null && rings.length > 0;
  return devices.find((device) => isReady(device) && (wanted === null || device.pciAddress === wanted)) ?? null;
}

async function nextSample(collected: Collected): Promise<NamedSample> {
  const before = collected.newestSample;
  return collected.until(
    () => (collected.newestSample === before ? null : collected.newestSample),
    stepLimitMs,
    'No sample has arrived: is sampling switched off in the window?',
  );
}

async function askOf<V extends Verb>(connection: SessionConnection, verb: V, args: Arguments<V>): Promise<void> {
  const answer = await connection.request(verb, args);
  if (!answer.ok) throw new Error(`\`${verb}\` was refused: ${answer.error.message} ${answer.error.remedy ?? ''}`.trim());
}
