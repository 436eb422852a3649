// Which moments of a session are worth going to later.
import { readLogBatch } from '#common/layouts/log-batch.ts';
import type { AgentEvent, EventOf } from '#common/protocol.ts';
import type { RecordedMark } from './channels.ts';

const markText = /\bringscope: mark: (.*)/;
const errorLevel = 3;
// A burst of errors is one place to go to, not a thousand.
const perBatch = 3;

/** Watches what passes, and names what is worth a mark. */
export class Marks {
  readonly #carriers = new Map<string, boolean>();
  #module: string | null = null;
  #boot: string | null = null;
  #phase: string | null = null;

  event(event: AgentEvent | EventOf<'target'>): RecordedMark[] {
    switch (event.type) {
      case 'hello': {
        const isFirst = this.#boot === null;
        this.#boot = event.bootTimeUnixNs;
        return isFirst ? [] : [{ kind: 'agent', text: 'Another agent answers' }];
      }
      case 'module': {
        const before = this.#module;
        this.#module = event.state;
        return before === null || before === event.state ? [] : [{ kind: 'driver', text: `Driver ${event.name} ${event.state}` }];
      }
      case 'devices':
        return event.devices.flatMap(({ pciAddress, interface: name, carrier }) => {
          if (carrier === null) return [];
          const before = this.#carriers.get(pciAddress);
          this.#carriers.set(pciAddress, carrier);
          if (before === undefined || before === carrier) return [];
          return [{ kind: 'link' as const, text: `Link ${carrier ? 'up' : 'down'} on ${name ?? pciAddress}` }];
        });
      case 'target': {
        const before = this.#phase;
        this.#phase = event.phase;
        return event.phase === 'failed' && before !== 'failed' ? [{ kind: 'target', text: event.reason?.title ?? event.step }] : [];
      }
      default:
        return [];
    }
  }

  log(payload: Uint8Array): RecordedMark[] {
    const batch = readLogBatch(payload);
    if (!batch.ok) return [];
    return batch.value.records
      .flatMap(({ level, text }): RecordedMark[] => {
        const mark = markText.exec(text)?.[1];
        if (mark !== undefined) return [{ kind: 'mark', text: mark }];
        return level <= errorLevel ? [{ kind: 'error', text: text.slice(0, 200) }] : [];
      })
      .slice(0, perBatch);
  }
}
