// How fast a queue goes. The only queue of a direction goes as fast as its interface, which is sampled far more often than queues are counted.
import type { Device } from '#common/protocol.ts';
import type { SampleHistory } from '../../state/sample-history.ts';
import type { Curve } from '../../state/series.ts';
import type { WindowModel } from '../../state/window-model.ts';
import type { RingKind } from './queue-figures.ts';

/** The row of an interface's counter in the samples, or null. */
function rowOf(history: SampleHistory, device: Device, kind: RingKind, what: 'packets' | 'bytes'): number | null {
  const name = `${kind.toUpperCase()} ${what}`;
  const found = history.table?.counters.findIndex((counter) => counter.interface === device.interface && counter.name === name) ?? -1;
  return found < 0 ? null : found;
}

const isOnly = (device: Device, kind: RingKind): boolean => device.rings.filter((ring) => ring.kind === kind).length === 1;

/** A sampled counter's rate as a curve; NaN where it has none. */
function rateCurve(history: SampleHistory, row: number): Curve {
  return {
    get length() {
      return Math.max(0, history.length - 1);
    },
    secondsAt: (age) => history.secondsAt(age),
    valueAt: (age) => history.counterRate(row, age) ?? Number.NaN,
  };
}

/** Frames and bytes a second; null where nobody counts them. */
export function queueRates({ queues, history }: WindowModel, device: Device, kind: RingKind, index: number) {
  const counted = queues.rates(device.pciAddress, kind, index);
  if (counted.frames !== null || !isOnly(device, kind)) return counted;
  const rate = (what: 'packets' | 'bytes') => {
    const row = rowOf(history, device, kind, what);
    return row === null ? null : history.counterRate(row);
  };
  return { frames: rate('packets'), bytes: rate('bytes') };
}

/** Frames a second over time; null where nobody counts them. */
export function queueRateCurve({ queues, history }: WindowModel, device: Device, kind: RingKind, index: number): Curve | null {
  const counted = queues.framesPerSecond(device.pciAddress, kind, index);
  if (counted || !isOnly(device, kind)) return counted;
  const row = rowOf(history, device, kind, 'packets');
  return row === null ? null : rateCurve(history, row);
}
