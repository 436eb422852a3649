// The lab as a target: starts the guest, hands over the agent's pipe, says in words what happens, ends everything it started.
import { dirname, join } from 'node:path';
import type { Duplex } from 'node:stream';
import type { Unsubscribe } from '#common/transport.ts';
import { buildCommand } from '../installation.ts';
import { runtimeDirectory } from '../runtime-directory.ts';
import type { Target, TargetState } from '../target.ts';
import { chooseAccelerator } from './accelerator.ts';
import { Guest, type Reason } from './guest.ts';
import { buildLab, labBuildCommand } from './lab-builder.ts';
import { readLabDescription } from './lab-description.ts';
import { LabPorts } from './lab-ports.ts';
import type { Monitor } from './monitor.ts';
import { labArguments } from './qemu-command.ts';

/** The lab target. */
export function createLabTarget({
  name = 'lab',
  kernelParameters = '',
  guestFolder,
  machineArguments = [],
  builder = labBuildCommand(),
  bootLimitMs = 60_000,
}: LabTargetOptions = {}): LabTarget {
  return new LabTarget({ name, kernelParameters, guestFolder, machineArguments, builder, bootLimitMs });
}

/** What a lab target may be told. */
export interface LabTargetOptions {
  /** Its runtime directory's; tests that run beside an open application give their own. */
  readonly name?: string;
  /** Parameters of the guest's kernel beside ours. */
  readonly kernelParameters?: string;
  /** A folder with another `vmlinuz` and `initramfs.cpio` than the lab's; tests pack programs of their own into it. */
  readonly guestFolder?: string | undefined;
  /** QEMU's arguments beside ours, such as a device that a test needs. */
  readonly machineArguments?: readonly string[];
  /** The command that builds the lab before it starts; null where it was built beforehand. */
  readonly builder?: ReturnType<typeof labBuildCommand>;
  /** How long a guest has until its agent calls, in milliseconds. */
  readonly bootLimitMs?: number;
}

/** One lab guest at a time: `start` after an end makes a new one. */
export class LabTarget implements Target {
  /** The cards and their cable. */
  readonly lab = new LabPorts(() => this.monitor);
  readonly #directory: string;
  readonly #options: Required<LabTargetOptions>;
  readonly #stateListeners = new Set<(state: TargetState) => void>();
  readonly #pipeListeners = new Set<(pipe: Duplex) => void>();
  readonly #consoleListeners = new Set<(bytes: Uint8Array) => void>();
  #state: TargetState;
  #startedAt = Date.now();
  #guest: Guest | null = null;
  #building: { readonly interruption: AbortController; readonly ended: Promise<void> } | null = null;

  constructor(options: Required<LabTargetOptions>) {
    this.#options = options;
    this.#directory = runtimeDirectory(options.name);
    this.#state = {
      kind: 'lab',
      phase: 'stopped',
      step: 'The lab has not been started.',
      elapsedMs: 0,
      accelerator: null,
      machine: null,
      reason: null,
      lastConsoleLines: [],
    };
  }

  /** The private directory of this lab's sockets. */
  get directory(): string {
    return this.#directory;
  }

  /** QEMU's monitor while the guest runs: link, hot-unplug, and the guest's memory as the machine sees it. */
  get monitor(): Monitor | null {
    return this.#guest?.monitor ?? null;
  }

  async start(): Promise<void> {
    await this.stop();
    this.#startedAt = Date.now();
    this.#show({ phase: 'preparing', step: 'Reading what the lab is made of', reason: null, lastConsoleLines: [] });
    // A build takes minutes, and whoever asks for the end must not have to wait for it.
    if (this.#options.builder) this.#build(this.#options.builder);
    else await this.#boot();
  }

  /** Boots a guest, or once more in the place of one that ended. */
  async #boot(ended: Guest | null = null): Promise<void> {
    const lab = readLabDescription();
    if (!lab.ok) {
      this.#fail({ title: 'The lab cannot start', detail: lab.error, remedy: `Run \`${buildCommand()}\`.` });
      return;
    }
    this.#show({ step: 'Looking for a working KVM' });
    const accelerator = await chooseAccelerator(lab.value, this.#directory);
    // Stopped meanwhile.
    if (ended && this.#guest !== ended) return;
    const machine = `QEMU q35, 82576 ×2, Linux ${lab.value.kernelRelease}`;
    this.#show({ phase: 'booting', step: `Booting Linux ${lab.value.kernelRelease}`, accelerator, machine });
    const guest = new Guest(
      {
        onConsole: (bytes) => {
          for (const listener of this.#consoleListeners) listener(bytes);
        },
        onPipe: (pipe) => {
          this.#show({ phase: 'live', step: 'The agent answers', lastConsoleLines: [] });
          for (const listener of this.#pipeListeners) listener(pipe);
        },
        onAgentEnd: () =>
          this.#show({ phase: 'connecting', step: 'The agent ended; waiting for the next one', lastConsoleLines: guest.consoleTail }),
        onMonitorEvent: (name, data) => this.lab.takeMonitorEvent(name, data),
        onEnd: (reason, again) => {
          if (this.#guest !== guest) return;
          // Nobody has done anything in the guest yet, so that nothing is lost.
          if (again !== null && !ended && this.#state.phase === 'booting') {
            this.#show({ step: again });
            this.#boot(guest).catch((error: unknown) => this.#cannotStart(error));
          } else this.#fail(reason);
        },
      },
      this.#options.bootLimitMs,
    );
    this.#guest = guest;
    this.lab.renew();
    const { guestFolder, kernelParameters, machineArguments } = this.#options;
    const folder = guestFolder ?? dirname(lab.value.kernelImage);
    const files = { ...lab.value, kernelImage: join(folder, 'vmlinuz'), rootImage: join(folder, 'initramfs.cpio') };
    const args = labArguments(files, this.#directory, accelerator, kernelParameters, machineArguments);
    await guest.run(args, this.#directory, accelerator);
  }

  async stop(): Promise<void> {
    this.#building?.interruption.abort();
    await this.#building?.ended;
    const guest = this.#guest;
    this.#guest = null;
    if (!guest) return;
    await guest.end();
    this.#show({ phase: 'stopped', step: 'The lab was stopped.', reason: null });
  }

  onState(listener: (state: TargetState) => void): Unsubscribe {
    this.#stateListeners.add(listener);
    listener(this.#state);
    return () => this.#stateListeners.delete(listener);
  }

  onPipe(listener: (pipe: Duplex) => void): Unsubscribe {
    this.#pipeListeners.add(listener);
    return () => this.#pipeListeners.delete(listener);
  }

  onConsole(listener: (bytes: Uint8Array) => void): Unsubscribe {
    this.#consoleListeners.add(listener);
    return () => this.#consoleListeners.delete(listener);
  }

  writeConsole(text: string): void {
    this.#guest?.writeConsole(text);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.stop();
  }

  /** Builds the lab, then boots it. Failures are shown. */
  #build(command: readonly [string, ...string[]]): void {
    const interruption = new AbortController();
    const { signal } = interruption;
    const work = async () => {
      const built = await buildLab({ command, onStep: (step) => this.#show({ step }), signal });
      if (signal.aborted) this.#show({ phase: 'stopped', step: 'The build of the lab was stopped; the next start goes on from there.' });
      else if (built.ok) await this.#boot();
      else this.#fail(built.error);
    };
    const ended = work()
      .catch((error: unknown) => this.#cannotStart(error))
      .finally(() => {
        this.#building = null;
      });
    this.#building = { interruption, ended };
  }

  #show(change: Partial<TargetState>): void {
    this.#state = { ...this.#state, ...change, elapsedMs: Date.now() - this.#startedAt };
    for (const listener of this.#stateListeners) listener(this.#state);
  }

  #cannotStart(error: unknown): void {
    this.#fail({
      title: 'The lab cannot start',
      detail: error instanceof Error ? error.message : String(error),
      remedy: 'Remove the cause and restart the lab.',
    });
  }

  #fail(reason: Reason): void {
    this.#show({ phase: 'failed', step: reason.title, reason, lastConsoleLines: this.#guest?.consoleTail ?? [] });
    this.#guest = null;
  }
}
