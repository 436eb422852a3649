// What the timeline shows of the device: which counters are its frames and its interrupts, and which marks lie where.
import type { ReplayMark } from '#common/protocol/recording.ts';
import { counterKey, type SampleTable, vectorKey } from '../../state/sample-history.ts';
import type { MarkSeverity, TimelineMark } from '../../state/timeline-marks.ts';
import type { WindowModel } from '../../state/window-model.ts';
import { chooseDevice } from '../../ui/model-context.tsx';
import { recordingStart } from './timeline-axis.ts';

/** Keys of the counters whose rates are drawn. */
export interface DrawnKeys {
  readonly received: readonly string[];
  readonly sent: readonly string[];
  readonly interrupts: readonly string[];
}

/** The driver's own count of frames where it has one, since it comes with every sample; else the network stack's. */
export function keysOf(table: SampleTable, device: { readonly interface: string | null; readonly pciAddress: string }): DrawnKeys {
  const ofInterface = table.counters.filter((counter) => device.interface !== null && counter.interface === device.interface);
  const find = (own: string, stack: string) => {
    const found =
      ofInterface.find(({ source, name }) => source === 'network_stats' && name === own) ??
      ofInterface.find(({ source, name }) => source === 'netdev' && name === stack);
    return found ? [counterKey(found)] : [];
  };
  return {
    received: find('RX packets', 'rx_packets'),
    sent: find('TX packets', 'tx_packets'),
    interrupts: table.vectors.filter((vector) => vector.device === device.pciAddress).map(vectorKey),
  };
}

/** The keys of the shown device; those of before where it has none now, so that what it did stays on the timeline when its driver goes. */
export class ShownKeys {
  readonly #model: WindowModel;
  #device: string | null = null;
  #keys: DrawnKeys = { received: [], sent: [], interrupts: [] };

  constructor(model: WindowModel) {
    this.#model = model;
  }

  get current(): DrawnKeys {
    const { session, layout, history } = this.#model;
    const device = chooseDevice(session.getState().devices, layout.getState().device);
    if (!device || !history.table) return this.#keys;
    const now = keysOf(history.table, device);
    const before = device.pciAddress === this.#device ? this.#keys : { received: [], sent: [], interrupts: [] };
    this.#device = device.pciAddress;
    this.#keys = {
      received: now.received.length > 0 ? now.received : before.received,
      sent: now.sent.length > 0 ? now.sent : before.sent,
      interrupts: now.interrupts.length > 0 ? now.interrupts : before.interrupts,
    };
    return this.#keys;
  }
}

const severities: Readonly<Record<ReplayMark['kind'], MarkSeverity>> = {
  mark: 'info',
  driver: 'info',
  link: 'info',
  agent: 'warning',
  lost: 'warning',
  error: 'error',
  target: 'error',
};

/** Events and alerts, and in a recording the marks that it holds. */
export function shownMarks(model: WindowModel): readonly TimelineMark[] {
  const { replay } = model.session.getState();
  const start = recordingStart(model);
  if (!replay || start === null) return model.marks.events;
  return replay.marks.map(({ timeMs, kind, text }, index) => ({
    seconds: start + timeMs / 1000,
    severity: severities[kind],
    label: text,
    id: `recorded-${index}`,
  }));
}

/** The sum of several counters' rates at an instant, or null when none of them is known there. */
export function rateOfAll(model: WindowModel, keys: readonly string[], seconds: number): number | null {
  const rates = keys.map((key) => model.history.rateAt(key, seconds)).filter((rate) => rate !== null);
  return rates.length > 0 ? rates.reduce((sum, rate) => sum + rate, 0) : null;
}

/** The mark nearest to an instant, if one is within reach. */
export function nearestMark<T extends { readonly seconds: number }>(marks: readonly T[], seconds: number, reach: number): T | null {
  let nearest: T | null = null;
  for (const mark of marks) {
    const distance = Math.abs(mark.seconds - seconds);
    if (distance <= reach && (!nearest || distance < Math.abs(nearest.seconds - seconds))) nearest = mark;
  }
  return nearest;
}
