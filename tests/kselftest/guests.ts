// The guest that files share for as long as it is good.
import type { Accelerator } from '../../main/node/lab/qemu-command.ts';
import { type GuestFiles, SelftestGuest } from './guest.ts';

/** One guest at a time, booted when it is asked for. */
export class Guests {
  readonly #files: GuestFiles;
  readonly #accelerator: Accelerator;
  #guest: SelftestGuest | null = null;
  #ports = 0;

  constructor(files: GuestFiles, accelerator: Accelerator) {
    this.#files = files;
    this.#accelerator = accelerator;
  }

  /** A guest with so many ports; the one that is there, if it has them. */
  async get(ports: number): Promise<SelftestGuest> {
    if (this.#guest && this.#ports === ports) return this.#guest;
    await this.drop();
    this.#ports = ports;
    this.#guest = await SelftestGuest.boot(this.#files, ports, this.#accelerator);
    return this.#guest;
  }

  /** Ends the guest; the next file gets a new one. */
  async drop(): Promise<void> {
    await this.#guest?.[Symbol.asyncDispose]();
    this.#guest = null;
  }
}
