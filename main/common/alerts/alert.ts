// What an alert is: one condition of one device or queue, from when it began until it is over, with the numbers that show it.

/** How bad it is. `error` keeps frames from flowing, `warning` loses some, `info` is worth knowing. */
export type Severity = 'error' | 'warning' | 'info';

/** The conditions that are looked out for. */
export const alertRules = [
  'queue-stuck',
  'tx-timeout',
  'interrupt-storm',
  'ring-overrun',
  'link-flap',
  'growing-errors',
  'agent-gap',
] as const;
export type AlertRule = (typeof alertRules)[number];

/** How people call each. */
export const alertNames: Readonly<Record<AlertRule, string>> = {
  'queue-stuck': 'Stuck queue',
  'tx-timeout': 'TX timeout',
  'interrupt-storm': 'Interrupt storm',
  'ring-overrun': 'Ring overrun',
  'link-flap': 'Link flap',
  'growing-errors': 'Growing errors',
  'agent-gap': 'Agent gap',
};

/** One measured thing. `atSeconds` counts from the target's boot, as CLOCK_MONOTONIC does; `unit` may be empty. */
export interface Evidence {
  readonly what: string;
  readonly value: number | string;
  readonly unit: string;
  readonly atSeconds: number;
}

/** What a detector says at one instant. A condition is named by `rule`, `device` and `queue`; it holds, or it holds no longer. */
export type Finding =
  | {
      readonly holds: true;
      readonly rule: AlertRule;
      readonly device: string | null;
      readonly queue: string | null;
      readonly severity: Severity;
      /** When it began, as far as that was seen. */
      readonly sinceSeconds: number;
      readonly atSeconds: number;
      readonly text: string;
      readonly evidence: readonly Evidence[];
    }
  | {
      readonly holds: false;
      readonly rule: AlertRule;
      readonly device: string | null;
      readonly queue: string | null;
      readonly atSeconds: number;
    };

/** One alert. `device` is a PCI address, `queue` a ring as `rx:0`; both are null where it is about neither. */
export interface Alert {
  readonly id: string;
  readonly rule: AlertRule;
  readonly severity: Severity;
  readonly device: string | null;
  readonly queue: string | null;
  readonly sinceSeconds: number;
  /** When it was seen to hold last. */
  readonly lastSeconds: number;
  readonly text: string;
  readonly evidence: readonly Evidence[];
  readonly state: 'open' | 'over';
}

/** Evidence, with the number as it was measured. */
export const evidence = (what: string, value: number | string, unit: string, atSeconds: number): Evidence => ({
  what,
  value,
  unit,
  atSeconds,
});

/** The name of a ring, `rx:0`. */
export const queueName = (kind: 'rx' | 'tx', index: number): string => `${kind}:${index}`;

/** A piece of evidence in words: `TDH 12`, `interrupts 25,000 /s`. */
export function evidenceText({ what, value, unit }: Evidence): string {
  const number = typeof value === 'number' && !Number.isInteger(value) ? value.toFixed(Math.abs(value) < 10 ? 2 : 0) : String(value);
  return `${what} ${number}${unit === '' ? '' : ` ${unit}`}`;
}
