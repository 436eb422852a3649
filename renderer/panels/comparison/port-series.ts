// What is compared of two ports, whoever drives them: from counters and interrupts that every driver has, on one clock.
import { partnerPrefix } from '#common/protocol/lab.ts';
import type { SampleTable } from '../../state/sample-history.ts';
import { counterKey, vectorKey } from '../../state/sample-history.ts';
import type { TimePoints } from '../../state/time-store.ts';

/** The rows of samples that a quantity is the sum of, of one port. */
export interface PortKeys {
  readonly received: readonly string[];
  readonly sent: readonly string[];
  readonly dropped: readonly string[];
  readonly errors: readonly string[];
  readonly interrupts: readonly string[];
}

const dropNames: ReadonlySet<string> = new Set(['rx_dropped', 'tx_dropped', 'rx_missed_errors', 'rx_fifo_errors']);
const errorNames: ReadonlySet<string> = new Set(['rx_errors', 'tx_errors']);

/** A port as samples name it. */
export interface SampledPort {
  readonly address: string;
  /** Its interface; the partner's is in another namespace. */
  readonly interface: string | null;
  readonly isPartner: boolean;
}

/** The rows of a port in a table. */
export function portKeys(table: SampleTable, { address, interface: name, isPartner }: SampledPort): PortKeys {
  const sampled = name === null ? null : isPartner ? `${partnerPrefix}${name}` : name;
  const own = table.counters.filter((counter) => counter.source === 'netdev' && counter.interface === sampled);
  const named = (fits: (counter: string) => boolean) => own.filter((counter) => fits(counter.name)).map(counterKey);
  return {
    received: named((counter) => counter === 'rx_packets'),
    sent: named((counter) => counter === 'tx_packets'),
    // Drivers count what the card missed as one or the other of these, never as both.
    dropped: named((counter) => dropNames.has(counter)),
    errors: named((counter) => errorNames.has(counter)),
    interrupts: table.vectors.filter(({ device }) => device === address).map(vectorKey),
  };
}

/**
 * The rows of each port through every driver that it had: a line goes on where the port is the same and its rows have other names. What one port has now
 * is no other's any more, since interrupts are numbered anew.
 */
export class PortRows {
  readonly #seen = new Map<string, { -readonly [name in keyof PortKeys]: string[] }>();

  /** Takes what a port has now, and returns what it ever had. */
  take(address: string, now: PortKeys): PortKeys {
    const seen = this.#seen.get(address) ?? { received: [], sent: [], dropped: [], errors: [], interrupts: [] };
    this.#seen.set(address, seen);
    for (const name of Object.keys(seen) as (keyof PortKeys)[]) {
      const isNow = new Set(now[name]);
      for (const [other, rows] of this.#seen) if (other !== address) rows[name] = rows[name].filter((key) => !isNow.has(key));
      for (const key of now[name]) if (!seen[name].includes(key)) seen[name].push(key);
    }
    return seen;
  }
}

/** The highest of several lines, for a scale that they share. */
export const highestOf = (lines: readonly TimePoints[]): number => {
  let most = 0;
  for (const { values } of lines) for (const value of values) if (value !== null && value > most) most = value;
  return most;
};
