// A condition that holds while counters of a device rise, and is over when none has for a while. Ring overrun and growing errors are two of these.
import { type AlertRule, evidence, type Finding, type Severity } from '#common/alerts/alert.ts';
import type { CounterRise } from '#common/alerts/counter-rises.ts';

interface Rising {
  readonly sinceSeconds: number;
  lastSeconds: number;
  readonly counters: Map<string, { total: number; value: number; rate: number | null; atSeconds: number }>;
}

/** Joins the rises of each device to one condition. */
export class RisingCondition {
  readonly #rule: AlertRule;
  readonly #quietSeconds: number;
  readonly #severity: Severity;
  readonly #words: (counters: readonly string[]) => string;
  readonly #devices = new Map<string, Rising>();

  constructor(rule: AlertRule, severity: Severity, quietSeconds: number, words: (counters: readonly string[]) => string) {
    this.#rule = rule;
    this.#severity = severity;
    this.#quietSeconds = quietSeconds;
    this.#words = words;
  }

  clear(): void {
    this.#devices.clear();
  }

  /** Takes what rose at one instant. */
  rose(rises: readonly CounterRise[], atSeconds: number): Finding[] {
    const devices = new Set(rises.map(({ device }) => device));
    return [...devices].map((device) => {
      const own = rises.filter((rise) => rise.device === device);
      const first = Math.min(...own.map(({ beforeSeconds }) => beforeSeconds));
      const rising = this.#devices.get(device) ?? { sinceSeconds: first, lastSeconds: atSeconds, counters: new Map() };
      rising.lastSeconds = atSeconds;
      for (const { name, queue, by, value, beforeSeconds } of own) {
        const key = queue === null ? name : `${name} (${queue})`;
        const seconds = atSeconds - beforeSeconds;
        const total = (rising.counters.get(key)?.total ?? 0) + by;
        rising.counters.set(key, { total, value, rate: seconds > 0 ? by / seconds : null, atSeconds });
      }
      this.#devices.set(device, rising);
      const counters = [...rising.counters];
      return {
        holds: true as const,
        rule: this.#rule,
        device,
        queue: null,
        severity: this.#severity,
        sinceSeconds: rising.sinceSeconds,
        atSeconds,
        text: this.#words(counters.map(([name]) => name)),
        evidence: counters.flatMap(([name, { total, value, rate, atSeconds: at }]) => [
          evidence(`${name} rose by`, total, '', at),
          evidence(name, value, '', at),
          ...(rate === null ? [] : [evidence(`${name} rate`, rate, '/s', at)]),
        ]),
      };
    });
  }

  /** Time has passed. */
  passed(nowSeconds: number): Finding[] {
    const over: Finding[] = [];
    for (const [device, { lastSeconds }] of this.#devices) {
      if (nowSeconds - lastSeconds < this.#quietSeconds) continue;
      this.#devices.delete(device);
      over.push({ holds: false, rule: this.#rule, device, queue: null, atSeconds: nowSeconds });
    }
    return over;
  }
}
