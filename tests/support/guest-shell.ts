// The guest's own shell on its console: what a person at a serial cable would type, awaited by a marker instead of by time.
import { createLabTarget, type LabTarget } from '../../main/node/lab/lab-target.ts';
import { GuestAgents } from './guest-agents.ts';

/** A booted lab guest whose console is a shell. */
export class GuestShell implements AsyncDisposable {
  readonly target: LabTarget;
  #text = '';
  #waiting: (() => void) | null = null;
  #count = 0;
  #end: string | null = null;
  /** Every agent that the guest has started, each with its own pipe, in order. */
  readonly agents: GuestAgents;

  private constructor(name: string, kernelParameters: string, guestFolder: string | undefined, machineArguments: readonly string[]) {
    this.target = createLabTarget({ name, kernelParameters, guestFolder, machineArguments });
    this.agents = new GuestAgents(this.target);
    this.target.onState(({ phase, reason }) => {
      // The lab boots once more when QEMU ends by its own fault; what the first guest said is not said by the second.
      if (phase === 'booting') this.#text = '';
      this.#end = phase === 'failed' ? `${reason?.title} ${reason?.detail}` : null;
      this.#waiting?.();
    });
    const decoder = new TextDecoder();
    this.target.onConsole((bytes) => {
      this.#text += decoder.decode(bytes, { stream: true });
      this.#waiting?.();
    });
  }

  /**
   * Boots a guest of its own, from the lab's files or from those in `guestFolder`, with QEMU's `machineArguments` beside the lab's, and waits until its
   * shell takes commands.
   */
  static async boot(
    name: string,
    kernelParameters = '',
    guestFolder?: string,
    machineArguments: readonly string[] = [],
  ): Promise<GuestShell> {
    const shell = new GuestShell(name, kernelParameters, guestFolder, machineArguments);
    await shell.target.start();
    await shell.#until(/ringscope-lab: ready/, 150_000);
    await shell.run('stty -echo; PS1=; PS2=');
    return shell;
  }

  /** Runs a command line and returns what it printed. Rejects when it fails (`allowFailure` aside) or takes longer than `limitMs`. */
  async run(command: string, { limitMs = 150_000, allowFailure = false } = {}): Promise<string> {
    const id = ++this.#count;
    this.#text = '';
    // The marker is computed by the shell, so that an echo of the line itself is not taken for it.
    this.target.writeConsole(`{ ${command}\n} 2>&1; echo "<end $((${id}+1000)) $?>"\n`);
    const [, status] = await this.#until(new RegExp(`<end ${id + 1000} (\\d+)>\\r*\\n`), limitMs);
    const output = this.#text.slice(0, this.#text.lastIndexOf('<end')).replaceAll('\r', '');
    if (status !== '0' && !allowFailure) throw new Error(`In the guest, \`${command}\` ended with ${status}:\n${output}`);
    return output;
  }

  /** Waits until a condition of the guest's shell holds. Rejects after `seconds`, with what the kernel said last; the shell goes on. */
  async until(condition: string, seconds = 10): Promise<void> {
    const uptime = '$(cut -d. -f1 /proc/uptime)';
    const end = 'dmesg | tail -n 20; exit 1';
    await this.run(
      `( end=$((${uptime} + ${seconds})); until ${condition}; do [ ${uptime} -le $end ] || { ${end}; }; usleep 50000; done )`,
      { limitMs: seconds * 1000 + 30_000 },
    );
  }

  async #until(pattern: RegExp, limitMs: number): Promise<RegExpExecArray> {
    const limit = Date.now() + limitMs;
    for (;;) {
      const match = pattern.exec(this.#text);
      if (match) return match;
      if (this.#end !== null) throw new Error(`The guest has ended: ${this.#end}\nIts console showed:\n${this.#text.slice(-3000)}`);
      const left = limit - Date.now();
      if (left <= 0) throw new Error(`The guest's console did not show ${pattern} in ${limitMs} ms. It shows:\n${this.#text.slice(-3000)}`);
      await new Promise<void>((resolve) => {
        const timer = setTimeout(resolve, left);
        this.#waiting = () => {
          clearTimeout(timer);
          resolve();
        };
      });
      this.#waiting = null;
    }
  }

  /** Loads the driver and waits until its link is up. */
  async loadDriver(): Promise<void> {
    await this.run('insmod /usr/lib/ringscope/rigb.ko');
    await this.linkUp();
  }

  /** Waits until the port under test has a carrier. */
  async linkUp(): Promise<void> {
    await this.until('[ "$(cat /sys/bus/pci/devices/0000:01:00.0/net/*/carrier 2> /dev/null)" = 1 ]');
  }

  /** Waits until the partner's port has a carrier: a change of its MTU takes it away for seconds, and pktgen sends nothing without. */
  async partnerUp(): Promise<void> {
    await this.until('/usr/bin/ip -n partner link show eth0 | grep -q LOWER_UP');
  }

  /** The kernel's log without what every boot says, since the last call of `dmesg -c`. */
  async complaints(): Promise<string[]> {
    const log = await this.run('dmesg');
    return log
      .split('\n')
      .filter((line) => /WARNING:|BUG:|Oops|Call Trace|refcount|DMAR:|use-after|hung task|soft lockup|rcu.*stall/.test(line));
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.target[Symbol.asyncDispose]();
  }
}
