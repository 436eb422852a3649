// The machine's side of the lab's two ports: the cable, and the card in its slot. QEMU does it; what it comes to is told as state.
import type { LabPort } from '#common/protocol/lab.ts';
import type { Refusal } from '#common/protocol.ts';
import { err, ok, type Result } from '#common/result.ts';
import type { Unsubscribe } from '#common/transport.ts';
import { Listeners } from '../agent/listeners.ts';
import type { Monitor } from './monitor.ts';
import { deviceUnderTest, portCard } from './qemu-command.ts';

/** What the session can do to the lab's ports. */
export interface LabControl {
  readonly ports: readonly LabPort[];
  /** Puts the cable in, or pulls it. */
  setLink(port: LabPort['port'], up: boolean): Promise<Result<void, Refusal>>;
  /** Takes the card out of its slot; resolves when the guest has let go of it. */
  unplug(port: LabPort['port']): Promise<Result<void, Refusal>>;
  /** Puts a card into its slot; the guest finds it some moments later. */
  plug(port: LabPort['port']): Promise<Result<void, Refusal>>;
  /** Says what a port waits for, or why that failed; null ends it. */
  say(port: LabPort['port'], step: string | null, fault?: string | null): void;
  /** Calls back at once, and with every change. */
  onPorts(listener: (ports: readonly LabPort[]) => void): Unsubscribe;
}

// The kernel takes a card off five seconds after its attention button was pressed; a driver under load takes longer to let go of it.
const unplugLimitMs = 40_000;
// QEMU frees a card's name a moment after it said that the card is gone.
const plugLimitMs = 10_000;
const retryMs = 50;

const fresh = (): LabPort[] => [
  { port: 0, device: deviceUnderTest, isPlugged: true, isCabled: true, step: null, fault: null },
  { port: 1, device: '0000:02:00.0', isPlugged: true, isCabled: true, step: null, fault: null },
];

const wordsOf = (error: unknown): string => (error instanceof Error ? error.message : String(error));

/** The ports of one lab target. */
export class LabPorts implements LabControl {
  readonly #monitor: () => Monitor | null;
  readonly #listeners = new Listeners<readonly LabPort[]>();
  readonly #limits: { readonly unplugMs: number; readonly plugMs: number };
  #ports = fresh();
  #onDeleted: ((outcome: Result<void, string>) => void) | null = null;
  #awaited = '';
  /** Counts the guests: what was begun with one is not told of the next. */
  #guest = 0;

  constructor(monitor: () => Monitor | null, limits = { unplugMs: unplugLimitMs, plugMs: plugLimitMs }) {
    this.#monitor = monitor;
    this.#limits = limits;
  }

  get ports(): readonly LabPort[] {
    return this.#ports;
  }

  onPorts(listener: (ports: readonly LabPort[]) => void): Unsubscribe {
    listener(this.#ports);
    return this.#listeners.add(listener);
  }

  /** Another guest boots, with both cards in and the cable between them. */
  renew(): void {
    this.#onDeleted?.(err('The guest has ended.'));
    this.#guest += 1;
    this.#ports = fresh();
    this.#listeners.call(this.#ports);
  }

  /** Hears what QEMU tells. */
  takeMonitorEvent(name: string, data: Record<string, unknown>): void {
    if (data.device !== this.#awaited) return;
    if (name === 'DEVICE_DELETED') this.#onDeleted?.(ok(undefined));
    if (name === 'DEVICE_UNPLUG_GUEST_ERROR') this.#onDeleted?.(err('The guest refuses to let go of the card.'));
  }

  async setLink(port: LabPort['port'], up: boolean): Promise<Result<void, Refusal>> {
    const { isPlugged, device } = this.#of(port);
    if (!isPlugged) return this.#notNow(`${device} is unplugged: it has no cable.`);
    return this.#work(port, up ? 'The cable is put in' : 'The cable is pulled', async (monitor) => {
      await monitor.execute('set_link', { name: portCard(port).id, up });
      this.#change(port, { isCabled: up });
    });
  }

  async unplug(port: LabPort['port']): Promise<Result<void, Refusal>> {
    const { isPlugged, device } = this.#of(port);
    if (!isPlugged) return this.#notNow(`${device} is unplugged already.`);
    return this.#work(port, 'Asked to leave its slot; the kernel takes up to five seconds to let go', async (monitor) => {
      const deleted = this.#deleted(portCard(port).id);
      // Its error comes first, and the wait is then nobody's.
      deleted.catch(() => undefined);
      await monitor.execute('device_del', { id: portCard(port).id });
      await deleted;
      this.#change(port, { isPlugged: false });
    });
  }

  async plug(port: LabPort['port']): Promise<Result<void, Refusal>> {
    const { isPlugged, device } = this.#of(port);
    if (isPlugged) return this.#notNow(`${device} is plugged in already.`);
    return this.#work(port, 'Put into its slot; the kernel looks for it', async (monitor) => {
      for (const limit = Date.now() + this.#limits.plugMs; ; ) {
        try {
          await monitor.execute('device_add', portCard(port));
          break;
        } catch (error) {
          if (Date.now() > limit || !/Duplicate|in progress|busy|hot/i.test(wordsOf(error))) throw error;
          await new Promise((resolve) => setTimeout(resolve, retryMs));
        }
      }
      this.#change(port, { isPlugged: true, isCabled: true });
    });
  }

  say(port: LabPort['port'], step: string | null, fault: string | null = null): void {
    this.#change(port, { step, fault });
  }

  #deleted(id: string): Promise<void> {
    this.#awaited = id;
    return new Promise((resolve, reject) => {
      const finish = (outcome: Result<void, string>) => {
        clearTimeout(limit);
        this.#onDeleted = null;
        this.#awaited = '';
        if (outcome.ok) resolve();
        else reject(new Error(outcome.error));
      };
      const limit = setTimeout(
        () => finish(err(`The guest has not let go of the card within ${this.#limits.unplugMs / 1000} s.`)),
        this.#limits.unplugMs,
      );
      this.#onDeleted = finish;
    });
  }

  async #work(port: LabPort['port'], step: string, run: (monitor: Monitor) => Promise<void>): Promise<Result<void, Refusal>> {
    const monitor = this.#monitor();
    if (!monitor) return err({ code: 'target-not-live', message: 'The lab’s guest does not run.', remedy: 'Start the lab.' });
    const busy = this.#ports.find((one) => one.step !== null);
    if (busy) return err({ code: 'busy', message: `Something is being done to port ${busy.port} already: ${busy.step}.` });
    const guest = this.#guest;
    this.say(port, step);
    try {
      await run(monitor);
      this.say(port, null);
      return ok(undefined);
    } catch (error) {
      const message = wordsOf(error);
      if (guest === this.#guest) this.say(port, null, message);
      return err({ code: 'failed', message });
    }
  }

  #notNow(message: string): Result<void, Refusal> {
    return err({ code: 'not-available', message });
  }

  #of(port: LabPort['port']): LabPort {
    return this.#ports[port] as LabPort;
  }

  #change(port: LabPort['port'], change: Partial<LabPort>): void {
    this.#ports = this.#ports.map((one) => (one.port === port ? { ...one, ...change } : one));
    this.#listeners.call(this.#ports);
  }
}
