// From an alert to what it is about: the instant in every panel, the queue, the vector.
import type { Alert } from '#common/alerts/alert.ts';
import type { WindowModel } from '../../state/window-model.ts';

/** Chooses an instant for all panels. */
export function goToMoment(model: WindowModel, seconds: number): void {
  model.standstill.showInstant(seconds);
}

/** The ring of an alert, or null. */
export function ringOf({ queue }: Pick<Alert, 'queue'>): { readonly kind: 'rx' | 'tx'; readonly index: number } | null {
  const [, kind, index] = /^(rx|tx):(\d+)$/.exec(queue ?? '') ?? [];
  return kind === undefined ? null : { kind: kind as 'rx' | 'tx', index: Number(index) };
}

/** Where an alert leads besides its instant, as the words of a button; null where it leads nowhere. */
export function placeOf(alert: Alert): string | null {
  const ring = ringOf(alert);
  if (ring) return `${ring.kind.toUpperCase()} queue ${ring.index}`;
  return alert.rule === 'interrupt-storm' ? 'Interrupts' : null;
}

/** Shows the queue or the vectors that an alert is about, and its instant. */
export function goToPlace(model: WindowModel, alert: Alert): void {
  const ring = ringOf(alert);
  model.layout.setState({ view: 'inspect', ...(alert.device ? { device: alert.device } : {}), ...(ring ? { ring, slot: null } : {}) });
  goToMoment(model, alert.sinceSeconds);
}
