// One alert a condition, from its beginning until it is over: findings come in, alerts are what is kept.
import type { Alert, Finding } from '#common/alerts/alert.ts';

/** Alerts that are kept; of those that are over, the oldest go first. */
export const alertsKept = 500;

const keyOf = ({ rule, device, queue }: Pick<Alert, 'rule' | 'device' | 'queue'>): string => `${rule} ${device ?? ''} ${queue ?? ''}`;

/** All alerts of a session. */
export class AlertBook {
  readonly #open = new Map<string, Alert>();
  #over: Alert[] = [];
  #next = 1;
  #version = 0;

  /** Grows with each change. */
  get version(): number {
    return this.#version;
  }

  /** Open alerts first, and of each kind the newest first. */
  get alerts(): readonly Alert[] {
    return [...[...this.#open.values()].reverse(), ...[...this.#over].reverse()];
  }

  get open(): readonly Alert[] {
    return [...this.#open.values()];
  }

  /** Takes a finding; the alert that it opened, or null. */
  take(finding: Finding): Alert | null {
    const key = keyOf(finding);
    const known = this.#open.get(key);
    if (!finding.holds) {
      if (!known) return null;
      this.#open.delete(key);
      this.#over = [...this.#over, { ...known, state: 'over' as const }].slice(-alertsKept);
      this.#version += 1;
      return null;
    }
    const { rule, device, queue, severity, atSeconds, text, evidence, sinceSeconds } = finding;
    this.#version += 1;
    const alert: Alert = {
      id: known?.id ?? `${rule}-${this.#next}`,
      rule,
      severity,
      device,
      queue,
      sinceSeconds: known?.sinceSeconds ?? sinceSeconds,
      lastSeconds: Math.max(known?.lastSeconds ?? atSeconds, atSeconds),
      text,
      evidence,
      state: 'open',
    };
    this.#open.set(key, alert);
    if (known) return null;
    this.#next += 1;
    return alert;
  }

  /** Forgets everything but the numbers that were given. */
  clear(): void {
    if (this.#open.size === 0 && this.#over.length === 0) return;
    this.#open.clear();
    this.#over = [];
    this.#version += 1;
  }

  /** Everything that is open is over: nobody can see any more whether it still holds. */
  closeAll(): void {
    if (this.#open.size === 0) return;
    this.#over = [...this.#over, ...[...this.#open.values()].map((alert) => ({ ...alert, state: 'over' as const }))].slice(-alertsKept);
    this.#open.clear();
    this.#version += 1;
  }
}
