// Autopsies in the window: made when a queue gets stuck or times out, or when a person asks; kept until the window closes, saved and opened as files.
import { createStore, type StoreApi } from 'zustand/vanilla';
import type { Alert } from '#common/alerts/alert.ts';
import type { AutopsyDocument } from '#common/autopsy/autopsy-document.ts';
import { AutopsyHistory, type AutopsySubject } from '#common/autopsy/autopsy-history.ts';
import type { RegistersSnapshot } from '#common/layouts/snapshot.ts';
import type { EventOf, Refusal } from '#common/protocol.ts';
import type { AlertDesk } from './alert-desk.ts';

/** One autopsy of this window. */
export interface KeptAutopsy {
  readonly id: number;
  readonly document: AutopsyDocument;
  /** The file that it was opened from; null for one that was made here. */
  readonly file: string | null;
}

/** What the panel shows. */
export interface AutopsyState {
  /** Newest first. */
  readonly autopsies: readonly KeptAutopsy[];
  readonly chosen: number | null;
  /** One is being made: the registers are read. */
  readonly isMaking: boolean;
  /** Why a file could not be opened. */
  readonly fault: string | null;
}

const autopsiesKept = 20;
// A timeout of the kernel follows a stuck queue within this long, and is no other case.
const sameCaseSeconds = 15;

/** What the desk uses of the model. */
export interface AutopsyDeskParts {
  readonly alerts: AlertDesk;
  /** Reads a thing of a device now; its snapshot has arrived when this resolves. Null, or why not. */
  read(device: string, what: string): Promise<Refusal | null>;
  hello(): EventOf<'hello'> | null;
}

/** Makes and keeps autopsies. */
export class AutopsyDesk {
  readonly store: StoreApi<AutopsyState> = createStore<AutopsyState>(() => ({ autopsies: [], chosen: null, isMaking: false, fault: null }));
  readonly #parts: AutopsyDeskParts;
  readonly #history = new AutopsyHistory();
  #registers: RegistersSnapshot | null = null;
  #next = 1;
  #making: Promise<void> = Promise.resolve();
  readonly #begun: AutopsySubject[] = [];

  constructor(parts: AutopsyDeskParts) {
    this.#parts = parts;
    parts.alerts.onFact((fact) => {
      this.#history.take(fact);
      if (fact.kind === 'restart') this.#begun.length = 0;
    });
    parts.alerts.onOpened((alert) => this.#opened(alert));
  }

  /** The newest registers of any device, whoever asked for them. */
  takeRegisters(snapshot: RegistersSnapshot): void {
    this.#registers = snapshot;
  }

  /** Makes one of a queue as it is now. Resolves when it is in the store. */
  make(device: string, queue: AutopsySubject['queue'], trigger = 'Asked for by the person at the window.'): Promise<void> {
    return this.#make({ device, queue, trigger, atSeconds: this.#parts.alerts.nowSeconds });
  }

  choose(id: number): void {
    this.store.setState({ chosen: id });
  }

  /** Shows a saved one. */
  async open(file: string, text: string): Promise<void> {
    const { readAutopsy } = await import('./autopsy-engine.ts');
    const read = readAutopsy(text);
    if (read.ok) this.#keep(read.value, file);
    else this.store.setState({ fault: `${file}: ${read.error}` });
  }

  #opened({ rule, device, queue, text, lastSeconds }: Alert): void {
    if (rule !== 'queue-stuck' && rule !== 'tx-timeout') return;
    const [, kind, index] = /^(rx|tx):(\d+)$/.exec(queue ?? '') ?? [];
    if (device === null || kind === undefined) return;
    const subject: AutopsySubject = {
      device,
      queue: { kind: kind as 'rx' | 'tx', index: Number(index) },
      trigger: text,
      atSeconds: lastSeconds,
    };
    const isSameCase = this.#begun.some(
      (before) =>
        before.device === device &&
        before.queue?.kind === kind &&
        before.queue.index === Number(index) &&
        Math.abs(subject.atSeconds - before.atSeconds) < sameCaseSeconds,
    );
    if (isSameCase) return;
    this.#begun.push(subject);
    void this.#make(subject);
  }

  #make(subject: AutopsySubject): Promise<void> {
    this.store.setState({ isMaking: true });
    this.#making = this.#making.then(async () => {
      this.#registers = null;
      const refusal = await this.#parts.read(subject.device, 'registers');
      const registers = refusal === null ? this.#registers : null;
      // Frozen first: what goes on while the examination is loaded belongs to another moment.
      const frozen = this.#history.freeze(subject, { registers, hello: this.#parts.hello() });
      const { examine } = await import('./autopsy-engine.ts');
      this.#keep(examine(frozen), null);
      this.store.setState({ isMaking: false });
    });
    return this.#making;
  }

  #keep(document: AutopsyDocument, file: string | null): void {
    const id = this.#next;
    this.#next += 1;
    this.store.setState(({ autopsies }) => ({
      autopsies: [{ id, document, file }, ...autopsies].slice(0, autopsiesKept),
      chosen: id,
      fault: null,
    }));
  }
}
