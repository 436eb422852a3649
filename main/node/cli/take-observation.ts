// One look at a card under any driver, through a session of its own in observe mode or the application that runs already.
import type { ObservationEvent } from '#common/protocol/observation.ts';
import type { Device } from '#common/protocol.ts';
import type { Collected, NamedSample } from './collected.ts';
import type { SessionConnection } from './session-connection.ts';

const startLimitMs = 60_000;
const stepLimitMs = 30_000;
const lookHz = 10;

/** What one look found. */
export interface ObservationDocument {
  readonly device: Device;
  readonly observation: Omit<ObservationEvent, 'type'>;
  readonly interrupts: readonly { readonly irq: string; readonly name: string; readonly perCpu: readonly number[] }[];
}

/** What a look needs. */
export interface ObservationOptions {
  readonly connection: SessionConnection;
  readonly collected: Collected;
  /** PCI address, or null for the only card. */
  readonly device: string | null;
  readonly onStep: (step: string) => void;
}

function chosen(devices: readonly Device[], wanted: string | null): Device {
  const list = devices.map(({ pciAddress, driver }) => `${pciAddress} (${driver ?? 'no driver'})`).join(', ');
  if (wanted !== null) {
    const found = devices.find(({ pciAddress }) => pciAddress === wanted);
    if (found) return found;
    throw new Error(`There is no network card ${wanted}; there are: ${list || 'none'}.`);
  }
  const [only, ...more] = devices;
  if (!only) throw new Error('This machine has no network card on a PCI bus that says it is one (class 02).');
  if (more.length > 0) throw new Error(`There are several network cards: ${list}; choose one with --device.`);
  return only;
}

function interruptsOf({ sample, table }: NamedSample, address: string, observation: ObservationEvent): ObservationDocument['interrupts'] {
  const own = new Set(observation.pcie.msiVectors.map(String));
  return table.vectors.flatMap(({ irq, name, device }, row) => {
    if (device !== address && !own.has(irq)) return [];
    const first = row * sample.cpuCount;
    return [{ irq, name, perCpu: [...sample.vectors.subarray(first, first + sample.cpuCount)].map(Number) }];
  });
}

/** Looks once. Every failure is an Error whose message is a sentence. */
export async function takeObservation({ connection, collected, device: wanted, onStep }: ObservationOptions): Promise<ObservationDocument> {
  await collected.until(
    () => {
      const target = collected.event('target');
      if (target?.phase === 'failed')
        throw new Error(target.reason ? `${target.reason.title}: ${target.reason.detail} ${target.reason.remedy}` : target.step);
      return target?.phase === 'live' ? collected.event('hello') : null;
    },
    startLimitMs,
    `No agent has answered within ${startLimitMs / 1000} s.`,
  );
  const { devices } = await collected.until(
    () => collected.event('devices'),
    stepLimitMs,
    'The agent has not said which devices there are.',
  );
  const device = chosen(devices, wanted);
  onStep(`Observing ${device.pciAddress}`);
  const asked = await connection.request('observe', { device: device.pciAddress, hz: lookHz });
  if (!asked.ok) throw new Error(`${device.pciAddress} cannot be observed: ${asked.error.message} ${asked.error.remedy ?? ''}`.trim());
  const event = await collected.until(
    () => {
      const seen = collected.event('observation');
      return seen?.device === device.pciAddress ? seen : null;
    },
    stepLimitMs,
    'No observation has arrived.',
  );
  const sample = await collected.until(() => collected.newestSample, stepLimitMs, 'No sample has arrived.');
  const { type: _, ...observation } = event;
  return { device, observation, interrupts: interruptsOf(sample, device.pciAddress, event) };
}
