// Alerts as text: for the clipboard, and as a table for other programs.
import { type Alert, alertNames, evidenceText } from '#common/alerts/alert.ts';
import { formatLogTime } from '../../ui/format.ts';
import { csvOf } from '../../ui/table-text.ts';

/** Seconds since boot as the log writes them. */
export const formatSeconds = (seconds: number): string => formatLogTime(Math.round(seconds * 1e6));

/** One alert with its evidence, a line each. */
export function alertText({ rule, severity, device, queue, sinceSeconds, lastSeconds, text, evidence, state }: Alert): string {
  const where = [device, queue].filter((part) => part !== null).join(' ');
  const head = `${severity} ${alertNames[rule]}${where === '' ? '' : ` ${where}`}, ${formatSeconds(sinceSeconds)} to ${formatSeconds(lastSeconds)} s, ${state}`;
  const lines = evidence.map((one) => `  ${formatSeconds(one.atSeconds)}  ${evidenceText(one)}`);
  return [head, `  ${text}`, ...lines].join('\n');
}

/** All alerts as CSV, a row each. */
export function alertsCsv(alerts: readonly Alert[]): string {
  const rows = alerts.map((alert) => [
    alert.sinceSeconds,
    alert.lastSeconds,
    alert.state,
    alert.severity,
    alert.rule,
    alert.device ?? '',
    alert.queue ?? '',
    alert.text,
    alert.evidence.map(evidenceText).join('; '),
  ]);
  const head = ['since_seconds', 'last_seconds', 'state', 'severity', 'rule', 'device', 'queue', 'text', 'evidence'];
  return csvOf([head, ...rows]);
}
