// What the session does on its own machine without an agent: the doctor, and building the module. Both outlive the window that asked.
import type { BuildEvent, DoctorCheck, DoctorEvent } from '#common/protocol/machine.ts';
import type { Refusal } from '#common/protocol.ts';
import { err, ok, type Result } from '#common/result.ts';
import { examine } from '../doctor/doctor.ts';
import { buildModule } from '../local/build-module.ts';
import type { Outbox } from './outbox.ts';

/** The two services; tests give their own. */
export interface MachineServices {
  examine(): Promise<readonly DoctorCheck[]>;
  /** Tells each change; resolves when the build has ended, however it ended. */
  build(onChange: (event: BuildEvent) => void, signal: AbortSignal): Promise<void>;
}

/** This machine's. */
export const machineServices: MachineServices = {
  examine: () => examine(),
  build: (onChange, signal) => buildModule({ onChange, signal }),
};

/** Serves `doctor` and `build-module`, and keeps the newest answer of each for windows that come later. */
export class MachineDesk {
  readonly #services: MachineServices;
  readonly #tell: (event: DoctorEvent | BuildEvent) => void;
  readonly #end = new AbortController();
  #doctor: DoctorEvent | null = null;
  #build: BuildEvent | null = null;
  #examination: Promise<Result<void, Refusal>> | null = null;

  constructor(services: MachineServices, tell: (event: DoctorEvent | BuildEvent) => void) {
    this.#services = services;
    this.#tell = tell;
  }

  /** Examines the machine; whoever asks while that goes on waits for the same answer. */
  doctor(): Promise<Result<void, Refusal>> {
    this.#examination ??= this.#services
      .examine()
      .then((checks) => {
        this.#doctor = { type: 'doctor', checks: [...checks], checkedUnixMs: Date.now() };
        this.#tell(this.#doctor);
        return ok(undefined);
      })
      .finally(() => {
        this.#examination = null;
      });
    return this.#examination;
  }

  /** Begins a build; a second one while it runs is refused. */
  async build(): Promise<Result<void, Refusal>> {
    if (this.#build?.state === 'running') return err({ code: 'busy', message: 'The module is being built already; its output is shown.' });
    void this.#services.build((event) => {
      this.#build = event;
      this.#tell(event);
    }, this.#end.signal);
    return ok(undefined);
  }

  /** Tells a window what was last said. */
  replay(outbox: Outbox): void {
    if (this.#doctor) outbox.control(this.#doctor);
    if (this.#build) outbox.control(this.#build);
  }

  /** Ends a build that runs. */
  close(): void {
    this.#end.abort();
  }
}
