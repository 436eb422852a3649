// The lab's ports for all clients: pulling cables and cards, and giving a card that comes back to the driver that had it.
import type { LabDriver, LabEvent, LabPort } from '#common/protocol/lab.ts';
import { labDrivers } from '#common/protocol/lab.ts';
import type { AgentEvent, Device, Refusal } from '#common/protocol.ts';
import { err, type Result } from '#common/result.ts';
import type { Unsubscribe } from '#common/transport.ts';
import type { LabControl } from '../lab/lab-ports.ts';
import type { Target } from '../target.ts';
import type { CheckedRequest } from './client.ts';

/** The verbs that are served here. */
export type LabRequest = Extract<CheckedRequest, { verb: 'lab-link' | 'lab-unplug' | 'lab-plug' }>;

/** What it needs of the session. */
export interface LabDeskParts {
  /** The functions that the agent told of last. */
  devices(): readonly Device[];
  setDriver(device: string, driver: LabDriver | null): Promise<Result<void, Refusal>>;
  tell(event: LabEvent): void;
}

// Under translation a guest finds a card within two seconds of its coming.
const listedLimitMs = 20_000;

const noLab: Refusal = {
  code: 'not-available',
  message: 'Only the lab’s guest has ports that can be pulled.',
  remedy: 'Inspect the lab guest.',
};

/** The session's lab. */
export class LabDesk {
  readonly #parts: LabDeskParts;
  /** Who drove a card when it was unplugged, by its port. */
  readonly #drivers = new Map<LabPort['port'], LabDriver | null>();
  #control: LabControl | null = null;
  #onDevices: (devices: readonly Device[]) => void = () => undefined;
  #event: LabEvent | null = null;

  constructor(parts: LabDeskParts) {
    this.#parts = parts;
  }

  /** What a window that comes later is told; null where there is no lab. */
  get event(): LabEvent | null {
    return this.#event;
  }

  /** Another target, which may be no lab. */
  attach({ lab }: Target): Unsubscribe {
    this.#control = lab ?? null;
    this.#event = null;
    const end = lab?.onPorts((ports) => {
      this.#event = { type: 'lab', ports: [...ports] };
      this.#parts.tell(this.#event);
    });
    return () => end?.();
  }

  /** Hears what the agent tells. */
  take(event: AgentEvent): void {
    if (event.type === 'devices') this.#onDevices(event.devices);
  }

  async serve({ verb, arguments: asked }: LabRequest): Promise<Result<void, Refusal>> {
    const control = this.#control;
    if (!control) return err(noLab);
    switch (verb) {
      case 'lab-link':
        return control.setLink(asked.port, asked.up);
      case 'lab-unplug': {
        const driver = this.#driverOf(control, asked.port);
        const answer = await control.unplug(asked.port);
        if (answer.ok) this.#drivers.set(asked.port, driver);
        return answer;
      }
      case 'lab-plug':
        return this.#plug(control, asked.port);
    }
  }

  async #plug(control: LabControl, port: LabPort['port']): Promise<Result<void, Refusal>> {
    const { device } = control.ports[port] ?? {};
    const driver = this.#drivers.get(port);
    const listed = this.#listed(device ?? '');
    const plugged = await control.plug(port);
    if (!plugged.ok || driver === undefined || device === undefined) return plugged;
    control.say(port, 'The kernel lists the card’s slot anew');
    const answer = (await listed) ? await this.#giveBack(control, port, device, driver) : notListed(device);
    control.say(port, null, answer.ok ? null : answer.error.message);
    return answer;
  }

  /** The kernel gives a card that comes to whichever driver matches first, which is the in-tree one. */
  #giveBack(control: LabControl, port: LabPort['port'], device: string, driver: LabDriver | null): Promise<Result<void, Refusal>> {
    control.say(port, driver ? `Given to ${driver}, as before` : 'Left to no driver, as before');
    return this.#parts.setDriver(device, driver);
  }

  #driverOf({ ports }: LabControl, port: LabPort['port']): LabDriver | null {
    const driver = this.#parts.devices().find(({ pciAddress }) => pciAddress === ports[port]?.device)?.driver;
    return labDrivers.find((known) => known === driver) ?? null;
  }

  /** Whether the agent lists the device from now on, within some time. */
  #listed(device: string): Promise<boolean> {
    return new Promise((resolve) => {
      const finish = (isListed: boolean) => {
        clearTimeout(limit);
        this.#onDevices = () => undefined;
        resolve(isListed);
      };
      const limit = setTimeout(() => finish(false), listedLimitMs);
      this.#onDevices = (devices) => devices.some(({ pciAddress }) => pciAddress === device) && finish(true);
    });
  }
}

function notListed(device: string): Result<void, Refusal> {
  return err({
    code: 'failed',
    message: `The guest’s kernel has not found ${device} within ${listedLimitMs / 1000} s.`,
    remedy: 'The kernel log says what it did with the slot.',
  });
}
