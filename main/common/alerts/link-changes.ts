// When the carrier of each card came and went: by what the kernel tells of the interface, and by what the driver logs, which also tells of changes that were
// over before anybody could look.
import type { Situation } from '#common/alerts/detector.ts';
import type { Fact } from '#common/alerts/fact.ts';

/** One change. */
export interface LinkChange {
  readonly device: string;
  readonly up: boolean;
  readonly atSeconds: number;
  readonly source: 'carrier' | 'log';
}

const none: readonly LinkChange[] = [];
const logLine = /\blink (?:is )?(up|down)\b/i;

/** Remembers where each link stands. A link that has not been up yet is negotiating: that it comes up is no change. */
export class LinkChanges {
  readonly #carriers = new Map<string, boolean>();
  readonly #logged = new Map<string, boolean>();

  clear(): void {
    this.#carriers.clear();
    this.#logged.clear();
  }

  /** The changes that a fact tells of; the first state of a link is none. */
  take(fact: Fact, situation: Situation): readonly LinkChange[] {
    if (fact.kind === 'restart') this.clear();
    if (fact.kind === 'devices') {
      return fact.devices.flatMap(({ pciAddress, carrier }) => {
        const before = this.#carriers.get(pciAddress);
        // An interface that was taken down, or went with its driver, is no link that fails.
        if (carrier === null) this.#carriers.delete(pciAddress);
        else if (carrier || before !== undefined) this.#carriers.set(pciAddress, carrier);
        if (carrier === null || before === undefined || before === carrier) return [];
        return [{ device: pciAddress, up: carrier, atSeconds: situation.nowSeconds, source: 'carrier' as const }];
      });
    }
    if (fact.kind !== 'log' || !(fact.record.text.includes('ink ') || fact.record.text.includes('INK '))) return none;
    const [, word] = logLine.exec(fact.record.text) ?? [];
    if (word === undefined) return [];
    const device = situation.deviceOfLog(fact.record.device, fact.record.text)?.pciAddress;
    if (device === undefined) return [];
    const up = word.toLowerCase() === 'up';
    const before = this.#logged.get(device);
    if (up || before !== undefined) this.#logged.set(device, up);
    return before === undefined || before === up ? [] : [{ device, up, atSeconds: fact.atSeconds, source: 'log' }];
  }
}
