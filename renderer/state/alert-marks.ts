// Alerts as marks on the timeline.
import { alertNames, type Severity } from '#common/alerts/alert.ts';
import type { AlertsState } from './alert-desk.ts';

/** One mark: where a condition began. */
export interface AlertMark {
  /** Seconds since boot. */
  readonly seconds: number;
  readonly severity: Severity;
  readonly label: string;
  /** The alert's id. */
  readonly id: string;
}

/** The marks of all alerts, in the order of time. */
export function alertMarks({ alerts }: Pick<AlertsState, 'alerts'>): readonly AlertMark[] {
  return alerts
    .map(({ id, rule, severity, queue, sinceSeconds }) => ({
      seconds: sinceSeconds,
      severity,
      label: queue === null ? alertNames[rule] : `${alertNames[rule]} ${queue}`,
      id,
    }))
    .sort((a, b) => a.seconds - b.seconds);
}
