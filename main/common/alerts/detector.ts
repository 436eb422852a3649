// What a detector is, and what all of them may know besides the newest fact.
import type { Finding } from '#common/alerts/alert.ts';
import type { Fact } from '#common/alerts/fact.ts';
import type { Device } from '#common/protocol.ts';

/** Looks out for one condition. The same facts in the same order give the same findings: it has no clock of its own. */
export interface Detector {
  /** The facts that it looks at; of others it is not told. `restart` goes to all. */
  readonly kinds: readonly Fact['kind'][];
  take(fact: Fact, situation: Situation): readonly Finding[];
}

/** The newest of what several detectors ask for. */
export class Situation {
  #nowSeconds = 0;
  #devices: readonly Device[] = [];

  /** The newest instant that anything carried. */
  get nowSeconds(): number {
    return this.#nowSeconds;
  }

  get devices(): readonly Device[] {
    return this.#devices;
  }

  take(fact: Fact): void {
    if (fact.kind === 'restart') {
      this.#nowSeconds = 0;
      return;
    }
    if (fact.atSeconds > this.#nowSeconds) this.#nowSeconds = fact.atSeconds;
    if (fact.kind === 'devices') this.#devices = fact.devices;
  }

  /** The network card whose interface has this name; null for loopback and other interfaces of no card. */
  deviceOfInterface(name: string): Device | null {
    return this.#devices.find((device) => device.interface === name) ?? null;
  }

  /** The network card that a log record is about, by its DEVICE key (`+pci:0000:01:00.0`, `n3`) or by what the line names. */
  deviceOfLog(deviceKey: string, text: string): Device | null {
    return (
      this.#devices.find(({ pciAddress }) => deviceKey.includes(pciAddress) || text.includes(pciAddress)) ??
      this.#devices.find(({ interface: name }) => name !== null && new RegExp(`\\b${escaped(name)}\\b`).test(text)) ??
      null
    );
  }
}

const escaped = (text: string): string => text.replaceAll(/[.*+?^${}()|[\]\\]/g, '\\$&');
