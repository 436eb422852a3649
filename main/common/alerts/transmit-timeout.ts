// The kernel gave a transmit queue up: its own watchdog line, and what drivers add to it.
import { evidence, type Finding, queueName } from '#common/alerts/alert.ts';
import type { Detector, Situation } from '#common/alerts/detector.ts';
import type { Fact } from '#common/alerts/fact.ts';

/** When a timeout counts as over: the kernel repeats its line every five seconds while the queue stays so. */
export interface TransmitTimeoutThresholds {
  readonly quietSeconds: number;
}

export const transmitTimeoutThresholds: TransmitTimeoutThresholds = { quietSeconds: 10 };

// The kernel's line since 6.6 and before it; rigb's own; igb's, which names its queue on the next line.
const lines: readonly RegExp[] = [
  /NETDEV WATCHDOG: (?:CPU: \d+: )?.*?transmit queue (?<queue>\d+) timed out(?: (?<ms>\d+) ms)?/,
  /transmit queue (?<queue>\d+) hangs: next_to_use (?<use>\d+), next_to_clean (?<clean>\d+), TDH (?<head>\d+), TDT (?<tail>\d+)/,
  /Detected Tx Unit Hang(?:[\s\S]*?Tx Queue\s+<(?<queue>\d+)>)?/,
];

/** What a line says of a hanging transmit queue; null for any other line. */
export function readTimeoutLine(text: string): Readonly<Record<string, string | undefined>> | null {
  // Nearly every line is none, which is seen faster so.
  if (!text.includes('transmit queue') && !text.includes('Tx Unit')) return null;
  for (const line of lines) {
    const match = line.exec(text);
    if (match) return match.groups ?? {};
  }
  return null;
}

interface Told {
  readonly device: string | null;
  readonly queue: string | null;
  readonly sinceSeconds: number;
  readonly lastSeconds: number;
  readonly times: number;
}

const nothing: readonly Finding[] = [];

/** Needs the kernel log. */
export class TransmitTimeoutDetector implements Detector {
  readonly kinds = ['log', 'sample', 'tick'] as const;
  readonly #thresholds: TransmitTimeoutThresholds;
  readonly #told = new Map<string, Told>();

  constructor(thresholds: TransmitTimeoutThresholds = transmitTimeoutThresholds) {
    this.#thresholds = thresholds;
  }

  take(fact: Fact, situation: Situation): readonly Finding[] {
    if (fact.kind === 'restart') this.#told.clear();
    if (fact.kind === 'sample' || fact.kind === 'tick') return this.#quiet(situation.nowSeconds);
    if (fact.kind !== 'log') return nothing;
    const said = readTimeoutLine(fact.record.text);
    if (!said) return nothing;
    const device = situation.deviceOfLog(fact.record.device, fact.record.text)?.pciAddress ?? null;
    const queue = said.queue === undefined ? null : queueName('tx', Number(said.queue));
    const key = `${device} ${queue}`;
    const before = this.#told.get(key);
    const { atSeconds } = fact;
    const over = this.#quiet(atSeconds);
    const isNew = !before || !this.#told.has(key);
    const told: Told = {
      device,
      queue,
      sinceSeconds: isNew ? atSeconds : before.sinceSeconds,
      lastSeconds: atSeconds,
      times: isNew ? 1 : before.times + 1,
    };
    this.#told.set(key, told);
    const numbers = [
      ['next_to_use', said.use],
      ['next_to_clean', said.clean],
      ['TDH', said.head],
      ['TDT', said.tail],
    ] as const;
    return [
      ...over,
      {
        holds: true,
        rule: 'tx-timeout',
        device,
        queue,
        severity: 'error',
        sinceSeconds: told.sinceSeconds,
        atSeconds,
        text: `The kernel gave ${queue === null ? 'a transmit queue' : `transmit queue ${said.queue}`} up${said.ms ? ` after ${said.ms} ms` : ''}.`,
        evidence: [
          evidence('log', fact.record.text, '', atSeconds),
          evidence('lines that say so', told.times, '', atSeconds),
          ...numbers.flatMap(([what, value]) => (value === undefined ? [] : [evidence(what, Number(value), '', atSeconds)])),
        ],
      },
    ];
  }

  #quiet(nowSeconds: number): Finding[] {
    const over: Finding[] = [];
    for (const [key, { device, queue, lastSeconds }] of this.#told) {
      if (nowSeconds - lastSeconds < this.#thresholds.quietSeconds) continue;
      this.#told.delete(key);
      over.push({ holds: false, rule: 'tx-timeout', device, queue, atSeconds: nowSeconds });
    }
    return over;
  }
}
