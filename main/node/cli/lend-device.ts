// A snapshot on somebody's machine: the driver is lent one card, for as long as the snapshot takes.
import type { Arguments, Device, EventOf, Refusal, Verb } from '#common/protocol.ts';
import type { Result } from '#common/result.ts';
import type { Collected } from './collected.ts';

// The card that rigb drives.
const vendorId = 0x8086;
const deviceId = 0x10c9;
const stepLimitMs = 30_000;

/** What lending needs. */
export interface LendOptions {
  readonly connection: { request<V extends Verb>(verb: V, args: Arguments<V>): Promise<Result<void, Refusal>> };
  readonly collected: Collected;
  /** The PCI address that was asked for, or null for the only card that fits. */
  readonly device: string | null;
  readonly isConfirmed: boolean;
  readonly onStep: (step: string) => void;
}

function chosenDevice(devices: readonly Device[], wanted: string | null): Device {
  if (wanted !== null) {
    const found = devices.find(({ pciAddress }) => pciAddress === wanted);
    if (found) return found;
    throw new Error(`There is no network card ${wanted}; there are: ${devices.map(({ pciAddress }) => pciAddress).join(', ') || 'none'}.`);
  }
  const fitting = devices.filter((device) => device.vendorId === vendorId && device.deviceId === deviceId);
  const [only] = fitting;
  if (!only) throw new Error('This machine has no card that rigb drives (82576, 8086:10c9); `ringscope doctor` lists what there is.');
  if (fitting.length > 1)
    throw new Error(`Several cards fit: ${fitting.map(({ pciAddress }) => pciAddress).join(', ')}; choose one with --device.`);
  return only;
}

function throwRefusal(what: string, { code, message, remedy }: Refusal): never {
  const help = code === 'needs-confirmation' ? 'Repeat the command with --confirm to take it all the same.' : (remedy ?? '');
  throw new Error(`${what}: ${message} ${help}`.trim());
}

/** Sees that the driver has the card, and returns its address; `undo` gets what gives it back. Every failure is an Error whose message is a sentence. */
export async function lendDevice(
  { connection, collected, device: wanted, isConfirmed, onStep }: LendOptions,
  hello: EventOf<'hello'>,
  undo: (() => Promise<void>)[],
): Promise<string> {
  const { devices } = await collected.until(
    () => collected.event('devices'),
    stepLimitMs,
    'The agent has not said which devices there are.',
  );
  const device = chosenDevice(devices, wanted);
  if (device.driver === hello.module.name) return device.pciAddress;
  if (hello.role === 'observe')
    throw new Error('In observe mode no card is taken over: leave --observe away, as a user who may become root.');
  const module = await collected.until(() => collected.event('module'), stepLimitMs, 'The agent has not said how the module stands.');
  if (module.state !== 'live') {
    onStep('Loading the driver');
    const loaded = await connection.request('load-module', {});
    if (!loaded.ok) throwRefusal('The driver cannot be loaded', loaded.error);
    undo.push(async () => {
      await connection.request('unload-module', {});
    });
    await collected.until(
      () => {
        const { state, error } = collected.event('module') ?? module;
        if (state === 'failed') throw new Error(`The driver cannot be loaded: ${error ?? 'the kernel gave no reason'}.`);
        return state === 'live' ? true : null;
      },
      stepLimitMs,
      'The driver was not live in time.',
    );
  }
  onStep(`Taking ${device.pciAddress} from ${device.driver ?? 'no driver'}`);
  const taken = await connection.request('take-device', { device: device.pciAddress, confirmed: isConfirmed });
  if (!taken.ok) throwRefusal(`${device.pciAddress} is not taken`, taken.error);
  undo.push(async () => {
    onStep(`Giving ${device.pciAddress} back to ${device.driver ?? 'nobody'}`);
    const released = await connection.request('release-device', { device: device.pciAddress });
    if (!released.ok) throwRefusal(`${device.pciAddress} was not given back`, released.error);
  });
  return device.pciAddress;
}
