// Before a command measures: the target answers, the driver has a card, and traffic runs where it is wanted.
import type { Arguments, Device, EventOf, TargetChoice, Verb } from '#common/protocol.ts';
import type { Collected, NamedSample } from './collected.ts';
import type { SessionConnection } from './session-connection.ts';

// Preparing and booting the lab under TCG on two busy cores.
const bootLimitMs = 150_000;
/** How long any other step may take. */
export const stepLimitMs = 30_000;

/** What preparing needs. */
export interface PrepareOptions {
  readonly connection: SessionConnection;
  readonly collected: Collected;
  readonly kind: TargetChoice['kind'];
  /** The session is someone else's: traffic and module are left as they were found. */
  readonly isJoined: boolean;
  /** Told in words what happens. */
  readonly onStep: (step: string) => void;
}

/** The traffic that runs where nothing else is said: the link partner sends, gently. */
export const startTraffic: Arguments<'traffic'> = { running: true, direction: 'receive', framesPerSecond: 2000, frameBytes: 256 };

/** Waits until the target is live and its agent has greeted. */
export async function waitForAgent({ collected, onStep, isJoined, kind }: PrepareOptions): Promise<EventOf<'hello'>> {
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

/** Sees that the driver is loaded; `undo` gets what unloads it again. */
export async function loadDriver({ connection, collected, isJoined }: PrepareOptions, undo: (() => Promise<void>)[]): Promise<void> {
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

/** Sees that traffic runs; `undo` gets what ends it again. */
export async function runTraffic({ connection, collected, isJoined, kind }: PrepareOptions, undo: (() => Promise<void>)[]): Promise<void> {
  const before = await collected.until(() => collected.event('traffic'), stepLimitMs, 'The agent has not said how the traffic stands.');
  // A lab of our own starts it by its start policy.
  if ((isJoined || kind !== 'lab') && !before.running) {
    await interfaceUp(collected);
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

/** Resolves when traffic can run, or runs already: an interface that has just appeared comes up a moment later. */
async function interfaceUp(collected: Collected): Promise<void> {
  const hindrance = () => collected.event('traffic')?.reason ?? null;
  await collected
    .until(() => (hindrance() === null ? true : null), stepLimitMs, '')
    .catch(() => {
      throw new Error(`Traffic cannot run: ${hindrance() ?? 'the agent gave no reason'}`);
    });
}

function throwIfRefused(collected: Collected): void {
  const notice = collected.event('notice');
  if (notice?.code === 'start-refused') throw new Error(notice.text);
}

/** The device that the driver under test has; null while there is none. */
export function deviceOf(collected: Collected, hello: EventOf<'hello'>, wanted: string | null): Device | null {
  const devices = collected.event('devices')?.devices ?? [];
  const isReady = ({ driver, rings, interface: name }: Device) => driver === hello.module.name && name !== null && rings.length > 0;
  return devices.find((device) => isReady(device) && (wanted === null || device.pciAddress === wanted)) ?? null;
}

/** The next sample. */
export async function nextSample(collected: Collected): Promise<NamedSample> {
  const before = collected.newestSample;
  return collected.until(
    () => (collected.newestSample === before ? null : collected.newestSample),
    stepLimitMs,
    'No sample has arrived: is sampling switched off in the window?',
  );
}

/** Asks, and throws an Error with a sentence when it is refused. */
export async function askOf<V extends Verb>(connection: SessionConnection, verb: V, args: Arguments<V>): Promise<void> {
  const answer = await connection.request(verb, args);
  if (!answer.ok) throw new Error(`\`${verb}\` was refused: ${answer.error.message} ${answer.error.remedy ?? ''}`.trim());
}
